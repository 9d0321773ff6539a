/**
 * What a driver leaves to be done later: work items, delayed work, timers (kernel/workqueue.c, kernel/time/timer.c). A worker does work
 * when the statement that queued it is over, or when somebody waits; time passes only for who waits for it. Knows no scenario.
 */

import { type CType, unknownType, unsignedLong } from '../../execution/ctype.ts';
import { samePlace } from '../../execution/place.ts';
import type { TypeTable } from '../../execution/type-table.ts';
import type { Place, Value } from '../../execution/value.ts';
import type { CallContext, KernelCall, KernelCallTable } from './call-context.ts';
import { jiffies } from './jiffies.ts';
import { structType } from './objects.ts';
import { integer, intValue, nothing, numberOf, ulongValue } from './values.ts';

/** A function that is to be called with the struct that stands for it. */
interface Later {
  readonly kind: 'work' | 'delayed' | 'timer';
  /** The struct work_struct of work and delayed work, the struct timer_list of a timer. */
  readonly place: Place;
  readonly function: string;
  readonly argument: Value;
  /** In jiffies; work is due at once. */
  readonly due: bigint;
}

/** Works that queue each other are left after so many. */
const mostInARow = 64;

export class Deferred {
  #waiting: readonly Later[] = [];

  /** Whether there is work that a worker would do now. */
  get isDue(): boolean {
    return this.#waiting.some((each) => each.due <= jiffies);
  }

  find(place: Place): Later | undefined {
    return this.#waiting.find((each) => samePlace(each.place, place));
  }

  add(later: Later): void {
    this.#waiting = [...this.#waiting, later];
  }

  /** Takes it away; whether it was waiting. */
  take(place: Place): Later | undefined {
    const found = this.find(place);
    if (found) this.#waiting = this.#waiting.filter((each) => each !== found);
    return found;
  }

  /** Has everything that is due at `until` (jiffies) called, the earliest first. */
  run(call: (name: string, args: readonly Value[]) => void, until = jiffies): void {
    for (let count = 0; count < mostInARow; count++) {
      const next = this.#waiting.reduce<Later | undefined>((first, each) => (first && first.due <= each.due ? first : each), undefined);
      if (!next || next.due > until) return;
      this.take(next.place);
      call(next.function, [next.argument]);
    }
  }
}

/** The part of a struct that the field names lead to. */
function part(types: TypeTable, place: Place, tag: string, ...fields: readonly string[]): Place {
  let type: CType = structType(tag);
  const path = [...place.path];
  for (const name of fields) {
    const field = types.field(type, name);
    path.push(field?.step ?? { kind: 'field', name });
    type = field?.type ?? unknownType;
  }
  return { object: place.object, path };
}

function at({ environment: { types } }: CallContext, place: Place, tag: string, ...fields: readonly string[]): Place {
  return part(types, place, tag, ...fields);
}

/** Where a struct has the function that is called later, by its tag. */
const functionFields: Readonly<Record<string, readonly string[]>> = {
  work_struct: ['func'],
  delayed_work: ['work', 'func'],
  timer_list: ['function'],
};

/** The field for the function in a struct at `place`; `undefined` for structs that stand for nothing that is called later. */
export function functionPlace(types: TypeTable, place: Place, tag: string): Place | undefined {
  const fields = Object.hasOwn(functionFields, tag) ? functionFields[tag] : undefined;
  return fields && part(types, place, tag, ...fields);
}

const functionPointer = { kind: 'pointer', to: { kind: 'function', returns: { kind: 'void' }, parameters: [] } } as const;

/** `INIT_WORK(work, function)`, `timer_setup(timer, function, flags)`: the field that holds the function. */
function setUp(tag: string): KernelCall {
  return (context) => {
    const place = context.place(0);
    const run = context.argument(1);
    const target = place && functionPlace(context.environment.types, place, tag);
    if (!place || !target || run?.kind !== 'function') return undefined;
    context.environment.deferred.take(tag === 'delayed_work' ? at(context, place, tag, 'work') : place);
    context.machine.write(target, run, context.call.span);
    return nothing;
  };
}

function functionAt(context: CallContext, place: Place): string | undefined {
  const value = context.machine.read(place, functionPointer);
  return value.kind === 'function' ? value.name : undefined;
}

const truth = (value: boolean) => intValue(value ? 1 : 0);

/** Queues work that is argument `index`, after the delay of argument `delay`; 1 where it was not queued already. */
function queue(index: number, delay?: number, modifies = false): KernelCall {
  return (context) => {
    const given = context.place(index);
    if (!given) return undefined;
    const { deferred } = context.environment;
    const place = delay === undefined ? given : at(context, given, 'delayed_work', 'work');
    const ticks = delay === undefined ? 0n : context.ulong(delay);
    const run = functionAt(context, at(context, place, 'work_struct', 'func'));
    if (run === undefined || ticks === undefined) return undefined;
    const waiting = deferred.find(place);
    if (waiting && !modifies) return intValue(0);
    deferred.take(place);
    const argument: Value = { kind: 'pointer', place, pointee: structType('work_struct') };
    deferred.add({ kind: ticks > 0n ? 'delayed' : 'work', place, function: run, argument, due: jiffies + ticks });
    return truth(modifies ? waiting !== undefined : true);
  };
}

/** Waits until the work is done; delayed work is done at once. 1 where it was waiting. */
function flush(isDelayed: boolean): KernelCall {
  return (context) => {
    const given = context.place(0);
    if (!given) return undefined;
    const { deferred } = context.environment;
    const place = isDelayed ? at(context, given, 'delayed_work', 'work') : given;
    const waiting = deferred.find(place);
    // Delayed work that nobody hurries is not waited for.
    if (!waiting || (!isDelayed && waiting.due > jiffies)) return intValue(0);
    letOthersRun(context);
    if (deferred.take(place)) context.machine.invoke(waiting.function, [waiting.argument]);
    return intValue(1);
  };
}

const flushAll: KernelCall = (context) => {
  letOthersRun(context);
  return nothing;
};

/** Takes the work or the timer back; 1 where it was waiting. */
function cancel(...fields: readonly string[]): KernelCall {
  return (context) => {
    const place = context.place(0);
    return place && truth(context.environment.deferred.take(at(context, place, 'delayed_work', ...fields)) !== undefined);
  };
}

function isWaiting(...fields: readonly string[]): KernelCall {
  return (context) => {
    const place = context.place(0);
    return place && truth(context.environment.deferred.find(at(context, place, 'delayed_work', ...fields)) !== undefined);
  };
}

/** `mod_timer(timer, expires)`: 1 where it was waiting. */
const modifyTimer: KernelCall = (context) => {
  const place = context.place(0);
  const due =
    context.call.arguments.length > 1
      ? context.ulong(1)
      : place && numberOf(context.machine.read(at(context, place, 'timer_list', 'expires'), unsignedLong));
  const run = place && functionAt(context, at(context, place, 'timer_list', 'function'));
  if (!place || due === undefined || run === undefined) return undefined;
  const { deferred } = context.environment;
  const waiting = deferred.take(place);
  context.machine.write(at(context, place, 'timer_list', 'expires'), integer(unsignedLong, due), context.call.span);
  deferred.add({ kind: 'timer', place, function: run, argument: { kind: 'pointer', place, pointee: structType('timer_list') }, due });
  return truth(waiting !== undefined);
};

/** `call_rcu(head, function)`: a grace period is over when the statement is. */
const callLater: KernelCall = (context) => {
  const place = context.place(0);
  const run = context.argument(1);
  const argument = context.argument(0);
  if (!place || !argument || run?.kind !== 'function') return undefined;
  context.environment.deferred.add({ kind: 'work', place, function: run.name, argument, due: jiffies });
  return nothing;
};

/** Has what is due done, and what becomes due while somebody waits `ticks` jiffies. */
export function letOthersRun({ environment, machine }: CallContext, ticks = 0n): void {
  environment.deferred.run((name, args) => void machine.invoke(name, args), jiffies + ticks);
}

/** `msleep(milliseconds)` and its like: time passes. */
function sleep(ticksOf: (number: bigint) => bigint): KernelCall {
  return (context) => {
    letOthersRun(context, ticksOf(context.ulong(0) ?? 0n));
    return nothing;
  };
}

const setUpWork = setUp('work_struct');
const setUpDelayed = setUp('delayed_work');
const setUpTimer = setUp('timer_list');

export const deferredCalls: KernelCallTable = {
  call_rcu: callLater,
  call_rcu_hurry: callLater,
  rcu_barrier: flushAll,
  synchronize_rcu: flushAll,
  synchronize_rcu_expedited: flushAll,
  INIT_WORK: setUpWork,
  INIT_WORK_ONSTACK: setUpWork,
  INIT_DELAYED_WORK: setUpDelayed,
  INIT_DEFERRABLE_WORK: setUpDelayed,
  schedule_work: queue(0),
  schedule_work_on: queue(1),
  queue_work: queue(1),
  queue_work_on: queue(2),
  schedule_delayed_work: queue(0, 1),
  schedule_delayed_work_on: queue(1, 2),
  queue_delayed_work: queue(1, 2),
  queue_delayed_work_on: queue(2, 3),
  mod_delayed_work: queue(1, 2, true),
  mod_delayed_work_on: queue(2, 3, true),
  flush_work: flush(false),
  flush_delayed_work: flush(true),
  flush_workqueue: flushAll,
  drain_workqueue: flushAll,
  destroy_workqueue: flushAll,
  flush_scheduled_work: flushAll,
  cancel_work: cancel(),
  cancel_work_sync: cancel(),
  cancel_delayed_work: cancel('work'),
  cancel_delayed_work_sync: cancel('work'),
  work_pending: isWaiting(),
  work_busy: isWaiting(),
  delayed_work_pending: isWaiting('work'),
  timer_setup: setUpTimer,
  timer_setup_on_stack: setUpTimer,
  mod_timer: modifyTimer,
  add_timer: modifyTimer,
  del_timer: cancel(),
  del_timer_sync: cancel(),
  timer_delete: cancel(),
  timer_delete_sync: cancel(),
  timer_shutdown: cancel(),
  timer_shutdown_sync: cancel(),
  timer_pending: isWaiting(),
  msleep: sleep((milliseconds) => (milliseconds + 3n) / 4n),
  msleep_interruptible: (context) => {
    sleep((milliseconds) => (milliseconds + 3n) / 4n)(context);
    return ulongValue(0n);
  },
  ssleep: sleep((seconds) => seconds * 250n),
};
