/** Parts of a text that are read apart: what stands outside of the bodies of functions, and one function alone. Knows no C. */
import type { Span } from './ast.ts';

/** A part of a text, and the offset at which it begins there. */
export interface Piece {
  readonly start: number;
  readonly text: string;
}

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

/** The pieces at their places, with blanks between them. */
export function joined(pieces: readonly Piece[]): string {
  let text = '';
  for (const piece of pieces) text += ' '.repeat(piece.start - text.length) + piece.text;
  return text;
}
