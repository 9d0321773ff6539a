/**
 * What an edit changed between two versions of a driver: whether only bodies of functions did, which ones, and where the
 * rest of the text went. Compares texts; what a change means is for others to say.
 */
import type { FunctionDefinition, Span } from '../syntax/ast.ts';
import { isMoved } from '../syntax/shift.ts';
import type { Driver } from './model.ts';

/** A version of a driver, taken apart into the bodies of its own functions and everything else. */
export interface Outline {
  /** The own text without the bodies; directives inside bodies belong to it. */
  readonly surroundings: string;
  /** The texts of the other files. */
  readonly headers: ReadonlyMap<string, string>;
  /** In the order of the text. */
  readonly bodies: readonly Body[];
  /** By name the functions that differ from the version before, to compare the next one with. */
  readonly trees: Map<string, FunctionDefinition>;
}

interface Body {
  readonly name: string;
  readonly span: Span;
  readonly text: string;
}

/** The text of a function's body in both versions. */
export interface ChangedBody {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  /** Only blanks and comments differ: the function is the same C, and `move` knows its spans. Not told of the first edit of a function. */
  readonly isSame: boolean;
}

/** What differs between two versions of which only bodies of functions do. */
export interface Changes {
  /** The functions whose bodies differ. */
  readonly bodies: readonly ChangedBody[];
  /** Where a span of the old text lies in the new one, for spans outside of the bodies that differ and are not the same C. */
  move(span: Span): Span;
}

const directive = /^[ \t]*#(?:[^\n\\]|\\\r?\n|\\[^\n])*/gm;

export function outlineOf(driver: Driver): Outline {
  const text = driver.ownText;
  const bodies = [...driver.functions.values()]
    .filter(({ file }) => file === driver.file)
    .map(({ name, bodySpan }): Body => ({ name, span: bodySpan, text: text.slice(bodySpan.start, bodySpan.end) }))
    .sort((left, right) => left.span.start - right.span.start);
  const pieces: string[] = [];
  let at = 0;
  for (const { span, text: body } of bodies) {
    pieces.push(text.slice(at, span.start));
    if (body.includes('#')) pieces.push(...(body.match(directive) ?? []));
    at = Math.max(at, span.end);
  }
  pieces.push(text.slice(at));
  const headers = new Map([...driver.files].filter(([file]) => file !== driver.file));
  return { surroundings: pieces.join('\0'), headers, bodies, trees: new Map() };
}

/** From the outline of a driver to that of its next version, `driver`; `undefined` when something else than the bodies of functions differs. */
export function changesBetween(before: Outline, after: Outline, driver: Driver): Changes | undefined {
  if (before.surroundings !== after.surroundings || before.bodies.length !== after.bodies.length) return undefined;
  if (before.headers.size !== after.headers.size) return undefined;
  for (const [file, text] of after.headers) if (before.headers.get(file) !== text) return undefined;
  const bodies: Omit<ChangedBody, 'isSame'>[] = [];
  /** Where a stretch of the old text begins, and how far it moved. */
  const starts: number[] = [0];
  const shifts: number[] = [0];
  for (const [index, body] of after.bodies.entries()) {
    const old = before.bodies[index];
    if (old?.name !== body.name) return undefined;
    starts.push(old.span.start);
    shifts.push(body.span.start - old.span.start);
    if (old.text !== body.text) {
      starts.push(old.span.end - sameEnd(old.text, body.text));
      shifts.push(body.span.end - old.span.end);
      bodies.push({ name: body.name, before: old.text, after: body.text });
    }
    starts.push(old.span.end);
    shifts.push(body.span.end - old.span.end);
  }
  const shiftAt = (offset: number): number => shifts[lastAtMost(starts, offset)] ?? 0;
  const move = ({ start, end }: Span): Span => {
    const from = start + shiftAt(start);
    return { start: from, end: end > start ? end + shiftAt(end - 1) : from };
  };
  return { bodies: bodies.map((body) => ({ ...body, isSame: isSameTree(body.name, before, after, driver, move) })), move };
}

/** Whether the function is the same C in both versions; keeps its tree for the next one. */
function isSameTree(name: string, before: Outline, after: Outline, driver: Driver, move: Changes['move']): boolean {
  const tree = driver.body(name);
  if (!tree) return false;
  after.trees.set(name, tree);
  return isMoved(before.trees.get(name), tree, move);
}

/** How many characters at the ends of two texts are the same, those at their begins not counted twice. */
function sameEnd(before: string, after: string): number {
  const shorter = Math.min(before.length, after.length);
  let begin = 0;
  while (begin < shorter && before.charCodeAt(begin) === after.charCodeAt(begin)) begin++;
  let end = 0;
  while (end < shorter - begin && before.charCodeAt(before.length - 1 - end) === after.charCodeAt(after.length - 1 - end)) end++;
  return end;
}

/** The index of the last of the sorted `numbers` that is not above `limit`. */
function lastAtMost(numbers: readonly number[], limit: number): number {
  let low = 0;
  let high = numbers.length;
  while (high - low > 1) {
    const middle = (low + high) >> 1;
    if ((numbers[middle] ?? 0) <= limit) low = middle;
    else high = middle;
  }
  return low;
}
