/**
 * The adversary's door: a driver and a handler in, the ways to a problem out, each as the shortest scenario that was found.
 * Pure, and deterministic: the same seed and budget give the same attacks. Candidates from elsewhere (what a rule suspects)
 * come in as mappings to try first.
 */
import type { Driver, Handler } from '../../driver/model.ts';
import { formatVersion, type KernelVersion } from '../../kernel/version.ts';
import type { Attack, AttackReport } from '../../protocol/attack.ts';
import type { DefaultMapping } from '../defaults.ts';
import { entryFor } from '../entry.ts';
import { hasWayIn } from '../life/module-entry.ts';
import type { FinishedRun } from '../run/run.ts';
import { findWay, firstMapping, type Way } from '../search.ts';
import { definesOpen } from '../simulate.ts';
import { noWishes, type Wishes } from '../state/assumptions.ts';
import { commandsOf } from './commands.ts';
import { judge } from './judge.ts';
import { minimise } from './minimise.ts';
import { movesFor, opening, touches } from './moves.ts';
import { Random } from './random.ts';
import { attackScenario, attackSteps } from './scenario.ts';
import { kinds, ranges, readOnly, readWrite, type Shape } from './shapes.ts';
import { type Program, type Trial, Trials } from './trial.ts';

export interface AttackOptions {
  readonly driver: Driver;
  readonly handler: Handler;
  /** Absent: the driver's target. */
  readonly version?: KernelVersion | undefined;
  /** Of the generator behind combinations of moves. Default 1. */
  readonly seed?: number | undefined;
  /** Steps that all runs together may take: steps of traces, and one for 64 statements of C. */
  readonly budget?: number | undefined;
  /** Mappings worth trying first, such as those that the analysis suspects. Bytes. */
  readonly candidates?: readonly Partial<Shape>[];
  /** Ways through the handler that the analysis finds: tried where the usual mapping is refused. */
  readonly suggestions?: readonly Suggestion[];
}

/** A mapping, and values of the driver's state with which its handler should accept it. */
export interface Suggestion {
  readonly shape: Partial<Shape>;
  readonly state: ReadonlyMap<string, bigint>;
}

const usualWishes: Wishes = { ...noWishes, trusting: true };

/** Steps of an attack without `--budget`. */
export const usualBudget = 40_000;
/** Of the budget, what shortening and judging one way to a problem may take. */
const mostForOne = 3_000;
/** Shapes of mappings that the moves are tried on. */
const mostShapes = 8;
/** Moves that a combination is made of. */
const mostCombined = 3;
/** Combinations in a row without a new way end the search. */
const mostFruitless = 30;

const pageBytes = 4096n;
/** Moves on longer mappings show nothing more. Bytes. */
const longestUseful = 0x100_0000n;

/** Looks for ways to a problem. Gives none, and why, where nothing can be run. */
export function attack(options: AttackOptions): AttackReport {
  const { driver, handler } = options;
  const version = options.version ?? driver.target.version;
  const seed = options.seed ?? 1;
  const head = {
    kernel: formatVersion(version),
    file: driver.file,
    handler: { function: handler.function, kind: handler.kind, slot: handler.slot },
    seed,
  };
  const entry = entryFor(driver, handler);
  if (typeof entry === 'string') return { ...head, assumptions: [], attacks: [], tried: 0, spent: 0, stoppedBecause: entry };
  const base = { driver, handler, version, entry };
  const hasOpen = definesOpen(driver, entry);
  const limit = options.budget ?? usualBudget;
  const commands = commandsOf(driver, entry);
  const suggestions = options.suggestions ?? [];
  const candidates = [...(options.candidates ?? []), ...suggestions.map(({ shape }) => shape)];
  const make = (way: Way, more: Partial<Wishes> = {}, shape?: Partial<Shape>) => {
    const wishes = { ...usualWishes, alternatives: way.alternatives, ...more };
    const trials = new Trials({ ...base, wishes, setsUp: way.setsUp, runsOpen: way.runsOpen }, limit);
    return new Search({
      trials,
      way,
      wishes,
      commands,
      candidates,
      shape,
      isTable: entry.kind === 'table',
      canBePulled: canBePulled(driver),
    });
  };
  const prepare = (): Search => {
    if (hasWayIn(driver)) {
      const told = make({ mapping: firstMapping, alternatives: new Map(), setsUp: true, runsOpen: hasOpen }, { asItRuns: true });
      if (told.isTold()) return told;
      const own = withRoom(findWay({ ...base, wishes: usualWishes, hasOpen, hasSetUp: true }));
      if (own.isUsable()) return own;
    }
    const assumed = withRoom(findWay({ ...base, wishes: usualWishes, hasOpen, hasSetUp: false }));
    return assumed.isUsable() ? assumed : (suggested() ?? assumed);
  };
  /** Where a usual mapping reaches beyond what was assumed of the driver's memory, more of it is assumed. */
  const withRoom = (way: Way): Search => {
    const found = make(way);
    if (!found.isUsable() || found.isClean()) return found;
    const roomy = make(way, { roomy: true });
    return roomy.isUsable() && roomy.isClean() ? roomy : found;
  };
  /** The first suggestion that is followed without a problem, at the start of the device where the offset does not matter. */
  const suggested = (): Search | undefined => {
    let usable: Search | undefined;
    for (const { shape, state } of suggestions) {
      for (const each of shape.offset === undefined || shape.offset === 0n ? [shape] : [{ ...shape, offset: 0n }, shape]) {
        const wishes = { ...usualWishes, suggested: state };
        const way = findWay({ ...base, wishes, hasOpen, hasSetUp: false, first: { ...firstMapping, ...mappingOf(each) } });
        const found = make(way, { suggested: state }, each);
        if (!found.isUsable()) continue;
        if (found.isClean()) return found;
        usable ??= found;
      }
    }
    return usable;
  };
  const search = prepare();
  search.run(new Random(seed));
  return { ...head, assumptions: search.assumptions, attacks: search.attacks, tried: search.tried, spent: search.spent };
}

interface SearchParts {
  readonly trials: Trials;
  readonly way: Way;
  readonly wishes: Wishes;
  readonly commands: readonly string[];
  readonly candidates: readonly Partial<Shape>[];
  /** What is known of a mapping that the handler accepts. */
  readonly shape: Partial<Shape> | undefined;
  /** No mmap handler of these files leads to the function that is attacked. */
  readonly isTable: boolean;
  readonly canBePulled: boolean;
}

class Search {
  readonly attacks: Attack[] = [];
  assumptions: FinishedRun['assumptions'] = [];
  readonly #trials: Trials;
  readonly #way: Way;
  readonly #wishes: Wishes;
  readonly #commands: readonly string[];
  readonly #candidates: readonly Partial<Shape>[];
  readonly #shape: Partial<Shape> | undefined;
  readonly #canBePulled: boolean;
  readonly #isTable: boolean;
  readonly #ways = new Set<string>();
  readonly #known = new Set<string>();
  /** Shapes by their values. */
  readonly #tried = new Set<string>();
  readonly #usual = new Set<string>();
  /** Accepted mappings that took different ways through the handler. */
  readonly #shapes: Shape[] = [];
  #usualFound: { readonly usual: Shape; readonly first: Trial } | undefined;
  #isAccepted = false;
  /** The longest one that took no way of its own. */
  #longest: Shape | undefined;

  constructor(parts: SearchParts) {
    this.#trials = parts.trials;
    this.#way = parts.way;
    this.#wishes = parts.wishes;
    this.#commands = parts.commands;
    this.#candidates = parts.candidates;
    this.#shape = parts.shape;
    this.#isTable = parts.isTable;
    this.#canBePulled = parts.canBePulled;
  }

  get tried(): number {
    return this.#trials.runs;
  }

  /** Steps. */
  get spent(): number {
    return this.#trials.spent;
  }

  /** Whether the driver's own functions set everything up, so that nothing is guessed and a mapping is made. */
  isTold(): boolean {
    this.#usualFound ??= this.#usualTrial();
    const { first } = this.#usualFound;
    return isMapped(first) && this.isWhole() && first.run.guesses.length === 0;
  }

  /** Whether the set-up and the usual mapping run to their end. */
  isWhole(): boolean {
    this.#usualFound ??= this.#usualTrial();
    const { run } = this.#usualFound.first;
    return run.setUpFailed === undefined && run.stoppedBecause === undefined;
  }

  /** Whether a mapping is made and nothing stops the run. */
  isUsable(): boolean {
    this.#usualFound ??= this.#usualTrial();
    return isMapped(this.#usualFound.first) && this.isWhole();
  }

  /** Whether the usual mapping runs into no problem. */
  isClean(): boolean {
    this.#usualFound ??= this.#usualTrial();
    return this.#usualFound.first.findings.length === 0;
  }

  run(random: Random): void {
    this.#usualFound ??= this.#usualTrial();
    const { usual, first } = this.#usualFound;
    this.assumptions = first.run.assumptions;
    for (const { problem } of first.findings) this.#usual.add(problem.kind);
    this.#shapes.push(usual);
    this.#isAccepted = isMapped(first);
    this.#take(first);
    for (const candidate of this.#candidates) this.#tryShape({ ...usual, ...candidate });
    for (const shape of kinds(usual)) this.#tryShape(shape);
    this.#tryMoves(usual);
    for (const shape of ranges(usual, sizesIn(first.run))) this.#tryShape(shape);
    if (this.#isAccepted) for (const shape of this.#chosenShapes()) if (shape !== usual) this.#tryMoves(shape);
    // What the handler never maps leaves nothing to combine.
    if (this.#isAccepted) this.#combine(random);
  }

  /** A mapping that the handler accepts: that of the way through it, else the first one of another kind or of one page. */
  #usualTrial(): { readonly usual: Shape; readonly first: Trial } {
    const usual = { ...usualShape(this.#way), ...this.#shape };
    const run = (shape: Shape) => this.#trials.run([...opening(shape), ...touches(shape), { action: { kind: 'exit' } }]);
    const first = run(usual);
    if (isMapped(first)) return { usual, first };
    for (const shape of [...kinds(usual), ...kinds({ ...usual, length: pageBytes })]) {
      const trial = run(shape);
      if (isMapped(trial)) return { usual: shape, first: trial };
    }
    return { usual, first };
  }

  #tryShape(shape: Shape): void {
    const { length, offset, protection, sharing, mode } = shape;
    const name = [length, offset, protection.read, protection.write, protection.execute, sharing, mode].join(' ');
    if (this.#trials.isSpent || this.#tried.has(name)) return;
    this.#tried.add(name);
    const trial = this.#trials.run([...opening(shape), ...touches(shape)]);
    const isNew = this.#take(trial);
    if (!isMapped(trial)) return;
    this.#isAccepted = true;
    if (isNew) this.#shapes.push(shape);
    else if (shape.length > (this.#longest?.length ?? 0n) && shape.length <= longestUseful) this.#longest = shape;
  }

  #chosenShapes(): readonly Shape[] {
    const [first, ...others] = this.#shapes;
    const longest = this.#longest ? [this.#longest] : [];
    return [...(first ? [first] : []), ...longest, ...others].slice(0, mostShapes);
  }

  #tryMoves(shape: Shape): void {
    for (const { before, statements } of movesFor({ shape, commands: this.#commands })) {
      if (this.#trials.isSpent) return;
      this.#take(this.#trials.run([...opening(shape, before), ...touches(shape), ...statements]));
    }
  }

  /** Moves one after the other, as long as the budget lasts: what took a new way is gone on from. */
  #combine(random: Random): void {
    const pool: Program[] = [];
    for (let fruitless = 0; fruitless < mostFruitless && !this.#trials.isSpent; fruitless++) {
      const shape = random.pick(this.#chosenShapes());
      if (!shape) return;
      const moves = movesFor({ shape, commands: this.#commands });
      const grown = pool.length > 0 && random.below(2) === 0 ? random.pick(pool) : undefined;
      const program: PlannedList = [...(grown ?? [...opening(shape), ...touches(shape)])];
      for (let count = 1 + random.below(mostCombined - 1); count >= 0; count--) {
        const statements = random.pick(moves)?.statements ?? [];
        program.push(...statements.filter(({ action, process }) => action.kind !== 'exit' || process !== undefined));
      }
      const trial = this.#trials.run([...program, { action: { kind: 'exit' } }]);
      if (!this.#take(trial)) continue;
      fruitless = 0;
      if (program.length < 40) pool.push(program);
    }
  }

  /** Keeps what is new in a trial. Gives whether it took a way that none took before. */
  #take(trial: Trial): boolean {
    for (const { key, problem } of trial.findings) {
      if (this.#known.has(key)) continue;
      this.#known.add(key);
      this.#report(trial, key, problem.kind);
    }
    const before = this.#ways.size;
    return this.#ways.add(trial.way).size > before;
  }

  #report(found: Trial, key: string, kind: string): void {
    const limit = this.#trials.spent + mostForOne;
    const shows = (program: Program) => this.#trials.run(program).findings.some((each) => each.key === key);
    const program = minimise(found.program, shows, () => this.#trials.spent < limit);
    const shortest = this.#trials.run(program);
    const finding = shortest.findings.find((each) => each.key === key);
    if (!finding) return;
    // What comes after another problem may be no more than its consequence.
    const [earliest] = shortest.findings;
    if (earliest && earliest.key !== key && this.#known.has(earliest.key) && !standsAlone.has(kind)) return;
    const judgement = judge(shortest, kind, key, {
      trials: this.#trials,
      mapping: this.#usualFound?.usual,
      isTable: this.#isTable,
      message: finding.problem.message,
      usual: this.#usual,
      canBePulled: this.#canBePulled,
      wishes: this.#wishes,
    });
    this.attacks.push({
      problem: kind,
      message: finding.problem.message,
      ...(finding.problem.kernelLine === undefined ? {} : { kernelLine: finding.problem.kernelLine }),
      ...(finding.location ? { location: finding.location } : {}),
      ...judgement,
      scenario: attackScenario(shortest),
      steps: attackSteps(shortest),
    });
  }
}

/** Problems of what a driver allows or forgets, which no wrong memory brings about. */
const standsAlone: ReadonlySet<string> = new Set(['write-not-prevented', 'lock-not-held', 'deadlock']);

/** Buses whose devices are pulled out while they work. */
const pulled: ReadonlySet<string> = new Set(['usb_driver', 'usb_serial_driver', 'pcmcia_driver', 'hid_driver', 'tb_service_driver']);

/** Whether the files drive a device that anybody can pull out. */
function canBePulled(driver: Driver): boolean {
  return [...driver.variables.values()].some(({ type }) => type.kind === 'tagged' && pulled.has(type.name ?? ''));
}

/** The mapping that the handler accepts, as the way through it was found. */
function usualShape({ mapping: { length, offset, writable, sharing } }: Way): Shape {
  return { length, offset, sharing, mode: 'rw', protection: writable ? readWrite : readOnly };
}

/** The mapping of a shape, as the search for a way takes it. */
function mappingOf({ length, offset, sharing, protection, mode }: Partial<Shape>): Partial<DefaultMapping> {
  return {
    ...(length === undefined ? {} : { length }),
    ...(offset === undefined ? {} : { offset }),
    ...(sharing === undefined ? {} : { sharing }),
    ...(protection === undefined ? {} : { writable: protection.write }),
    ...(mode === 'ro' ? { readOnlyFile: true } : {}),
  };
}

/** Whether the first mapping of the program was made. */
function isMapped({ run }: Trial): boolean {
  return run.results.find(({ statement }) => statement.action.kind === 'mmap')?.result.outcome.kind === 'ok';
}

type PlannedList = Program[number][];

/** Numbers of the run that may be sizes, in bytes or pages. */
function sizesIn(run: FinishedRun): readonly bigint[] {
  return run.assumptions.flatMap(({ value }) => {
    const found = /^(0x[0-9a-f]+|\d+)\b/.exec(value)?.[1] ?? /\((0x[0-9a-f]+)\)/.exec(value)?.[1];
    const number = found === undefined ? 0n : BigInt(found);
    return number > 1n && number < 1n << 40n ? [number] : [];
  });
}
