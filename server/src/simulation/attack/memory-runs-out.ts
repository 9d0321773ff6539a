/**
 * Programs in which memory runs out or a signal comes while the driver maps or follows a fork: each call that a mapping made and that
 * can fail does so once. Data in, data out; knows no driver and no run.
 */
import type { PlannedStatement } from '../scenario/format.ts';
import { inside, mapping, opening, touches } from './moves.ts';
import type { Shape } from './shapes.ts';
import type { Program } from './trial.ts';

/** Calls that are made to fail. */
const mostCalls = 6;

/**
 * `made`: the calls of a run, in their order. The first one of each name fails, and where there are more the last one; then the program
 * tries again, which shows what was left behind.
 */
export function programsWithoutMemory(shape: Shape, made: readonly string[], prologue: Program): readonly Program[] {
  return [...new Set(made)].slice(0, mostCalls).flatMap((call) => {
    const count = made.filter((each) => each === call).length;
    return [...new Set([1, count])].map((nth) => {
      const fail: PlannedStatement = { action: { kind: 'fail', call, nth: BigInt(nth) } };
      const first: Program = [fail, { action: mapping('b', shape) }, ...touches(shape, 'b')];
      return [...opening(shape, [...prologue, ...first]), ...touches(shape), { action: { kind: 'exit' } } as const];
    });
  });
}

/** `made`: the calls of a run that forks. The first one of each name fails in the fork, whose child then leaves before the program. */
export function programsWithFailingFork(shape: Shape, made: readonly string[], prologue: Program): readonly Program[] {
  return [...new Set(made)]
    .slice(0, mostCalls)
    .map((call) => [
      ...opening(shape, prologue),
      ...touches(shape),
      { action: { kind: 'fail', call, nth: 1n } },
      { action: { kind: 'fork', child: 'child' } },
      { process: 'child', action: { kind: 'exit' } },
      ...touches(shape),
      { action: { kind: 'munmap', address: inside('a') } },
      { action: { kind: 'exit' } },
    ]);
}
