/**
 * Looks for a way through the handler: which mapping it accepts, and which of the assumed values must differ for it to go
 * on. A bounded number of runs; what is found is data for the run that users see.
 */
import { PAGE_SIZE } from '../mm/units.ts';
import { comparedExtents } from './compared.ts';
import { type DefaultMapping, openingScenario } from './defaults.ts';
import type { Entry } from './run/device.ts';
import { type FinishedRun, type RunOptions, runScenario } from './run/run.ts';
import { assumedLength } from './state/choices.ts';
import { isNoError } from './world/fault-codes.ts';

/** How the handler is entered. */
export interface Way {
  readonly mapping: DefaultMapping;
  readonly setsUp: boolean;
  readonly runsOpen: boolean;
  readonly alternatives: ReadonlyMap<string, number>;
  /** Why the driver's own init and probe functions are not run, when it has some. */
  readonly setUpSkipped?: string;
  /** Why the driver's own open function is not run, when it has one. */
  readonly openSkipped?: string;
}

export type SearchOptions = Omit<RunOptions, 'scenario' | 'setsUp' | 'runsOpen' | 'strict' | 'brief'> & {
  readonly entry: Entry;
  readonly hasOpen: boolean;
  /** Whether the files have functions that set the driver up. */
  readonly hasSetUp: boolean;
  /** The mapping to begin with. */
  readonly first?: DefaultMapping;
};

/** Runs that the search may take, and steps away from the first try. */
const maximumRuns = 40;
/** What all runs of the search may cost, in values asked for; an attack takes its time. */
const maximumQuestions = 4_000;
const maximumAttackQuestions = 12_000;
const maximumDepth = 4;
/** How often a set-up that fails is tried with another answer, and to how many of its last questions each time. */
const setUpTurns = 3;
const setUpChoices = 3;

/** What a program maps that knows nothing of the driver. */
export const firstMapping: DefaultMapping = { length: assumedLength, offset: 0n, writable: true, sharing: 'shared' };

interface Tried {
  readonly way: Way;
  readonly run: FinishedRun;
  readonly score: number;
}

/** The first way on which the mapping can be used; else the one that got furthest. */
export function findWay(options: SearchOptions): Way {
  return new Search(options).find();
}

class Search {
  readonly #options: SearchOptions;
  #runs = 0;
  #questions = 0;

  constructor(options: SearchOptions) {
    this.#options = options;
  }

  find(): Way {
    const { hasSetUp, hasOpen } = this.#options;
    const first = { mapping: this.#options.first ?? firstMapping, alternatives: new Map<string, number>() };
    if (!hasSetUp) return this.#findFrom({ ...first, setsUp: false, runsOpen: hasOpen }).way;
    const own = this.#findFrom({ ...first, setsUp: true, runsOpen: hasOpen });
    if (own.run.setUpFailed === undefined && (own.score >= success || isCertain(own.run))) return own.way;
    // What the set-up took must not be missing for the state that is assumed instead.
    this.#runs = 0;
    this.#questions = 0;
    const setUpSkipped = own.run.setUpFailed ?? 'after it the handler does not get as far as with what is assumed';
    const assumed = this.#findFrom({ ...first, setsUp: false, runsOpen: hasOpen, setUpSkipped });
    const isBetter = own.run.setUpFailed !== undefined || tierOf(assumed.score) > tierOf(own.score);
    return isBetter ? assumed.way : own.way;
  }

  /** The best way with this set-up: with the driver's open function, else without. */
  #findFrom(first: Way): Tried {
    const withOpen = this.#opened(this.#settled(first));
    if (withOpen.run.setUpFailed !== undefined) return withOpen;
    const set = withOpen.way;
    const failed = first.runsOpen ? openFailure(withOpen.run) : undefined;
    const found = failed !== undefined || withOpen.score >= success ? withOpen : this.#climb(withOpen);
    if (found.score >= success || !first.runsOpen) return found;
    const openSkipped = failed ?? 'after it the handler refuses the mapping';
    const plain = this.#try({ ...set, runsOpen: false, openSkipped });
    const without = plain.score >= success ? plain : this.#climb(plain);
    return failed !== undefined || without.score > found.score ? without : found;
  }

  /** Where the open function gives an error, it may want a program that only reads: then it gets further with one. */
  #opened(tried: Tried): Tried {
    const { way, run } = tried;
    if (!way.runsOpen || run.setUpFailed !== undefined || openFailure(run) === undefined) return tried;
    const reading = this.#try({ ...way, mapping: { ...way.mapping, writable: false, readOnlyFile: true } });
    return openFailure(reading.run) === undefined || asked(reading) > asked(tried) ? reading : tried;
  }

  /**
   * The way on which the driver's own set-up succeeds: where it gives up, what it asked for last is the likeliest reason, so
   * that is answered otherwise. At most so many times; without a set-up the way itself.
   */
  #settled(first: Way): Tried {
    let tried = this.#try(first);
    for (let turn = 0; turn < setUpTurns && tried.run.setUpFailed !== undefined; turn++) {
      const next = this.#otherwise(tried);
      if (next === undefined) return tried;
      tried = next;
    }
    return tried;
  }

  /** The run in which one of the last questions of a failing set-up is answered otherwise and it gets further. */
  #otherwise(failed: Tried): Tried | undefined {
    let best: Tried | undefined;
    for (const { name } of failed.run.granted.toReversed().slice(0, setUpChoices)) {
      const tried = this.#try({ ...failed.way, alternatives: new Map([...failed.way.alternatives, [name, 1]]) });
      if (tried.run.setUpFailed === undefined) return tried;
      if (asked(tried) > asked(best ?? failed)) best = tried;
    }
    return best;
  }

  /** Goes to the best neighbour as long as that is better. */
  #climb(from: Tried): Tried {
    let best = from;
    // The best of all, which an empty mapping may be that was gone on from.
    let top = from;
    const most = this.#options.wishes.trusting ? maximumAttackQuestions : maximumQuestions;
    for (let depth = 0; depth < maximumDepth; depth++) {
      let next: Tried | undefined;
      // From an empty mapping each step is one further that asks for more.
      const bar = isEmpty(best.run) ? best.score - anEmptyOne : best.score;
      for (const way of neighbours(best, this.#options.wishes.trusting === true)) {
        if (this.#runs >= maximumRuns || this.#questions >= most) return top;
        const tried = this.#try(way);
        if (tried.score >= success) return tried;
        if (tried.score > top.score) top = tried;
        if (!isEmpty(tried.run) && tried.score > (next?.score ?? bar)) next = tried;
        // Another error than before: the handler has gone past what refused it.
        if (this.#options.wishes.trusting && !isEmpty(best.run) && next === tried && mapError(tried.run) !== mapError(best.run)) break;
      }
      if (!next) break;
      best = next;
    }
    return top;
  }

  #try(way: Way): Tried {
    this.#runs += 1;
    const run = runScenario({
      ...this.#options,
      wishes: { ...this.#options.wishes, alternatives: way.alternatives },
      setsUp: way.setsUp,
      runsOpen: way.runsOpen,
      scenario: openingScenario(this.#options.version, way.mapping),
      strict: false,
      brief: true,
    });
    this.#questions += run.questions;
    return { way, run, score: scoreOf(run, this.#runs === 1) };
  }
}

/** A score of at least this is a mapping that can be used, or a bug of the kernel on the straight way: what one wants to see. */
const success = 1_000_000;

/** What a mapping is worth that stays without pages: more than an error, as the end of a search. */
const anEmptyOne = 40_000;

/** Whether the handler put nothing into the mapping: it says no without an error, or leaves the mapping to another file. */
function isEmpty({ results }: FinishedRun): boolean {
  return results.find(({ statement }) => statement.action.kind === 'mmap')?.result.isEmpty === true;
}

/** Problems after which nothing was gained: they come from assumed values as often as from the driver. */
const worthless: ReadonlySet<string> = new Set(['oops', 'driver-bug', 'bad-return', 'bad-vma-change']);

/** Problems that an assumed value may well have caused. */
const doubtful: ReadonlySet<string> = new Set([
  'oops',
  'bad-return',
  'foreign-memory',
  'outside-vma',
  'refcount-underflow',
  'bad-page-state',
  'endless-fault',
]);

/** Mappings that a run's comparisons suggest, of which so many are tried. */
const mostExtents = 8;

/** More statements than this are those of loops, which say nothing. */
const mostStatements = 400;

/** How far a run got: a usable mapping, a mapping, else the more the handler asked and did, the further. */
function scoreOf(run: FinishedRun, isFirst: boolean): number {
  const resultOf = (kind: string) => run.results.find(({ statement }) => statement.action.kind === kind)?.result;
  const mapped = resultOf('mmap')?.outcome;
  const progress = Math.min(run.assumptions.length + run.steps.length + Math.min(run.statements, mostStatements), 9_999);
  if (run.problems.some(({ kind }) => kind === 'kernel-bug')) return (isFirst ? success : success / 4) + progress;
  if (run.problems.some(({ kind, message }) => worthless.has(kind) && !isNoError(message))) return progress;
  const isDoubtful = run.problems.some(({ kind }) => doubtful.has(kind));
  if (mapped?.kind === 'ok' && run.stoppedBecause === undefined) {
    const used = resultOf('read')?.outcome.kind === 'ok';
    if (isEmpty(run)) return anEmptyOne + progress;
    return (used ? (isDoubtful ? success * 0.6 : success) : isDoubtful ? success * 0.3 : success * 0.5) + progress;
  }
  if (mapped?.kind === 'ok') return success * 0.4 + progress;
  return progress + (isDoubtful ? 0 : run.stoppedBecause === undefined ? 20_000 : 10_000);
}

/** How far a function of the set-up, or open, got: by how much it asked for. */
function asked({ run }: Tried): number {
  return run.granted.length + run.assumptions.length;
}

/** Whether nothing that the run did was guessed: what it shows is what the driver does. */
function isCertain({ guesses, granted, stoppedBecause }: FinishedRun): boolean {
  return guesses.length === 0 && granted.length === 0 && stoppedBecause === undefined;
}

/** Scores of one tier differ only in how much was asked and done on the way. */
function tierOf(score: number): number {
  return Math.floor(score / 10_000);
}

function openFailure(run: FinishedRun): string | undefined {
  const opened = run.results.find(({ statement }) => statement.action.kind === 'open');
  if (!opened) return run.stoppedBecause ?? 'it does not come to its end';
  const { outcome } = opened.result;
  if (outcome.kind === 'ok') return undefined;
  return outcome.kind === 'error' ? `it returns -${outcome.name} with what is assumed` : 'it does not come to its end';
}

/** The error that mmap(2) gives in a run. */
export function mapError({ results }: FinishedRun): string | undefined {
  const outcome = results.find(({ statement }) => statement.action.kind === 'mmap')?.result.outcome;
  return outcome?.kind === 'error' ? outcome.name : outcome?.kind;
}

/** Errors of a handler that does not let everybody write. */
export const forbidden: ReadonlySet<string | undefined> = new Set(['EPERM', 'EACCES', 'EROFS']);

/** Other tries, the likeliest first: another alternative of what was asked last, another mapping. An attack asks otherwise first. */
function* neighbours({ way, run }: Tried, asksFirst: boolean): Iterable<Way> {
  const { mapping, alternatives } = way;
  const others = run.openChoices.toReversed().flatMap(({ name, taken, count }) =>
    Array.from({ length: count - taken - 1 }, (_, after) => ({
      ...way,
      alternatives: new Map([...alternatives, [name, taken + 1 + after]]),
    })),
  );
  // Another mapping than one that stays without pages is refused or stays so as well.
  if (isEmpty(run)) return yield* others;
  const extents = comparedExtents(run.compared, mapping).slice(0, mostExtents);
  const asked = extents.map((extent) => ({ ...way, mapping: { ...mapping, ...extent } }));
  const isForbidden = mapping.writable && forbidden.has(mapError(run));
  if (asksFirst && isForbidden) yield { ...way, mapping: { ...mapping, writable: false } };
  if (asksFirst) yield* asked;
  if (mapping.length !== PAGE_SIZE) yield { ...way, mapping: { ...mapping, length: PAGE_SIZE } };
  yield* others;
  if (mapping.writable) yield { ...way, mapping: { ...mapping, writable: false } };
  if (!asksFirst) yield* asked;
  for (const length of lengthsIn(run)) if (length !== mapping.length) yield { ...way, mapping: { ...mapping, length } };
  for (const offset of offsetsIn(run)) if (offset !== mapping.offset) yield { ...way, mapping: { ...mapping, offset } };
  if (mapping.sharing === 'shared') yield { ...way, mapping: { ...mapping, sharing: 'private' } };
}

/** Page-sized numbers that the handler asked for. */
function lengthsIn(run: FinishedRun): readonly bigint[] {
  const lengths = numbersIn(run).filter((value) => value >= PAGE_SIZE && value <= 0x400_0000n && value % PAGE_SIZE === 0n);
  return [...new Set([...lengths, 0x2000n, 0x4000n, 0x10_0000n])].slice(0, 6);
}

/** Addresses that the handler asked for, as offsets: some handlers take physical addresses there. */
function offsetsIn(run: FinishedRun): readonly bigint[] {
  const offsets = numbersIn(run).filter((value) => value >= 0x100_0000n && value < 1n << 48n && value % PAGE_SIZE === 0n);
  return [...new Set([...offsets, PAGE_SIZE])].slice(0, 4);
}

function numbersIn(run: FinishedRun): readonly bigint[] {
  return run.assumptions.flatMap(({ value }) => {
    const found = /^(0x[0-9a-f]+|\d+)\b/.exec(value)?.[1] ?? /\((0x[0-9a-f]+)\)/.exec(value)?.[1];
    return found === undefined ? [] : [BigInt(found)];
  });
}
