/**
 * The tables of vma operations that subsystems install on a driver's behalf, as callbacks for the mm model: they count
 * references of objects that no mapping can see, and answer faults from one piece of memory. Knows no C.
 */
import { vmf_insert_pfn_prot } from '../../mm/calls/insert-pfn.ts';
import { VM_FAULT_ERROR, VM_FAULT_LOCKED, VM_FAULT_NOPAGE, VM_FAULT_SIGBUS } from '../../mm/flags.ts';
import { type Allocation, pfnAt } from '../../mm/physical/allocation.ts';
import { get_page } from '../../mm/physical/counts.ts';
import { lock_page } from '../../mm/physical/page-flags.ts';
import { PAGE_SHIFT, PAGE_SIZE } from '../../mm/units.ts';
import type { VmFault, VmOps } from '../../mm/vm-ops.ts';

/** How a helper's fault handler answers. */
export type HelperFault =
  /** `vmf_insert_pfn` for the page and some after it. */
  | { readonly kind: 'pfn'; readonly pages: number }
  /** The struct page with a reference of its own. */
  | { readonly kind: 'page' }
  /** The same, and the first write to a page is tracked. */
  | { readonly kind: 'tracked page' };

/** The table `name`; without `fault` everything is mapped already. */
export function helperOps(system: Parameters<typeof get_page>[0], name: string, fault?: HelperFault, memory?: Allocation): VmOps {
  // The kernel's functions count references of the buffer, which the model does not have.
  const counting: VmOps = { table: name, open: () => {}, close: () => {} };
  if (!fault || !memory) return counting;
  switch (fault.kind) {
    case 'pfn':
      return { ...counting, fault: (vmf) => insertPfns(vmf, memory, fault.pages) };
    case 'page':
      return { ...counting, fault: (vmf) => givePage(system, vmf, memory) };
    case 'tracked page':
      return { ...counting, fault: (vmf) => givePage(system, vmf, memory), page_mkwrite: (vmf) => lockPage(system, vmf) };
  }
}

/** The page of the memory that the fault is for: both count from `vm_pgoff`, where the object's own offset is 0. */
function pageIndex(vmf: VmFault): number {
  return Number(vmf.pgoff);
}

/**
 * Inserts up to `pages` entries from the fault's address on, as far as vma and memory go; an error counts only for the
 * first (`ttm_bo_vm_fault_reserved`, drivers/gpu/drm/ttm/ttm_bo_vm.c).
 */
export function insertPfns(vmf: VmFault, memory: Allocation, pages: number, prot = vmf.vma.vm_page_prot): number {
  const { vma } = vmf;
  const first = pageIndex(vmf);
  let result = VM_FAULT_SIGBUS;
  for (let index = 0; index < pages; index++) {
    const address = vmf.address + BigInt(index) * PAGE_SIZE;
    const pfn = pfnAt(memory, first + index);
    if (pfn === undefined || address >= vma.vm_end) break;
    const done = vmf_insert_pfn_prot(vma, address, pfn, prot);
    if (done & VM_FAULT_ERROR) return index === 0 ? done : VM_FAULT_NOPAGE;
    result = done;
  }
  return result;
}

/** `fb_deferred_io_track_page` (drivers/video/fbdev/core/fb_defio.c, 6.12 read): the core unlocks the page when it is mapped. */
function lockPage(system: Parameters<typeof get_page>[0], { page }: VmFault): number {
  if (page !== undefined) lock_page(system, Number(page), 'fb_deferred_io_track_page');
  return VM_FAULT_LOCKED;
}

function givePage(system: Parameters<typeof get_page>[0], vmf: VmFault, memory: Allocation): number {
  if (vmf.pgoff << PAGE_SHIFT >= memory.bytes) return VM_FAULT_SIGBUS;
  const pfn = pfnAt(memory, pageIndex(vmf));
  if (pfn === undefined) return VM_FAULT_SIGBUS;
  get_page(system, pfn);
  vmf.page = pfn;
  return 0;
}
