/** Semaphores (kernel/locking/semaphore.c) of a driver that is followed from its set-up on: who finds none waits, or goes away. */
import { unsignedInt } from '../../execution/ctype.ts';
import type { Value } from '../../execution/value.ts';
import type { CallContext } from './call-context.ts';
import { jiffy } from './clock.ts';
import { waitUntil } from './deferred.ts';
import { structType } from './objects.ts';
import { integer, intValue, nothing, numberOf } from './values.ts';

/** The timer expired. */
const ETIME = 62;

const takers: ReadonlySet<string> = new Set(['down', 'down_interruptible', 'down_killable', 'down_trylock', 'down_timeout']);

/** The result of a call on a semaphore; `undefined` for every other call. */
export function runSemaphoreCall(context: CallContext): Value | undefined {
  const { call, environment, machine } = context;
  const { name, span } = call;
  if (!environment.asItRuns || (name !== 'up' && !takers.has(name))) return undefined;
  const base = context.place(0);
  const step = environment.types.field(structType('semaphore'), 'count')?.step;
  if (!base || !step) return undefined;
  const place = { object: base.object, path: [...base.path, step] };
  const count = () => numberOf(machine.read(place, unsignedInt)) ?? 0n;
  const change = (by: bigint) => machine.write(place, integer(unsignedInt, count() + by), span);
  if (name === 'up') {
    change(1n);
    return nothing;
  }
  const timeout = name === 'down_trylock' ? 0n : name === 'down_timeout' ? (context.ulong(1) ?? 0n) * jiffy : undefined;
  const isThere = () => count() > 0n;
  const got = name === 'down_trylock' ? isThere() : waitUntil(context, isThere, timeout) !== undefined;
  if (got) {
    change(-1n);
    return name === 'down' ? nothing : intValue(0);
  }
  // Unlike every other trylock, 1 means that it was not taken.
  if (name === 'down_trylock') return intValue(1);
  if (name === 'down_timeout') return intValue(-ETIME);
  return context.system.stop({
    kind: 'deadlock',
    message: `${name} waits for a semaphore that nothing in the scenario gives back: it waits for ever.`,
    where: { function: name, file: 'kernel/locking/semaphore.c' },
    killable: name !== 'down',
  });
}
