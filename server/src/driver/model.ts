/**
 * What one driver is: its functions, tables, handlers, structs and macros, across the file and the headers of its own
 * folder. Built once per version of the text; everything here is readonly. Knows no LSP and judges nothing.
 */

import type { HandlerKind } from '../kernel/fact.ts';
import type { KernelVersion } from '../kernel/version.ts';
import type {
  Expression,
  FunctionDefinition,
  FunctionHeader,
  GlobalVariable,
  MacroDefinition,
  MacroMeaning,
  Span,
  TypeDefinition,
  TypeName,
} from '../syntax/ast.ts';
import type { DriverText } from './driver-text.ts';

/** How the core reads other files of the driver. Paths are absolute and use `/`. */
export interface Host {
  /** The text of a file, or `undefined` where there is none; never throws. */
  readFile(path: string): string | undefined;
  /** The names of the files in a folder, in their order; absent or `undefined` where nobody can list it. Never throws. */
  listFolder?(folder: string): readonly string[] | undefined;
}

/** A stretch of one of the driver's files. */
export interface Place {
  readonly file: string;
  readonly span: Span;
}

/** What the user or the tree says about the target. */
export interface Target {
  readonly version: KernelVersion;
  /** `CONFIG_X` to `y`, `m`, `n` or a value; a name that is not in here is taken as on. */
  readonly config: ReadonlyMap<string, string>;
  /** 64 for LP64 (the default), 32 for ILP32. */
  readonly longBits: 32 | 64;
  /** Functions that are trusted to check the bounds of a mapping, whatever their own code looks like. */
  readonly boundsChecks?: ReadonlySet<string>;
  /** Handlers in tables that the kernel does not have: `struct.field` and what is called there. */
  readonly slots?: ReadonlyMap<string, HandlerKind>;
  /** The driver's own allocators, each with the call of the kernel that gives such memory. */
  readonly allocators?: ReadonlyMap<string, string>;
}

export type { HandlerKind } from '../kernel/fact.ts';

/** A function that the kernel calls on behalf of a mapping, and how it gets there. */
export interface Handler {
  readonly function: string;
  readonly kind: HandlerKind;
  /** `file_operations.mmap`; for a handler known only by its signature `signature.mmap`, `signature.fault`, … */
  readonly slot: string;
  readonly file: string;
  /** Of the function's name in its definition, or where it is registered when the definition is elsewhere. */
  readonly nameSpan: Span;
  readonly registeredAt?: { readonly file: string; readonly span: Span; readonly table?: string };
  /** False when the function is defined in another file than the ones at hand. */
  readonly defined: boolean;
  /** Index of the parameter that is the vma, vmf or vm_area_desc. */
  readonly parameter?: number;
}

/** A table of handlers: an initialiser, or fields assigned at run time. */
export interface OpsTable {
  readonly name: string;
  /** `file_operations`, `vm_operations_struct`, … */
  readonly container: string;
  readonly entries: readonly { readonly slot: string; readonly function: string; readonly span: Span }[];
  readonly file: string;
  readonly span: Span;
}

/** Where a field's value comes from: one assignment somewhere in the driver. */
export interface FieldSource {
  /** `struct` tag when the type of the object is known, else `undefined`. */
  readonly struct?: string;
  readonly field: string;
  readonly value: Expression;
  /** The function that assigns, for the context of the expression. */
  readonly function: string;
  readonly file: string;
  readonly span: Span;
}

/** A function of the driver with the file it stands in. */
export interface DriverFunction extends FunctionHeader {
  readonly file: string;
}

export interface DriverProblem {
  readonly file: string;
  readonly message: string;
  readonly span?: Span;
}

export interface Driver {
  /** The file that was asked for; its handlers and findings are reported. */
  readonly file: string;
  readonly target: Target;
  /** The text of `file`. */
  readonly ownText: string;
  /** This file, the local headers and the siblings that handlers reach, with their texts. */
  readonly files: ReadonlyMap<string, string>;
  /** Questions about these texts. */
  readonly text: DriverText;
  readonly handlers: readonly Handler[];
  /** Handlers in branches of `#if` that the target does not compile: listed, never analysed or run. */
  readonly inactiveHandlers: readonly Handler[];
  readonly tables: readonly OpsTable[];
  readonly functions: ReadonlyMap<string, DriverFunction>;
  readonly variables: ReadonlyMap<string, GlobalVariable & { readonly file: string }>;
  readonly types: ReadonlyMap<string, TypeDefinition>;
  readonly typedefs: ReadonlyMap<string, TypeName>;
  readonly enumerators: ReadonlyMap<string, Expression | undefined>;
  /** Each enumerator as the last value that its enum spells before it (0 where it spells none), plus a count. */
  readonly enumeratorSteps: ReadonlyMap<string, { readonly base?: Expression; readonly plus: bigint }>;
  readonly macros: ReadonlyMap<string, MacroDefinition>;
  /** Lowered on first use and kept. */
  body(name: string): FunctionDefinition | undefined;
  macro(name: string): MacroMeaning | undefined;
  /** The assignments to fields in the body of a function, in the order of the text. */
  sourcesIn(name: string): readonly FieldSource[];
  /** The assignments to a field, nearest struct type first. */
  sourcesOf(struct: string | undefined, field: string): readonly FieldSource[];
  /**
   * Whether the text is compiled because of a name that no text at hand defines, such as `HAVE_VM_FLAGS_SET` of a
   * configure script: nothing tells whether the driver's build for the target does the same.
   */
  isUndecided(file: string, span: Span): boolean;
  readonly problems: readonly DriverProblem[];
}
