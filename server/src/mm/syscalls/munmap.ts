/**
 * munmap(2) (`do_vmi_munmap`, mm/vma.c; mm/mmap.c before 6.12).
 */
import { atLeast } from '../../kernel/version.ts';
import { withMmapLock } from '../driver-call.ts';
import { errno } from '../errno.ts';
import type { Mm, MmapLock } from '../mm.ts';
import { fromInt, type UserResult, userAction } from '../outcome.ts';
import type { System } from '../system.ts';
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

/**
 * `vms_gather_munmap_vmas`: the vmas of the range, after splitting the first and the last where they reach beyond it. Up to 6.4
 * the pieces inside the range are the new vmas, later the pieces that stay.
 */
export function gather(mm: Mm, start: bigint, end: bigint): Vma[] | number {
  const outsideIsNew = atLeast(mm.system.version, 6, 5);
  const first = mm.overlapping(start, end)[0];
  if (first && first.vm_start < start) {
    const result = splitVma(first, start, outsideIsNew);
    if (result !== 0) return result;
  }
  const last = mm.overlapping(start, end).at(-1);
  if (last && last.vm_end > end) {
    const result = splitVma(last, end, !outsideIsNew);
    if (result !== 0) return result;
  }
  return mm.overlapping(start, end);
}

/** All ptes go before the first `close` (`vms_complete_munmap_vmas`). */
export function finish(vmas: readonly Vma[]): void {
  clear(vmas);
  for (const vma of vmas) removeVma(vma, 'munmap');
}

/** `vms_clear_ptes`: removes the ptes of vmas that are out of the tree. */
export function clear(vmas: readonly Vma[]): void {
  for (const vma of vmas) {
    zapRange(vma, vma.vm_start, vma.vm_end, { by: 'unmap_vmas' });
  }
}

/**
 * munmap(2). `start` and `length` are bytes. Fails with EINVAL for an unaligned start or no length, or with what
 * `may_split` returns. `close` runs under the mmap lock downgraded to reading (4.20 and later).
 */
export function munmap(mm: Mm, start: bigint, length: bigint): UserResult {
  return userAction(mm.system, mm, () => withMmapLock(mm, 'write', () => fromInt(do_munmap(mm, start, length, downgraded(mm.system)))));
}

/** How the mmap lock is held while munmap(2) and a shrinking mremap(2) take entries out and call `close`. */
export function downgraded(system: System): MmapLock {
  return atLeast(system.version, 4, 20) ? 'read' : 'write';
}
