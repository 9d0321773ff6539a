/**
 * Faults on pages that have no entry yet, in mappings with operations (`do_fault` and the functions under it,
 * mm/memory.c).
 */
import { atLeast } from '../../kernel/version.ts';
import {
  FAULT_FLAG_WRITE,
  VM_FAULT_DONE_COW,
  VM_FAULT_ERROR,
  VM_FAULT_HWPOISON,
  VM_FAULT_NOPAGE,
  VM_FAULT_SIGBUS,
  VM_LOCKED,
  VM_SHARED,
  VM_WRITE,
} from '../flags.ts';
import { _PAGE_RW } from '../pgprot.ts';
import { put_page } from '../physical/counts.ts';
import { mlock_folio } from '../physical/mlock-batch.ts';
import { markDirty, unlock_page } from '../physical/page-flags.ts';
import { mapNormalPage, newPte } from '../tables/set-ptes.ts';
import { lower, PAGE_SHIFT, pfnNumber } from '../units.ts';
import { isSpecial, vma_pages } from '../vma.ts';
import { allocateAnonymousPage, anonymousPte, dropAnonymousPage, prepareAnonVma } from './anonymous-page.ts';
import { __do_fault, callFaultSlot, do_page_mkwrite, faultIsOver } from './call-handler.ts';
import type { FaultContext } from './context.ts';
import { copyUserPage } from './copy-page.ts';

/** Pages that `map_pages` is offered at once: 64 KiB (`fault_around_bytes`). */
const faultAroundPages = 16n;

/** `do_fault`: no handler gives SIGBUS (4.2 and later), else by kind of access and mapping. */
export function do_fault(fault: FaultContext): number {
  const { vma, vmf } = fault;
  if (!vma.vm_ops?.fault) return VM_FAULT_SIGBUS;
  if ((vmf.flags & FAULT_FLAG_WRITE) === 0) return do_read_fault(fault);
  return vma.vm_flags & VM_SHARED ? do_shared_fault(fault) : do_cow_fault(fault);
}

/** The branch that `do_fault` takes, for the events. */
export function faultPath(fault: FaultContext): string {
  const { vma, vmf } = fault;
  if (!vma.vm_ops?.fault) return 'do_fault (no handler)';
  if ((vmf.flags & FAULT_FLAG_WRITE) === 0) return 'do_read_fault';
  return vma.vm_flags & VM_SHARED ? 'do_shared_fault' : 'do_cow_fault';
}

/** `do_read_fault`: `map_pages` first, then `fault`; the page is mapped as `vm_page_prot` says. */
function do_read_fault(fault: FaultContext): number {
  const around = do_fault_around(fault);
  if (around !== 0) return around;
  const result = __do_fault(fault);
  if (result & faultIsOver) return result;
  const finished = result | finish_fault(fault, false);
  release(fault, finished);
  return finished;
}

function do_fault_around(fault: FaultContext): number {
  const { vma, vmf } = fault;
  const mapPages = vma.vm_ops?.map_pages;
  if (!mapPages || !atLeast(fault.system.version, 3, 15)) return 0;
  const inVma = vmf.pgoff - vma.vm_pgoff;
  const inTable = (vmf.address >> PAGE_SHIFT) % 512n;
  const back = inTable % faultAroundPages;
  const first = lower(back, inVma);
  const room = vma_pages(vma) - inVma + first;
  const length = lower(lower(faultAroundPages, 512n - inTable + first), room);
  const start = vmf.pgoff - first;
  const result = callFaultSlot(fault, 'map_pages', (each) => mapPages(each, start, start + length - 1n));
  // Up to 5.11 the callback gives nothing back, and the core looks whether the entry is there now.
  if (!atLeast(fault.system.version, 5, 12)) return vma.vm_mm.table.get(fault.page) ? VM_FAULT_NOPAGE : 0;
  return result;
}

/** `do_cow_fault`: the driver's page is copied into a fresh anonymous page and put again; it is never mapped. */
function do_cow_fault(fault: FaultContext): number {
  const { vma, vmf, system } = fault;
  prepareAnonVma(vma);
  const copy = allocateAnonymousPage(system);
  vmf.cow_page = BigInt(copy);
  const result = __do_fault(fault);
  if (result & faultIsOver) {
    dropAnonymousPage(system, copy);
    return result;
  }
  if (result & VM_FAULT_DONE_COW) return result;
  const page = pfnNumber(vmf.page ?? 0n);
  // 6.12 and later: `copy_mc_user_highpage`.
  const isCopied = copyUserPage(fault, page, copy, atLeast(system.version, 6, 12), 'do_cow_fault');
  if (isCopied) system.log.add({ kind: 'page-copied', from: BigInt(page), to: BigInt(copy), address: vmf.address });
  const finished = isCopied ? result | finish_fault(fault, true) : VM_FAULT_HWPOISON;
  unlock_page(system, page);
  put_page(system, BigInt(page), 'do_cow_fault');
  if (finished & faultIsOver) dropAnonymousPage(system, copy);
  return finished;
}

/** `do_shared_fault`: `fault`, then `page_mkwrite` if there is one; mapped writable and dirty. */
function do_shared_fault(fault: FaultContext): number {
  const { vma, vmf, system } = fault;
  const result = __do_fault(fault);
  if (result & faultIsOver) return result;
  if (vma.vm_ops?.page_mkwrite) {
    unlock_page(system, pfnNumber(vmf.page ?? 0n));
    const asked = do_page_mkwrite(fault);
    if (asked === 0 || asked & (VM_FAULT_ERROR | VM_FAULT_NOPAGE)) {
      put_page(system, vmf.page ?? 0n, 'do_shared_fault');
      return asked;
    }
  }
  const finished = result | finish_fault(fault, false);
  release(fault, finished);
  if ((finished & faultIsOver) === 0 && vmf.page !== undefined) markDirty(system, pfnNumber(vmf.page), pfnNumber(vmf.page) + 1);
  return finished;
}

/** The end of a fault that mapped the handler's page, or found that another one is there: the page is unlocked. */
function release({ system, vmf }: FaultContext, finished: number): void {
  if (vmf.page === undefined) return;
  unlock_page(system, pfnNumber(vmf.page));
  if (finished & faultIsOver) put_page(system, vmf.page, 'finish_fault');
}

/** `finish_fault`: maps the handler's page, or the copy; an entry that appeared meanwhile wins. */
function finish_fault(fault: FaultContext, cow: boolean): number {
  const { vma, vmf } = fault;
  const mm = vma.vm_mm;
  if (mm.table.get(fault.page)) return VM_FAULT_NOPAGE;
  if (cow) {
    mapNormalPage(mm, fault.page, anonymousPte(vma, pfnNumber(vmf.cow_page ?? 0n), true), 'anonymous', 0, 'finish_fault');
    return 0;
  }
  const write = (vmf.flags & FAULT_FLAG_WRITE) !== 0;
  const prot = write && vma.vm_flags & VM_WRITE ? vma.vm_page_prot | _PAGE_RW : vma.vm_page_prot;
  const pfn = pfnNumber(vmf.page ?? 0n);
  mapNormalPage(mm, fault.page, newPte(pfn, prot, { dirty: write }), 'file', 0, 'finish_fault');
  // `mlock_vma_folio`.
  if (vma.vm_flags & VM_LOCKED && !isSpecial(vma)) mlock_folio(mm.system, pfn);
  return 0;
}
