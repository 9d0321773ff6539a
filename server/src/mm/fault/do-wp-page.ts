/**
 * Writes to pages that are mapped read-only (`do_wp_page` and the functions under it, mm/memory.c).
 */
import { atLeast } from '../../kernel/version.ts';
import {
  FAULT_FLAG_ALLOW_RETRY,
  FAULT_FLAG_MKWRITE,
  FAULT_FLAG_REMOTE,
  FAULT_FLAG_TRIED,
  FAULT_FLAG_UNSHARE,
  VM_FAULT_ERROR,
  VM_FAULT_HWPOISON,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_LOCKED,
  VM_MAYSHARE,
  VM_SHARED,
  VM_WRITE,
} from '../flags.ts';
import { _PAGE_RW, isAccessible } from '../pgprot.ts';
import { changeCounts, referenceCount } from '../physical/counts.ts';
import { zeroPfn } from '../physical/memory.ts';
import { munlock_folio } from '../physical/mlock-batch.ts';
import { markDirty, unlock_page } from '../physical/page-flags.ts';
import { at, inMemoryC } from '../problem.ts';
import type { System } from '../system.ts';
import type { Pte } from '../tables/page-table.ts';
import { checkRmap } from '../tables/rmap-checks.ts';
import { changePtes, mapNormalPage } from '../tables/set-ptes.ts';
import { isNormalRun } from '../tables/vm-normal-page.ts';
import { hex } from '../units.ts';
import type { Vma } from '../vma.ts';
import { allocateAnonymousPage, anonymousPte, dropAnonymousPage, prepareAnonVma } from './anonymous-page.ts';
import { callFaultSlot, do_page_mkwrite } from './call-handler.ts';
import type { FaultContext } from './context.ts';
import { copyUserPage } from './copy-page.ts';

/**
 * `do_wp_page`: shared mappings ask the driver and become writable; private ones reuse or copy the page. With FAULT_FLAG_UNSHARE the page
 * is the program's own afterwards, but no more writable than before.
 */
export function do_wp_page(fault: FaultContext, pte: Pte): number {
  const { vma, system, vmf } = fault;
  const normal = isNormalRun(vma, { start: fault.page, end: fault.page + 1, value: pte });
  vmf.page = normal ? BigInt(pte.pfn) : undefined;
  if (!normal && isBogus(system, pte)) return bogusPage(fault);
  // Up to 2.6.23 a shared mapping may show the page of zeros, which is never made writable.
  const isHole = pte.pfn === zeroPfn && !atLeast(system.version, 2, 6, 24);
  if (writesToAll(vma) && !isHole) return normal ? wp_page_shared(fault, pte) : wp_pfn_shared(fault, pte);
  const state = normal ? system.memory.page(pte.pfn) : undefined;
  if (state?.use === 'anonymous' && (state.exclusive || referenceCount(system, pte.pfn) === 1)) {
    system.memory.pages.update(pte.pfn, pte.pfn + 1, (run) => ({ ...run.value, exclusive: true }));
    if ((vmf.flags & FAULT_FLAG_UNSHARE) === 0) wp_page_reuse(fault);
    return 0;
  }
  return wp_page_copy(fault, pte, normal);
}

/** Whether a write goes to everybody's page; up to 6.1 a driver that takes VM_SHARED away makes the mapping a private one for this. */
function writesToAll({ vm_flags: flags, vm_mm }: Vma): boolean {
  if (atLeast(vm_mm.system.version, 6, 2)) return (flags & (VM_SHARED | VM_MAYSHARE)) !== 0n;
  return (flags & (VM_SHARED | VM_WRITE)) === (VM_SHARED | VM_WRITE);
}

/** Up to 2.6.14 only memory with a struct page can be copied. */
function isBogus(system: System, pte: Pte): boolean {
  return !atLeast(system.version, 2, 6, 15, 1) && !system.memory.pfnValid(BigInt(pte.pfn));
}

/** The kernel takes a private write to device memory for a shortage of memory: the program is killed. */
function bogusPage({ vma, system, vmf }: FaultContext): number {
  system.report({
    kind: 'warning',
    message: `A private mapping of memory without a struct page is written at ${hex(vmf.address)}. The kernel cannot copy it, and kills the program. Refuse such mappings in the mmap handler.`,
    kernelLog: `do_wp_page: bogus page at address ${vmf.address.toString(16).padStart(8, '0')}`,
    where: inMemoryC('do_wp_page'),
    ...at(vma, vmf.address),
  });
  return VM_FAULT_OOM;
}

/** The branch that `do_wp_page` takes, for the events. */
export function writeFaultPath(fault: FaultContext, pte: Pte): string {
  const { vma } = fault;
  if (writesToAll(vma)) return pte.special ? 'wp_pfn_shared' : 'wp_page_shared';
  return 'wp_page_copy or reuse';
}

/** `wp_page_reuse`: the same page, now writable and dirty. */
function wp_page_reuse(fault: FaultContext): void {
  const { vma } = fault;
  const writable = vma.vm_flags & VM_WRITE ? _PAGE_RW : 0n;
  changePtes(
    vma.vm_mm,
    fault.page,
    fault.page + 1,
    (run) => ({ ...run.value, prot: run.value.prot | writable, dirty: true, young: true }),
    'wp_page_reuse',
  );
}

/** `wp_pfn_shared`: `pfn_mkwrite` (4.1 and later) if there is one, else the entry just becomes writable. */
function wp_pfn_shared(fault: FaultContext, pte: Pte): number {
  const handler = fault.vma.vm_ops?.pfn_mkwrite;
  if (handler && atLeast(fault.system.version, 4, 1)) {
    fault.vmf.flags |= FAULT_FLAG_MKWRITE;
    const result = callFaultSlot(fault, 'pfn_mkwrite', handler);
    if (result & (VM_FAULT_ERROR | VM_FAULT_NOPAGE)) return result;
    if (fault.vma.vm_mm.table.get(fault.page)?.pfn !== pte.pfn) return VM_FAULT_NOPAGE;
  }
  wp_page_reuse(fault);
  return 0;
}

/** `wp_page_shared`: `page_mkwrite` if there is one, else the entry becomes writable and dirty. */
function wp_page_shared(fault: FaultContext, pte: Pte): number {
  if (fault.vma.vm_ops?.page_mkwrite) {
    const result = do_page_mkwrite(fault);
    if (result === 0 || result & (VM_FAULT_ERROR | VM_FAULT_NOPAGE)) return result;
    unlock_page(fault.system, pte.pfn);
    if (fault.vma.vm_mm.table.get(fault.page)?.pfn !== pte.pfn) return VM_FAULT_NOPAGE;
  }
  wp_page_reuse(fault);
  balanceDirty(fault, pte);
  markDirty(fault.system, pte.pfn, pte.pfn + 1);
  return 0;
}

/**
 * `fault_dirty_shared_page`: takes the file of a page that becomes dirty for one. A private copy has none: it is here only where a driver
 * took VM_SHARED away from a shared mapping (6.2 and later), and the kernel follows what is no file.
 */
function balanceDirty({ vma, system, vmf }: FaultContext, pte: Pte): void {
  const state = system.memory.page(pte.pfn);
  if (state?.use !== 'anonymous' || state.dirty) return;
  // `maybe_unlock_mmap_for_io`: before it waits it gives the lock back.
  if ((vmf.flags & (FAULT_FLAG_ALLOW_RETRY | FAULT_FLAG_TRIED)) === FAULT_FLAG_ALLOW_RETRY) vma.vm_mm.mmapLock = 'none';
  system.stop({
    kind: 'oops',
    message: `A private copy in a shared mapping is written at ${hex(vmf.address)}: the driver has taken VM_SHARED away and left VM_MAYSHARE. The kernel takes the copy for a page of the file and follows a bad pointer. Leave VM_SHARED as it is.`,
    kernelLog: 'BUG: kernel NULL pointer dereference',
    where: { function: 'balance_dirty_pages_ratelimited', file: 'mm/page-writeback.c' },
    ...at(vma, vmf.address),
    pfn: BigInt(pte.pfn),
  });
}

/**
 * `wp_page_copy`: a private copy. For memory without a struct page the copy goes through the user's own mapping; where
 * that cannot be read, the new page stays zero and the kernel warns (5.5 and later). A debugger that writes has no such mapping.
 */
function wp_page_copy(fault: FaultContext, pte: Pte, normal: boolean): number {
  const { vma, system, vmf } = fault;
  const mm = vma.vm_mm;
  prepareAnonVma(vma);
  const copy = allocateAnonymousPage(system);
  if (pte.pfn !== zeroPfn) {
    if (normal) {
      // 6.1 and later: `copy_mc_user_highpage`.
      if (!copyUserPage(fault, pte.pfn, copy, atLeast(system.version, 6, 1), 'wp_page_copy')) {
        dropAnonymousPage(system, copy);
        return VM_FAULT_HWPOISON;
      }
    } else if (isAccessible(pte.prot) && (vmf.flags & FAULT_FLAG_REMOTE) === 0) {
      system.memory.contents.copy(pte.pfn, copy, system.memory.fill(pte.pfn));
    } else {
      system.warnOnce({
        kind: 'warning',
        message: `The kernel cannot read the memory behind ${hex(vmf.address)} to copy it, so the private copy is a page of zeros.`,
        ...(atLeast(system.version, 5, 5) ? { kernelLog: 'WARNING: at mm/memory.c wp_page_copy' } : {}),
        where: inMemoryC('__wp_page_copy_user'),
        rule: 'S4.6',
        ...at(vma, vmf.address),
      });
    }
  }
  system.log.add({ kind: 'page-copied', from: BigInt(pte.pfn), to: BigInt(copy), address: vmf.address });
  mm.table.clear(fault.page, fault.page + 1);
  const isAnonymous = system.memory.page(pte.pfn)?.use === 'anonymous';
  const isWrite = (vmf.flags & FAULT_FLAG_UNSHARE) === 0;
  if (normal) mm.rss[isAnonymous ? 'anonymous' : 'file'] -= 1;
  mapNormalPage(mm, fault.page, anonymousPte(vma, copy, isWrite), 'anonymous', 0, 'wp_page_copy');
  // `munlock_vma_folio`.
  if (normal && !isAnonymous && vma.vm_flags & VM_LOCKED) munlock_folio(system, pte.pfn);
  if (normal && !isAnonymous) checkRmap(system, { start: fault.page, end: fault.page + 1, value: pte });
  if (normal) changeCounts(system, { start: pte.pfn, end: pte.pfn + 1 }, { refcount: -1, mapcount: -1 }, 'wp_page_copy');
  return 0;
}
