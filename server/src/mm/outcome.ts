/**
 * What a user program sees of what it did, and the frame every user action runs in: problems are collected, and a
 * stopped kernel path becomes a result.
 */
import { errnoName } from './errno.ts';
import type { Mm } from './mm.ts';
import { KernelStop, type MmProblem } from './problem.ts';
import type { System } from './system.ts';

export type SignalName = 'SIGSEGV' | 'SIGBUS' | 'SIGKILL';

/** The end of a system call or of a memory access. */
export type Outcome =
  /** The system call's result; 0 for an access. */
  | { readonly kind: 'ok'; readonly value: bigint }
  /** A positive error number. */
  | { readonly kind: 'error'; readonly errno: number; readonly name: string }
  | { readonly kind: 'signal'; readonly signal: SignalName; readonly why: string }
  /** The kernel did not come back: a BUG, an oops, a deadlock or a fault without end. */
  | { readonly kind: 'stopped'; readonly problem: MmProblem };

/** An outcome with everything that went wrong on the way, in order. */
export interface UserResult<Result extends Outcome = Outcome> {
  readonly outcome: Result | Extract<Outcome, { kind: 'stopped' }>;
  readonly problems: readonly MmProblem[];
}

/** Success with a value. */
export function ok(value: bigint = 0n): Outcome {
  return { kind: 'ok', value };
}

/** Failure with a positive error number. */
export function fail(errno: number): Outcome {
  return { kind: 'error', errno, name: errnoName(errno) };
}

/** A C result: 0 or more is success, a negative error number failure. */
export function fromInt(result: number): Outcome {
  return result < 0 ? fail(-result) : ok(BigInt(result));
}

/**
 * Runs one user action of `mm`. After a stop the task is dead: it keeps its locks, and every later action of the same
 * process ends the same way.
 */
export function userAction(system: System, mm: Mm, run: () => Outcome): UserResult {
  if (mm.stopped) return { outcome: { kind: 'stopped', problem: mm.stopped }, problems: [] };
  try {
    const outcome = run();
    return { outcome, problems: system.takeProblems() };
  } catch (error) {
    if (!(error instanceof KernelStop)) throw error;
    mm.stopped = error.problem;
    mm.stoppedUnder = error.lock ?? mm.mmapLock;
    return { outcome: { kind: 'stopped', problem: error.problem }, problems: system.takeProblems() };
  }
}
