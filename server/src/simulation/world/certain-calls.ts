/**
 * Calls whose answer is the same on every machine on which the driver works: who the program is, what time it is, whether
 * the module is still there. A table; answers that could as well be others are listed as assumptions.
 */
import type { CType } from '../../execution/ctype.ts';
import { forget } from '../../execution/memory.ts';
import type { Value } from '../../execution/value.ts';
import { fput, get_file } from '../../mm/file.ts';
import type { Assumptions } from '../state/assumptions.ts';
import type { CallContext, KernelCall, KernelCallTable } from './call-context.ts';
import { type Clock, jiffy } from './clock.ts';
import { waitUntil } from './deferred.ts';
import { pidOf } from './fields.ts';
import { seekCalls } from './seek-calls.ts';
import { integer, intValue, nothing, numberOf, ulongValue } from './values.ts';

/** Of the machine, as drivers see it. */
const processors = 4;

const always =
  (value: bigint | number): KernelCall =>
  () =>
    intValue(value);
const ignored: KernelCall = () => nothing;

/** `task_pid_nr(task)` and its relatives. */
const pid: KernelCall = (context) => intValue(pidOf(context.environment.objects.pointed(context.argument(0), 'task')?.mm));

const longLong = { kind: 'integer', bits: 64, signed: true, name: 's64' } as const;

/** `DMA_BIT_MASK(n)`: n ones. */
const dmaMask: KernelCall = (context) => {
  const bits = context.number(0);
  return bits === undefined ? undefined : ulongValue(bits >= 64n ? (1n << 64n) - 1n : (1n << bits) - 1n);
};

/** `dma_set_coherent_mask(dev, mask)`: what the device can reach of coherent memory. */
const coherentMask: KernelCall = (context) => {
  context.system.memory.coherentMask = context.ulong(1);
  return intValue(0);
};

/** `drm_dev_enter(dev, &idx)`: the device is there. */
const enterDevice: KernelCall = (context) => {
  const place = context.place(1);
  if (place) context.machine.write(place, intValue(0), context.call.span);
  return intValue(1);
};

/** `video_devdata(file)`: the video device that the driver registered; `video_drvdata(file)`: the data that it set for it. */
const videoDevice: KernelCall = (context) => context.environment.registered.given('video_device');
const videoData: KernelCall = (context) => {
  const device = context.environment.registered.given('video_device');
  return device && context.run('video_get_drvdata', [device]);
};

/** Ticks of 4 ms for milliseconds, HZ being 250. */
const ticks: KernelCall = (context) => {
  const milliseconds = context.ulong(0);
  return milliseconds === undefined ? undefined : ulongValue((milliseconds + 3n) / 4n);
};

/** `nonseekable_open(inode, file)`, `stream_open(inode, file)`: from here on lseek, pread and pwrite are refused (fs/open.c). */
const withoutPosition: KernelCall = (context) => {
  const file = context.environment.objects.pointed(context.argument(1), 'file')?.file;
  if (file) file.withoutPosition = true;
  return intValue(0);
};

/** `get_file(file)`, `fput(file)`: one reference more, or one less. */
const getFile: KernelCall = (context) => {
  const file = context.environment.objects.pointed(context.argument(0), 'file')?.file;
  if (file) get_file(file);
  return file && context.argument(0);
};
const putFile: KernelCall = (context) => {
  const file = context.environment.objects.pointed(context.argument(0), 'file')?.file;
  if (file) fput(context.system, file);
  return file && nothing;
};

/** Since the scenario began. */
const moment: KernelCall = ({ environment }) => integer(longLong, environment.deferred.clock.now);

export const certainCalls: KernelCallTable = {
  try_module_get: always(1),
  __module_get: ignored,
  module_put: ignored,
  get_file: getFile,
  fput: putFile,
  nonseekable_open: withoutPosition,
  dma_set_mask: always(0),
  dma_set_coherent_mask: coherentMask,
  dma_set_mask_and_coherent: coherentMask,
  dma_coerce_mask_and_coherent: coherentMask,
  pci_set_consistent_dma_mask: coherentMask,
  stream_open: withoutPosition,
  ...seekCalls,
  drm_dev_enter: enterDevice,
  drm_dev_exit: ignored,
  drm_dev_is_unplugged: always(0),
  video_is_registered: always(1),
  video_devdata: videoDevice,
  video_drvdata: videoData,
  task_pid_nr: pid,
  task_tgid_nr: pid,
  task_tgid_vnr: pid,
  task_pid_vnr: pid,
  current_uid: always(0),
  current_euid: always(0),
  from_kuid: always(0),
  in_compat_syscall: always(0),
  is_compat_task: always(0),
  signal_pending: always(0),
  fatal_signal_pending: always(0),
  signal_pending_state: always(0),
  need_resched: always(0),
  in_interrupt: always(0),
  in_atomic: always(0),
  irqs_disabled: always(0),
  security_locked_down: always(0),
  smp_processor_id: always(0),
  raw_smp_processor_id: always(0),
  get_cpu: always(0),
  put_cpu: ignored,
  num_online_cpus: always(processors),
  num_possible_cpus: always(processors),
  numa_node_id: always(0),
  dev_to_node: always(-1),
  pcibus_to_node: always(-1),
  ktime_get: moment,
  ktime_get_real: moment,
  ktime_get_ns: moment,
  ktime_get_real_ns: moment,
  ktime_get_raw_ns: moment,
  ktime_get_boottime: moment,
  get_jiffies_64: ({ environment }) => ulongValue(environment.deferred.clock.jiffies),
  msecs_to_jiffies: ticks,
  DMA_BIT_MASK: dmaMask,
};

/** Variables of the kernel that drivers read. */
const kernelNumbers: Readonly<Record<string, (clock: Clock) => bigint>> = {
  jiffies: (clock) => clock.jiffies,
  nr_cpu_ids: () => BigInt(processors),
};

/** What a variable of the kernel holds; `undefined` for other names. */
export function kernelNumber(name: string, type: CType, clock: Clock): Value | undefined {
  const number = Object.hasOwn(kernelNumbers, name) ? kernelNumbers[name]?.(clock) : undefined;
  if (number === undefined || (type.kind !== 'integer' && type.kind !== 'unknown')) return undefined;
  return type.kind === 'integer' ? integer(type, number) : ulongValue(number);
}

/** Who may do what: the program is root; a scenario may assume 0. */
const permissions: ReadonlySet<string> = new Set(['capable', 'ns_capable', 'file_ns_capable', 'perfmon_capable', 'ptracer_capable']);

interface Wait {
  readonly condition?: number;
  readonly timeout?: number;
  readonly answers?: boolean;
}

/**
 * Waits: whoever the driver waits for has done what it waits for. `at` is the condition or the timeout; the answer is 0, what is
 * left of the timeout, or nothing.
 */
const waits: Readonly<Record<string, Wait>> = {
  wait_event: { condition: 1 },
  wait_event_killable_timeout: { condition: 1, timeout: 2 },
  wait_event_idle: { condition: 1 },
  wait_event_freezable_timeout: { condition: 1, timeout: 2 },
  wait_event_lock_irq: { condition: 1 },
  wait_event_interruptible: { condition: 1, answers: true },
  wait_event_killable: { condition: 1, answers: true },
  wait_event_freezable: { condition: 1, answers: true },
  wait_event_interruptible_lock_irq: { condition: 1, answers: true },
  wait_event_timeout: { condition: 1, timeout: 2 },
  wait_event_interruptible_timeout: { condition: 1, timeout: 2 },
  wait_for_completion: {},
  wait_for_completion_interruptible: { answers: true },
  wait_for_completion_killable: { answers: true },
  wait_for_completion_timeout: { timeout: 1 },
  wait_for_completion_interruptible_timeout: { timeout: 1 },
  wait_for_completion_io: {},
};

/** The answer of a permission or a wait, with the assumption behind it; `undefined` for other calls. */
export function runAssumedCall(context: CallContext, assumptions: Assumptions): ReturnType<KernelCall> {
  const { name } = context.call;
  if (permissions.has(name)) {
    const reason = 'the program is taken to be root';
    return intValue(
      assumptions.choose(`${name}()`, [
        { value: 1n, text: '1', reason },
        { value: 0n, text: '0', reason },
      ]),
    );
  }
  const wait = Object.hasOwn(waits, name) ? waits[name] : undefined;
  if (!wait) return undefined;
  const condition = wait.condition === undefined ? undefined : numberOf(context.argument(wait.condition));
  if (context.environment.asItRuns) return waitAsItRuns(context, wait, condition);
  if (wait.condition === undefined || condition === 0n) {
    assumptions.note({ name: `${name}()`, value: 'over', reason: 'whoever the driver waits for is taken to have done it' });
    forgetWaited(context);
  }
  if (wait.timeout !== undefined) return ulongValue(context.ulong(wait.timeout) ?? 1n);
  return wait.answers ? intValue(0) : nothing;
}

/**
 * Waits until somebody in sight has done it: who is due runs, then who becomes due within the timeout; the condition is looked at again.
 * Without a timeout the program waits for ever, as its driver says.
 */
function waitAsItRuns(
  context: CallContext,
  { condition: at, timeout, answers }: Wait,
  condition: bigint | undefined,
): ReturnType<KernelCall> {
  const ticks = timeout === undefined ? undefined : (context.ulong(timeout) ?? 1n);
  const isDone = () =>
    at === undefined
      ? numberOf(context.run('try_wait_for_completion', [context.argument(0) ?? nothing])) !== 0n
      : numberOf(context.call.again?.(at)) !== 0n;
  const isOver = at !== undefined && condition !== 0n ? () => true : isDone;
  const left = waitUntil(context, isOver, ticks === undefined ? undefined : ticks * jiffy);
  if (ticks !== undefined) return ulongValue(left ?? 0n);
  if (left !== undefined) return answers ? intValue(0) : nothing;
  return context.system.stop({
    kind: 'deadlock',
    message: `${context.call.name} waits for what nothing in the scenario does: the program sleeps until a signal ends it.`,
    where: { function: context.call.name, file: 'kernel/sched/wait.c' },
    killable: true,
  });
}

/** What a wait is about may have been changed by whoever ended it. */
function forgetWaited(context: CallContext): void {
  const place = context.call.place(1);
  if (place) forget(place, 8);
}
