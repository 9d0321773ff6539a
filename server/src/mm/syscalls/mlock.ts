/**
 * mlock(2), mlock2(2), munlock(2), mlockall(2), munlockall(2) (mm/mlock.c).
 */
import { withMmapLock } from '../driver-call.ts';
import { errno } from '../errno.ts';
import { VM_LOCKED, VM_LOCKONFAULT } from '../flags.ts';
import { lockedOut, maskOfLocked } from '../history/flags.ts';
import type { Mm } from '../mm.ts';
import { fail, fromInt, type Outcome, ok, type UserResult, userAction } from '../outcome.ts';
import { lru_add_drain } from '../physical/mlock-batch.ts';
import { modifyVmaRange } from '../tables/vma-merge.ts';
import { lower, offsetInPage, PAGE_SIZE, pageAlign } from '../units.ts';
import { resetVmaFlags, type Vma } from '../vma.ts';
import { mm_populate } from './populate.ts';

/** Gives a range these flags of VM_LOCKED_MASK; special vmas are skipped without a word (S10.1). */
function applyLock(mm: Mm, start: bigint, end: bigint, lock: bigint): number {
  let at = start;
  while (at < end) {
    const vma = mm.lookup(at);
    if (!vma) return -errno.ENOMEM;
    const until = lower(vma.vm_end, end);
    const result = mlock_fixup(vma, at, until, lock);
    if (result !== 0) return result;
    at = until;
  }
  return 0;
}

/** `mlock_fixup`: the part `[start, end)` of one vma. */
function mlock_fixup(vma: Vma, start: bigint, end: bigint, lock: bigint): number {
  const { version } = vma.vm_mm.system;
  const flags = (vma.vm_flags & ~maskOfLocked(version)) | lock;
  if (flags === vma.vm_flags || vma.vm_flags & lockedOut(version)) return 0;
  const changed = modifyVmaRange(vma, start, end, flags);
  if (typeof changed === 'number') return changed;
  resetVmaFlags(changed, flags, lock ? 'mlock' : 'munlock');
  lru_add_drain(vma.vm_mm.system);
  return 0;
}

function range(address: bigint, length: bigint): { readonly start: bigint; readonly length: bigint } {
  const offset = BigInt(offsetInPage(address));
  return { start: address & ~(PAGE_SIZE - 1n), length: pageAlign(length + offset) };
}

/**
 * mlock(2), or mlock2(2) with MLOCK_ONFAULT: ENOMEM over holes or where a page cannot be had. Driver mappings with a VM_SPECIAL
 * flag succeed and change nothing.
 */
export function mlock(mm: Mm, address: bigint, length: bigint, onFault = false): UserResult {
  return userAction(mm.system, mm, (): Outcome => {
    const { start, length: bytes } = range(address, length);
    const result = withMmapLock(mm, 'write', () => applyLock(mm, start, start + bytes, VM_LOCKED | (onFault ? VM_LOCKONFAULT : 0n)));
    if (result !== 0) return fromInt(result);
    const populated = mm_populate(mm, start, bytes);
    if (populated === -errno.EFAULT) return fail(errno.ENOMEM);
    return populated === -errno.ENOMEM ? fail(errno.EAGAIN) : ok();
  });
}

/** munlock(2). */
export function munlock(mm: Mm, address: bigint, length: bigint): UserResult {
  return userAction(mm.system, mm, () => {
    const { start, length: bytes } = range(address, length);
    return fromInt(withMmapLock(mm, 'write', () => applyLock(mm, start, start + bytes, 0n)));
  });
}

/** mlockall(2): EINVAL without MCL_CURRENT and MCL_FUTURE. Errors of single vmas, and of pages that cannot be had, are ignored. */
export function mlockall(mm: Mm, flags: { readonly current?: boolean; readonly future?: boolean; readonly onFault?: boolean }): UserResult {
  return userAction(mm.system, mm, (): Outcome => {
    if (!flags.current && !flags.future) return fail(errno.EINVAL);
    const lock = VM_LOCKED | (flags.onFault ? VM_LOCKONFAULT : 0n);
    withMmapLock(mm, 'write', () => {
      mm.defFlags = (mm.defFlags & ~maskOfLocked(mm.system.version)) | (flags.future ? lock : 0n);
      if (flags.current) for (const vma of [...mm.vmas]) if (vma.attached) mlock_fixup(vma, vma.vm_start, vma.vm_end, lock);
    });
    if (flags.current) populateLocked(mm);
    return ok();
  });
}

/** munlockall(2). */
export function munlockall(mm: Mm): UserResult {
  return userAction(mm.system, mm, () => {
    withMmapLock(mm, 'write', () => {
      mm.defFlags &= ~maskOfLocked(mm.system.version);
      for (const vma of [...mm.vmas]) if (vma.attached) mlock_fixup(vma, vma.vm_start, vma.vm_end, 0n);
    });
    return ok();
  });
}

/** `mm_populate(0, TASK_SIZE)` touches every vma, going on after errors. */
function populateLocked(mm: Mm): void {
  for (const vma of [...mm.vmas]) if (vma.attached) mm_populate(mm, vma.vm_start, vma.vm_end - vma.vm_start);
}
