/**
 * The calls by which a driver takes its memory back from user space (mm/memory.c).
 */
import type { AddressSpace } from '../file.ts';
import { VM_MIXEDMAP, VM_PFNMAP } from '../flags.ts';
import { zapRange } from '../tables/zap.ts';
import { higher, lower, PAGE_SHIFT, PAGE_SIZE, ulong } from '../units.ts';
import { type Vma, vma_pages } from '../vma.ts';

function insideVma(vma: Vma, address: bigint, size: bigint): boolean {
  return address >= vma.vm_start && address + size <= vma.vm_end;
}

/** `zap_vma_ptes(vma, address, size)` (up to 6.19): does nothing, silently, without VM_PFNMAP or outside the vma. */
export function zap_vma_ptes(vma: Vma, address: bigint, size: bigint): void {
  if (!insideVma(vma, address, size) || (vma.vm_flags & VM_PFNMAP) === 0n) return;
  zapRange(vma, address, address + size, { by: 'zap_vma_ptes' });
}

/** `zap_special_vma_range` (7.0 and later): also for VM_MIXEDMAP. */
export function zap_special_vma_range(vma: Vma, address: bigint, size: bigint): void {
  if (!insideVma(vma, address, size) || (vma.vm_flags & (VM_PFNMAP | VM_MIXEDMAP)) === 0n) return;
  zapRange(vma, address, address + size, { by: 'zap_special_vma_range' });
}

/** `zap_page_range_single` and `zap_vma_range`: any vma. */
export function zap_page_range_single(vma: Vma, address: bigint, size: bigint): void {
  zapRange(vma, address, ulong(address + size), { by: 'zap_page_range_single' });
}

/**
 * `unmap_mapping_pages(mapping, start, nr, even_cows)`: removes the entries of every vma, in every process, that maps
 * pages `[start, start + count)` of the file by its `vm_pgoff`. `count` 0 means to the end.
 */
export function unmap_mapping_pages(mapping: AddressSpace, start: bigint, count: bigint, evenCows: boolean): void {
  const last = count === 0n ? (1n << 64n) - 1n : ulong(start + count - 1n);
  for (const vma of [...mapping.vmas]) {
    const first = vma.vm_pgoff;
    const end = first + vma_pages(vma) - 1n;
    const from = higher(start, first);
    const to = lower(last, end);
    if (from > to) continue;
    const address = vma.vm_start + ((from - first) << PAGE_SHIFT);
    zapRange(vma, address, address + ((to - from + 1n) << PAGE_SHIFT), { by: 'unmap_mapping_range', evenCows });
  }
}

/** `unmap_mapping_range(mapping, holebegin, holelen, even_cows)`: the same by bytes; a length of 0 means to the end. */
export function unmap_mapping_range(mapping: AddressSpace, begin: bigint, length: bigint, evenCows: boolean): void {
  const start = ulong(begin) >> PAGE_SHIFT;
  const count = (ulong(length) + PAGE_SIZE - 1n) >> PAGE_SHIFT;
  unmap_mapping_pages(mapping, start, count, evenCows);
}
