/**
 * What the mask took out of the text and lowering puts back: each mark stands at the offset where the masked text
 * has its stand-in. Plain tables.
 */
import type { FileMacroCall, Span } from '../ast.ts';

/** A function that a macro defines: `NAME(first, ...) { body }`. */
export interface MacroFunction {
  readonly name: string;
  readonly nameSpan: Span;
}

export interface Marks {
  /** Stands as `while (…)` or `if (…)`: the macro's name, by the offset of the name. */
  readonly iterators: Map<number, string>;
  /** `case` statements whose value stands as `first || last`. */
  readonly caseRanges: Set<number>;
  /** A type where an expression is expected, standing as a name: its span in the source, by its start. */
  readonly typeArguments: Map<number, Span>;
  /** `typeof(…)`, standing as a type name: the span of what is in the parentheses, by the start of the word. */
  readonly typeofs: Map<number, Span>;
  /** A macro's argument that is no expression, standing as a name: its span, by its start. */
  readonly opaque: Map<number, Span>;
  /** The functions of `__free(…)`, by the offset of the word; those of a function in the order of the text. */
  readonly cleanups: Map<number, string>;
  /** A struct member made by a macro, standing as `MACRO name`: the span of the call, by its start. */
  readonly memberMacros: Map<number, Span>;
  /** Functions defined by a macro, by the offset of their stand-in for a name. */
  readonly macroFunctions: Map<number, MacroFunction>;
  readonly fileMacroCalls: FileMacroCall[];
}

export function emptyMarks(): Marks {
  return {
    iterators: new Map(),
    caseRanges: new Set(),
    typeArguments: new Map(),
    typeofs: new Map(),
    opaque: new Map(),
    cleanups: new Map(),
    memberMacros: new Map(),
    macroFunctions: new Map(),
    fileMacroCalls: [],
  };
}
