/**
 * The check of whole folders, when somebody asks for it: in worker threads, so that typing goes on, with progress and an end on demand.
 * Its findings stand in the list of problems until the file is opened, when those of the open document take their place. Knows no
 * document; what an open one says goes before.
 */
import { availableParallelism } from 'node:os';
import type { Connection, Diagnostic } from 'vscode-languageserver/node';
import { inspectAll } from '../cli/pool.ts';
import { readText } from '../host/files.ts';
import type { Finding } from '../protocol/findings.ts';
import type { CheckWorkspaceResult } from '../protocol/requests.ts';
import { pathOf, uriOf } from './convert.ts';
import type { Report } from './progress.ts';
import type { Settings } from './settings.ts';
import { sourcesBelow } from './workspace-sources.ts';

interface Services {
  readonly connection: Connection;
  isOpen(file: string): boolean;
  settingsOf(uri: string): Promise<Settings>;
  /** A finding as this client shows it. */
  readonly toDiagnostic: (finding: Finding) => Diagnostic;
}

export class WorkspaceCheck {
  readonly #services: Services;
  /** By path; a finding of a header counts once, whichever files include it. */
  readonly #findings = new Map<string, Map<string, Finding>>();
  #running: AbortController | undefined;

  constructor(services: Services) {
    this.#services = services;
  }

  /** Checks all C files below the folders. One check runs at a time: a new one ends the one before. */
  async run(folders: readonly string[], report: Report, cancelled: AbortSignal): Promise<CheckWorkspaceResult> {
    this.#running?.abort();
    const own = new AbortController();
    this.#running = own;
    const signal = AbortSignal.any([own.signal, cancelled]);
    this.clear();
    let [files, checked] = [0, 0];
    for (const folder of folders) {
      const settings = await this.#services.settingsOf(folder);
      if (!settings.enable || !folder.startsWith('file:')) continue;
      const warn = (message: string) => this.#services.connection.console.warn(message);
      const found = await sourcesBelow(pathOf(folder), settings.exclude, { report, warn, signal });
      files += found.length;
      const before = checked;
      const task = {
        kind: 'check',
        kernel: settings.kernelVersion,
        options: { severities: settings.rules, preset: settings.rulePreset },
      } as const;
      const done = (count: number, result: { readonly findings: readonly Finding[] }) => {
        checked = before + count;
        report(`${checked} of ${files} files`, Math.floor((100 * checked) / files));
        this.#take(result.findings);
      };
      if (found.length > 0) await inspectAll(found, task, Math.max(availableParallelism() - 1, 1), done, { aside: true, signal });
    }
    if (this.#running === own) this.#running = undefined;
    const all = [...this.#findings.values()];
    const findings = all.reduce((sum, each) => sum + each.size, 0);
    return { files, checked, findings, filesWithFindings: all.length, cancelled: signal.aborted };
  }

  /** Forgets everything, and takes it off the list of problems. */
  clear(): void {
    const known = [...this.#findings.keys()];
    this.#findings.clear();
    for (const file of known) this.#publish(file);
  }

  /** A document was closed whose last findings were these: they stay when its text is the one of the file. */
  closed(uri: string, text: string, findings: readonly Finding[]): void {
    const file = pathOf(uri);
    if (!this.#findings.has(file)) return;
    if (isTextOf(file, text)) this.#findings.set(file, new Map(findings.map((finding) => [keyOf(finding), finding])));
    this.#publish(file);
  }

  #take(findings: readonly Finding[]): void {
    const changed = new Set<string>();
    for (const finding of findings) {
      const known = this.#findings.get(finding.file) ?? new Map<string, Finding>();
      this.#findings.set(finding.file, known);
      if (known.has(keyOf(finding))) continue;
      known.set(keyOf(finding), finding);
      changed.add(finding.file);
    }
    for (const file of changed) this.#publish(file);
  }

  #publish(file: string): void {
    if (this.#services.isOpen(file)) return;
    const diagnostics = [...(this.#findings.get(file)?.values() ?? [])].map(this.#services.toDiagnostic);
    void this.#services.connection.sendDiagnostics({ uri: uriOf(file), diagnostics });
  }
}

function keyOf({ rule, range: { start, end } }: Finding): string {
  return [rule, start.line, start.character, end.line, end.character].join(':');
}

function isTextOf(file: string, text: string): boolean {
  try {
    return readText(file) === text;
  } catch {
    return false;
  }
}
