/** One handler on several kernels: the same scenario on each, and the matrix of what came of it. */
import type { Target } from '../driver/model.ts';
import type { Matrix } from '../protocol/matrix.ts';
import type { Trace } from '../protocol/trace.ts';
import { matrixOf, sharedScenario } from '../simulation/matrix.ts';
import type { SourceDocument } from './document.ts';
import { type SimulateWish, simulateDocument } from './simulate.ts';

export type MatrixResult =
  | { readonly kind: 'matrix'; readonly matrix: Matrix; readonly traces: readonly Trace[] }
  | { readonly kind: 'failed'; readonly message: string };

/** Opens the file for a target: preprocessor conditionals follow it. The caller of `simulateMatrix` does not keep it. */
export type OpenFor = (target: Target) => SourceDocument;

/**
 * Runs the handler on each target. Without a scenario, one is made for the newest version that the handler runs on, and run on
 * all.
 */
export function simulateMatrix(targets: readonly Target[], open: OpenFor, wish: SimulateWish): MatrixResult {
  const runAll = (given: SimulateWish): readonly Trace[] | string => {
    const traces: Trace[] = [];
    for (const target of targets) {
      const result = simulateDocument(open(target), { ...given, targetWins: true });
      if (result.kind === 'failed') return result.message;
      traces.push(result.trace);
    }
    return traces;
  };
  const first = runAll(wish);
  if (typeof first === 'string') return { kind: 'failed', message: first };
  const traces = wish.scenario === undefined ? runAll({ ...wish, scenario: sharedScenario(first) }) : first;
  if (typeof traces === 'string') return { kind: 'failed', message: traces };
  const matrix = matrixOf(traces);
  return matrix ? { kind: 'matrix', matrix, traces } : { kind: 'failed', message: 'There is no kernel to run it on.' };
}
