/**
 * What physical memory was handed out for: the kinds of kernel memory a driver can hold, and one allocation of each.
 * Data only; `physical/allocate.ts` makes and frees them.
 */

import { PAGE_SIZE } from '../units.ts';

export type AllocationKind =
  /** `alloc_pages` and friends: pages of the driver's own. */
  | 'pages'
  /** `kmalloc`: objects inside slab pages, or a compound block for large sizes. */
  | 'slab'
  | 'vmalloc'
  /** `vmalloc_user`: zeroed and marked as mappable (`VM_USERMAP`). */
  | 'vmalloc-user'
  /** `dma_alloc_coherent` and friends. */
  | 'dma'
  /** Device registers or memory on a bus: no struct page. */
  | 'device'
  /** System memory that was reserved at boot: struct pages that are marked reserved. */
  | 'reserved'
  /** Static data of the module or the kernel image. */
  | 'static'
  /** Memory of somebody else. */
  | 'kernel';

/** `pages` physically contiguous pages from `pfn` on; `index` is their first page's place in the allocation. */
export interface PfnRun {
  readonly index: number;
  readonly pfn: number;
  readonly pages: number;
}

/** What fresh memory holds. */
export type Fill = 'zero' | 'stale' | 'device';

/** One allocation. `freed`, `givenUp` and `split` change during its life; the rest does not. */
export interface Allocation {
  readonly id: number;
  readonly kind: AllocationKind;
  /** The driver's name for it, used in messages. */
  readonly label: string;
  readonly bytes: bigint;
  readonly pages: number;
  readonly runs: readonly PfnRun[];
  /** Kernel virtual address of the first byte. */
  readonly address: bigint;
  /** Bytes from the start of the first page to `address`; not 0 only for small slab objects and unaligned registers. */
  readonly offset: number;
  /** One folio: the count lives on the first page. */
  readonly compound: boolean;
  readonly order: number;
  readonly fill: Fill;
  /** The kernel maps it without the right to write: constants, code. */
  readonly readOnly?: boolean;
  freed: boolean;
  /** The driver has put its reference to the only page, what is left belongs to others. */
  givenUp: boolean;
  split: boolean;
  /** The block of one page that lies `pages` pages after this one, where both are known as one run. */
  following?(pages: number): Allocation | undefined;
}

/** The pfn of page `index` of an allocation, or `undefined` beyond its end. */
export function pfnAt(allocation: Allocation, index: number): bigint | undefined {
  const run = allocation.runs.find((each) => index >= each.index && index < each.index + each.pages);
  return run && BigInt(run.pfn + index - run.index);
}

/** Whether objects of others lie in the pages of a slab allocation. */
export function sharesPages(allocation: Pick<Allocation, 'bytes' | 'offset'>): boolean {
  return allocation.offset !== 0 || allocation.bytes % PAGE_SIZE !== 0n;
}
