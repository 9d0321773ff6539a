/**
 * Anonymous memory: fresh pages for private mappings, and the fault that fills a mapping without operations
 * (`do_anonymous_page`, mm/memory.c).
 */
import { atLeast } from '../../kernel/version.ts';
import { FAULT_FLAG_WRITE, VM_FAULT_SIGBUS, VM_SHARED, VM_WRITE } from '../flags.ts';
import { _PAGE_RW } from '../pgprot.ts';
import { zeroPfn } from '../physical/memory.ts';
import { freePage } from '../physical/page-state.ts';
import type { System } from '../system.ts';
import { mapNormalPage, newPte, setPtes } from '../tables/set-ptes.ts';
import type { Vma } from '../vma.ts';
import type { FaultContext } from './context.ts';

/** End of the low RAM that anonymous pages come from first, in pfns. */
const lowRamEnd = 0x8_0000;

/** A page of zeros for a process; one reference, not mapped yet. Gives its pfn. */
export function allocateAnonymousPage(system: System): number {
  const next = system.memory.next;
  const pfn = next.low < lowRamEnd ? next.low++ : next.high++;
  system.memory.pages.set(pfn, pfn + 1, { ...freePage, use: 'anonymous', refcount: 1, exclusive: true });
  return pfn;
}

/** Takes a page back that was never mapped. */
export function dropAnonymousPage(system: System, pfn: number): void {
  system.memory.pages.clear(pfn, pfn + 1);
  system.memory.contents.forget(pfn, pfn + 1);
}

/** `anon_vma_prepare`: marks the vma as having private pages. */
export function prepareAnonVma(vma: Vma): void {
  vma.anon_vma ??= vma.vm_mm.system.newId();
}

/** The entry of an anonymous page in `vma`: writable where the vma is. */
export function anonymousPte(vma: Vma, pfn: number, write: boolean): ReturnType<typeof newPte> {
  const mayWrite = (vma.vm_flags & VM_WRITE) !== 0n;
  return newPte(pfn, write && mayWrite ? vma.vm_page_prot | _PAGE_RW : vma.vm_page_prot, { dirty: write });
}

/**
 * `do_anonymous_page`. A shared file mapping without operations gives SIGBUS (4.2 and later); a read maps the page of zeros
 * (2.6.24 to 2.6.31 a page of its own), write-protected up to 2.6.23; a write maps a page of its own.
 */
export function do_anonymous_page(fault: FaultContext): number {
  const { vma, system, vmf } = fault;
  if (vma.vm_flags & VM_SHARED && atLeast(system.version, 4, 2)) return VM_FAULT_SIGBUS;
  const isWrite = (vmf.flags & FAULT_FLAG_WRITE) !== 0;
  if (!isWrite && !atLeast(system.version, 2, 6, 24)) {
    const prot = vma.vm_page_prot & ~_PAGE_RW;
    setPtes(vma.vm_mm, fault.page, fault.page + 1, newPte(zeroPfn, prot, { special: true }), 'do_anonymous_page');
    return 0;
  }
  if (!isWrite && atLeast(system.version, 2, 6, 32)) {
    setPtes(vma.vm_mm, fault.page, fault.page + 1, newPte(zeroPfn, vma.vm_page_prot, { special: true }), 'do_anonymous_page');
    return 0;
  }
  prepareAnonVma(vma);
  const pfn = allocateAnonymousPage(system);
  mapNormalPage(vma.vm_mm, fault.page, anonymousPte(vma, pfn, isWrite), 'anonymous', 0, 'do_anonymous_page');
  return 0;
}
