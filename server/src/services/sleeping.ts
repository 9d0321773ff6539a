/** Which calls may sleep, as data: forbidden under a spinlock and while RCU is read. Knows no C beyond names. */

/** Calls that may sleep, beside those that allocate and those that make page table entries. */
export const sleepingCalls: ReadonlySet<string> = new Set([
  'mutex_lock', 'mutex_lock_interruptible', 'mutex_lock_killable', 'mutex_lock_nested', 'down', 'down_read', 'down_write',
  'down_interruptible', 'down_killable', 'msleep', 'ssleep', 'usleep_range', 'fsleep', 'schedule', 'schedule_timeout', 'wait_event',
  'wait_event_timeout', 'wait_event_interruptible', 'wait_event_interruptible_timeout', 'wait_event_killable', 'wait_for_completion',
  'wait_for_completion_timeout', 'wait_for_completion_interruptible', 'synchronize_rcu', 'flush_work', 'cancel_work_sync',
  'copy_from_user', 'copy_to_user', 'vfree', 'vunmap', 'unmap_mapping_range', 'might_sleep',
]); // biome-ignore format: a table
