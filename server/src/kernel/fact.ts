/**
 * What is known of one name of Linux: a call, a flag, a slot of a table of operations. The tables are the JSON files of
 * `facts/`; `lookup.ts` reads them. Prose is for people; what the executor, the model and the rules rely on is typed.
 */
import type { KernelVersion, VersionRange } from './version.ts';

/** A boundary in time. `text` says what is known; `version` is the first version in it, `exact` whether it is sure. */
export interface Boundary {
  readonly text: string;
  readonly version?: KernelVersion;
  readonly exact: boolean;
}

export interface Prototype {
  readonly range: VersionRange;
  readonly text: string;
}

export interface Requirements {
  readonly lock?: string;
  readonly vma?: string;
  readonly page?: string;
  readonly range?: string;
  readonly context?: string;
}

/** Side of the mmap lock that a call needs; `notHeld`: it may take the lock itself. */
export type NeededLock = 'read' | 'write' | 'notHeld';

interface FactBase {
  /** As the table has it; `names` are what code can say. */
  readonly name: string;
  readonly names: readonly string[];
  readonly prototypes: readonly Prototype[];
  readonly introduced?: Boundary;
  readonly removed?: Boundary;
  readonly replacedBy?: string;
  readonly header: string;
  readonly requires: Requirements;
  readonly does: readonly string[];
  readonly returns: readonly { readonly value: string; readonly when: string }[];
  readonly asserts: readonly { readonly macro: string; readonly when: string }[];
  readonly notes: readonly string[];
  /** Files, functions and versions in which the statements were read. */
  readonly source: readonly string[];
  /** `verified`: read in the source; `partial`: some of it is general knowledge. */
  readonly confidence: 'verified' | 'partial' | 'unverified';
  readonly obsolete: boolean;
}

export interface CallFact extends FactBase {
  readonly kind: 'call' | 'lock' | 'allocator';
  readonly lock?: NeededLock;
  /** Unit of the argument that says what is mapped. */
  readonly argsUnit?: 'pfn' | 'bytes';
  /** The callee compares the vma with the object that it maps. */
  readonly boundsChecked: boolean;
  readonly refcounts?: boolean;
  readonly takesReference: boolean;
  readonly returnsVmFault: boolean;
  /** Flags that a successful call has set on the vma. */
  readonly setsFlags: readonly { readonly range: VersionRange; readonly flags: readonly string[] }[];
  readonly memoryKind?: string;
  readonly zeroed?: string | boolean;
  readonly pageRefcount?: string;
  readonly mapWith?: readonly string[] | string;
}

export interface FlagFact extends FactBase {
  readonly kind: 'flag';
  readonly values: readonly { readonly range: VersionRange; readonly value?: bigint; readonly text?: string }[];
  /** The two letters in /proc/PID/smaps. */
  readonly smaps?: string;
  readonly setBy: readonly string[];
}

export interface SlotFact extends FactBase {
  readonly kind: 'slot';
  /** The struct that has the slot, such as `file_operations`. */
  readonly container: string;
  readonly slot: string;
  /** Index of the parameter that is the vma or vm_area_desc; -1: the last. Absent where there is none. */
  readonly vmaParameter?: number;
  readonly handlerParameter?: 'vm_area_desc';
  /** The subsystem compared the vma with the object before it calls the handler. */
  readonly boundsCheckedByCore: boolean;
}

export interface TypeFact extends FactBase {
  readonly kind: 'field' | 'type' | 'pgprot';
}

export type Fact = CallFact | FlagFact | SlotFact | TypeFact;
