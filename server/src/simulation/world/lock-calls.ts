/**
 * Lock calls: there is one thread, so that every lock is free, but the mmap lock is the model's own and may be held by the
 * path that called the driver.
 */

import type { Place, Value } from '../../execution/value.ts';
import type { Mm } from '../../mm/mm.ts';
import { type LockCall, lockCall } from '../../services/locks.ts';
import { type CallContext, reportOrder } from './call-context.ts';
import { intValue, nothing, placeOf } from './values.ts';

/** The result of a call that takes or drops a lock; `undefined` for every other call. */
export function runLockCall(context: CallContext): Value | undefined {
  const lock = lockCall(context.call);
  if (!lock) return undefined;
  if (lock.kind === 'mmap-read' || lock.kind === 'mmap-write') {
    const mm = context.environment.objects.pointed(context.argument(lock.argument ?? 0), 'mm')?.mm ?? context.environment.currentMm();
    const taken = change(context, mm, lock.action, lock.kind === 'mmap-read' ? 'read' : 'write', lock.result !== undefined);
    return lock.result === 'truth' ? intValue(taken ? 1 : 0) : lock.result === 'error' ? intValue(0) : nothing;
  }
  const place = placeOf(context.argument(lock.argument ?? 0));
  if (place) noteOrder(context, lock, place);
  if (lock.action !== 'take') return nothing;
  return lock.result === 'truth' ? intValue(1) : lock.result === 'error' ? intValue(0) : nothing;
}

/** A lock that is merely tried waits for nobody. */
function noteOrder(context: CallContext, { kind, action, result }: LockCall, place: Place): void {
  const { lockOrder, system } = context.environment;
  if (action === 'drop') return lockOrder.drop(place);
  if (action !== 'take' || result === 'truth') return;
  const name = lockOrder.take(kind, place);
  if (name !== undefined) reportOrder(system, name, context.call.name);
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
    message: `${context.call.name} waits for the mmap lock, which this task already holds for ${mm.mmapLock === 'write' ? 'writing' : 'reading'}: it waits for ever.`,
    where: { function: context.call.name, file: 'include/linux/mmap_lock.h' },
    rule: 'S13.1',
  });
}
