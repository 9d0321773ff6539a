/**
 * Running a program: the executor's door. An `Executor` keeps the memory of one life of the program (globals, static
 * locals), in which one function after the other may be run. Whatever the program does, `run` returns.
 */
import { compileProgram } from './compile/program.ts';
import { Run, Stopped } from './machine.ts';
import type { Dialect, Program } from './program.ts';
import type { Value } from './value.ts';
import type { Budget, Machine, RunOutcome, Stop, World } from './world.ts';

export interface Executor {
  /** For worlds and services between runs: to make objects and to read and write memory. */
  readonly machine: Machine;
  /** Runs the function with the arguments, which are converted to its parameters' types. A world may ask for it inside a run. */
  run(entry: string, args: readonly Value[], budget: Budget): RunOutcome;
}

/** A fresh life of `program` in `world`. What was compiled of the program is kept for the next life. */
export function createExecutor(program: Program, dialect: Dialect, world: World): Executor {
  const machine = new Run(compileProgram(program, dialect), world);
  return { machine, run: (entry, args, budget) => runIn(machine, entry, args, budget) };
}

/** One run in a fresh memory. */
export function run(program: Program, dialect: Dialect, entry: string, args: readonly Value[], world: World, budget: Budget): RunOutcome {
  return createExecutor(program, dialect, world).run(entry, args, budget);
}

function runIn(machine: Run, entry: string, args: readonly Value[], budget: Budget): RunOutcome {
  const goBack = machine.begin(budget);
  try {
    return { kind: 'returned', value: machine.invoke(entry, args) };
  } catch (thrown) {
    const stop = stopOf(thrown);
    if (!stop) throw thrown;
    return { kind: 'stopped', stop, span: machine.span, file: machine.file };
  } finally {
    goBack();
  }
}

function stopOf(thrown: unknown): Stop | undefined {
  if (thrown instanceof Stopped) return thrown.stop;
  // The program's recursion, or its expressions, are nested deeper than the host's stack.
  return thrown instanceof RangeError ? { kind: 'budget', what: 'depth' } : undefined;
}
