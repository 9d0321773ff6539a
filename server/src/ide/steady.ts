/**
 * What an editor shows while a statement is being typed. A text that can be read less well than before says little about what was found
 * in it: until it is whole again, findings stay where they were and move with the text, and nothing new is believed. Knows no clock.
 */
import type { Finding } from '../protocol/findings.ts';
import type { Position, Range } from '../protocol/position.ts';
import type { SourceDocument } from './document.ts';

/** How well a text can be read, at the place of an edit. */
interface Legible {
  /** Problems outside of functions. */
  readonly problems: number;
  /** The function that is edited, and the problems in it. */
  readonly function?: { readonly name: string; readonly problems: number };
}

/** What is shown for one version of a text. */
export interface Shown {
  readonly text: string;
  readonly findings: readonly Finding[];
  /** How well the text could be read before it was broken; absent for one that is whole. */
  readonly whole?: Legible;
}

/** What is shown of one document over its edits. */
export class SteadyFindings {
  #shown: Shown | undefined;
  #whole: Legible | undefined;

  /** Has to be told before the document takes a new text. */
  willUpdate(document: SourceDocument, text: string): void {
    if (!this.#shown || this.#whole || text === document.text) return;
    this.#whole = legibleAt(document, changeBetween(document.text, text).start);
  }

  /**
   * What to show for the document as it is now. `found` gives all that is found in it; a broken text is searched only where a finding
   * itself is edited.
   */
  next(document: SourceDocument, found: () => readonly Finding[]): Shown {
    const { text, file } = document;
    const change = this.#shown && changeBetween(this.#shown.text, text);
    if (!this.#shown || !change || !this.#whole || !isBroken(document, change, this.#whole)) return this.show({ text, findings: found() });
    const findings = heldFindings(file, this.#shown, found, change, text);
    return this.show({ text, findings, whole: this.#whole });
  }

  /** Goes on from what was shown for a text that is here again. */
  show(shown: Shown): Shown {
    this.#shown = shown;
    this.#whole = shown.whole;
    return shown;
  }

  /** From here on the text counts as whole, however it can be read: it was saved, or is judged in another way. */
  settle(): void {
    this.#shown = undefined;
    this.#whole = undefined;
  }
}

/** What lies between the common begin and the common end of two texts, as offsets. */
interface Change {
  readonly start: number;
  readonly oldEnd: number;
  readonly newEnd: number;
}

function changeBetween(before: string, after: string): Change {
  const limit = Math.min(before.length, after.length);
  let start = 0;
  while (start + stride < limit && before.slice(start, start + stride) === after.slice(start, start + stride)) start += stride;
  while (start < limit && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  const most = limit - start;
  const isSame = (tail: number): boolean =>
    before.slice(before.length - tail - stride, before.length - tail) === after.slice(after.length - tail - stride, after.length - tail);
  let tail = 0;
  while (tail + stride < most && isSame(tail)) tail += stride;
  while (tail < most && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail++;
  return { start, oldEnd: before.length - tail, newEnd: after.length - tail };
}

/** Characters that are compared at a time. */
const stride = 1024;

/** How well the document can be read where `offset` is. */
function legibleAt(document: SourceDocument, offset: number): Legible {
  const { driver } = document;
  const around = [...driver.functions.values()].find(
    ({ file, span }) => file === document.file && span.start <= offset && offset <= span.end,
  );
  const problems = driver.problems.length;
  return around ? { problems, function: { name: around.name, problems: problemsIn(document, around.name) } } : { problems };
}

/** Whether the document, which was changed there, can be read less well than `before`. */
function isBroken(document: SourceDocument, change: Change, before: Legible): boolean {
  const { driver } = document;
  if (driver.problems.length > before.problems || isUnfinished(document.text, change.newEnd)) return true;
  const edited = before.function;
  return edited !== undefined && problemsIn(document, edited.name) > edited.problems;
}

/** A function that is gone has been broken, or renamed: its text is the same problem until it can be read. */
function problemsIn({ driver }: SourceDocument, name: string): number {
  return driver.functions.has(name) ? (driver.body(name)?.problems.length ?? Number.POSITIVE_INFINITY) : Number.POSITIVE_INFINITY;
}

/** A line without its end, before one that begins anew: C reads both as one, or supplies what is missing. */
function isUnfinished(text: string, offset: number): boolean {
  const lineEnd = text.indexOf('\n', offset);
  if (lineEnd < 0) return false;
  const line = text.slice(text.lastIndexOf('\n', offset - 1) + 1, lineEnd).replace(/\/\/.*|\/\*.*?\*\//g, '');
  if (/^\s*(?:#|(?:else|do)\s*$)/.test(line) || !/(?:->|[\w\].'"])\s*$/.test(line)) return false;
  return /^\s*[\w}]/.test(text.slice(lineEnd, lineEnd + farthestLine));
}

/** Characters of blank lines that are looked over. */
const farthestLine = 400;

/**
 * The findings of `file` to show for a broken text: those that were shown for the text before, moved with it. One that is edited itself
 * stays only when it is `found` again.
 */
function heldFindings(file: string, shown: Shown, found: () => readonly Finding[], change: Change, after: string): readonly Finding[] {
  const start = positionAt(shown.text, change.start);
  const oldEnd = positionAt(shown.text, change.oldEnd);
  const newEnd = positionAt(after, change.newEnd);
  let byPlace: ReadonlyMap<string, Finding> | undefined;
  const foundAt = (key: string): Finding | undefined => {
    byPlace ??= new Map(found().map((finding) => [keyOf(finding), finding]));
    return byPlace.get(key);
  };
  const move = (at: Position): Position => {
    if (isBefore(at, oldEnd)) return at;
    const character = at.line === oldEnd.line ? at.character - oldEnd.character + newEnd.character : at.character;
    return { line: at.line - oldEnd.line + newEnd.line, character };
  };
  const moveRange = (range: Range): Range => ({ start: move(range.start), end: move(range.end) });
  return shown.findings.flatMap((finding): readonly Finding[] => {
    if (finding.file !== file) return [finding];
    const { range } = finding;
    const isEdited = isBefore(range.start, oldEnd) && isBefore(start, range.end);
    const moved: Finding = {
      ...finding,
      range: moveRange(range),
      related: finding.related.map((each) => (each.file === file ? { ...each, range: moveRange(each.range) } : each)),
      // Their edits were made for another text.
      fixes: [],
    };
    const same = isEdited ? foundAt(keyOf(moved)) : moved;
    return same ? [same] : [];
  });
}

function keyOf({ rule, range: { start } }: Finding): string {
  return `${rule} ${start.line}:${start.character}`;
}

function isBefore(a: Position, b: Position): boolean {
  return a.line < b.line || (a.line === b.line && a.character < b.character);
}

function positionAt(text: string, offset: number): Position {
  let line = 0;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    line++;
    lineStart = at + 1;
  }
  return { line, character: offset - lineStart };
}
