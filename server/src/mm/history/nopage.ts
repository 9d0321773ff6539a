/**
 * `vm_ops->nopage` (up to 2.6.25): the fault handler that gives a struct page (`do_no_page`, mm/memory.c; from 2.6.23 on under
 * `__do_fault`).
 */
import { atLeast, type KernelVersion } from '../../kernel/version.ts';
import { BUG_ON } from '../calls/shared.ts';
import { callVmOp } from '../driver-call.ts';
import { allocateAnonymousPage, anonymousPte, dropAnonymousPage, prepareAnonVma } from '../fault/anonymous-page.ts';
import type { FaultContext } from '../fault/context.ts';
import { FAULT_FLAG_WRITE, VM_FAULT_NOPAGE, VM_FAULT_OOM, VM_FAULT_SIGBUS, VM_PFNMAP, VM_SHARED, VM_WRITE } from '../flags.ts';
import { _PAGE_RW } from '../pgprot.ts';
import { put_page, referenceCount } from '../physical/counts.ts';
import { at, inMemoryC } from '../problem.ts';
import { mapNormalPage, newPte, setPtes } from '../tables/set-ptes.ts';
import { hex, pfnNumber } from '../units.ts';
import type { Vma } from '../vma.ts';
import { hasPfnMap } from './eras.ts';
import { isCountedPage } from './reserved-pages.ts';

/** What a `nopage` handler gives: a page by its pfn, or one of its special values. */
export type NoPageResult = { readonly page: bigint } | 'NOPAGE_SIGBUS' | 'NOPAGE_OOM' | 'NOPAGE_REFAULT';

/** Whether the core still calls `nopage`. */
export function hasNopage(version: KernelVersion): boolean {
  return !atLeast(version, 2, 6, 26);
}

/**
 * `do_no_page`: asks the handler for a page and maps it; a write to a private mapping copies it and puts it. The reference that
 * the handler took goes to the entry. NULL is SIGBUS, -1 out of memory. Gives `VM_FAULT_*` bits of today.
 */
export function do_no_page(fault: FaultContext): number {
  const { vma, system, vmf } = fault;
  const handler = vma.vm_ops?.nopage;
  if (!handler) return VM_FAULT_SIGBUS;
  BUG_ON(
    hasPfnMap(system.version) && (vma.vm_flags & VM_PFNMAP) !== 0n,
    vma,
    'do_no_page',
    'A page of a VM_PFNMAP vma is missing, and the vma has a nopage handler: counted pages and raw pfns cannot share a vma, so the kernel stops.',
    'S5',
    vmf.address,
  );
  const answer = callVmOp(vma, 'nopage', () => handler(vma, vmf.address, writeAccess(fault)));
  if (answer === 'NOPAGE_SIGBUS') return VM_FAULT_SIGBUS;
  if (answer === 'NOPAGE_OOM') return VM_FAULT_OOM;
  if (answer === 'NOPAGE_REFAULT') return VM_FAULT_NOPAGE;
  const pfn = checkedPage(fault, answer.page);
  const isWrite = (vmf.flags & FAULT_FLAG_WRITE) !== 0;
  return isWrite && (vma.vm_flags & VM_SHARED) === 0n ? mapCopy(fault, pfn) : mapPage(fault, pfn, isWrite);
}

/** The third argument in 2.4.0: whether a private write wants the page; 0 later in 2.4. */
function writeAccess({ vma, vmf, system }: FaultContext): boolean {
  const isWrite = (vmf.flags & FAULT_FLAG_WRITE) !== 0;
  return isWrite && (vma.vm_flags & VM_SHARED) === 0n && !atLeast(system.version, 2, 4, 16);
}

/** A page without a struct page is followed as if it had one: the handler may only give memory of the memory map. */
function checkedPage({ vma, system, vmf }: FaultContext, page: bigint): number {
  const pfn = pfnNumber(page);
  if (!system.memory.pfnValid(page)) {
    return system.stop({
      kind: 'oops',
      message: `The nopage handler gives pfn ${hex(page)}, which has no struct page: the kernel follows a bad pointer. Device memory is mapped with remap_page_range or remap_pfn_range in the mmap handler.`,
      kernelLog: 'Unable to handle kernel paging request',
      where: inMemoryC('do_no_page'),
      ...at(vma, vmf.address),
      pfn: page,
    });
  }
  if (referenceCount(system, pfn) <= 0 && isCountedPage(system, pfn)) {
    system.report({
      kind: 'use-after-free',
      message: `The nopage handler gives page ${hex(page)}, whose reference count is 0: it is free already. The handler must hold a reference (get_page) for the entry each time it returns the page.`,
      where: inMemoryC('do_no_page'),
      rule: 'S4.7',
      ...at(vma, vmf.address),
      pfn: page,
    });
  }
  return pfn;
}

function mapCopy(fault: FaultContext, pfn: number): number {
  const { vma, system, vmf, page } = fault;
  prepareAnonVma(vma);
  const copy = allocateAnonymousPage(system);
  system.memory.contents.copy(pfn, copy, system.memory.fill(pfn));
  system.log.add({ kind: 'page-copied', from: BigInt(pfn), to: BigInt(copy), address: vmf.address });
  put_page(system, BigInt(pfn), 'do_no_page');
  if (vma.vm_mm.table.get(page)) {
    dropAnonymousPage(system, copy);
    return VM_FAULT_NOPAGE;
  }
  mapNormalPage(vma.vm_mm, page, anonymousPte(vma, copy, true), 'anonymous', 0, 'do_no_page');
  return 0;
}

function mapPage(fault: FaultContext, pfn: number, write: boolean): number {
  const { vma, system, page } = fault;
  if (vma.vm_mm.table.get(page)) {
    put_page(system, BigInt(pfn), 'do_no_page');
    return VM_FAULT_NOPAGE;
  }
  mapUncounted(vma, page, pfn, write);
  return 0;
}

/** The entry of a page that the caller holds a reference on; reserved pages are in no count up to 2.6.14. */
function mapUncounted(vma: Vma, page: number, pfn: number, write: boolean, by = 'do_no_page'): void {
  const { system } = vma.vm_mm;
  const writable = write && vma.vm_flags & VM_WRITE ? _PAGE_RW : 0n;
  const pte = newPte(pfn, vma.vm_page_prot | writable, { dirty: write });
  if (isCountedPage(system, pfn)) mapNormalPage(vma.vm_mm, page, pte, 'file', 0, by);
  else setPtes(vma.vm_mm, page, page + 1, pte, by);
}
