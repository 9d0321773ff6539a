/**
 * Running a program: the executor's door. An `Executor` keeps the memory of one life of the program (globals, static
 * locals), in which one function after the other may be run. Whatever the program does, `run` returns.
 */
import type { Dialect, Program } from './program.ts';
import type { Value } from './value.ts';
import type { Budget, Machine, RunOutcome, World } from './world.ts';

export interface Executor {
  /** For worlds and services between runs: to make objects and to read and write memory. */
  readonly machine: Machine;
  /** Runs the function with the arguments, which are converted to its parameters' types. */
  run(entry: string, args: readonly Value[], budget: Budget): RunOutcome;
}

/** A fresh life of `program` in `world`. What is prepared from the program's text is kept for the next call. */
export function createExecutor(program: Program, dialect: Dialect, world: World): Executor {
  void program;
  void dialect;
  void world;
  throw new Error('not yet');
}

/** One run in a fresh memory. */
export function run(program: Program, dialect: Dialect, entry: string, args: readonly Value[], world: World, budget: Budget): RunOutcome {
  return createExecutor(program, dialect, world).run(entry, args, budget);
}
