/**
 * What the text is compiled to: closures over a run, with the types that the text alone decides. Names are resolved to
 * slots once, so that running never looks at the syntax tree.
 */
import type { Span } from '../syntax/ast.ts';
import type { CType } from './ctype.ts';
import type { Run } from './machine.ts';
import type { Location } from './place.ts';
import type { Dialect, Program } from './program.ts';
import type { TypeTable } from './type-table.ts';
import type { Value } from './value.ts';

/** An expression. */
export interface Code {
  /** The type as far as the declarations tell; the value that comes out may know better. */
  readonly type: CType;
  readonly evaluate: (run: Run) => Value;
  /** Present for an lvalue. */
  readonly locate?: (run: Run) => Location;
  /** Present where the value does not depend on the run. */
  readonly constant?: Value;
}

/** The value of a condition: constants decide, else the world. */
export type Test = (run: Run) => boolean;

/** How a statement ended; `undefined` goes on with the next one. */
export type Completion = Jump | undefined;
export type Jump = 'break' | 'continue' | 'return' | Goto;

export interface Goto {
  readonly label: string;
  readonly span: Span;
}

/** What execution can continue at: a label by its name, `case` and `default` by their node. */
export type Target = string | object;

export interface StatementCode {
  readonly run: (run: Run) => Completion;
  /** Present where a target lies inside: continues there. */
  readonly enter?: (run: Run, target: Target) => Completion;
  readonly targets?: ReadonlySet<Target>;
}

export interface FunctionCode {
  readonly name: string;
  readonly file: string;
  readonly returns: CType;
  /** Runs the body in the current frame. */
  readonly call: (run: Run, args: readonly Value[]) => Value;
}

export interface GlobalCode {
  readonly type: CType;
  readonly locate: (run: Run) => Location;
}

/** A program, compiled as far as it was needed. */
export interface Compiled {
  readonly program: Program;
  readonly dialect: Dialect;
  readonly types: TypeTable;
  function(name: string): FunctionCode | undefined;
  global(name: string): GlobalCode | undefined;
}
