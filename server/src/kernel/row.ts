/**
 * How a fact is written in the tables of `facts/`: versions as text, everything that can be left out left out. One row
 * is one fact; `load.ts` turns rows into facts. Knows nothing of what the rows say.
 */
import type {
  AllocatorFact,
  CallFact,
  EntryLock,
  FactConfidence,
  FlagFact,
  HandlerKind,
  LockFact,
  LockNeed,
  Requirements,
} from './fact.ts';

/**
 * `6.19`, or `2.6.13~2.6.18`: somewhere between the two, at the second for certain. What is removed in the version in
 * which it came was in no release.
 */
export type Boundary = string;

/**
 * One value for the whole life of the fact, or values by the version from which they hold: each holds until the next
 * key, the last until the fact is removed.
 */
export type Since<Value> = Value | Readonly<Record<string, Value>>;

interface RowBase {
  readonly name: string;
  readonly aliases?: readonly string[];
  /** First version; absent: older than everything described. */
  readonly since?: Boundary;
  /** First version without it. */
  readonly removed?: Boundary;
  readonly replacedBy?: string;
  readonly replacement?: string;
  readonly obsolete?: true;
  readonly header?: string;
  readonly requires?: Requirements;
  readonly does?: readonly string[];
  /** Value to condition; a value with several conditions has several entries. */
  readonly returns?: readonly (readonly [value: string, when: string])[];
  readonly asserts?: readonly (readonly [macro: string, when: string])[];
  readonly notes?: readonly string[];
  readonly source: readonly string[];
  /** Absent: verified. */
  readonly confidence?: FactConfidence;
}

interface CallableRow extends RowBase {
  readonly form?: 'macro';
  readonly prototypes: Since<string>;
  readonly lock?: LockNeed;
  readonly readLockWithFlag?: string;
  readonly exported?: string;
}

export interface CallRow extends CallableRow {
  readonly kind: 'call';
  readonly argsUnit?: CallFact['argsUnit'];
  readonly setsFlags?: Since<readonly string[]>;
  readonly boundsChecked?: boolean;
  readonly refcounts?: boolean;
  readonly takesReference?: boolean;
  readonly returnsVmFault?: true;
  readonly isHandler?: true;
}

export interface AllocatorRow extends CallableRow {
  readonly kind: 'allocator';
  readonly memory: AllocatorFact['memory'];
}

export interface LockRow extends CallableRow {
  readonly kind: 'lock';
  readonly of: LockFact['of'];
  readonly effect: LockFact['effect'];
  readonly side?: LockFact['side'];
  readonly takenWhen?: LockFact['takenWhen'];
}

export interface PgprotRow extends CallableRow {
  readonly kind: 'pgprot';
}

export interface FlagRow extends RowBase {
  readonly kind: 'flag';
  readonly family: FlagFact['family'];
  /** Bits on x86-64; `undefined` where the flag has none. */
  readonly values?: Since<bigint | undefined>;
  readonly mask?: Since<readonly string[]>;
  readonly smaps?: string;
  /** First version whose smaps knows the letters; absent: as long as the flag and smaps are there. */
  readonly smapsSince?: string;
  readonly setBy?: readonly string[];
}

export interface SlotRow extends Omit<RowBase, 'name'> {
  readonly kind: 'slot';
  readonly container: string;
  readonly slot: string;
  readonly handlerKind: HandlerKind;
  readonly prototypes: Since<string>;
  readonly entryLock: EntryLock;
  readonly boundsCheckedByCore?: true;
  /** May flags that the caller of the handler clears where the access was not asked for. */
  readonly mayFlagsCleared?: readonly string[];
}

export interface FieldRow extends Omit<RowBase, 'name'> {
  readonly kind: 'field';
  readonly container: string;
  readonly field: string;
  readonly prototypes: Since<string>;
  readonly pointsTo?: string;
}

export interface TypeRow extends RowBase {
  readonly kind: 'type';
  readonly prototypes: Since<string>;
}

export type FactRow = CallRow | AllocatorRow | LockRow | PgprotRow | FlagRow | SlotRow | FieldRow | TypeRow;
