/**
 * Forking by replay: a run is repeated from the entry with other answers to its branches, until every combination was seen
 * or a budget is spent. Runs that differ from the first one in few answers come first, so that a budget which ends early
 * has still seen each branch taken. Knows nothing of what runs.
 */

export interface Decision {
  readonly taken: boolean;
  /** How far from what is looked for it was made: the other answer to a near one is tried before that to a far one. */
  readonly distance: number;
}

/** What one run came to. */
export interface Replay<R> {
  readonly result: R;
  /** Every answer it gave, in order: those it was told to give, then its own choices. */
  readonly decisions: readonly Decision[];
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
  const waiting = new Queue();
  waiting.add(0, []);
  let steps = 0;
  for (let prefix = waiting.take(); prefix; prefix = waiting.take()) {
    if (results.length >= budget.paths || steps >= budget.steps) return { results, complete: false };
    const { result, decisions, steps: taken } = run(prefix);
    steps += taken;
    results.push(result);
    const answers = decisions.map((decision) => decision.taken);
    for (let i = prefix.length; i < decisions.length; i++) {
      const decision = decisions[i];
      if (decision) waiting.add(decision.distance, [...answers.slice(0, i), !decision.taken]);
    }
  }
  return { results, complete: true };
}

/** First the near ones, then the older ones. */
class Queue {
  readonly #levels: { readonly items: (readonly boolean[])[]; next: number }[] = [];

  add(distance: number, item: readonly boolean[]): void {
    while (this.#levels.length <= distance) this.#levels.push({ items: [], next: 0 });
    this.#levels[distance]?.items.push(item);
  }

  take(): readonly boolean[] | undefined {
    for (const level of this.#levels) if (level.next < level.items.length) return level.items[level.next++];
    return undefined;
  }
}
