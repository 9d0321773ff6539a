/**
 * Which calls take and drop locks, as data: the mmap lock in the names of all versions, and the kernel's other locks.
 * Both worlds keep the set of held locks by this table; the calls have no other effect. Knows no C beyond names.
 */
import type { Value } from '../execution/value.ts';
import type { ExternalCall } from '../execution/world.ts';

export type LockKind = 'mmap-read' | 'mmap-write' | 'mutex' | 'spinlock' | 'rwsem' | 'rcu' | 'other';

/** What a lock call does; `argument` is the index of the lock (of the mm for the mmap lock). */
export interface LockCall {
  readonly kind: LockKind;
  readonly action: 'take' | 'drop' | 'downgrade';
  readonly argument?: number;
  /** How the result tells whether the lock was taken; absent: it always is. `error`: 0 or -EINTR, `truth`: 1 or 0. */
  readonly result?: 'error' | 'truth';
}

const take = (kind: LockKind, result?: 'error' | 'truth'): LockCall => ({
  kind,
  action: 'take',
  argument: 0,
  ...(result === undefined ? {} : { result }),
});
const drop = (kind: LockKind): LockCall => ({ kind, action: 'drop', argument: 0 });

const calls: Readonly<Record<string, LockCall>> = {
  mmap_read_lock: take('mmap-read'),
  mmap_read_lock_killable: take('mmap-read', 'error'),
  mmap_read_trylock: take('mmap-read', 'truth'),
  mmap_read_unlock: drop('mmap-read'),
  mmap_read_unlock_non_owner: drop('mmap-read'),
  mmap_write_lock: take('mmap-write'),
  mmap_write_lock_nested: take('mmap-write'),
  mmap_write_lock_killable: take('mmap-write', 'error'),
  mmap_write_trylock: take('mmap-write', 'truth'),
  mmap_write_unlock: drop('mmap-write'),
  mmap_write_downgrade: { kind: 'mmap-read', action: 'downgrade', argument: 0 },

  mutex_lock: take('mutex'),
  mutex_lock_nested: take('mutex'),
  mutex_lock_interruptible: take('mutex', 'error'),
  mutex_lock_killable: take('mutex', 'error'),
  mutex_trylock: take('mutex', 'truth'),
  mutex_unlock: drop('mutex'),
  ww_mutex_lock: take('mutex', 'error'),
  ww_mutex_unlock: drop('mutex'),
  dma_resv_lock: take('mutex', 'error'),
  dma_resv_lock_interruptible: take('mutex', 'error'),
  dma_resv_trylock: take('mutex', 'truth'),
  dma_resv_unlock: drop('mutex'),
  device_lock: take('mutex'),
  device_unlock: drop('mutex'),

  spin_lock: take('spinlock'),
  spin_lock_nested: take('spinlock'),
  spin_lock_irq: take('spinlock'),
  spin_lock_irqsave: take('spinlock'),
  spin_lock_bh: take('spinlock'),
  spin_trylock: take('spinlock', 'truth'),
  spin_trylock_irqsave: take('spinlock', 'truth'),
  spin_unlock: drop('spinlock'),
  spin_unlock_irq: drop('spinlock'),
  spin_unlock_irqrestore: drop('spinlock'),
  spin_unlock_bh: drop('spinlock'),
  raw_spin_lock: take('spinlock'),
  raw_spin_lock_irqsave: take('spinlock'),
  raw_spin_unlock: drop('spinlock'),
  raw_spin_unlock_irqrestore: drop('spinlock'),
  read_lock: take('spinlock'),
  read_lock_irqsave: take('spinlock'),
  read_unlock: drop('spinlock'),
  read_unlock_irqrestore: drop('spinlock'),
  write_lock: take('spinlock'),
  write_lock_irqsave: take('spinlock'),
  write_unlock: drop('spinlock'),
  write_unlock_irqrestore: drop('spinlock'),

  down: take('other'),
  down_interruptible: take('other', 'error'),
  down_killable: take('other', 'error'),
  // Unlike every other trylock, 0 means that it was taken.
  down_trylock: take('other', 'error'),
  up: drop('other'),
  down_read: take('rwsem'),
  down_read_nested: take('rwsem'),
  down_read_interruptible: take('rwsem', 'error'),
  down_read_killable: take('rwsem', 'error'),
  down_read_trylock: take('rwsem', 'truth'),
  up_read: drop('rwsem'),
  down_write: take('rwsem'),
  down_write_nested: take('rwsem'),
  down_write_killable: take('rwsem', 'error'),
  down_write_trylock: take('rwsem', 'truth'),
  up_write: drop('rwsem'),
  downgrade_write: { kind: 'rwsem', action: 'downgrade', argument: 0 },

  rcu_read_lock: { kind: 'rcu', action: 'take' },
  rcu_read_unlock: { kind: 'rcu', action: 'drop' },
  lock_kernel: { kind: 'other', action: 'take' },
  unlock_kernel: { kind: 'other', action: 'drop' },
};

/** Calls that set a lock up: the locks that one of them sets up are of one class for lockdep. */
export const lockSetUps: ReadonlySet<string> = new Set(['mutex_init', 'spin_lock_init', 'raw_spin_lock_init', 'rwlock_init', 'init_rwsem']);

/** The rwsem calls by which the mmap lock is taken before 5.8: `down_write(&mm->mmap_sem)`. */
const mmapByRwsem: Readonly<Record<string, LockKind>> = {
  down_read: 'mmap-read',
  down_read_nested: 'mmap-read',
  down_read_killable: 'mmap-read',
  down_read_interruptible: 'mmap-read',
  down_read_trylock: 'mmap-read',
  up_read: 'mmap-read',
  down_write: 'mmap-write',
  down_write_nested: 'mmap-write',
  down_write_killable: 'mmap-write',
  down_write_trylock: 'mmap-write',
  up_write: 'mmap-write',
  downgrade_write: 'mmap-read',
};

/** What a call of this name does to locks, the mmap lock by its rwsem aside. */
export function lockNamed(name: string): LockCall | undefined {
  return calls[name];
}

/** What the call does to the set of held locks; `undefined` for a call that is no lock call. */
export function lockCall(call: ExternalCall): LockCall | undefined {
  const known = calls[call.name];
  if (!known) return undefined;
  const mmap = mmapByRwsem[call.name];
  return mmap && isMmapSem(call.arguments[known.argument ?? 0]) ? { ...known, kind: mmap } : known;
}

/** Whether `value` is `&mm->mmap_sem` (to 5.7) or `&mm->mmap_lock`. */
function isMmapSem(value: Value | undefined): boolean {
  if (value?.kind !== 'pointer') return false;
  const last = value.place.path.at(-1);
  return last?.kind === 'field' && (last.name === 'mmap_sem' || last.name === 'mmap_lock');
}
