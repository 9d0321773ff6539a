/**
 * What a C expression evaluates to. Integers carry a term (a constant in the simulation, an expression over symbols in
 * the analysis); pointers name a place in an object, never a number; structs are passed by value as copies of cells.
 * Knows no Linux: what an object stands for (an allocation, a vma) is its `origin`, set by whoever made it.
 */
import type { Span } from '../syntax/ast.ts';
import type { CType, IntegerType } from './ctype.ts';
import type { Term } from './term.ts';

export interface IntegerValue {
  readonly kind: 'integer';
  readonly type: IntegerType;
  readonly term: Term;
}

/** One step from an object to a part of it. `element` indexes are terms, so that `mem[i]` can be named with `i` unknown. */
export type Step =
  /** In bytes where the struct's layout is known; else `key` may replace the name in the cell's key; see `key.ts`. */
  | { readonly kind: 'field'; readonly name: string; readonly offset?: number; readonly key?: string; readonly bits?: BitRange }
  /** `unit` is the size in bytes of what the index counts; absent where nobody knows it. */
  | { readonly kind: 'element'; readonly index: Term; readonly unit?: number };

/** Which bits of the struct a bit-field has, from its start. */
export interface BitRange {
  readonly first: number;
  readonly width: number;
}

/** A place in memory: an object and the way into it. */
export interface Place {
  readonly object: MemoryObject;
  readonly path: readonly Step[];
  /** The key of the cell, where it was computed before; see `key.ts`. */
  readonly key?: string;
}

/** A pointer to a place; `pointee` is the type that it is used as, which a cast changes. */
export interface PointerValue {
  readonly kind: 'pointer';
  readonly place: Place;
  readonly pointee: CType;
}

/** NULL, an error pointer (`ERR_PTR(-ENOMEM)`) or any other number used as a pointer. */
export interface AddressValue {
  readonly kind: 'address';
  readonly term: Term;
  readonly pointee: CType;
}

export interface FunctionValue {
  readonly kind: 'function';
  readonly name: string;
}

/** A struct or union by value. */
export interface AggregateValue {
  readonly kind: 'aggregate';
  readonly type: CType;
  /** Cells by their keys below the aggregate; see `key.ts`. */
  readonly cells: ReadonlyMap<string, Value>;
  /** What its other cells hold; those that nothing is said about are unknown. */
  readonly marks?: readonly Mark[];
}

/** What the cells of a part of an object hold that were not written one by one. Of several, the last one counts. */
export interface Mark {
  /** The part: see `Range` in `key.ts`. */
  readonly prefix: string;
  readonly from: number;
  readonly to: number;
  readonly holds: Held;
}

export interface VoidValue {
  readonly kind: 'void';
}

/** Something that the executor cannot follow (floating point, inline assembler); `why` is for the user. */
export interface OpaqueValue {
  readonly kind: 'opaque';
  readonly why: string;
}

export type Value = IntegerValue | PointerValue | AddressValue | FunctionValue | AggregateValue | VoidValue | OpaqueValue;

/**
 * A piece of memory with an identity. `name` is the path that a C author would write to reach it (`priv->bar[2]`):
 * it is what users read in findings and traces. Cells are filled when they are first read or written.
 */
export interface MemoryObject {
  readonly id: number;
  readonly name: string;
  readonly type: CType;
  readonly origin: Origin;
  readonly cells: Map<string, Value>;
  /** Bytes of the narrowest number among the cells; absent where all have 8. */
  finest?: number;
  marks?: Mark[];
  /** Set by `kfree` and friends; a later access stops the run with a fault. */
  freed?: Span;
  /** The characters of a string literal; its cells need not be filled. */
  readonly text?: string;
  /** A member that lives in another object: a parent that `container_of` found has its member there. */
  link?: Link;
}

/** `static` is what the initialiser of a global leaves out: function pointers are NULL, the rest is state that nobody knows. */
export type Held = 'zero' | 'unknown' | 'static' | Place;

/** The part of an object (see `Range` in `key.ts`) that is the place `at`. */
export interface Link {
  readonly prefix: string;
  readonly from: number;
  readonly to: number;
  readonly at: Place;
}

/** Where an object comes from. */
export type Origin =
  | { readonly kind: 'local'; readonly function: string }
  | { readonly kind: 'global' }
  | { readonly kind: 'literal' }
  /**
   * Memory behind a pointer that nobody in sight assigned: an argument's target, a field of an unknown struct. `at` is its address, where a
   * number led to it.
   */
  | { readonly kind: 'assumed'; readonly from?: Place; readonly at?: bigint }
  /** Made by a call: `call` is the allocator's kernel name, `size` in bytes. */
  | {
      readonly kind: 'allocated';
      readonly call: string;
      readonly size?: Term;
      readonly arguments: readonly Value[];
      readonly span: Span;
      readonly zeroed: boolean;
    }
  /** Made by a world for its own purposes: a vma, a file, a struct page. `what` is the world's own word, such as `vma`. */
  | { readonly kind: 'kernel'; readonly what: string };
