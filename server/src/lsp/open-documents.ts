/**
 * The documents that are open, and their checks: a change is checked when the typing pauses, the last findings stay in
 * place until the new ones are known, and what is out of date is never published. Owns the open documents.
 */
import type { Connection, Diagnostic } from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Host } from '../driver/model.ts';
import { type CheckResult, checkDocument } from '../ide/check.ts';
import { SourceDocument } from '../ide/document.ts';
import { fileStatus } from '../ide/file-status.ts';
import { projectFor, targetIn } from '../ide/project.ts';
import { type Shown, SteadyFindings } from '../ide/steady.ts';
import type { CheckProblem, Finding } from '../protocol/findings.ts';
import type { FileStatus } from '../protocol/requests.ts';
import type { Grammar } from '../syntax/grammar.ts';
import { pathOf } from './convert.ts';
import { RecentChecks } from './recent-checks.ts';
import type { Settings } from './settings.ts';

interface Services {
  readonly connection: Pick<Connection, 'sendDiagnostics'> & { readonly console: Pick<Connection['console'], 'log' | 'error'> };
  readonly grammar: Grammar;
  readonly host: Host & { forget(file: string): void };
  settingsOf(uri: string): Promise<Settings>;
  /** A finding as this client shows it. */
  readonly toDiagnostic: (finding: Finding) => Diagnostic;
  /** Told after a document is closed and its findings are taken back. */
  onClosed(uri: string, text: string, findings: readonly Finding[]): void;
}

interface Open {
  text: TextDocument;
  document: SourceDocument | undefined;
  settings: Promise<Settings>;
  findings: readonly Finding[];
  problems: readonly CheckProblem[];
  readonly recent: RecentChecks;
  readonly steady: SteadyFindings;
  /** Milliseconds that it took to know what to show: a slow file is given a longer pause. The first time does not count. */
  lastCheck: number;
  /** Milliseconds that it took to know what to show, the first time included. */
  lastTime: number;
  /** Its text, or what it is checked with, has changed since the last check. */
  isWaiting: boolean;
  timer: NodeJS.Timeout | undefined;
}

/** Milliseconds. A check above this makes the next one wait as long as it took. */
const slowCheck = 100;

export class OpenDocuments {
  readonly #services: Services;
  readonly #open = new Map<string, Open>();

  constructor(services: Services) {
    this.#services = services;
  }

  changed(text: TextDocument): void {
    this.#services.host.forget(pathOf(text.uri));
    const known = this.#open.get(text.uri);
    const open: Open = known ?? {
      text,
      document: undefined,
      settings: this.#services.settingsOf(text.uri),
      findings: [],
      problems: [],
      recent: new RecentChecks(),
      steady: new SteadyFindings(),
      lastCheck: 0,
      lastTime: 0,
      isWaiting: true,
      timer: undefined,
    };
    open.text = text;
    this.#open.set(text.uri, open);
    this.#tellOthers(open);
    void this.#schedule(open, known ? 'typed' : 'opened');
  }

  saved(uri: string): void {
    const open = this.#open.get(uri);
    if (!open) return;
    this.#services.host.forget(pathOf(uri));
    open.recent.forget();
    open.steady.settle();
    void this.#schedule(open, 'saved');
    // What is read of a header is what was saved.
    if (uri.endsWith('.h')) for (const other of this.#tellOthers(open)) void this.#schedule(other, 'saved');
  }

  /** Other open files may read this one; returns them. */
  #tellOthers(open: Open): readonly Open[] {
    const others = [...this.#open.values()].filter((other) => other !== open);
    for (const other of others) {
      other.recent.forget();
      other.document?.othersChanged();
    }
    return others;
  }

  closed(uri: string): void {
    const open = this.#open.get(uri);
    if (!open) return;
    clearTimeout(open.timer);
    this.#open.delete(uri);
    void this.#services.connection.sendDiagnostics({ uri, diagnostics: [] });
    const file = pathOf(uri);
    this.#services.onClosed(
      uri,
      open.text.getText(),
      open.findings.filter((finding) => finding.file === file),
    );
  }

  /** The URIs of the open files. */
  get uris(): readonly string[] {
    return [...this.#open.keys()];
  }

  /** A check is due: nothing else should be begun that can wait. */
  get isWaiting(): boolean {
    return [...this.#open.values()].some((open) => open.isWaiting);
  }

  has(uri: string): boolean {
    return this.#open.has(uri);
  }

  /** By path: clients spell addresses in more than one way. */
  isOpen(file: string): boolean {
    return [...this.#open.keys()].some((uri) => pathOf(uri) === file);
  }

  /** Files that others have written: headers of open drivers, settings of their projects. */
  filesChanged(uris: readonly string[]): void {
    for (const uri of uris) this.#services.host.forget(pathOf(uri));
    this.settingsChanged();
  }

  settingsChanged(): void {
    for (const [uri, open] of this.#open) {
      open.settings = this.#services.settingsOf(uri);
      open.document = undefined;
      open.recent.forget();
      open.steady.settle();
      void this.#schedule(open, 'opened');
    }
  }

  /** The settings of a file; those of an open one are known. */
  settings(uri: string): Promise<Settings> {
    return this.#open.get(uri)?.settings ?? this.#services.settingsOf(uri);
  }

  /** The findings that were published last. */
  findings(uri: string): readonly Finding[] {
    return this.#open.get(uri)?.findings ?? [];
  }

  /** The findings of the text as it is now: what is done with their places must not hit other text. */
  async findingsNow(uri: string): Promise<readonly Finding[]> {
    const open = this.#open.get(uri);
    const settings = await open?.settings;
    return open && settings ? this.#resultOf(open, settings).findings : [];
  }

  /**
   * The document as the client has it now. With `kernel` it is a new one, read for that version.
   * `undefined` when the file is not open or switched off.
   */
  async current(uri: string, kernel?: string): Promise<SourceDocument | undefined> {
    const open = this.#open.get(uri);
    if (!open) return undefined;
    const settings = await open.settings;
    if (!settings.enable) return undefined;
    if (kernel === undefined) return this.#upToDate(open, settings);
    return this.#create(open, kernel);
  }

  /** What is known of an open file; `undefined` when it is not open or switched off. */
  async status(uri: string): Promise<FileStatus | undefined> {
    const open = this.#open.get(uri);
    const document = await this.current(uri);
    if (!open || !document) return undefined;
    const check = { findings: open.findings.length, time: open.lastTime, problems: open.problems };
    return fileStatus(document, check, await open.settings, projectFor(document.file, this.#services.host));
  }

  async #schedule(open: Open, why: 'opened' | 'typed' | 'saved'): Promise<void> {
    open.isWaiting = true;
    const settings = await open.settings;
    open.isWaiting = settings.run !== 'onSave' || why !== 'typed';
    if (!open.isWaiting) return;
    clearTimeout(open.timer);
    const isSlow = open.lastCheck > slowCheck && !open.recent.of(open.text.getText());
    const pause = Math.max(settings.typingPause, isSlow ? open.lastCheck : 0);
    open.timer = setTimeout(() => this.#check(open, settings), open.document ? pause : 0);
  }

  #check(open: Open, settings: Settings): void {
    const { connection } = this.#services;
    const { uri, version } = open.text;
    if (this.#open.get(uri) !== open) return;
    try {
      const file = pathOf(uri);
      open.findings = this.#shownOf(open, settings);
      const own = open.findings.filter((finding) => finding.file === file);
      void connection.sendDiagnostics({ uri, version, diagnostics: own.map(this.#services.toDiagnostic) });
      for (const problem of open.problems) connection.console.log(`${problem.file}: ${problem.message}`);
    } catch (error) {
      connection.console.error(`check of ${uri} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    } finally {
      open.isWaiting = false;
    }
  }

  /** What is shown of the text as it is now: while it is broken, what was shown of the text before. */
  #shownOf(open: Open, settings: Settings): readonly Finding[] {
    const text = open.text.getText();
    if (!isChecked(text, settings)) {
      const { findings, problems } = this.#resultOf(open, settings);
      open.problems = problems;
      return findings;
    }
    const known = open.recent.of(text)?.shown;
    const shown = known ? open.steady.show(known) : this.#nextShown(open, settings);
    const check = open.recent.of(text)?.check;
    if (check) open.problems = check.problems;
    open.recent.keep(text, { shown });
    return shown.findings;
  }

  #nextShown(open: Open, settings: Settings): Shown {
    const isKnown = open.recent.of(open.text.getText())?.check !== undefined;
    const next = () => open.steady.next(this.#upToDate(open, settings), () => this.#resultOf(open, settings).findings);
    return isKnown ? next() : this.#timed(open, next);
  }

  /** Takes the time of what a check consists of: somebody may ask for its findings before they are shown. */
  #timed<T>(open: Open, work: () => T): T {
    const started = performance.now();
    const isFirst = open.document === undefined;
    const result = work();
    // The first check of a document builds everything, and says nothing of the next ones.
    open.lastTime = performance.now() - started;
    open.lastCheck = isFirst ? 0 : open.lastTime;
    return result;
  }

  /** All findings of the text as it is now. */
  #resultOf(open: Open, settings: Settings): CheckResult {
    const text = open.text.getText();
    if (!settings.enable) return { findings: [], problems: [] };
    if (!isChecked(text, settings)) return tooLong(pathOf(open.text.uri), text.length);
    return open.recent.of(text)?.check ?? this.#timed(open, () => this.#fresh(open, settings));
  }

  #fresh(open: Open, settings: Settings): CheckResult {
    const document = this.#upToDate(open, settings);
    const project = projectFor(document.file, this.#services.host);
    const severities = new Map([...settings.rules, ...project.rules]);
    const checked = checkDocument(document, { severities, preset: settings.rulePreset });
    const check = { ...checked, problems: [...project.problems, ...checked.problems] };
    open.recent.keep(document.text, { check });
    return check;
  }

  #upToDate(open: Open, settings: Settings): SourceDocument {
    open.document ??= this.#create(open, settings.kernelVersion);
    open.steady.willUpdate(open.document, open.text.getText());
    open.document.update(open.text.getText());
    return open.document;
  }

  #create(open: Open, kernel: string): SourceDocument {
    const { grammar, host } = this.#services;
    const file = pathOf(open.text.uri);
    const target = targetIn(projectFor(file, host), file, kernel, host);
    return new SourceDocument({ grammar, host, target }, file, open.text.getText());
  }
}

function isChecked(text: string, { enable, maxFileSize }: Settings): boolean {
  return enable && text.length <= maxFileSize;
}

function tooLong(file: string, characters: number): CheckResult {
  const message = `The file has ${characters} characters, more than driverMmap.analysis.maxFileSize; it is not checked.`;
  return { findings: [], problems: [{ file, message }] };
}
