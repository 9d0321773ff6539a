/**
 * A task that says that it is about to sleep, and sleeps (kernel/sched/core.c, kernel/time/sleep_timeout.c): others run meanwhile, until one
 * of them wakes it, or time is over. Of a driver that is followed from its set-up on.
 */
import type { CallContext, KernelCall, KernelCallTable } from './call-context.ts';
import { jiffy } from './clock.ts';
import { letOthersRun, waitUntil } from './deferred.ts';
import { intValue, nothing, ulongValue } from './values.ts';

/** Only where time and others are followed. */
function followed(call: KernelCall): KernelCall {
  return (context) => (context.environment.asItRuns ? call(context) : undefined);
}

/** `set_current_state(state)`, `prepare_to_wait(queue, entry, state)`: the state is argument `index`. */
const enterState = (index: number): KernelCall =>
  followed((context) => {
    const { task } = context.environment.deferred;
    task.isSleepy = (context.ulong(index) ?? 0n) !== 0n;
    task.isWoken = false;
    return intValue(0);
  });

const wakeUp: KernelCall = followed((context) => {
  const { task } = context.environment.deferred;
  task.isWoken = true;
  task.isSleepy = false;
  return intValue(1);
});

const finish: KernelCall = followed((context) => {
  context.environment.deferred.task.isSleepy = false;
  return nothing;
});

/** Sleeps until somebody wakes it, at most so many nanoseconds; what is left in jiffies, `undefined` where nobody did. */
function sleep(context: CallContext, nanoseconds: bigint | undefined): bigint | undefined {
  const { task } = context.environment.deferred;
  const left = waitUntil(context, () => task.isWoken, nanoseconds);
  task.isSleepy = false;
  return left;
}

const foreverJiffies = (1n << 63n) - 1n;

/** `schedule_timeout(jiffies)`: a task that said nothing before comes back at once. */
const scheduleTimeout = (isSleepy: boolean): KernelCall =>
  followed((context) => {
    const { task } = context.environment.deferred;
    const asked = context.ulong(0) ?? 0n;
    if (isSleepy) {
      task.isSleepy = true;
      task.isWoken = false;
    }
    if (asked >= foreverJiffies) return schedule(context) && ulongValue(asked);
    if (!task.isSleepy) {
      letOthersRun(context);
      return ulongValue(asked);
    }
    return ulongValue(sleep(context, asked * jiffy) ?? 0n);
  });

const schedule: KernelCall = followed((context) => {
  if (!context.environment.deferred.task.isSleepy) {
    letOthersRun(context);
    return nothing;
  }
  if (sleep(context, undefined) !== undefined) return nothing;
  return context.system.stop({
    kind: 'deadlock',
    message: `${context.call.name} sleeps, and nothing in the scenario wakes the task: it sleeps until a signal ends it.`,
    where: { function: context.call.name, file: 'kernel/sched/core.c' },
    killable: true,
  });
});

const ignored = followed(() => nothing);

export const sleepCalls: KernelCallTable = {
  set_current_state: enterState(0),
  __set_current_state: enterState(0),
  prepare_to_wait: enterState(2),
  prepare_to_wait_exclusive: enterState(2),
  prepare_to_wait_event: enterState(2),
  finish_wait: finish,
  add_wait_queue: ignored,
  add_wait_queue_exclusive: ignored,
  remove_wait_queue: ignored,
  init_wait: ignored,
  init_waitqueue_entry: ignored,
  wake_up: wakeUp,
  wake_up_all: wakeUp,
  wake_up_nr: wakeUp,
  wake_up_interruptible: wakeUp,
  wake_up_interruptible_all: wakeUp,
  wake_up_interruptible_sync: wakeUp,
  wake_up_interruptible_poll: wakeUp,
  wake_up_poll: wakeUp,
  wake_up_locked: wakeUp,
  wake_up_process: wakeUp,
  swake_up_one: wakeUp,
  swake_up_all: wakeUp,
  schedule,
  io_schedule: schedule,
  schedule_timeout: scheduleTimeout(false),
  schedule_timeout_interruptible: scheduleTimeout(true),
  schedule_timeout_uninterruptible: scheduleTimeout(true),
  schedule_timeout_killable: scheduleTimeout(true),
  schedule_timeout_idle: scheduleTimeout(true),
};
