/**
 * What a driver leaves to be done later: work items, delayed work, timers (kernel/workqueue.c, kernel/time/timer.c). A worker does work
 * when the statement that queued it is over, or when somebody waits; time passes only for who waits for it. Knows no scenario.
 */

import { type CType, unknownType, unsignedLong } from '../../execution/ctype.ts';
import { samePlace } from '../../execution/place.ts';
import type { TypeTable } from '../../execution/type-table.ts';
import type { Place, Value } from '../../execution/value.ts';
import type { CallContext, KernelCall, KernelCallTable } from './call-context.ts';
import { Clock, jiffy } from './clock.ts';
import { structType } from './objects.ts';
import { integer, intValue, nothing, numberOf, ulongValue } from './values.ts';

/** A function that is to be called with the struct that stands for it. */
interface Later {
  readonly kind: 'work' | 'delayed' | 'timer' | 'tasklet';
  /** The struct work_struct of work and delayed work, the struct timer_list of a timer. */
  readonly place: Place;
  readonly function: string;
  readonly argument: Value;
  /** In nanoseconds of the clock; work is due at once. */
  readonly due: bigint;
  /** What the function's result means, where it means something. */
  readonly over?: (result: Value) => void;
}

const millisecond = 1_000_000n;

/** A wait without an end is given up after so many nanoseconds: a day. */
const longest = 86_400_000n * millisecond;

/** Works that queue each other are left after so many. */
const mostInARow = 512;

export class Deferred {
  readonly clock = new Clock();
  /** What the task that runs has said of itself: whether it is about to sleep, and whether somebody has woken it since. */
  readonly task = { isSleepy: false, isWoken: false };
  #waiting: readonly Later[] = [];

  /** Whether there is work that a worker would do now. */
  get isDue(): boolean {
    return this.#waiting.some((each) => each.due <= this.clock.now);
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

  /** Has everything that is due at `until` (nanoseconds) called, the earliest first. */
  run(call: Caller, until = this.clock.now): void {
    for (let count = 0; count < mostInARow; count++) if (!this.runNext(call, until)) return this.#pass(until);
  }

  /** Has the one called that is due first, not later than `until`; whether there was one. */
  runNext(call: Caller, until = this.clock.now): boolean {
    const next = this.#waiting.reduce<Later | undefined>((first, each) => (first && first.due <= each.due ? first : each), undefined);
    if (!next || next.due > until) return false;
    this.take(next.place);
    this.#pass(next.due);
    const result = call(next.function, [next.argument]);
    if (result) next.over?.(result);
    return true;
  }

  #pass(until: bigint): void {
    if (until > this.clock.now) this.clock.now = until;
  }
}

/** Calls a function of the driver; its result, where it came to one. */
type Caller = (name: string, args: readonly Value[]) => Value | undefined;

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
  hrtimer: ['function'],
  tasklet_struct: ['callback'],
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
    deferred.add({ kind: ticks > 0n ? 'delayed' : 'work', place, function: run, argument, due: deferred.clock.in(ticks) });
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
    if (!waiting || (!isDelayed && waiting.due > deferred.clock.now)) return intValue(0);
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
  deferred.add({
    kind: 'timer',
    place,
    function: run,
    argument: { kind: 'pointer', place, pointee: structType('timer_list') },
    due: deferred.clock.whenJiffies(due),
  });
  return truth(waiting !== undefined);
};

/** `hrtimer_start(timer, moment, mode)`: one that asks to be restarted is due again when it says (kernel/time/hrtimer.c). */
const startHighTimer: KernelCall = (context) => {
  const place = context.place(0);
  if (!place) return undefined;
  const { deferred } = context.environment;
  const expires = at(context, place, 'hrtimer', 'expires');
  if (context.call.name === 'hrtimer_start') {
    const isRelative = ((context.ulong(2) ?? 0n) & 1n) !== 0n;
    const moment = (context.number(1) ?? 0n) + (isRelative ? deferred.clock.now : 0n);
    context.machine.write(expires, integer(signedLong, moment), context.call.span);
  }
  const run = functionAt(context, at(context, place, 'hrtimer', 'function'));
  if (run === undefined) return undefined;
  const argument: Value = { kind: 'pointer', place, pointee: structType('hrtimer') };
  const { machine } = context;
  const due = () => {
    const moment = numberOf(machine.read(expires, signedLong)) ?? 0n;
    return moment > deferred.clock.now ? moment : deferred.clock.now;
  };
  const start = () => {
    deferred.take(place);
    deferred.add({ kind: 'timer', place, function: run, argument, due: due(), over: restart });
  };
  const restart = (result: Value) => {
    if (numberOf(result) === HRTIMER_RESTART) start();
  };
  start();
  return nothing;
};

const HRTIMER_RESTART = 1n;
const signedLong = { kind: 'integer', bits: 64, signed: true, name: 's64' } as const;

/** `tasklet_schedule(tasklet)`: it runs as soon as the softirq's thread does. */
const scheduleTasklet: KernelCall = (context) => {
  const place = context.place(0);
  if (!place) return undefined;
  const { deferred } = context.environment;
  const argument: Value = { kind: 'pointer', place, pointee: structType('tasklet_struct') };
  if (!deferred.find(place)) deferred.add({ kind: 'tasklet', place, function: 'tasklet_runs', argument, due: deferred.clock.now });
  return nothing;
};

/** `call_rcu(head, function)`: a grace period is over when the statement is. */
const callLater: KernelCall = (context) => {
  const place = context.place(0);
  const run = context.argument(1);
  const argument = context.argument(0);
  if (!place || !argument || run?.kind !== 'function') return undefined;
  const { deferred } = context.environment;
  deferred.add({ kind: 'work', place, function: run.name, argument, due: deferred.clock.now });
  return nothing;
};

/** Has what is due done, and what becomes due while somebody waits for so many nanoseconds. */
export function letOthersRun({ environment: { deferred }, machine }: CallContext, nanoseconds = 0n): void {
  deferred.run((name, args) => machine.invoke(name, args), deferred.clock.now + nanoseconds);
}

/**
 * Waits until somebody in sight has made it so, at most so many nanoseconds, else for as long as anything is to come; what is left of the
 * time in jiffies, at least 1, or `undefined` where it was in vain.
 */
export function waitUntil(
  { environment: { deferred }, machine }: CallContext,
  isOver: () => boolean,
  nanoseconds?: bigint,
): bigint | undefined {
  const { clock } = deferred;
  const end = clock.now + (nanoseconds ?? longest);
  for (let count = 0; count < mostInARow; count++) {
    if (isOver()) return (end - clock.now) / jiffy || 1n;
    if (!deferred.runNext((name, args) => machine.invoke(name, args), end)) break;
  }
  if (nanoseconds === undefined) return undefined;
  clock.now = end;
  return isOver() ? 1n : undefined;
}

/** `msleep(milliseconds)` and its like: time passes, in nanoseconds a unit. */
function sleep(unit: bigint): KernelCall {
  return (context) => {
    letOthersRun(context, (context.ulong(0) ?? 0n) * unit);
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
  hrtimer_start: startHighTimer,
  hrtimer_restart: startHighTimer,
  hrtimer_cancel: cancel(),
  hrtimer_active: isWaiting(),
  tasklet_schedule: scheduleTasklet,
  tasklet_kill: flushAll,
  msleep: sleep(millisecond),
  msleep_interruptible: (context) => {
    sleep(millisecond)(context);
    return ulongValue(0n);
  },
  ssleep: sleep(1000n * millisecond),
  usleep_range: sleep(1000n),
  fsleep: sleep(1000n),
  mdelay: sleep(millisecond),
};
