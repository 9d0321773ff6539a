/**
 * Calling the fault callbacks of a driver and judging their answers the way the core does (`__do_fault`,
 * `do_page_mkwrite`, mm/memory.c).
 */
import { checkOwnership } from '../calls/shared.ts';
import { callVmOp } from '../driver-call.ts';
import {
  FAULT_FLAG_MKWRITE,
  FAULT_FLAG_WRITE,
  VM_FAULT_DONE_COW,
  VM_FAULT_ERROR,
  VM_FAULT_LOCKED,
  VM_FAULT_NOPAGE,
  VM_FAULT_OOM,
  VM_FAULT_RETRY,
} from '../flags.ts';
import { isAccessible } from '../pgprot.ts';
import { referenceCount } from '../physical/counts.ts';
import { lock_page, unlock_page } from '../physical/page-flags.ts';
import { at, inMemoryC } from '../problem.ts';
import { hex, pfnNumber } from '../units.ts';
import type { VmFault } from '../vm-ops.ts';
import type { FaultContext } from './context.ts';

/** Results after which the core stops working on the fault. */
export const faultIsOver = VM_FAULT_ERROR | VM_FAULT_NOPAGE | VM_FAULT_RETRY;

/** Calls one fault-like slot; reports a result that is no `vm_fault_t`. */
export function callFaultSlot(fault: FaultContext, slot: string, callback: (vmf: VmFault) => number): number {
  const result = callVmOp(fault.vma, slot, () => callback(fault.vmf));
  if (result < 0) {
    fault.system.report({
      kind: 'bad-return',
      message: `${slot} returns ${result}. The core takes the number as a set of VM_FAULT_ bits, so a negative error number means many of them at once. Return VM_FAULT_SIGBUS or vmf_error(error) instead.`,
      where: inMemoryC('__do_fault'),
      ...at(fault.vma, fault.vmf.address),
    });
  }
  return result;
}

/**
 * `__do_fault`: calls `->fault` and checks the page it gives, which is locked afterwards. Returning 0 without a page is a NULL
 * pointer dereference, returning a page that the driver has locked without VM_FAULT_LOCKED a task that waits for itself.
 */
export function __do_fault(fault: FaultContext): number {
  const { vma, vmf, system } = fault;
  const handler = vma.vm_ops?.fault;
  if (!handler) return 0;
  const result = callFaultSlot(fault, 'fault', handler);
  if (result & VM_FAULT_ERROR & ~VM_FAULT_OOM) checkFailure(fault);
  if (result & (faultIsOver | VM_FAULT_DONE_COW)) return result;
  if (vmf.page === undefined || !system.memory.pfnValid(vmf.page)) {
    const nothing = vmf.page === undefined;
    return system.stop({
      kind: 'oops',
      message: nothing
        ? 'The fault handler returns success without setting vmf->page, so the core follows a NULL page pointer. Set vmf->page, or return VM_FAULT_NOPAGE after installing the pte, or VM_FAULT_SIGBUS.'
        : `The fault handler gives page ${hex(vmf.page ?? 0n)}, which has no struct page: the core follows a bad pointer.`,
      kernelLog: nothing
        ? 'BUG: kernel NULL pointer dereference, address: 0000000000000008'
        : 'BUG: unable to handle page fault for address: ffffea0000000008',
      where: inMemoryC('__do_fault'),
      rule: 'S4.7',
      ...at(vma, vmf.address),
    });
  }
  if (referenceCount(system, pfnNumber(vmf.page)) <= 0) {
    system.report({
      kind: 'use-after-free',
      message: `The fault handler gives page ${hex(vmf.page)}, whose reference count is 0: it is free already. The handler must hold a reference (get_page) for the pte each time it returns the page.`,
      where: inMemoryC('__do_fault'),
      rule: 'S4.7',
      ...at(vma, vmf.address),
      pfn: vmf.page,
    });
  }
  checkOwnership(vma, vmf.address, pfnNumber(vmf.page), 1, 'the fault handler');
  if ((result & VM_FAULT_LOCKED) === 0) lock_page(system, pfnNumber(vmf.page), '__do_fault');
  return result;
}

/** A handler fails although an entry is there that the access can use: its own, or that of another thread which faulted at the same moment. Without memory it may. */
function checkFailure({ vma, vmf, page, system }: FaultContext): void {
  const pte = vma.vm_mm.table.get(page);
  if (!pte || !isAccessible(pte.prot)) return;
  system.report({
    kind: 'bad-return',
    message: `The fault handler reports an error although an entry for ${hex(vmf.address)} is in the page table: the program gets a signal for memory that it could use. Return VM_FAULT_NOPAGE where the entry is there, as when a call that inserts a page gives -EBUSY because another thread was faster.`,
    where: inMemoryC('__do_fault'),
    rule: 'S4.7',
    ...at(vma, vmf.address),
  });
}

/**
 * `do_page_mkwrite`: asks the driver before a page becomes writable. A result of 0 for a page without `page->mapping`
 * makes the core start the fault again, which never ends for the pages of a driver.
 */
export function do_page_mkwrite(fault: FaultContext): number {
  const { vma, vmf, system } = fault;
  const handler = vma.vm_ops?.page_mkwrite;
  if (!handler) return 0;
  const flags = vmf.flags;
  vmf.flags = FAULT_FLAG_WRITE | FAULT_FLAG_MKWRITE;
  const result = callFaultSlot(fault, 'page_mkwrite', handler);
  vmf.flags = flags;
  if (result & (VM_FAULT_ERROR | VM_FAULT_NOPAGE)) return result;
  if (result & VM_FAULT_LOCKED) return result;
  if (vmf.page !== undefined) lock_page(system, pfnNumber(vmf.page), 'do_page_mkwrite');
  const mapped = vmf.page !== undefined && system.memory.withMapping.has(pfnNumber(vmf.page));
  if (mapped) return result | VM_FAULT_LOCKED;
  if (vmf.page !== undefined) unlock_page(system, pfnNumber(vmf.page));
  return 0;
}
