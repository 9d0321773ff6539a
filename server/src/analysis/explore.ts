/**
 * Forking by replay: a run is repeated from the entry with other answers to its branches, depth first, until every
 * combination was seen or a budget is spent. Knows nothing of what runs.
 */

/** What one run came to. */
export interface Replay<R> {
  readonly result: R;
  /** Every answer it gave, in order: those it was told to give, then its own choices. */
  readonly decisions: readonly boolean[];
  readonly steps: number;
}

export interface ExploreBudget {
  /** Runs. */
  readonly paths: number;
  /** Steps of all runs together. */
  readonly steps: number;
}

export interface Explored<R> {
  readonly results: readonly R[];
  /** False when the budget ended before every path was seen. */
  readonly complete: boolean;
}

/** Calls `run` with the answers that it must give first; beyond them it chooses itself. */
export function explore<R>(run: (prefix: readonly boolean[]) => Replay<R>, budget: ExploreBudget): Explored<R> {
  const results: R[] = [];
  const waiting: (readonly boolean[])[] = [[]];
  let steps = 0;
  for (let prefix = waiting.pop(); prefix; prefix = waiting.pop()) {
    if (results.length >= budget.paths || steps >= budget.steps) return { results, complete: false };
    const replay = run(prefix);
    steps += replay.steps;
    results.push(replay.result);
    // The last choice is turned round first.
    for (let i = prefix.length; i < replay.decisions.length; i++) {
      waiting.push([...replay.decisions.slice(0, i), !replay.decisions[i]]);
    }
  }
  return { results, complete: true };
}
