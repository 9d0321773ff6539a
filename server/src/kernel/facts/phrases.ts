/** Phrases that many facts share. Texts only. */

/** For calls that change the vma or map for good. */
export const writeLock = 'the mmap lock (mmap_sem before 5.8) is held for write';
/** For calls that a fault handler may make. */
export const faultLock = 'the mmap lock (mmap_sem before 5.8) is held at least for read, or the lock of the vma, as in a fault handler';
/** For calls that look at the mappings of a program. */
export const readLock = 'the mmap lock (mmap_sem before 5.8) is held at least for read';
/** For subsystem calls that only make sense in an mmap handler. */
export const handlerLock = 'the mmap lock is held for write, as it is in an mmap handler';
