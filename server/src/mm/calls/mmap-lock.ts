/**
 * The mmap lock as driver code takes it (include/linux/mmap_lock.h, 5.8 and later; `mm->mmap_sem` before). There is one
 * running path, so whoever waits for a lock that the path itself holds waits for ever.
 */
import type { Mm } from '../mm.ts';

function deadlock(mm: Mm, by: string): never {
  return mm.system.stop({
    kind: 'deadlock',
    message: `${by} waits for the mmap lock, which the same task already holds for ${mm.mmapLock === 'write' ? 'writing' : 'reading'}. The task hangs for ever.`,
    where: { function: by, file: 'include/linux/mmap_lock.h' },
    rule: 'S13.2',
  });
}

/** Whether the lock itself is held; the lock of one vma is another one. */
function isHeld(mm: Mm): boolean {
  return mm.mmapLock === 'read' || mm.mmapLock === 'write';
}

function wrongUnlock(mm: Mm, by: string): void {
  mm.system.report({
    kind: 'lock-not-held',
    message: `${by} releases the mmap lock, which is ${mm.mmapLock === 'none' ? 'not held' : 'held the other way'}.`,
    where: { function: by, file: 'include/linux/mmap_lock.h' },
  });
}

/** `mmap_read_lock(mm)`: may be nested in itself, not in the lock for writing. */
export function mmap_read_lock(mm: Mm): void {
  if (mm.mmapLock === 'write') deadlock(mm, 'mmap_read_lock');
  if (mm.mmapLock === 'read') mm.nestedReaders += 1;
  mm.mmapLock = 'read';
}

/** `mmap_read_trylock(mm)`: false when the lock is held for writing. */
export function mmap_read_trylock(mm: Mm): boolean {
  if (mm.mmapLock === 'write') return false;
  mmap_read_lock(mm);
  return true;
}

/** `mmap_read_unlock(mm)`. */
export function mmap_read_unlock(mm: Mm): void {
  if (mm.mmapLock !== 'read') wrongUnlock(mm, 'mmap_read_unlock');
  else if (mm.nestedReaders > 0) mm.nestedReaders -= 1;
  else mm.mmapLock = 'none';
}

/** `mmap_write_lock(mm)`. */
export function mmap_write_lock(mm: Mm): void {
  if (isHeld(mm)) deadlock(mm, 'mmap_write_lock');
  mm.mmapLock = 'write';
}

/** `mmap_write_trylock(mm)`: false when the lock is held at all. */
export function mmap_write_trylock(mm: Mm): boolean {
  if (isHeld(mm)) return false;
  mm.mmapLock = 'write';
  return true;
}

/** `mmap_write_unlock(mm)`. */
export function mmap_write_unlock(mm: Mm): void {
  if (mm.mmapLock !== 'write') wrongUnlock(mm, 'mmap_write_unlock');
  else mm.mmapLock = 'none';
}

/** `mmap_write_downgrade(mm)`: from writing to reading. */
export function mmap_write_downgrade(mm: Mm): void {
  if (mm.mmapLock !== 'write') wrongUnlock(mm, 'mmap_write_downgrade');
  else mm.mmapLock = 'read';
}
