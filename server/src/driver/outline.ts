/**
 * What an edit changed between two versions of a driver: whether only bodies of functions did, which ones, and where the
 * rest of the text went. Compares texts; what a change means is for others to say.
 */
import type { Span } from '../syntax/ast.ts';
import type { Driver } from './model.ts';

/** A version of a driver, taken apart into the bodies of its own functions and everything else. */
export interface Outline {
  /** The own text without the bodies; directives inside bodies belong to it. */
  readonly surroundings: string;
  /** The texts of the other files. */
  readonly headers: ReadonlyMap<string, string>;
  /** In the order of the text. */
  readonly bodies: readonly Body[];
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
}

/** What differs between two versions of which only bodies of functions do. */
export interface Changes {
  /** The functions whose bodies differ. */
  readonly bodies: readonly ChangedBody[];
  /** Where a span of the old text lies in the new one, for spans outside of the bodies that differ. */
  move(span: Span): Span;
}

const directive = /^[ \t]*#(?:[^\n\\]|\\\r?\n|\\[^\n])*/gm;

export function outlineOf(driver: Driver): Outline {
  const text = driver.files.get(driver.file) ?? '';
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
  return { surroundings: pieces.join('\0'), headers, bodies };
}

/** `undefined` when something else than the bodies of functions differs. */
export function changesBetween(before: Outline, after: Outline): Changes | undefined {
  if (before.surroundings !== after.surroundings || before.bodies.length !== after.bodies.length) return undefined;
  if (before.headers.size !== after.headers.size) return undefined;
  for (const [file, text] of after.headers) if (before.headers.get(file) !== text) return undefined;
  const bodies: ChangedBody[] = [];
  /** Where a stretch of the old text begins, and how far it moved. */
  const starts: number[] = [0];
  const shifts: number[] = [0];
  for (const [index, body] of after.bodies.entries()) {
    const old = before.bodies[index];
    if (old?.name !== body.name) return undefined;
    starts.push(old.span.start, old.span.end);
    shifts.push(body.span.start - old.span.start, body.span.end - old.span.end);
    if (old.text !== body.text) bodies.push({ name: body.name, before: old.text, after: body.text });
  }
  const move = (span: Span): Span => {
    const by = shifts[lastAtMost(starts, span.start)] ?? 0;
    return by === 0 ? span : { start: span.start + by, end: span.end + by };
  };
  return { bodies, move };
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
