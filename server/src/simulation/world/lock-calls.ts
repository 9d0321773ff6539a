/**
 * Lock calls: there is one thread, so that every lock is free, but the mmap lock is the model's own and may be held by the
 * path that called the driver.
 */

import { placeName } from '../../execution/place.ts';
import type { Place, Value } from '../../execution/value.ts';
import type { Mm } from '../../mm/mm.ts';
import { type LockCall, lockCall, lockSetUps } from '../../services/locks.ts';
import type { CallContext } from './call-context.ts';
import { recursion, reportNotHeld, reportOrder } from './self-checks.ts';
import { runSemaphoreCall } from './semaphore-calls.ts';
import { intValue, nothing, numberOf, placeOf } from './values.ts';

/** The result of a call that takes or drops a lock; `undefined` for every other call. */
export function runLockCall(context: CallContext): Value | undefined {
  const semaphore = runSemaphoreCall(context);
  if (semaphore) return semaphore;
  if (lockSetUps.has(context.call.name)) noteSetUp(context);
  const lock = lockCall(context.call);
  if (!lock) return undefined;
  const { environment } = context;
  if (lock.kind === 'mmap-read' || lock.kind === 'mmap-write') {
    const mm = context.environment.objects.pointed(context.argument(lock.argument ?? 0), 'mm')?.mm ?? context.environment.currentMm();
    const taken = change(context, mm, lock.action, lock.kind === 'mmap-read' ? 'read' : 'write', lock.result !== undefined);
    return lock.result === 'truth' ? intValue(taken ? 1 : 0) : lock.result === 'error' ? intValue(0) : nothing;
  }
  const place = placeOf(context.argument(lock.argument ?? 0));
  if (place && lock.kind === 'mutex' && lock.action === 'take' && context.environment.lockOrder.holds(place)) {
    if (lock.result === 'truth') return intValue(0);
    if (waitsForItself.test(context.call.name) && context.environment.asItRuns) selfDeadlock(context, place);
  }
  if (lock.kind === 'rcu') environment.lockOrder.readRcu(lock.action === 'take' ? 1 : -1);
  if (place) noteOrder(context, lock, place);
  if (lock.action !== 'take') return nothing;
  return lock.result === 'truth' ? intValue(1) : lock.result === 'error' ? intValue(0) : nothing;
}

/** Counters that take a lock with the last reference. */
const takesWithLast = /^(atomic|refcount)_dec_and_(mutex_)?lock/;

/** Notes the lock that such a call has taken, by its result. */
export function noteTakenWithLast(context: CallContext, result: Value): void {
  const { call, environment } = context;
  const match = takesWithLast.exec(call.name);
  const place = match && placeOf(context.argument(1));
  if (place && (numberOf(result) ?? 0n) !== 0n) environment.lockOrder.hold(match[2] === undefined ? 'spinlock' : 'mutex', place);
}

/** Mutexes that know no owner's second call; the others answer it with an error. */
const waitsForItself = /^mutex_lock/;

/** Nobody else runs, so who holds the mutex does not give it back: the task itself, or one that has left the driver with it. */
function selfDeadlock({ system, call }: CallContext, place: Place): never {
  return system.stop({
    kind: 'deadlock',
    ...recursion(system),
    message: `${call.name} waits for \`${placeName(place)}\`, which is held already: by this task further up, or by one that has left the driver without giving it back. It waits for ever.`,
    where: { function: call.name, file: 'kernel/locking/mutex.c' },
    killable: call.name !== 'mutex_lock' && call.name !== 'mutex_lock_nested',
  });
}

/** A lock that is merely tried waits for nobody. */
function noteOrder(context: CallContext, { kind, action, result }: LockCall, place: Place): void {
  const { lockOrder, system } = context.environment;
  if (action === 'drop') {
    if (!lockOrder.drop(place)) reportNotHeld(system, kind, placeName(place), context.call.name);
    return;
  }
  if (action !== 'take') return;
  if (result === 'truth') return lockOrder.hold(kind, place);
  const conflict = lockOrder.take(kind, place, context.call.name.includes('_nested'));
  if (conflict) reportOrder(system, conflict, context.call.name);
}

/** Locks that the same call sets up are of one class. */
function noteSetUp(context: CallContext): void {
  const { call, environment } = context;
  const place = placeOf(context.argument(0));
  if (place) environment.lockOrder.setUp(place, `${call.file}:${call.span.start}`);
}

function change(context: CallContext, mm: Mm, action: 'take' | 'drop' | 'downgrade', mode: 'read' | 'write', mayFail: boolean): boolean {
  if (action === 'drop') mm.mmapLock = 'none';
  else if (action === 'downgrade') mm.mmapLock = 'read';
  else if (mm.mmapLock === 'none' || (mm.mmapLock === 'read' && mode === 'read')) mm.mmapLock = mode;
  else if (mayFail) return false;
  else deadlock(context, mm);
  return true;
}

function deadlock(context: CallContext, mm: Mm): never {
  return context.system.stop({
    kind: 'deadlock',
    ...recursion(context.system),
    message: `${context.call.name} waits for the mmap lock, which this task already holds for ${mm.mmapLock === 'write' ? 'writing' : 'reading'}: it waits for ever.`,
    where: { function: context.call.name, file: 'include/linux/mmap_lock.h' },
    rule: 'S13.1',
  });
}
