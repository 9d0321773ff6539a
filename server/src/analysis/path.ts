/**
 * What the analysis finds out about an entry into the driver: every path through it, with what was decided and what
 * was done on the way. Rules read this and nothing else of the executor. Paths are data; questions about them
 * ("can this length be larger than that buffer here?") are asked through `query.ts`.
 */
import type { Handler } from '../driver/model.ts';
import type { Term } from '../execution/term.ts';
import type { IntegerValue, Place, Value } from '../execution/value.ts';
import type { Frame, RunOutcome } from '../execution/world.ts';
import type { Span } from '../syntax/ast.ts';

/** `unknown`: whoever calls the driver here may or may not hold it. */
export type MmapLock = 'none' | 'read' | 'write' | 'unknown';

/** A function that something outside the driver calls, and what holds on entry. */
export interface Entry {
  readonly function: string;
  readonly file: string;
  /** Present for a mapping or fault handler; absent for ioctl, read, work functions, … */
  readonly handler?: Handler;
  /** `file_operations.unlocked_ioctl`, `work_struct.func`, …; for messages. */
  readonly slot: string;
  readonly mmapLock: MmapLock;
}

/** A condition that holds on the path from here on; already negated where the other branch was taken. */
export interface Condition {
  readonly term: Term;
  readonly span: Span;
  readonly file: string;
  readonly function: string;
}

export interface HeldLock {
  /** The lock as a C author would write it: `priv->lock`; `mmap_lock` for the mm's own. */
  readonly name: string;
  readonly kind: 'mmap-read' | 'mmap-write' | 'mutex' | 'spinlock' | 'rwsem' | 'rcu' | 'other';
  readonly span: Span;
}

/** The vma's own state where an event happens; terms over the entry's symbols. */
export interface VmaAt {
  readonly flags: Term;
  readonly pgoff: Term;
  readonly start: Term;
  readonly end: Term;
  /** False after the vma was given to a call that nobody knows. */
  readonly known: boolean;
}

/** Common to all events of a path, in the order they happened. */
interface EventBase {
  /** How many of the path's conditions were decided before. */
  readonly after: number;
  readonly span: Span;
  readonly file: string;
  /** Innermost last. */
  readonly frames: readonly Frame[];
  readonly locks: readonly HeldLock[];
  readonly mmapLock: MmapLock;
  /** The vma that the handler was entered with, when it was entered with one. */
  readonly vma?: VmaAt;
  /** Iteration (from 1) of the innermost loop, or `some` in a widened one; absent outside loops. */
  readonly iteration?: number | 'some';
}

export interface CallEvent extends EventBase {
  readonly kind: 'call';
  readonly name: string;
  readonly nameSpan: Span;
  readonly arguments: readonly Value[];
  readonly argumentSpans: readonly Span[];
  /** The numbers that pointers among the arguments pointed to, by the index of the argument. */
  readonly pointees?: readonly (IntegerValue | undefined)[];
  readonly result: Value;
  /** False for a name that neither the facts nor the services know. */
  readonly known: boolean;
}

/** A write to the vma, vmf or vm_area_desc that the handler was entered with, or to anything reached from them. */
export interface WriteEvent extends EventBase {
  readonly kind: 'write';
  readonly place: Place;
  /** As a C author would write it: `vma->vm_flags`. */
  readonly name: string;
  readonly value: Value;
}

/** NULL or freed memory was followed. */
export interface FaultEvent extends EventBase {
  readonly kind: 'fault';
  readonly message: string;
}

export type PathEvent = CallEvent | WriteEvent | FaultEvent;

/** Something unknown that a path went through. */
export interface Doubt {
  /** What, as a sentence. */
  readonly sentence: string;
  /** How many of the path's conditions were decided before. */
  readonly after: number;
  /** The symbols that it left behind. It mattered to what follows only if one of them decided something; absent: it always did. */
  readonly symbols?: readonly string[];
  /** The symbols that it was told of, when it was told of no more: what it may have checked. Absent: it saw the vma. */
  readonly asked?: readonly string[];
}

export interface Path {
  readonly conditions: readonly Condition[];
  readonly events: readonly PathEvent[];
  readonly outcome: RunOutcome;
  /** Unknown things that the path went through; a rule that needs certainty stays silent where one may have been the check. */
  readonly doubts: readonly Doubt[];
  /** The vma as the path leaves it; an event shows it as it was before the event. */
  readonly end?: VmaAt;
}

export interface EntryAnalysis {
  readonly entry: Entry;
  /** The same over edits that left all paths of the entry as they were, but for their places in the text. */
  readonly origin: object;
  readonly paths: readonly Path[];
  /** False when a budget ran out: there are paths that nobody looked at, in a state that no other was in. */
  readonly complete: boolean;
  /** What was skipped and why, for the status. */
  readonly problems: readonly string[];
  /** The symbols of the entry: length in pages, offset, initial flags, … by their usual names. */
  readonly symbols: EntrySymbols;
  /** Conditions over the symbols that the kernel guarantees before it calls the entry. */
  readonly guarantees: readonly Term[];
  /** The only values that a symbol can have on entry, by its id: the initial flags that mmap(2) can pass. */
  readonly domains: ReadonlyMap<string, readonly bigint[]>;
}

/**
 * The unknowns that the system call decides. For `.mmap`: `vm_end == vm_start + (pages << PAGE_SHIFT)`, so that the
 * length is exactly a number of pages, and `do_mmap`'s guarantees (pages >= 1, no wrap of pgoff + pages) are known.
 */
export interface EntrySymbols {
  readonly start?: IntegerValue;
  readonly pages?: IntegerValue;
  readonly pgoff?: IntegerValue;
  readonly flags?: IntegerValue;
  /** `vmf->pgoff`, in pages, for fault handlers. */
  readonly faultPgoff?: IntegerValue;
}
