/** What every part of lowering needs: the text, the marks of the mask, and a place for problems. */
import type { Span, SyntaxProblem } from '../ast.ts';
import type { Concrete } from '../concrete.ts';
import type { Marks } from '../mask/marks.ts';

export interface Lowering {
  /** The text the nodes' offsets belong to, before masking: names are read from it. */
  readonly source: string;
  readonly marks: Marks;
  /** Added to every offset: where `source` is a piece of a file, the offset of its begin there. */
  readonly shift: number;
  /** Typedefs of the file, to tell `(name)(x)` and `sizeof(name)` apart. */
  readonly typeNames: ReadonlySet<string>;
  /** Parses an expression that is not part of the tree, such as what `typeof` encloses; the lowering is set up for it. */
  readonly parseExpression: (span: Span) => { readonly node: Concrete; readonly lowering: Lowering } | undefined;
  readonly problems: SyntaxProblem[];
}

export function spanOf(lowering: Lowering, node: { readonly start: number; readonly end: number }): Span {
  return { start: node.start + lowering.shift, end: node.end + lowering.shift };
}

export function textOf(lowering: Lowering, node: { readonly start: number; readonly end: number }): string {
  return lowering.source.slice(node.start, node.end);
}

/** Notes that a part of the text was not understood. */
export function report(lowering: Lowering, node: { readonly start: number; readonly end: number }, message: string): void {
  lowering.problems.push({ message, span: spanOf(lowering, node) });
}
