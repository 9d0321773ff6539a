/**
 * The program that the executor runs, as far as it must know it: definitions by name. A driver model satisfies it
 * through a small adapter; tests hand in a parsed text. Knows neither files on disk nor Linux.
 */

import type { Expression, FunctionDefinition, GlobalVariable, MacroMeaning, TypeDefinition, TypeName } from '../syntax/ast.ts';

export interface ProgramFunction {
  /** Lowered on the first call of `definition`. */
  readonly definition: () => FunctionDefinition | undefined;
  readonly file: string;
}

export interface ProgramMacro {
  /** Absent for an object-like macro. The last is `...` or `args...` when variadic. */
  readonly parameters?: readonly string[];
  readonly meaning: MacroMeaning;
}

/** `base + plus`, where `base` is the last value that the enum spells before (0 where it spells none). */
export interface ProgramEnumerator {
  readonly base?: Expression;
  readonly plus: bigint;
}

/** Every look-up is by name and answers `undefined` for what the program does not define. Answers must not change. */
export interface Program {
  /** 64 for LP64, 32 for ILP32. */
  readonly longBits: 32 | 64;
  function(name: string): ProgramFunction | undefined;
  type(tag: 'struct' | 'union' | 'enum', name: string): TypeDefinition | undefined;
  typedef(name: string): TypeName | undefined;
  enumerator(name: string): ProgramEnumerator | undefined;
  macro(name: string): ProgramMacro | undefined;
  variable(name: string): (GlobalVariable & { readonly file: string }) | undefined;
  /** A number that the program's surroundings define, with its type as C spells it, for array lengths: `PAGE_SIZE`. */
  constant?(name: string): { readonly value: bigint; readonly type: string } | undefined;
}

/**
 * What the C dialect of the program's surroundings adds: types that every program may use without defining them, and
 * the classes of `guard()`. Data, so that the executor itself stays free of Linux.
 */
export interface Dialect {
  /** Typedefs by name, spelled in C: `{ u32: 'unsigned int' }`. */
  readonly typedefs: Readonly<Record<string, string>>;
  /** Structs by tag: the fields that are known, spelled in C, in any order; other fields are of unknown type. */
  readonly structs: Readonly<Record<string, StructOutline>>;
  /** What `guard(class)` and `scoped_guard(class)` call on entry and on leaving. */
  readonly guards: Readonly<Record<string, { readonly enter: string; readonly leave: string }>>;
  /** The names under which `container_of(pointer, type, member)` goes. */
  readonly containerOf: ReadonlySet<string>;
  /** Macros of `(pointer, member, count)` that look at the types of the first two alone: `struct_size`. */
  readonly sizesOfMember: ReadonlySet<string>;
  /** Macros that get the name of a member, which is no variable, by the index of that argument: `list_first_entry(head, type, member)`. */
  readonly memberArguments: Readonly<Record<string, number>>;
  /** Macros that set a variable, by the index of that argument: what it held before does not count (`get_user(x, p)`). */
  readonly setArguments: Readonly<Record<string, number>>;
  /** Functions of which one argument is a pointer, to a struct or to any memory: what is given there is one, though no file tells its type. */
  readonly pointerArguments: Readonly<Record<string, { readonly index: number; readonly struct?: string }>>;
}

export interface StructOutline {
  readonly fields: Readonly<Record<string, string>>;
  /** `sizeof`, in bytes, where it does not depend on the configuration. */
  readonly size?: number;
  /** Fields that share storage, each group in one list: `[['pgoff', 'index']]`. */
  readonly overlaid?: readonly (readonly string[])[];
}
