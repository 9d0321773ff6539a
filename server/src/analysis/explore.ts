/**
 * Forking by replay: a run is repeated from the entry with other answers to its branches, until every combination was seen
 * or a budget is spent. Runs that differ from the first one in few answers come first, so that a budget which ends early
 * has still seen each branch taken. Knows nothing of what runs.
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
  for (let next = 0; next < waiting.length; next++) {
    const prefix = waiting[next] ?? [];
    if (results.length >= budget.paths || steps >= budget.steps) return { results, complete: false };
    const replay = run(prefix);
    steps += replay.steps;
    results.push(replay.result);
    for (let i = prefix.length; i < replay.decisions.length; i++) {
      waiting.push([...replay.decisions.slice(0, i), !replay.decisions[i]]);
    }
  }
  return { results, complete: true };
}
