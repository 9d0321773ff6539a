/**
 * Integer expressions over symbols. A term is immutable and knows its C type at each operation, so that it can be
 * evaluated twice for the same symbols: with C's wrap-around, and in true arithmetic; where the two differ, the
 * program overflows. Building simplifies what is certain (constants, `a + b - a`, double casts); nothing here forks.
 */
import { type IntegerType, wrap } from './ctype.ts';

/** Who decides a symbol's value: the search treats user-controlled symbols as hostile and the others as given. */
export type Control =
  /** An argument of the system call: length, offset, protection, ioctl data. */
  | 'user'
  /** State of the driver or the device that the user cannot choose in this call. */
  | 'driver';

/** What a symbol means, as far as its use has told; assumed values of one role hang together. */
export type Role =
  | 'length'
  | 'offset'
  | 'flags'
  | 'address'
  | 'pfn'
  | 'physicalAddress'
  | 'count'
  | 'index'
  | 'status'
  | 'pointer'
  | 'unknown';

export interface SymbolInfo {
  /** Stable within a run: the same place read the same way gives the same id on every path. */
  readonly id: string;
  /** What a C author would write: `priv->size`, `vma->vm_pgoff`. */
  readonly name: string;
  readonly type: IntegerType;
  readonly control: Control;
  readonly role: Role;
  /** What is known for sure about the value, both inclusive; absent: all that `type` can hold. */
  readonly min?: bigint;
  readonly max?: bigint;
  /** Bits that are known to be 0, such as those below the page size in `vma->vm_start`. */
  readonly zeroBits?: bigint;
  /** The kernel call whose result it is, where the driver shows one: `pci_resource_start`, `__get_free_pages`. */
  readonly origin?: string;
  /** For what was read from elements of tables: their indexes, but for constant ones. */
  readonly indexes?: readonly Term[];
  /** For what a loop changes from round to round: its value before the rounds that were skipped. */
  readonly before?: Term;
}

export type TermOperator =
  | 'add'
  | 'sub'
  | 'mul'
  | 'div'
  | 'mod'
  | 'shl'
  | 'shr'
  | 'and'
  | 'or'
  | 'xor'
  | 'eq'
  | 'ne'
  | 'lt'
  | 'le'
  | 'not'
  | 'neg'
  | 'lnot'
  | 'cast'
  /** A function of the kernel that is kept as a name because its value is unknown: `virt_to_phys(buf)`. */
  | 'apply';

export type Term =
  | { readonly kind: 'constant'; readonly value: bigint }
  | { readonly kind: 'symbol'; readonly symbol: SymbolInfo }
  | {
      readonly kind: 'operation';
      readonly operator: TermOperator;
      /** The result's type; comparisons compare in `comparand` and give `int`. */
      readonly type: IntegerType;
      readonly comparand?: IntegerType;
      readonly operands: readonly Term[];
      /** The name of an `apply`. */
      readonly name?: string;
    };

export function constant(value: bigint | number): Term {
  return { kind: 'constant', value: BigInt(value) };
}

/** The value of a term without symbols, else `undefined`. */
export function constantOf(term: Term): bigint | undefined {
  return term.kind === 'constant' ? term.value : undefined;
}

/** A constant reduced to what `type` can hold. */
export function constantIn(type: IntegerType, value: bigint): Term {
  return { kind: 'constant', value: wrap(type, value) };
}
