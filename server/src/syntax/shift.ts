/**
 * Moves lowered data to another place of the text: what an edit only pushed down is not lowered again. Works on any
 * plain data of `ast.ts`, where `Span` is the only place that holds offsets.
 */

import type { Span } from './ast.ts';

/** A copy of `data` with every span moved by `by`; the same object when there is nothing to move. */
export function shifted<T>(data: T, by: number): T {
  return by === 0 ? data : (move(data, by) as T);
}

/**
 * Whether `after` is `before` with every span where `moved` puts it: the same C, laid out in another way. Both are trees that were lowered
 * from texts of bounded nesting.
 */
export function isMoved(before: unknown, after: unknown, moved: (span: Span) => Span): boolean {
  if (typeof before !== 'object' || before === null || typeof after !== 'object' || after === null) return Object.is(before, after);
  if (Array.isArray(before)) {
    return Array.isArray(after) && before.length === after.length && before.every((part, index) => isMoved(part, after[index], moved));
  }
  const [old, now] = [before as Readonly<Record<string, unknown>>, after as Readonly<Record<string, unknown>>];
  if (isSpan(old) && isSpan(now)) {
    const { start, end } = moved(old);
    return start === now.start && end === now.end;
  }
  const keys = Object.keys(old);
  return keys.length === Object.keys(now).length && keys.every((key) => key in now && isMoved(old[key], now[key], moved));
}

function isSpan(data: object): data is Span {
  return 'start' in data && typeof data.start === 'number' && 'end' in data && typeof data.end === 'number';
}

function move(data: unknown, by: number): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map((part) => move(part, by));
  const copy: Record<string, unknown> = {};
  const source = data as Readonly<Record<string, unknown>>;
  for (const key in source) {
    const part = source[key];
    copy[key] = typeof part === 'number' && (key === 'start' || key === 'end') ? part + by : move(part, by);
  }
  return copy;
}
