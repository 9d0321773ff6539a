/** Statements about processes, the machine and the module. */

import { errno } from '../../mm/errno.ts';
import { isInUse } from '../../mm/file.ts';
import type { Mm } from '../../mm/mm.ts';
import { fail, type Outcome, ok } from '../../mm/outcome.ts';
import { coredump } from '../../mm/syscalls/coredump.ts';
import { exit } from '../../mm/syscalls/exit.ts';
import { fork } from '../../mm/syscalls/fork.ts';
import { reclaim } from '../../mm/syscalls/pressure.ts';
import { type ActionContext, type ActionResult, skipped } from './context.ts';
import { closeAll } from './file-actions.ts';
import type { Session } from './session.ts';

/** fork(2): the child has the mappings, the descriptors and the buffers of its parent. */
export function runFork({ processes, descriptors, buffers }: ActionContext, mm: Mm, name: string): ActionResult {
  processes.forking = { child: name, parent: mm.id };
  const { outcome, child } = fork(mm);
  processes.forking = undefined;
  if (child) {
    processes.add(name, child, mm);
    descriptors.copy(child, mm);
    buffers.copy(child, mm);
  }
  return { outcome };
}

/** clone(2) with CLONE_VM and CLONE_FILES. */
export function runThread({ processes }: ActionContext, mm: Mm, name: string): ActionResult {
  processes.addThread(name, mm);
  return { outcome: ok() };
}

/** The end of a process, or of one thread: the address space goes first, then the descriptors (`do_exit`). */
export function runExit(context: ActionContext, mm: Mm, process: string): ActionResult {
  if (context.processes.endThread(process)) return { outcome: ok() };
  return { outcome: endOf(context, mm) };
}

function endOf(context: ActionContext, mm: Mm): Outcome {
  const { outcome } = exit(mm);
  if (outcome.kind !== 'stopped') closeAll(context, mm);
  return outcome;
}

/**
 * The exit of a process that died in the kernel (`make_task_dead`). One that holds the mmap lock waits for it there for ever; a thread goes
 * alone.
 */
export function endDead(context: ActionContext, mm: Mm): void {
  const { stopped } = mm;
  if (!stopped || (stopped.kind !== 'bug' && stopped.kind !== 'oops')) return;
  if (mm.stoppedUnder !== 'none' || context.processes.hasThreads(mm)) return;
  mm.stopped = undefined;
  endOf(context, mm);
  mm.stopped = stopped;
}

/** A signal with a core dump: what is in the dump is kept for expectations, then the process ends. */
export function runCoredump(context: ActionContext, mm: Mm, filter: bigint | undefined): ActionResult {
  const { outcome, ranges } = coredump(mm, filter === undefined ? undefined : Number(filter));
  if (outcome.kind === 'stopped') return { outcome };
  context.processes.dumps.set(mm.id, ranges);
  return { outcome: endOf(context, mm) };
}

export function runPressure({ session }: ActionContext): ActionResult {
  reclaim(session.system);
  return { outcome: ok() };
}

/** The removal of the device: the driver's remove function of any bus. */
export function runUnplug({ device }: ActionContext): ActionResult {
  const outcome = device.unplug();
  return outcome ? { outcome } : skipped('the files register no remove function');
}

/** delete_module(2): EAGAIN while an open or mapped file holds the module (S6.7); else its exit function runs. */
export function runRmmod({ session, device }: ActionContext): ActionResult {
  if (isInUse(session.system) && ownsModule(session)) return { outcome: fail(errno.EAGAIN) };
  const outcome = device.rmmod();
  return outcome ? { outcome } : skipped('the files have neither an exit nor a remove function');
}

/** Whether an open file keeps the module loaded: its file operations have an owner, or nothing is known of them. */
function ownsModule({ driver, handler }: Session): boolean {
  // Other tables stand behind a subsystem, which holds the module of the device itself.
  if (!handler.slot.startsWith('file_operations.')) return true;
  const variable = driver.variables.get(handler.registeredAt?.table ?? '');
  const text = variable && driver.files.get(variable.file)?.slice(variable.span.start, variable.span.end);
  return text === undefined || /\bTHIS_MODULE\b/.test(text);
}
