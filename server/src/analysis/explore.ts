/**
 * Forking by replay: a run is repeated from the entry with other answers to its branches, until every combination was seen
 * or a budget is spent. Runs that differ from the first one in few answers come first, so that a budget which ends early
 * has still seen each branch taken. Where an earlier run was in the same state, and far from what is looked for, other
 * answers show little that is new: there a few runs must do. Knows nothing of what runs.
 */

export interface Decision {
  readonly taken: boolean;
  /** The function that it was made in. */
  readonly function: string;
  /** What the run had come to; of two runs in one state, the ways out are followed for the first. */
  readonly state: string;
  /** Whether it is about what is looked for, wherever it was made. */
  readonly matters: boolean;
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
  /** Runs after which nothing is tried any more that promises little; of that, ways out of a known state do not count as unseen. */
  readonly minorPaths: number;
  /** Steps of all runs together. */
  readonly steps: number;
}

export interface Explored<R> {
  readonly results: readonly R[];
  /** False when the budget ended before every way out of every state was seen. */
  readonly complete: boolean;
}

/**
 * Calls `run` with the answers that it must give first; beyond them it chooses itself. `distance` says how far a function is
 * from what is looked for: the other answer to a near decision is tried before that to a far one, and `undefined` is too far.
 */
export function explore<R>(
  run: (prefix: readonly boolean[]) => Replay<R>,
  budget: ExploreBudget,
  distance: (name: string) => number | undefined,
): Explored<R> {
  const results: R[] = [];
  const near = new Queue();
  const far = new Queue();
  /** Ways out of states that an earlier run was in. */
  const again = new Queue();
  /** The run that was first in a state. */
  const first = new Map<string, number>();
  const minor = (): readonly boolean[] | undefined => (results.length < budget.minorPaths ? (far.take() ?? again.take()) : undefined);
  near.add(0, []);
  let steps = 0;
  for (let prefix = near.take(); prefix; prefix = near.take() ?? minor()) {
    if (results.length >= budget.paths || steps >= budget.steps) return { results, complete: false };
    const { result, decisions, steps: taken } = run(prefix);
    steps += taken;
    results.push(result);
    const answers = decisions.map((decision) => decision.taken);
    for (const [i, decision] of decisions.entries()) {
      if (i < prefix.length) continue;
      if (!first.has(decision.state)) first.set(decision.state, results.length);
      const level = distance(decision.function) ?? (decision.matters ? 0 : undefined);
      const queue = first.get(decision.state) !== results.length ? again : level === undefined ? far : near;
      queue.add(level ?? 0, [...answers.slice(0, i), !decision.taken]);
    }
  }
  return { results, complete: far.take() === undefined };
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
