/**
 * What the executor asks of the world around the C code. The analysis answers with symbols and forks by choosing a
 * branch; the simulation answers with values and reasons. The executor itself knows neither Linux nor rules.
 *
 * Forking is by replay: a run is started again from the handler's entry with other answers to `branch`. State is
 * therefore never copied, and the executor is plain recursive code.
 */
import type { Expression, Span, TypeName } from '../syntax/ast.ts';
import type { CType } from './ctype.ts';
import type { Term } from './term.ts';
import type { IntegerValue, MemoryObject, Place, Value } from './value.ts';

/** One call on the C stack. */
export interface Frame {
  readonly function: string;
  readonly file: string;
  /** Where it was called from, in the caller's file; absent for the entry. */
  readonly calledAt?: Span;
}

/** A call of something that the driver's files do not define. */
export interface ExternalCall {
  readonly name: string;
  readonly arguments: readonly Value[];
  /** The arguments as written, for types of macros (`container_of`), names and spans. */
  readonly expressions: readonly Expression[];
  readonly span: Span;
  readonly nameSpan: Span;
  readonly file: string;
  /** The type that the caller expects, where the context tells (a prototype, a declaration, an assignment). */
  readonly expected: CType;
  /** The types of the arguments as written; for a type given to a macro (`min_t(u32, a, b)`), that type. */
  readonly types: readonly CType[];
  /** The place of an argument that is an lvalue, for macros that assign to it (`get_user(x, p)`, `swap(a, b)`). */
  place(index: number): Place | undefined;
  /** Evaluates an argument once more, for macros that look at a condition again and again (`wait_event(queue, condition)`). */
  again?(index: number): Value | undefined;
}

/** One round of an iterator macro (`list_for_each_entry(pos, head, member)`). Arguments are evaluated when asked for. */
export interface IteratorRound {
  readonly macro: string;
  readonly arguments: readonly Expression[];
  /** From 1. */
  readonly count: number;
  readonly span: Span;
  readonly types: readonly CType[];
  value(index: number): Value;
  place(index: number): Place | undefined;
}

/** Why and where a run ended early. */
export type Stop =
  /** The kernel stopped in a call: BUG, oops, a hang. */
  | { readonly kind: 'kernel'; readonly message: string }
  | { readonly kind: 'budget'; readonly what: 'steps' | 'depth' | 'loop' | 'paths' }
  | { readonly kind: 'notUnderstood'; readonly what: string }
  /** NULL or a freed object was followed; `address` is the number that was taken for an address, `freed` the object. */
  | { readonly kind: 'fault'; readonly message: string; readonly address?: bigint; readonly freed?: MemoryObject };

export type RunOutcome =
  | { readonly kind: 'returned'; readonly value: Value }
  | { readonly kind: 'stopped'; readonly stop: Stop; readonly span: Span; readonly file: string };

/** The executor, as worlds and services see it. */
export interface Machine {
  readonly frames: readonly Frame[];
  /** Where the run is: the statement or call being run. */
  readonly span: Span;
  readonly file: string;
  read(place: Place, type: CType): Value;
  write(place: Place, value: Value, span: Span): void;
  /** A new object; `cells` start empty. */
  allocate(name: string, type: CType, origin: MemoryObject['origin']): MemoryObject;
  /** An object of the world's own making, under a number that no other object has. */
  adopt<Made extends MemoryObject>(make: (id: number) => Made): Made;
  /** Calls a function of the driver by name (a callback): runs to its end in this run. */
  invoke(name: string, args: readonly Value[]): Value;
  /** `value` converted to `type` as an assignment does. */
  convert(value: Value, type: CType): Value;
  /** The type that a name in the text stands for, at file level. */
  resolve(type: TypeName): CType;
  /** `sizeof`, in bytes; a term over an assumed size where the layout is not known. */
  sizeOf(type: CType): Term;
  /** Ends the run here. */
  stop(stop: Stop): never;
}

export type LoopAnswer =
  /** Go on with the next iteration. */
  | 'run'
  /** Havoc what the loop writes, run the body once for "some iteration", then leave the loop. */
  | 'widen'
  /** Leave the loop as if its condition had become false. */
  | 'leave';

export interface World {
  /** The value of a cell that nobody wrote: a field behind an unknown pointer, an uninitialised local. */
  unknown(machine: Machine, place: Place, type: CType): Value;
  /** Which way to go on a condition that is not a constant; constants never get here. */
  branch(machine: Machine, condition: IntegerValue, span: Span): boolean;
  /** A call that leaves the driver. `undefined` is not an answer: unknown calls give an unknown value and say so. */
  call(machine: Machine, call: ExternalCall): Value;
  /** The number that a pointer to `place` converts to. */
  addressOf(machine: Machine, place: Place): Term;
  /** The place that a number points to, when the world knows one. */
  placeAt(machine: Machine, address: Term): Place | undefined;
  /** Asked before iteration `count` (from 1) of the loop at `span`. */
  loop(machine: Machine, span: Span, count: number): LoopAnswer;
  /**
   * Whether the iterator macro has another element; sets its position variables then. `undefined` leaves it to the
   * executor: an unknown number of unknown elements.
   */
  iterate?(machine: Machine, round: IteratorRound): boolean | undefined;
  /** The condition is known to be `truth` from here on, without a choice: a widened loop was left. */
  assume?(machine: Machine, condition: IntegerValue, truth: boolean, span: Span): void;
  /** A fresh value for something that a widened loop writes. */
  havoc(machine: Machine, place: Place, type: CType, previous: Value | undefined): Value;
  /** A name that is neither a variable, a function, an enumerator nor a macro of the driver: a constant of Linux? */
  constant(name: string): { readonly value: bigint; readonly type: CType } | undefined;

  // Observers: may do nothing.
  onStatement?(machine: Machine, span: Span): void;
  /** `previous`: what the cell held, where it was known. */
  onWrite?(machine: Machine, place: Place, value: Value, span: Span, previous: Value | undefined): void;
  onEnter?(machine: Machine, frame: Frame, args: readonly Value[]): void;
  onLeave?(machine: Machine, frame: Frame, value: Value): void;
  /** Two known numbers are compared, by an operator or as a case of a switch. */
  onCompare?(machine: Machine, left: bigint, right: bigint): void;
}

/** Limits of one run. */
export interface Budget {
  readonly steps: number;
  readonly depth: number;
}
