/**
 * munmap(2) (`do_vmi_munmap`, mm/vma.c; mm/mmap.c before 6.12).
 */
import { withMmapLock } from '../driver-call.ts';
import { errno } from '../errno.ts';
import type { Mm, MmapLock } from '../mm.ts';
import { fromInt, type UserResult, userAction } from '../outcome.ts';
import { untrackPfn } from '../tables/track-pfn.ts';
import { removeVma, splitVma } from '../tables/vma-tree.ts';
import { zapRange } from '../tables/zap.ts';
import { isPageAligned, pageAlign, TASK_SIZE } from '../units.ts';
import type { Vma } from '../vma.ts';

/**
 * `do_munmap`: checks, splits at the ends, takes the vmas out, removes their ptes, then closes each. `closeLock` is how
 * the mmap lock is held while `close` runs. Gives 0 or a negative error number.
 */
export function do_munmap(mm: Mm, start: bigint, length: bigint, closeLock: MmapLock = 'write'): number {
  if (!isPageAligned(start) || start > TASK_SIZE || length > TASK_SIZE - start) return -errno.EINVAL;
  const end = start + pageAlign(length);
  if (end === start) return -errno.EINVAL;
  const vmas = gather(mm, start, end);
  if (typeof vmas === 'number') return vmas;
  for (const vma of vmas) mm.unlink(vma);
  withMmapLock(mm, closeLock, () => finish(vmas));
  return 0;
}

/** `vms_gather_munmap_vmas`: the vmas of the range, after splitting the first and the last where they reach beyond it. */
export function gather(mm: Mm, start: bigint, end: bigint): Vma[] | number {
  const first = mm.overlapping(start, end)[0];
  if (first && first.vm_start < start) {
    const result = splitVma(first, start, true);
    if (result !== 0) return result;
  }
  const last = mm.overlapping(start, end).at(-1);
  if (last && last.vm_end > end) {
    const result = splitVma(last, end, false);
    if (result !== 0) return result;
  }
  return mm.overlapping(start, end);
}

/** All ptes go before the first `close` (`vms_complete_munmap_vmas`). */
export function finish(vmas: readonly Vma[]): void {
  for (const vma of vmas) {
    zapRange(vma, vma.vm_start, vma.vm_end, { by: 'unmap_vmas' });
    untrackPfn(vma);
  }
  for (const vma of vmas) removeVma(vma, 'munmap');
}

/**
 * munmap(2). `start` and `length` are bytes. Fails with EINVAL for an unaligned start or no length, or with what
 * `may_split` returns. `close` runs under the mmap lock downgraded to reading (4.20 and later).
 */
export function munmap(mm: Mm, start: bigint, length: bigint): UserResult {
  return userAction(mm.system, mm, () => withMmapLock(mm, 'write', () => fromInt(do_munmap(mm, start, length, 'read'))));
}
