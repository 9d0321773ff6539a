/**
 * Replays a scenario that should show something, and looks for values of the driver's state under which it does: those that its
 * `assume` lines name first, then the other answers to what a run had to ask. A bounded number of runs. Knows no rule.
 */
import type { Driver, Handler } from '../driver/model.ts';
import type { Trace } from '../protocol/trace.ts';
import { entryFor } from './entry.ts';
import { hasWayIn } from './life/module-entry.ts';
import { type FinishedRun, type RunOptions, runScenario } from './run/run.ts';
import { formatStatement } from './scenario/format.ts';
import type { Statement } from './scenario/model.ts';
import { parseScenario } from './scenario/parse.ts';
import { definesOpen, setUpName, simulate } from './simulate.ts';
import { noWishes } from './state/assumptions.ts';
import { verdictOf } from './verdict.ts';

/** What is looked at to tell whether something shows. */
export type Shown = Pick<Trace, 'steps' | 'assumptions' | 'verdict'>;

export interface ReplayOptions {
  readonly driver: Driver;
  readonly handler: Handler;
  /** Its `assume` lines are values that may be needed. */
  readonly scenario: string;
  /** Whether a run shows it. */
  shows(run: Shown): boolean;
  /** Whether a run comes to where it should show. */
  reaches(run: Shown): boolean;
}

export interface Replay {
  /** The scenario that shows it, with the `assume` lines that it needs; absent: no run did. */
  readonly scenario?: string;
  /** The run that shows it, or the one that came furthest. */
  readonly furthest?: Shown;
}

/** Runs that a replay may take, and what they may cost together in values asked for. */
const maximumRuns = 60;
const maximumQuestions = 6_000;
/** Steps away from the first run. */
const maximumDepth = 5;
/** Values of which is tried whether it shows without them. */
const maximumDropped = 12;

/** The scenario with no more assumptions than it needs to show what it should, as `simulate` runs it. */
export function replay(options: ReplayOptions): Replay {
  const { driver, handler, shows } = options;
  const parsed = parseScenario(options.scenario);
  if (parsed.problems.length > 0) return {};
  const statements = parsed.scenario.statements.filter(({ action }) => action.kind !== 'assume');
  const attempt = (values: Values, isSetUpUseless = false): Replay => {
    const scenario = textOf(statements, values);
    const result = simulate({ driver, handler, scenario, isSetUpUseless });
    if (result.kind === 'failed') return {};
    return { ...(shows(result.trace) ? { scenario } : {}), furthest: result.trace };
  };
  const plain = attempt(new Map());
  const entry = entryFor(driver, handler);
  if (plain.scenario !== undefined || typeof entry === 'string') return plain;
  const named: Values = new Map(
    parsed.scenario.statements.flatMap(({ action }) => (action.kind === 'assume' ? [[action.path, action.value]] : [])),
  );
  const { scenario } = parseScenario(textOf(statements, new Map()));
  const base = { driver, handler, version: driver.target.version, entry, scenario, strict: true, brief: true };
  let { furthest } = plain;
  const spent = { runs: 0, questions: 0 };
  const isSetUpUseless = furthest?.assumptions.some(({ name, value }) => name === setUpName && value === 'assumed') ?? false;
  const ways = waysIn(hasWayIn(driver) && !isSetUpUseless, definesOpen(driver, entry));
  for (const suggested of named.size > 0 ? [named, new Map<string, bigint>()] : [named]) {
    for (const way of ways) {
      if (isSpent(spent)) break;
      const found = new Search({ ...base, ...way, wishes: { ...noWishes, suggested } }, options, spent).find();
      for (const values of found.values) {
        const confirmed = attempt(values, isSetUpUseless);
        if (confirmed.scenario !== undefined) return confirmed;
      }
      if (furthest && !options.reaches(furthest) && found.run.setUpFailed === undefined) furthest = seenOf(found.run, handler);
    }
  }
  return furthest ? { furthest } : {};
}

type Values = ReadonlyMap<string, bigint>;

function seenOf(run: FinishedRun, handler: Handler): Shown {
  return { steps: run.steps, assumptions: run.assumptions, verdict: verdictOf(run, handler.function, false) };
}

interface Spent {
  runs: number;
  questions: number;
}

function isSpent({ runs, questions }: Spent): boolean {
  return runs >= maximumRuns || questions >= maximumQuestions;
}

type WayIn = Pick<RunOptions, 'setsUp' | 'runsOpen'>;

/** With what the driver's own functions set up first, then with more and more of it assumed. */
function waysIn(hasSetUp: boolean, hasOpen: boolean): readonly WayIn[] {
  return [
    ...(hasSetUp ? [{ setsUp: true, runsOpen: hasOpen }] : []),
    ...(hasOpen ? [{ setsUp: false, runsOpen: true }] : []),
    { setsUp: false, runsOpen: false },
  ];
}

/** The statements as they were written, with `assume` lines before them. */
function textOf(statements: readonly Statement[], values: Values): string {
  const assumed = [...values].map(([path, value]) => formatStatement({ action: { kind: 'assume', path, value } }));
  return `${[...assumed, ...statements.map(({ text }) => text)].join('\n')}\n`;
}

interface Tried {
  readonly alternatives: ReadonlyMap<string, number>;
  readonly run: FinishedRun;
  readonly score: number;
}

/** Goes from the first answers to better ones until a run shows it. */
class Search {
  readonly #base: RunOptions;
  readonly #options: ReplayOptions;
  readonly #spent: Spent;

  constructor(base: RunOptions, options: ReplayOptions, spent: Spent) {
    this.#base = base;
    this.#options = options;
    this.#spent = spent;
  }

  /** The values to assume, the fewest first; none where no run shows it. */
  find(): { readonly values: readonly Values[]; readonly run: FinishedRun } {
    let best = this.#try(new Map());
    for (let depth = 0; depth < maximumDepth && best.score < shown; depth++) {
      const next = this.#better(best);
      if (!next) break;
      best = next;
    }
    const values = valuesOf(best);
    return { values: best.score < shown ? [] : [this.#needed(values), values], run: best.run };
  }

  /** Those of the values without which it does not show. */
  #needed(values: Values): Values {
    let needed = values;
    for (const name of [...values.keys()].slice(0, maximumDropped)) {
      const fewer = new Map([...needed].filter(([each]) => each !== name));
      if (this.#try(new Map(), fewer).score >= shown) needed = fewer;
    }
    return needed;
  }

  /** The best neighbour, when it is better. */
  #better(from: Tried): Tried | undefined {
    let best: Tried | undefined;
    for (const alternatives of neighbours(from)) {
      if (isSpent(this.#spent)) break;
      const tried = this.#try(alternatives);
      if (tried.score >= shown) return tried;
      if (tried.score > (best?.score ?? from.score)) best = tried;
    }
    return best;
  }

  #try(alternatives: ReadonlyMap<string, number>, suggested = this.#base.wishes.suggested): Tried {
    this.#spent.runs += 1;
    const run = runScenario({ ...this.#base, wishes: { ...noWishes, alternatives, ...(suggested ? { suggested } : {}) } });
    this.#spent.questions += run.questions;
    return { alternatives, run, score: this.#scoreOf(run) };
  }

  #scoreOf(run: FinishedRun): number {
    if (run.setUpFailed !== undefined) return 0;
    const seen = seenOf(run, this.#options.handler);
    if (this.#options.shows(seen)) return shown;
    const progress = Math.min(run.assumptions.length + run.steps.length + run.statements, 9_999);
    return progress + (this.#options.reaches(seen) ? 10_000 : 0);
  }
}

/** A score of at least this is a run that shows it. */
const shown = 1_000_000;

/** Other answers to what was asked, the last questions first. */
function* neighbours({ alternatives, run }: Tried): Iterable<ReadonlyMap<string, number>> {
  for (const { name, taken, count } of run.openChoices.toReversed()) {
    for (let index = 0; index < count; index++) if (index !== taken) yield new Map([...alternatives, [name, index]]);
  }
}

/** What a run took that is not what it would take by itself. */
function valuesOf({ alternatives, run }: Tried): Values {
  const chosen = run.openChoices.flatMap(({ name, value }) => (alternatives.has(name) ? [[name, value] as const] : []));
  return new Map([...run.suggestionsTaken, ...chosen].filter(([name]) => !/[=#"{]/.test(name)));
}
