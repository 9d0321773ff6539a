/** The mmap lock in words, and where a path let go of it. */
import type { CallEvent, MmapLock, Path } from '../../../analysis/path.ts';
import { pointerName } from '../../../execution/place.ts';
import { atLeast, type KernelVersion } from '../../../kernel/version.ts';
import type { Place } from '../../rule.ts';

/** How the target kernel takes the lock: `mmap_write_lock(mm)`, or `down_write(&mm->mmap_sem)` before 5.8. */
export function lockCall(version: KernelVersion, mode: 'read' | 'write'): string {
  return atLeast(version, 5, 8) ? `mmap_${mode}_lock(mm)` : `down_${mode}(&mm->mmap_sem)`;
}

/** Whether what is held is too little for a call that needs `needed`. Unknown is never too little. */
export function isTooWeak(held: MmapLock, needed: 'read' | 'write'): boolean {
  if (held === 'unknown') return false;
  return needed === 'write' ? held !== 'write' : held === 'none';
}

/** Lets go of the mmap lock; a semaphore is it when its name says so. */
function isUnlock({ name, arguments: [lock] }: CallEvent): boolean {
  if (/^up_(?:read|write)$/.test(name)) return lock?.kind === 'pointer' && /\bmmap_(?:sem|lock)\b/.test(pointerName(lock.place));
  return /^mmap_(?:read|write)_unlock$/.test(name);
}

/** The last unlock of the mmap lock on the path before `event`, for the other end of the story. */
export function unlockBefore(path: Path, event: CallEvent): (Place & { readonly message: string }) | undefined {
  let found: CallEvent | undefined;
  for (const each of path.events) {
    if (each === event) break;
    if (each.kind === 'call' && isUnlock(each)) found = each;
  }
  return found && { file: found.file, span: found.nameSpan, message: 'The mmap lock is released here.' };
}
