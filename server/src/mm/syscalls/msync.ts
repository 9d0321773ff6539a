/**
 * msync(2) (mm/msync.c; 2.6.17 and later behave alike).
 */
import { errno } from '../errno.ts';
import { MS_ASYNC, MS_INVALIDATE, MS_SYNC, VM_LOCKED, VM_SHARED } from '../flags.ts';
import type { Mm } from '../mm.ts';
import { fromInt, type UserResult, userAction } from '../outcome.ts';
import { higher, isPageAligned, lower, pageAlign, ulong } from '../units.ts';
import { fileOffset, type Vma } from '../vma.ts';

/**
 * msync(2). EINVAL for an unaligned start or contradicting flags, ENOMEM over holes, EBUSY for MS_INVALIDATE of a locked
 * mapping. MS_SYNC of a shared file mapping calls the file's `fsync`; a device without one gives EINVAL (`vfs_fsync_range`).
 */
export function msync(mm: Mm, start: bigint, length: bigint, flags: number): UserResult {
  return userAction(mm.system, mm, () => fromInt(do_msync(mm, start, length, flags)));
}

function do_msync(mm: Mm, start: bigint, length: bigint, flags: number): number {
  if (flags & ~(MS_ASYNC | MS_INVALIDATE | MS_SYNC) || !isPageAligned(start)) return -errno.EINVAL;
  if (flags & MS_ASYNC && flags & MS_SYNC) return -errno.EINVAL;
  const end = ulong(start + pageAlign(length));
  if (end < start) return -errno.ENOMEM;
  let at = start;
  let unmapped = 0;
  while (at < end) {
    const vma = mm.find(at);
    if (!vma || vma.vm_start >= end) return -errno.ENOMEM;
    if (at < vma.vm_start) {
      if (flags === MS_ASYNC) return -errno.ENOMEM;
      unmapped = -errno.ENOMEM;
    }
    if (flags & MS_INVALIDATE && vma.vm_flags & VM_LOCKED) return -errno.EBUSY;
    const result = flags & MS_SYNC && vma.vm_flags & VM_SHARED ? fsync(vma, higher(at, vma.vm_start), lower(end, vma.vm_end)) : 0;
    if (result !== 0) return result;
    at = vma.vm_end;
  }
  return unmapped;
}

/** `vfs_fsync_range` on the part `[start, end)` of the mapped file, without the mmap lock. */
function fsync(vma: Vma, start: bigint, end: bigint): number {
  const { vm_file: file, vm_mm } = vma;
  const { system } = vm_mm;
  if (!file) return 0;
  const handler = file.ops.fsync;
  if (!handler) return -errno.EINVAL;
  const first = fileOffset(vma, start);
  return system.callback({ slot: 'fsync', name: `${file.ops.table}.fsync`, lock: 'none' }, () =>
    handler(file, first, first + (end - start) - 1n),
  );
}
