/**
 * `remap_pfn_range` and the calls built directly on it (mm/memory.c), for 3.7 and later; `history/` has it up to 3.6.
 */
import { atLeast, type KernelVersion } from '../../kernel/version.ts';
import { errno } from '../errno.ts';
import { isCowMapping, VM_REMAP_FLAGS } from '../flags.ts';
import { remapPfnRangeUpTo36 } from '../history/remap-pfn-range.ts';
import { at, inMemoryC } from '../problem.ts';
import { pfn_modify_allowed } from '../tables/pfn-modify-allowed.ts';
import { newPte, setPtes } from '../tables/set-ptes.ts';
import { trackPfnRemap, untrackRemap } from '../tables/track-pfn.ts';
import { zapSingle } from '../tables/zap.ts';
import { addressOf, hex, isPageAligned, PAGE_SHIFT, PAGE_SIZE, pageAlign, pageOf, pfnNumber, ulong } from '../units.ts';
import { assignVmaField, type Vma, vmaSize } from '../vma.ts';
import { BUG_ON, checkInsideVma, checkOwnership } from './shared.ts';
import { vmFlagsSet } from './vm-flags.ts';

/** Whether a failing call removes what it had mapped: 6.11, and the stable trees that took the fix. */
function zapsOnError(version: KernelVersion): boolean {
  const stable = version.major === 6 && ((version.minor === 1 && version.patch >= 111) || (version.minor === 6 && version.patch >= 52));
  return atLeast(version, 6, 11) || stable;
}

/** The COW rule: only the whole vma, and `vm_pgoff` then names the first pfn. Gives 0 or a negative error number. */
function prepareCow(vma: Vma, address: bigint, end: bigint, pfn: bigint): number {
  if (!isCowMapping(vma.vm_flags)) return 0;
  if (address !== vma.vm_start || end !== vma.vm_end) return -errno.EINVAL;
  assignVmaField(vma, 'vm_pgoff', ulong(pfn));
  return 0;
}

/** `remap_pte_range` and above: special entries, which must find the range empty. */
function writePtes(vma: Vma, address: bigint, end: bigint, pfn: bigint, prot: bigint): void {
  const mm = vma.vm_mm;
  const start = pageOf(address);
  const present = mm.table.slice(start, pageOf(end))[0];
  const stop = present ? present.start : pageOf(end);
  checkInsideVma(vma, address, end, 'remap_pfn_range');
  checkOwnership(vma, address, pfnNumber(pfn), stop - start, 'remap_pfn_range');
  if (stop > start) setPtes(mm, start, stop, newPte(pfnNumber(pfn), prot, { special: true }), 'remap_pfn_range');
  BUG_ON(
    present !== undefined,
    vma,
    'remap_pte_range',
    `remap_pfn_range finds an entry at ${hex(addressOf(stop))} already: the same user address is remapped twice, so the kernel stops.`,
    'S5.1',
    addressOf(stop),
  );
}

/** `remap_pfn_range_internal`: alignment, COW rule, flags, the range check that is a BUG_ON, and the entries. */
function remapInternal(vma: Vma, address: bigint, pfn: bigint, size: bigint, prot: bigint, prepared: boolean): number {
  const end = ulong(address + pageAlign(size));
  const { system } = vma.vm_mm;
  if (!isPageAligned(address) && atLeast(system.version, 5, 10)) {
    system.warnOnce({
      kind: 'warning',
      message: `remap_pfn_range is given the address ${hex(address)}, which does not start a page.`,
      kernelLog: 'WARNING: at mm/memory.c remap_pfn_range_internal',
      where: inMemoryC('remap_pfn_range_internal'),
      ...at(vma, address),
    });
    return -errno.EINVAL;
  }
  if (!prepared) {
    const cow = atLeast(system.version, 5, 13) ? prepareCow(vma, address, end, pfn) : 0;
    if (cow !== 0) return cow;
    vmFlagsSet(vma, VM_REMAP_FLAGS, 'remap_pfn_range', 'remap_pfn_range_internal');
  }
  BUG_ON(
    address >= end,
    vma,
    'remap_pfn_range_internal',
    `remap_pfn_range is asked for ${hex(size)} bytes at ${hex(address)}: the end does not lie behind the start, so the kernel stops.`,
    'S5.2',
    address,
  );
  if (!pfn_modify_allowed(system, pfn, size, prot)) return -errno.EACCES;
  writePtes(vma, address, end, pfn, prot);
  return 0;
}

/**
 * `remap_pfn_range(vma, addr, pfn, size, prot)`: maps `size` bytes of physical memory from page `pfn` at `address`, by
 * special entries without counting. Gives 0, -EINVAL (unaligned address, COW mapping not covered whole, cache type).
 * BUGs on an empty or wrapping range and on present entries; does not check the vma's bounds.
 * Gives -EACCES where `pfn_modify_allowed` refuses. Order: up to 5.12 COW rule, cache tracking, flags; up to 6.18 cache
 * tracking, then COW rule and flags; from 6.19 COW rule and flags first.
 */
export function remap_pfn_range(vma: Vma, address: bigint, pfn: bigint, size: bigint, prot: bigint): number {
  requireWriteLock(vma, 'remap_pfn_range');
  const { version } = vma.vm_mm.system;
  if (!atLeast(version, 3, 7)) return remapPfnRangeUpTo36(vma, address, pfn, size, prot);
  const preparesFirst = atLeast(version, 6, 19);
  if (preparesFirst || !atLeast(version, 5, 13)) {
    const cow = prepareCow(vma, address, ulong(address + pageAlign(size)), pfn);
    if (cow !== 0) return cow;
  }
  if (preparesFirst) {
    vmFlagsSet(vma, VM_REMAP_FLAGS, 'remap_pfn_range');
  }
  return remapPrepared(vma, address, pfn, size, prot, preparesFirst);
}

/** The part of `remap_pfn_range` after the flags are set (`remap_pfn_range_complete`, 6.19 and later). */
export function remapPrepared(vma: Vma, address: bigint, pfn: bigint, size: bigint, prot: bigint, prepared: boolean): number {
  const aligned = pageAlign(size);
  const full = address === vma.vm_start && aligned === vmaSize(vma);
  const tracked = trackPfnRemap(vma, prot, pfnNumber(pfn), Number(aligned >> PAGE_SHIFT), full);
  if ('error' in tracked) return -errno.EINVAL;
  const result = remapInternal(vma, address, pfn, size, tracked.prot, prepared);
  if (result !== 0) {
    if (zapsOnError(vma.vm_mm.system.version)) zapSingle(vma, address, ulong(address + aligned), { by: 'zap_page_range_single' });
    if (full) untrackRemap(vma, pfnNumber(pfn), Number(aligned >> PAGE_SHIFT));
  }
  return result;
}

/**
 * Reports a mapping call without the mmap lock. Under the lock for reading, as in a fault handler, nobody unmaps: there only the change of
 * the flags (`vmFlagsSet`) and a second fault on the same range do harm.
 */
function requireWriteLock(vma: Vma, by: string): void {
  const mm = vma.vm_mm;
  if (mm.mmapLock !== 'none') return;
  mm.system.report({
    kind: 'lock-not-held',
    message: `${by} changes a vma and its page table while the mmap lock is not held. Another thread can unmap or fault the same range at that moment. Call it from the mmap handler.`,
    where: inMemoryC(by),
    rule: 'S13.1',
    ...at(vma),
  });
}

/**
 * `io_remap_pfn_range`: `remap_pfn_range` for device memory. Differs only with memory encryption, which is not modelled.
 */
export function io_remap_pfn_range(vma: Vma, address: bigint, pfn: bigint, size: bigint, prot: bigint): number {
  return remap_pfn_range(vma, address, pfn, size, prot);
}

/**
 * `vm_iomap_memory(vma, start, len)` (3.9 and later): maps the part of a physical region, `start` and `length` in bytes,
 * that the vma asks for by `vm_pgoff`. Gives -EINVAL when the region wraps or the vma does not fit into it.
 */
export function vm_iomap_memory(vma: Vma, start: bigint, length: bigint): number {
  const end = ulong(start + length);
  if (end < start) return -errno.EINVAL;
  const total = ulong(length + (start & (PAGE_SIZE - 1n)));
  let pfn = start >> PAGE_SHIFT;
  let pages = ulong(total + PAGE_SIZE - 1n) >> PAGE_SHIFT;
  if (ulong(pfn + pages) < pfn) return -errno.EINVAL;
  if (vma.vm_pgoff > pages) return -errno.EINVAL;
  pfn += vma.vm_pgoff;
  pages -= vma.vm_pgoff;
  if (vmaSize(vma) >> PAGE_SHIFT > pages) return -errno.EINVAL;
  return io_remap_pfn_range(vma, vma.vm_start, pfn, vmaSize(vma), vma.vm_page_prot);
}
