/** The mmap lock, which protects the mappings of a program. Data only. */
import type { FactRow, LockRow } from '../row.ts';

type Rest = Partial<LockRow> & Pick<LockRow, 'effect' | 'prototypes' | 'does'>;

const mmapLockCall = (name: string, rest: Rest): LockRow => ({
  kind: 'lock',
  name,
  since: '5.8',
  header: 'linux/mmap_lock.h',
  of: 'mmap',
  notes: ['Before 5.8 drivers call down_read(), up_read() and their relatives on mm->mmap_sem.'],
  source: ['include/linux/mmap_lock.h: 5.8, 6.12'],
  ...rest,
});
const takes = (name: string, rest: Rest): LockRow =>
  mmapLockCall(name, {
    lock: 'notHeld',
    requires: { lock: 'the program itself does not hold it; in an mmap or fault handler it is held already', context: 'it may sleep' },
    ...rest,
  });
const killable: LockRow['returns'] = [
  ['0', 'the lock is held'],
  ['-EINTR', 'the program is being killed'],
];
const trial: LockRow['returns'] = [
  ['true', 'the lock is held'],
  ['false', 'somebody else holds it'],
];

export const mmapLock: readonly FactRow[] = [
  takes('mmap_read_lock', {
    effect: 'take',
    side: 'read',
    prototypes: 'void mmap_read_lock(struct mm_struct *mm)',
    does: ['Takes the read side: vmas can be looked up, and none comes or goes.'],
  }),
  mmapLockCall('mmap_read_unlock', {
    effect: 'release',
    side: 'read',
    lock: 'read',
    prototypes: 'void mmap_read_unlock(struct mm_struct *mm)',
    does: ['Gives the read side back. A vma that was looked up may go away from now on.'],
  }),
  mmapLockCall('mmap_read_trylock', {
    effect: 'take',
    side: 'read',
    takenWhen: 'nonzero',
    lock: 'none',
    prototypes: 'bool mmap_read_trylock(struct mm_struct *mm)',
    does: ['Takes the read side if that is possible at once.'],
    returns: trial,
  }),
  takes('mmap_read_lock_killable', {
    effect: 'take',
    side: 'read',
    takenWhen: 'zero',
    prototypes: 'int mmap_read_lock_killable(struct mm_struct *mm)',
    does: ['Takes the read side, unless the program is killed while it waits.'],
    returns: killable,
  }),
  takes('mmap_write_lock', {
    effect: 'take',
    side: 'write',
    prototypes: 'void mmap_write_lock(struct mm_struct *mm)',
    does: ['Takes the write side: vmas can be changed. Since 6.4 each vma that is changed is locked as well (vma_start_write).'],
  }),
  mmapLockCall('mmap_write_unlock', {
    effect: 'release',
    side: 'write',
    lock: 'write',
    prototypes: 'void mmap_write_unlock(struct mm_struct *mm)',
    does: ['Gives the write side back, and with it the write locks of all vmas (6.4 and later).'],
  }),
  takes('mmap_write_lock_killable', {
    effect: 'take',
    side: 'write',
    takenWhen: 'zero',
    prototypes: 'int mmap_write_lock_killable(struct mm_struct *mm)',
    does: ['Takes the write side, unless the program is killed while it waits.'],
    returns: killable,
  }),
  mmapLockCall('mmap_write_trylock', {
    effect: 'take',
    side: 'write',
    takenWhen: 'nonzero',
    lock: 'none',
    removed: '6.6',
    prototypes: 'bool mmap_write_trylock(struct mm_struct *mm)',
    does: ['Takes the write side if that is possible at once.'],
    returns: trial,
    source: ['include/linux/mmap_lock.h: 5.8 to 6.5; absent in 6.6, 6.8 and 6.12'],
  }),
  mmapLockCall('mmap_write_downgrade', {
    effect: 'downgrade',
    lock: 'write',
    prototypes: 'void mmap_write_downgrade(struct mm_struct *mm)',
    does: ['Turns the write side into the read side without letting go.'],
  }),
  mmapLockCall('mmap_assert_locked', {
    effect: 'assert',
    lock: 'read',
    prototypes: 'void mmap_assert_locked(const struct mm_struct *mm)',
    does: ['Checks that the lock is held, for read or write.'],
    asserts: [['VM_BUG_ON_MM', 'nobody holds the lock (with the debug options)']],
  }),
  mmapLockCall('mmap_assert_write_locked', {
    effect: 'assert',
    side: 'write',
    lock: 'write',
    prototypes: 'void mmap_assert_write_locked(const struct mm_struct *mm)',
    does: ['Checks that the lock is held for write.'],
    asserts: [['VM_BUG_ON_MM', 'nobody holds the lock for write (with the debug options)']],
  }),
];
