/**
 * mlock(2), munlock(2) (mm/mlock.c).
 */
import { withMmapLock } from '../driver-call.ts';
import { errno } from '../errno.ts';
import { VM_LOCKED, VM_LOCKED_MASK, VM_SPECIAL } from '../flags.ts';
import type { Mm } from '../mm.ts';
import { fail, fromInt, type Outcome, ok, type UserResult, userAction } from '../outcome.ts';
import { modifyVmaRange } from '../tables/vma-merge.ts';
import { resetVmaFlags } from '../tables/vma-tree.ts';
import { lower, offsetInPage, PAGE_SIZE, pageAlign } from '../units.ts';
import { mm_populate } from './populate.ts';

/** Sets or clears VM_LOCKED over a range; special vmas are skipped without a word (S10.1). */
function applyLock(mm: Mm, start: bigint, end: bigint, locked: boolean): number {
  let at = start;
  while (at < end) {
    const vma = mm.lookup(at);
    if (!vma) return -errno.ENOMEM;
    const until = lower(vma.vm_end, end);
    const flags = (vma.vm_flags & ~VM_LOCKED_MASK) | (locked ? VM_LOCKED : 0n);
    if (flags !== vma.vm_flags && (vma.vm_flags & VM_SPECIAL) === 0n) {
      const changed = modifyVmaRange(vma, at, until, flags);
      if (typeof changed === 'number') return changed;
      resetVmaFlags(changed, flags, locked ? 'mlock' : 'munlock');
    }
    at = until;
  }
  return 0;
}

function range(address: bigint, length: bigint): { readonly start: bigint; readonly length: bigint } {
  const offset = BigInt(offsetInPage(address));
  return { start: address & ~(PAGE_SIZE - 1n), length: pageAlign(length + offset) };
}

/** mlock(2): ENOMEM over holes or where a page cannot be had. Driver mappings with a VM_SPECIAL flag succeed and change nothing. */
export function mlock(mm: Mm, address: bigint, length: bigint): UserResult {
  return userAction(mm.system, mm, (): Outcome => {
    const { start, length: bytes } = range(address, length);
    const result = withMmapLock(mm, 'write', () => applyLock(mm, start, start + bytes, true));
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
    return fromInt(withMmapLock(mm, 'write', () => applyLock(mm, start, start + bytes, false)));
  });
}
