/**
 * What a kernel says that watches its own locks: lockdep (kernel/locking/lockdep.c) and calls that look whether they may sleep
 * (`__might_resched`, kernel/sched/core.c). A usual kernel has neither, and nobody notices most of it there. Knows no driver.
 */
import { kernelConstant } from '../../kernel/constants.ts';
import type { MmProblem } from '../../mm/problem.ts';
import type { System } from '../../mm/system.ts';
import { allocatorOf } from '../../services/allocators.ts';
import type { LockKind } from '../../services/locks.ts';
import { sleepingCalls } from '../../services/sleeping.ts';
import type { CallContext } from './call-context.ts';
import { type LockConflict, orderProblem } from './lock-order.ts';

/** Lockdep prints the first thing that it finds, and watches no longer. */
function lockdepSays(system: System, line: string, problem: MmProblem): void {
  system.lockdepWatches = false;
  system.report({ ...problem, kernelLog: `WARNING: ${line}` });
}

/** Locks that are taken in both orders: without lockdep only those are told that a mapping has a part in. */
export function reportOrder(system: System, conflict: LockConflict, by: string): void {
  const isSeen = system.lockdepWatches && conflict.isWatched;
  const problem: MmProblem = {
    kind: 'deadlock',
    message: orderProblem(conflict),
    where: { function: by, file: 'kernel/locking/lockdep.c' },
  };
  if (isSeen) {
    const isAgain = conflict.with.kind === 'itself' || (conflict.with.kind === 'user-memory' && conflict.with.under === 'mmap');
    const what = isAgain ? 'recursive locking' : 'circular locking dependency';
    lockdepSays(system, `possible ${what} detected`, problem);
  } else if (conflict.with.kind === 'mmap-lock') system.report(problem);
}

/** What is printed before a task waits for a lock that it holds itself. */
export function recursion(system: System): { readonly kernelLog?: string } {
  if (!system.lockdepWatches) return {};
  system.lockdepWatches = false;
  return { kernelLog: 'WARNING: possible recursive locking detected' };
}

/** A lock is given back that nobody holds. */
export function reportNotHeld(system: System, kind: LockKind, name: string, by: string): void {
  if (!system.lockdepWatches || kind === 'other') return;
  lockdepSays(system, 'bad unlock balance detected!', {
    kind: 'lock-not-held',
    message: `${by} gives \`${name}\` back, which nobody holds.`,
    where: { function: by, file: 'kernel/locking/lockdep.c' },
  });
}

/** The task goes back to user space with locks of the driver (`lockdep_sys_exit`). */
export function reportKept(system: System, names: readonly string[]): void {
  if (!system.lockdepWatches || names.length === 0) return;
  lockdepSays(system, 'lock held when returning to user space!', {
    kind: 'warning',
    message: `The driver leaves \`${names[0]}\` held when it goes back to user space: whoever takes it next waits until the program comes again, if it ever does.`,
    where: { function: 'lockdep_sys_exit', file: 'kernel/locking/lockdep.c' },
  });
}

/** Memory is freed with a lock in it that is held (`debug_check_no_locks_freed`). */
export function reportFreedLock(system: System, name: string | undefined, by: string): void {
  if (!system.lockdepWatches || name === undefined) return;
  lockdepSays(system, 'held lock freed!', {
    kind: 'warning',
    message: `${by} frees the memory of \`${name}\`, which is held: who waits for it reads memory that belongs to somebody else.`,
    where: { function: 'debug_check_no_locks_freed', file: 'kernel/locking/lockdep.c' },
  });
}

/** A call that may sleep, where that is forbidden: with DEBUG_ATOMIC_SLEEP the kernel says so whether it sleeps or not. */
export function checkSleep(context: CallContext): void {
  const { call, system, environment } = context;
  if (!system.config.atomicSleep) return;
  const why = environment.lockOrder.forbidsSleep;
  if (why === undefined || !maySleep(context)) return;
  system.report({
    kind: 'warning',
    message: `${call.name} may sleep, which is forbidden under ${why}.`,
    kernelLog: 'BUG: sleeping function called from invalid context',
    where: { function: '__might_resched', file: 'kernel/sched/core.c' },
  });
}

function maySleep(context: CallContext): boolean {
  const { call, system } = context;
  if (sleepingCalls.has(call.name)) return true;
  const gfp = allocatorOf(call.name)?.gfp;
  const reclaim = kernelConstant('__GFP_DIRECT_RECLAIM', system.version)?.value ?? 0n;
  return gfp !== undefined && ((context.ulong(gfp) ?? 0n) & reclaim) !== 0n;
}
