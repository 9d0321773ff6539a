/**
 * One open C file and everything known about it: its tree, its driver, the paths of its entries. Parts are made when
 * first asked for and dropped when the text changes.
 */
import { analyseDriver, newAnalysisMemory } from '../analysis/analyse.ts';
import type { EntryAnalysis } from '../analysis/path.ts';
import { buildDriver } from '../driver/build.ts';
import { includesOf } from '../driver/inclusions.ts';
import type { Driver, Host, Target } from '../driver/model.ts';
import type { KernelVersion } from '../kernel/version.ts';
import type { Range } from '../protocol/position.ts';
import type { Span } from '../syntax/ast.ts';
import type { Grammar } from '../syntax/grammar.ts';
import { LineIndex } from '../syntax/line-index.ts';
import { SyntaxFile } from '../syntax/syntax-file.ts';
import { KeptReports } from './kept-reports.ts';

/** What a document needs from outside. */
export interface Engine {
  readonly grammar: Grammar;
  readonly host: Host;
  readonly target: Target;
}

export class SourceDocument {
  readonly file: string;
  readonly #engine: Engine;
  readonly #syntax: SyntaxFile;
  #memory = newAnalysisMemory();
  readonly #lines = new Map<string, LineIndex>();
  #kept: KeptReports | undefined;
  #driver: Driver | undefined;
  #entries: readonly EntryAnalysis[] | undefined;

  /** `file` is an absolute path with `/`. */
  constructor(engine: Engine, file: string, text: string) {
    this.file = file;
    this.#engine = engine;
    this.#syntax = new SyntaxFile(engine.grammar, text, engine.target, includesOf(file, engine.host).reader);
  }

  get text(): string {
    return this.#syntax.text;
  }

  get target(): Target {
    return this.#engine.target;
  }

  get host(): Host {
    return this.#engine.host;
  }

  /** The same text read for another kernel. */
  readFor(version: KernelVersion): SourceDocument {
    const target = { ...this.#engine.target, version };
    return new SourceDocument({ ...this.#engine, target }, this.file, this.text);
  }

  /** Takes the new text; only what changed is parsed again. */
  update(text: string): void {
    if (text === this.#syntax.text) return;
    this.#syntax.update(text);
    this.#kept ??= new KeptReports();
    this.#forget();
  }

  get driver(): Driver {
    this.#driver ??= buildDriver(this.#engine, this.file, this.#syntax);
    return this.#driver;
  }

  get entries(): readonly EntryAnalysis[] {
    this.#entries ??= analyseDriver(this.driver, undefined, this.#memory);
    return this.#entries;
  }

  /** What rules reported of the last version; absent until the text is edited. */
  get kept(): KeptReports | undefined {
    return this.#kept;
  }

  /** The range of a span in one of the driver's files. */
  rangeOf(file: string, span: Span): Range {
    const lines = this.linesOf(file);
    return { start: lines.positionAt(span.start), end: lines.positionAt(span.end) };
  }

  /** The text of one of the driver's files. */
  textOf(file: string): string {
    return file === this.file ? this.text : (this.driver.files.get(file) ?? this.host.readFile(file) ?? '');
  }

  linesOf(file: string): LineIndex {
    let lines = this.#lines.get(file);
    if (!lines) {
      lines = new LineIndex(this.textOf(file));
      this.#lines.set(file, lines);
    }
    return lines;
  }

  /** Branches of `#if` in the document's own text that the target does not compile. */
  get inactive(): readonly Span[] {
    return this.#syntax.inactive;
  }

  /** Whether the text at `offset` says nothing to C: a comment, an inactive branch, a string. */
  isQuiet(offset: number): boolean {
    const masked = this.#syntax.maskedText;
    if (/\s/.test(masked[offset] ?? ' ')) return true;
    const line = masked.slice(masked.lastIndexOf('\n', offset) + 1, offset).replace(/\\./g, '');
    return (line.match(/"/g)?.length ?? 0) % 2 === 1;
  }

  /** Other files may have changed: nothing is kept that was made of them. */
  othersChanged(): void {
    this.#syntax.headersChanged();
    this.#memory = newAnalysisMemory();
    this.#kept = undefined;
    this.#forget();
  }

  #forget(): void {
    this.#driver = undefined;
    this.#entries = undefined;
    this.#lines.clear();
  }
}
