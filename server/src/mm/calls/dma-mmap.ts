/**
 * `dma_mmap_attrs` and its relatives for memory of the DMA allocator (kernel/dma/direct.c, kernel/dma/mapping.c).
 */
import { errno } from '../errno.ts';
import type { Allocation } from '../physical/allocation.ts';
import { PAGE_SHIFT, pageAlign } from '../units.ts';
import { type Vma, vma_pages, vmaSize } from '../vma.ts';
import { remap_pfn_range } from './remap-pfn-range.ts';

/** `vm_pgoff` and the length against an object of `bytes`: -ENXIO when the vma does not fit. */
function fits(vma: Vma, bytes: bigint): boolean {
  const count = pageAlign(bytes) >> PAGE_SHIFT;
  return vma.vm_pgoff < count && vma_pages(vma) <= count - vma.vm_pgoff;
}

/**
 * `dma_mmap_attrs(dev, vma, cpu_addr, dma_addr, size, attrs)`: maps coherent memory from page `vm_pgoff` on; the address given is
 * that of page `first` of the allocation. Gives -ENXIO when the vma does not fit `bytes`. On x86, where devices are cache coherent,
 * the attributes do not change `vm_page_prot`.
 */
export function dma_mmap_attrs(vma: Vma, allocation: Allocation, bytes: bigint, first = 0): number {
  if (!fits(vma, bytes)) return -errno.ENXIO;
  const start = allocation.runs[0]?.pfn ?? 0;
  return remap_pfn_range(vma, vma.vm_start, BigInt(start + first) + vma.vm_pgoff, vmaSize(vma), vma.vm_page_prot);
}

/** `dma_mmap_coherent`. */
export function dma_mmap_coherent(vma: Vma, allocation: Allocation, bytes: bigint, first = 0): number {
  return dma_mmap_attrs(vma, allocation, bytes, first);
}

/** `dma_mmap_wc` (4.6 and later). */
export function dma_mmap_wc(vma: Vma, allocation: Allocation, bytes: bigint, first = 0): number {
  return dma_mmap_attrs(vma, allocation, bytes, first);
}

/** `dma_mmap_pages` (5.12 and later): pages of `dma_alloc_pages`, with the same checks. */
export function dma_mmap_pages(vma: Vma, allocation: Allocation, bytes: bigint, first = 0): number {
  return dma_mmap_attrs(vma, allocation, bytes, first);
}

/** `dma_common_mmap`: what `dma_mmap_attrs` does where the device has no `mmap` of its own. */
export function dma_common_mmap(vma: Vma, allocation: Allocation, bytes: bigint, first = 0): number {
  return dma_mmap_attrs(vma, allocation, bytes, first);
}

/** `dma_mmap_noncontiguous` (5.12 and later): without an IOMMU the memory is contiguous, as for `dma_mmap_pages`. */
export function dma_mmap_noncontiguous(vma: Vma, allocation: Allocation, bytes: bigint, first = 0): number {
  return dma_mmap_attrs(vma, allocation, bytes, first);
}

/** `dma_can_mmap` (5.4 and later): always on x86. */
export function dma_can_mmap(): boolean {
  return true;
}
