/**
 * Which stretches of a text the grammar reads: everything outside of the bodies of functions, or one function alone. Offsets stay
 * those of the whole text. Knows tree-sitter's ranges, and no C.
 */
import type { ParseCallback, Point, Range } from 'web-tree-sitter';
import type { Span } from './ast.ts';

/** What is left of a text of `length` without `bodies`, which are in the order of the text. */
export function stretchesOutside(bodies: readonly Span[], length: number): readonly Span[] {
  const stretches: Span[] = [];
  let from = 0;
  for (const { start, end } of bodies) {
    if (start < from) continue;
    stretches.push({ start: from, end: start });
    from = end;
  }
  stretches.push({ start: from, end: length });
  return stretches;
}

/** The stretches as tree-sitter wants them. Linear in the text. */
export function rangesOf(text: string, stretches: readonly Span[]): Range[] {
  const pointAt = pointsOf(text);
  return stretches.map(({ start, end }) => ({
    startIndex: start,
    startPosition: pointAt(start),
    endIndex: end,
    endPosition: pointAt(end),
  }));
}

/** Gives the parser what it asks for, and nothing behind the stretch that it is in: each sign that it gets is copied. */
export function readerOf(text: string, stretches: readonly Span[]): ParseCallback {
  let current = 0;
  return (index) => {
    while (current > 0 && index < (stretches[current]?.start ?? 0)) current--;
    while (current < stretches.length - 1 && index >= (stretches[current]?.end ?? 0)) current++;
    const end = stretches[current]?.end ?? text.length;
    return text.slice(index, Math.min(end, index + longestRead));
  };
}

/** Signs that the parser takes at a time. */
const longestRead = 4096;

/** The rows and columns of offsets that do not fall. */
function pointsOf(text: string): (offset: number) => Point {
  let row = 0;
  let lineStart = 0;
  let next = text.indexOf('\n');
  return (offset) => {
    while (next >= 0 && next < offset) {
      row++;
      lineStart = next + 1;
      next = text.indexOf('\n', lineStart);
    }
    return { row, column: offset - lineStart };
  };
}
