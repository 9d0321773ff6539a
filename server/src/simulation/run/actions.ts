/**
 * What a statement does: each action of a scenario as the system call or memory access of the mm model. Gives outcomes;
 * expectations and the trace are the run's business.
 */
import type { Mm } from '../../mm/mm.ts';
import { ok } from '../../mm/outcome.ts';
import { KernelStop } from '../../mm/problem.ts';
import type { Action } from '../scenario/model.ts';
import { type Pin, runAccessAction } from './access-actions.ts';
import type { ActionContext, ActionResult } from './context.ts';
import { checkPromised, madeEmpty } from './empty-mappings.ts';
import { runFileAction } from './file-actions.ts';
import { runMappingAction } from './mapping-actions.ts';
import { endDead, runCoredump, runExit, runFork, runPressure, runRmmod, runThread, runUnplug } from './process-actions.ts';
import { WriteRefusals } from './write-refusals.ts';

export class Actions {
  readonly #context: ActionContext;
  readonly #pins = new Map<string, Pin>();

  readonly #writeRefusals: WriteRefusals;

  constructor(context: ActionContext) {
    this.#context = context;
    this.#writeRefusals = new WriteRefusals(context);
  }

  /** Does it for a process, which has the name `process`. A stop of the kernel inside a driver's function is an outcome like any other. */
  run(mm: Mm, process: string, action: Action): ActionResult {
    this.#context.session.currentMm = mm;
    try {
      return this.#run(mm, process, action);
    } catch (thrown) {
      if (!(thrown instanceof KernelStop)) throw thrown;
      if (!mm.stopped) mm.stoppedUnder = thrown.lock ?? mm.mmapLock;
      mm.stopped ??= thrown.problem;
      return { outcome: { kind: 'stopped', problem: thrown.problem } };
    } finally {
      if (mm.stopped && !mm.exited) endDead(this.#context, mm);
    }
  }

  #run(mm: Mm, process: string, action: Action): ActionResult {
    const context = this.#context;
    switch (action.kind) {
      case 'kernel':
      case 'driver':
      case 'include':
      case 'assume':
      case 'expect':
        return { outcome: ok() };
      case 'open':
      case 'dup':
      case 'close':
      case 'ioctl':
      case 'pread':
      case 'pwrite':
      case 'lseek':
      case 'poll':
        return runFileAction(context, mm, action);
      case 'read':
      case 'write':
      case 'exec':
      case 'pin':
      case 'unpin':
        return runAccessAction(context, mm, action, this.#pins);
      case 'fail':
        context.session.failures.fail(action.call, action.nth);
        return { outcome: ok() };
      case 'fork':
        return runFork(context, mm, action.child);
      case 'thread':
        return runThread(context, mm, action.child);
      case 'exit':
        return runExit(context, mm, process);
      case 'coredump':
        return runCoredump(context, mm, action.filter);
      case 'pressure':
        return runPressure(context);
      case 'unplug':
        return runUnplug(context);
      case 'rmmod':
        return runRmmod(context);
      default: {
        const calls = () => context.session.counts.get('mmap') ?? 0;
        const before = calls();
        context.session.failures.takeFailed();
        const result = runMappingAction(context, mm, action);
        if (action.kind === 'mmap') checkPromised(context, mm, result);
        const wasCalled = calls() > before;
        this.#writeRefusals.after(mm, action, result, wasCalled);
        return action.kind === 'mmap' && wasCalled && madeEmpty(mm, result) ? { ...result, isEmpty: true } : result;
      }
    }
  }
}
