/**
 * What one page fault carries with it through the functions of mm/memory.c, beside the `vm_fault` that drivers see.
 */
import type { System } from '../system.ts';
import type { Pte } from '../tables/page-table.ts';
import { isPageAligned, PAGE_SIZE, pageOf } from '../units.ts';
import type { VmFault } from '../vm-ops.ts';
import { linearPageIndex, type Vma } from '../vma.ts';

/** One fault. `page` is the virtual page number. */
export interface FaultContext {
  readonly vma: Vma;
  readonly system: System;
  readonly page: number;
  readonly vmf: VmFault & { cow_page: bigint | undefined };
  /** The entry found when the fault began. */
  readonly original: Pte | undefined;
}

/** A fault at `address` (bytes) of `vma`. */
export function newFault(vma: Vma, address: bigint, flags: number): FaultContext {
  const aligned = isPageAligned(address) ? address : address & ~(PAGE_SIZE - 1n);
  const vmf = {
    vma,
    flags,
    pgoff: linearPageIndex(vma, aligned),
    address: aligned,
    real_address: address,
    page: undefined,
    cow_page: undefined,
  };
  const mm = vma.vm_mm;
  return { vma, system: mm.system, page: pageOf(address), vmf, original: mm.table.get(pageOf(address)) };
}
