/**
 * Names while a function is compiled: which variable a name means, in which slot of the frame it lies, which macros are
 * being expanded. Gone when the function runs.
 */
import type { Span } from '../../syntax/ast.ts';
import type { Code, Compiled } from '../code.ts';
import { type CType, voidType } from '../ctype.ts';
import type { Run } from '../machine.ts';
import { type Location, wholeOf } from '../place.ts';

/** A local variable, or a static one that outlives its block. */
export interface Variable {
  readonly name: string;
  readonly type: CType;
  readonly slot: number;
  /** Where a static variable lies; it has no slot. */
  readonly locate?: (run: Run) => Location;
}

/** What all scopes of one function share. */
export interface FunctionContext {
  readonly compiled: Compiled;
  readonly name: string;
  readonly file: string;
  /** What the function returns. */
  readonly returns: CType;
  slots: number;
  /** Macros whose expansion is being compiled: their names mean themselves there. */
  readonly expanding: Set<string>;
  /** How deeply nested the expression or statement at hand is. */
  depth: number;
  /** Expressions so far, those that macros brought included. */
  size: number;
  /** Statement expressions so far that are left by a jump. */
  escapes: number;
  /** The `case` and `default` statements of the switch at hand. */
  cases: SwitchCase[] | undefined;
}

export interface SwitchCase {
  /** The node that the body is entered at. */
  readonly target: object;
  readonly span: Span;
  /** Absent for `default`. */
  readonly low?: Code;
  readonly high?: Code;
}

export class Scope {
  readonly context: FunctionContext;
  readonly #outer: Scope | undefined;
  readonly #names = new Map<string, Variable>();

  constructor(context: FunctionContext, outer?: Scope) {
    this.context = context;
    this.#outer = outer;
  }

  /** A scope for a block inside this one. */
  inner(): Scope {
    return new Scope(this.context, this);
  }

  /** Declares a variable with a slot of its own. */
  declare(name: string, type: CType): Variable {
    const variable: Variable = { name, type, slot: this.context.slots++ };
    this.#names.set(name, variable);
    return variable;
  }

  declareStatic(name: string, type: CType, locate: (run: Run) => Location): void {
    this.#names.set(name, { name, type, slot: -1, locate });
  }

  lookUp(name: string): Variable | undefined {
    return this.#names.get(name) ?? this.#outer?.lookUp(name);
  }
}

export function newContext(compiled: Compiled, name: string, file: string, returns: CType = voidType): FunctionContext {
  return { compiled, name, file, returns, slots: 0, expanding: new Set(), depth: 0, size: 0, escapes: 0, cases: undefined };
}

/** A new object for the variable, as its declaration makes one each time it is passed. */
export function createLocal(run: Run, variable: Variable, owner: string): Location {
  const location = wholeOf(run.allocate(variable.name, variable.type, { kind: 'local', function: owner }));
  run.locals[variable.slot] = location;
  return location;
}
