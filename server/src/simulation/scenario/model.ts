/**
 * What a scenario says, as data: a user program's steps, what is assumed of the driver, and what is expected. Plain
 * readonly data; knows neither its text (`parse.ts`, `format.ts`) nor how it runs (`simulation/run/`).
 */
import type { KernelVersion } from '../../kernel/version.ts';

/** An address in the user program: a mapping's name and an offset, or a number. Offsets in bytes. */
export interface UserAddress {
  readonly mapping?: string;
  readonly offset: bigint;
}

/** The letters after `prot`; all absent is `PROT_NONE`. */
export interface Protection {
  readonly read: boolean;
  readonly write: boolean;
  readonly execute: boolean;
}

export type OpenMode = 'rw' | 'ro' | 'wo';

/** Something that a program can see after a statement. */
export type Expectation =
  | { readonly kind: 'ok' }
  /** Whatever happens is right; for accesses, which are expected to work when nothing is said. */
  | { readonly kind: 'any' }
  /** `EINVAL`, …: the statement fails with this. */
  | { readonly kind: 'errno'; readonly name: string }
  /** `SIGBUS` or `SIGSEGV`. */
  | { readonly kind: 'signal'; readonly name: string }
  /** What a `read` gives. */
  | { readonly kind: 'value'; readonly value: bigint }
  /** The statement runs into a problem of this kind, such as `kernel-bug`; without a kind, into any. */
  | { readonly kind: 'problem'; readonly problem?: string }
  /** The result of the statement that made or last changed a mapping. */
  | { readonly kind: 'result'; readonly mapping: string; readonly of: Expectation }
  /** Two-letter codes as in smaps, in any order. */
  | { readonly kind: 'vmflags'; readonly mapping: string; readonly codes: readonly string[] }
  /** In bytes. */
  | { readonly kind: 'rss'; readonly mapping: string; readonly bytes: bigint }
  /** How often the driver's function in a slot has run: `open`, `close`, `fault`, … */
  | { readonly kind: 'count'; readonly slot: string; readonly count: bigint }
  | { readonly kind: 'refcount' | 'mapcount'; readonly address: UserAddress; readonly count: bigint };

/** What a statement does; `len` and offsets in bytes. */
export type Action =
  | { readonly kind: 'kernel'; readonly version: KernelVersion }
  /** `value` is a number, or a function's or object's name as written. */
  | { readonly kind: 'assume'; readonly path: string; readonly value: bigint }
  | { readonly kind: 'open'; readonly mode: OpenMode }
  | {
      readonly kind: 'mmap';
      readonly mapping: string;
      readonly length: bigint;
      readonly offset: bigint;
      readonly protection: Protection;
      readonly sharing: 'shared' | 'private';
      readonly fixedAt?: UserAddress;
      readonly populate: boolean;
      readonly locked: boolean;
    }
  | { readonly kind: 'read'; readonly address: UserAddress; readonly length: bigint }
  | { readonly kind: 'write'; readonly address: UserAddress; readonly value?: bigint }
  | { readonly kind: 'mprotect'; readonly address: UserAddress; readonly length?: bigint; readonly protection: Protection }
  | {
      readonly kind: 'mremap';
      readonly address: UserAddress;
      /** Absent: the mapping's own length. */
      readonly oldLength?: bigint;
      readonly length: bigint;
      readonly mayMove: boolean;
      readonly fixedAt?: UserAddress;
      readonly dontUnmap: boolean;
    }
  | { readonly kind: 'munmap' | 'mlock' | 'munlock'; readonly address: UserAddress; readonly length?: bigint }
  | { readonly kind: 'madvise'; readonly address: UserAddress; readonly length?: bigint; readonly advice: string }
  | { readonly kind: 'fork'; readonly child: string }
  | { readonly kind: 'close' | 'exit' | 'unplug' }
  | { readonly kind: 'expect'; readonly expectation: Expectation };

/** One line of a scenario. */
export interface Statement {
  /** From 1. */
  readonly line: number;
  /** The line without its comment. */
  readonly text: string;
  /** The child that does it; absent for the program itself. */
  readonly process?: string;
  readonly action: Action;
  /** Written behind the statement. */
  readonly expectation?: Expectation;
}

export interface Scenario {
  readonly statements: readonly Statement[];
  /** As `kernel` says, when it does. */
  readonly version?: KernelVersion;
}

/** Something in a scenario's text that cannot be run; lines and columns from 1. */
export interface ScenarioProblem {
  readonly line: number;
  readonly column: number;
  /** Of the words that are wrong, in UTF-16 units. */
  readonly length: number;
  readonly message: string;
}
