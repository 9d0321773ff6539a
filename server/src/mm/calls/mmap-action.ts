/**
 * What an `mmap_prepare` handler asks the core to do with its future vma (include/linux/mm.h, mm/util.c, 6.19 and later),
 * and the two halves in which the core does it.
 */
import { errno } from '../errno.ts';
import { isCowMapping, VM_MIXEDMAP, VM_REMAP_FLAGS } from '../flags.ts';
import { PAGE_SHIFT, PAGE_SIZE, pageAlign, ulong } from '../units.ts';
import type { VmAreaDesc } from '../vm-area-desc.ts';
import type { Vma } from '../vma.ts';
import { vm_insert_pages } from './insert-page.ts';
import { remapPrepared } from './remap-pfn-range.ts';

/** `mmap_action_remap(desc, start, start_pfn, size)`: a deferred `remap_pfn_range` with the protection of this moment. */
export function mmap_action_remap(desc: VmAreaDesc, start: bigint, pfn: bigint, size: bigint): void {
  desc.action = { type: 'remap-pfn', start, pfn, size, prot: desc.page_prot, io: false };
}

/** `mmap_action_remap_full`: the whole vma. */
export function mmap_action_remap_full(desc: VmAreaDesc, pfn: bigint): void {
  mmap_action_remap(desc, desc.start, pfn, desc.end - desc.start);
}

/** `mmap_action_ioremap`: a deferred `io_remap_pfn_range`. */
export function mmap_action_ioremap(desc: VmAreaDesc, start: bigint, pfn: bigint, size: bigint): void {
  desc.action = { type: 'remap-pfn', start, pfn, size, prot: desc.page_prot, io: true };
}

/** `mmap_action_ioremap_full`. */
export function mmap_action_ioremap_full(desc: VmAreaDesc, pfn: bigint): void {
  mmap_action_ioremap(desc, desc.start, pfn, desc.end - desc.start);
}

/** `mmap_action_simple_ioremap` (7.1): a deferred `vm_iomap_memory`; `physical` and `size` in bytes. */
export function mmap_action_simple_ioremap(desc: VmAreaDesc, physical: bigint, size: bigint): void {
  desc.action = { type: 'simple-ioremap', physical, size };
}

/** `mmap_action_map_kernel_pages` (7.1): deferred insertion of counted pages. */
export function mmap_action_map_kernel_pages(desc: VmAreaDesc, start: bigint, pages: readonly bigint[]): void {
  desc.action = { type: 'map-kernel-pages', start, pages };
}

/** `mmap_action_map_kernel_pages_full` (7.1): from the start of the vma. */
export function mmap_action_map_kernel_pages_full(desc: VmAreaDesc, pages: readonly bigint[]): void {
  mmap_action_map_kernel_pages(desc, desc.start, pages);
}

/** Checks and flags, before the vma exists (`mmap_action_prepare`). Gives 0 or a negative error number. */
export function prepareAction(desc: VmAreaDesc): number {
  const action = desc.action;
  switch (action.type) {
    case 'nothing':
      return 0;
    case 'remap-pfn':
      return prepareRemap(desc, action.start, action.pfn, action.size);
    case 'simple-ioremap':
      return prepareSimple(desc, action.physical, action.size);
    case 'map-kernel-pages': {
      const end = action.start + BigInt(action.pages.length) * PAGE_SIZE;
      if (action.start < desc.start || end > desc.end) return -errno.EFAULT;
      desc.vm_flags |= VM_MIXEDMAP;
      return 0;
    }
  }
}

/** `remap_pfn_range_prepare`: bounds, the COW rule, the flags. */
function prepareRemap(desc: VmAreaDesc, start: bigint, pfn: bigint, size: bigint): number {
  const end = ulong(start + pageAlign(size));
  if (start < desc.start || end > desc.end || end <= start) return -errno.EFAULT;
  if (isCowMapping(desc.vm_flags)) {
    if (start !== desc.start || end !== desc.end) return -errno.EINVAL;
    desc.pgoff = pfn;
  }
  desc.vm_flags |= VM_REMAP_FLAGS;
  return 0;
}

/** The checks of `vm_iomap_memory`; turns the action into a plain remap. */
function prepareSimple(desc: VmAreaDesc, physical: bigint, size: bigint): number {
  if (ulong(physical + size) < physical) return -errno.EINVAL;
  let pages = ulong(size + (physical & (PAGE_SIZE - 1n)) + PAGE_SIZE - 1n) >> PAGE_SHIFT;
  let pfn = physical >> PAGE_SHIFT;
  if (ulong(pfn + pages) < pfn || desc.pgoff > pages) return -errno.EINVAL;
  pfn += desc.pgoff;
  pages -= desc.pgoff;
  const length = desc.end - desc.start;
  if (length >> PAGE_SHIFT > pages) return -errno.EINVAL;
  desc.action = { type: 'remap-pfn', start: desc.start, pfn, size: length, prot: desc.page_prot, io: true };
  return prepareRemap(desc, desc.start, pfn, length);
}

/** The entries, once the vma is live (`mmap_action_complete`). Gives 0 or a negative error number. */
export function completeAction(desc: VmAreaDesc, vma: Vma): number {
  const action = desc.action;
  switch (action.type) {
    case 'nothing':
    case 'simple-ioremap':
      return 0;
    case 'remap-pfn':
      return remapPrepared(vma, action.start, action.pfn, action.size, action.prot, true);
    case 'map-kernel-pages':
      return vm_insert_pages(vma, action.start, action.pages).result;
  }
}
