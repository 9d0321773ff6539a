/**
 * The attacks on one way into a driver: everything that a program may do with a mapping that the handler accepts in one assumed
 * state of the driver. Programs are tried from the likeliest to the random ones; what goes wrong is shortened and judged. Knows
 * nothing of how the way was found.
 */
import { PAGE_SIZE } from '../../mm/units.ts';
import type { Attack } from '../../protocol/attack.ts';
import type { TraceProblem } from '../../protocol/trace.ts';
import type { FinishedRun } from '../run/run.ts';
import type { Action } from '../scenario/model.ts';
import { mapError, type Way } from '../search.ts';
import type { Wishes } from '../state/assumptions.ts';
import { type Call, ioctlStatement } from './arguments.ts';
import { doubts, judge } from './judge.ts';
import { type LearnedCall, learnCalls } from './learning.ts';
import { programsWithFailingFork, programsWithoutMemory } from './memory-runs-out.ts';
import { minimise } from './minimise.ts';
import { called, movesFor, opening, touches } from './moves.ts';
import type { Random } from './random.ts';
import { attackScenario, attackSteps } from './scenario.ts';
import { farLength, kinds, ranges, type Shape, usualShape } from './shapes.ts';
import { isEmpty, isMapped, type Meter, type Program, type Trial, type Trials, untilProblem } from './trial.ts';

/** Of the budget, what shortening and judging one way to a problem may take. */
const mostForOne = 3_000;
/** The same where the usual mapping runs into it too, with guesses that may well be wrong. */
const mostForDoubtful = 400;
/** Shapes of mappings that the moves are tried on. */
const mostShapes = 8;
/** Lengths that are tried where a mapping is refused. */
const mostLengths = 2;
/** Moves that a combination is made of. */
const mostCombined = 3;
/** Combinations in a row without a new way end the search. */
const mostFruitless = 30;

/** Moves on longer mappings show nothing more. Bytes. */
const longestUseful = 0x100_0000n;

export interface CampaignParts {
  readonly trials: Trials;
  readonly way: Way;
  readonly wishes: Wishes;
  readonly commands: readonly string[];
  /** Reads and writes of the device file that the driver has functions for. */
  readonly transfers: readonly Action[];
  /** What comes between opening the device and mapping it. */
  readonly prologue?: Program;
  readonly candidates: readonly Partial<Shape>[];
  /** What is known of a mapping that the handler accepts. */
  readonly shape: Partial<Shape> | undefined;
  /** No mmap handler of these files leads to the function that is attacked. */
  readonly isTable: boolean;
  readonly canBePulled: boolean;
  readonly found: Found;
  /** Kinds of problems that the usual mapping runs into in the usual circumstances, where this campaign has others. */
  readonly usual?: ReadonlySet<string>;
}

/** What all campaigns on a handler have found. */
export interface Found {
  /** By the names of their problems; a likely one takes the place of one that is possible. */
  readonly attacks: Map<string, Attack>;
}

export class Campaign {
  assumptions: FinishedRun['assumptions'] = [];
  readonly #trials: Trials;
  readonly way: Way;
  readonly wishes: Wishes;
  readonly #commands: readonly string[];
  readonly #transfers: readonly Action[];
  readonly #prologue: Program;
  #calls: readonly LearnedCall[] = [];
  readonly #candidates: readonly Partial<Shape>[];
  readonly #shape: Partial<Shape> | undefined;
  readonly #canBePulled: boolean;
  readonly #isTable: boolean;
  readonly #ways = new Set<string>();
  readonly #found: Found;
  /** Names of the problems that this campaign ran into. */
  readonly #known = new Set<string>();
  /** Shapes by their values. */
  readonly #tried = new Set<string>();
  readonly #usual: Set<string>;
  /** Accepted mappings that took different ways through the handler. */
  readonly #shapes: Shape[] = [];
  #usualFound: { readonly usual: Shape; readonly first: Trial } | undefined;
  #isAccepted = false;
  /** The longest one that took no way of its own. */
  #longest: Shape | undefined;

  constructor(parts: CampaignParts) {
    this.#trials = parts.trials;
    this.way = parts.way;
    this.wishes = parts.wishes;
    this.#commands = parts.commands;
    this.#transfers = parts.transfers;
    this.#prologue = parts.prologue ?? [];
    this.#candidates = parts.candidates;
    this.#shape = parts.shape;
    this.#isTable = parts.isTable;
    this.#canBePulled = parts.canBePulled;
    this.#found = parts.found;
    this.#usual = new Set(parts.usual);
  }

  /** Kinds of problems that the usual mapping runs into. */
  get usualProblems(): ReadonlySet<string> {
    return this.#usual;
  }

  /** Mappings that were accepted, for a campaign in other circumstances. */
  get accepted(): readonly Shape[] {
    return this.#isAccepted ? this.#chosenShapes() : [];
  }

  /** What the driver's state depends on in any run, of the machine and of others at work on it. */
  readonly circumstances = new Set<string>();

  /** Makes the usual mapping alone. */
  runUsual(meter: Meter): void {
    const { usualTrial } = this;
    this.#trials.meter = meter;
    this.#take(usualTrial);
  }

  /** Makes the mappings in the circumstances of this campaign. */
  runShapes(shapes: readonly Shape[], meter: Meter): void {
    const { usualTrial } = this;
    this.#trials.meter = meter;
    this.#take(usualTrial);
    for (const shape of shapes) if (!this.#trials.isSpent) this.#take(this.#trials.run([...this.#opening(shape), ...touches(shape)]));
  }

  /** The run of the usual mapping. */
  get usualRun(): FinishedRun {
    return this.usualTrial.run;
  }

  get usualTrial(): Trial {
    this.#usualFound ??= this.#usualTrial();
    return this.#usualFound.first;
  }

  /** Whether the driver's own functions set everything up, so that nothing is guessed and a mapping is made. */
  isTold(): boolean {
    this.#usualFound ??= this.#usualTrial();
    const { first } = this.#usualFound;
    return isMapped(first) && !isEmpty(first) && this.isWhole() && first.run.guesses.length === 0;
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

  /** Tries shapes of mappings, and each move on those that are accepted. */
  run(meter: Meter): void {
    this.#usualFound ??= this.#usualTrial();
    this.#trials.meter = meter;
    const { usual, first } = this.#usualFound;
    this.assumptions = first.run.assumptions;
    for (const { problem } of first.findings) this.#usual.add(problem.kind);
    this.#shapes.push(usual);
    this.#isAccepted = isMapped(first);
    this.#take(first);
    this.#tryTransfers(usual);
    for (const candidate of this.#candidates) this.#tryShape({ ...usual, ...candidate });
    for (const shape of kinds(usual)) this.#tryShape(shape);
    this.#tryShape({ ...usual, length: farLength });
    // What has to be asked for can be given back.
    const isAsked = this.#prologue.length > 0;
    if (isAsked) this.#tryCommands(usual);
    this.#tryMoves(usual);
    const made = first.run.failable;
    for (const program of [...programsWithoutMemory(usual, made, this.#prologue), ...programsWithFailingFork(usual, made, this.#prologue)])
      if (!this.#trials.isSpent) this.#take(this.#trials.run(program));
    if (!isAsked) this.#tryCommands(usual);
    for (const shape of ranges(usual, sizesIn(first.run))) this.#tryShape(shape);
    if (this.#isAccepted) for (const shape of this.#chosenShapes()) if (shape !== usual) this.#tryMoves(shape);
  }

  /** A mapping that the handler accepts: that of the way through it, else the first one of another kind or of one page. */
  #usualTrial(): { readonly usual: Shape; readonly first: Trial } {
    const usual = { ...usualShape(this.way), ...this.#shape };
    const run = (shape: Shape) => this.#trials.run([...this.#opening(shape), ...touches(shape), { action: { kind: 'exit' } }]);
    const first = run(usual);
    if (isMapped(first)) return { usual, first };
    for (const shape of [...kinds(usual), ...kinds({ ...usual, length: PAGE_SIZE })]) {
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
    const trial = this.#trials.run([...this.#opening(shape), ...touches(shape)]);
    const isNew = this.#take(trial);
    if (!isMapped(trial)) return isNew && mapError(trial.run) === 'EINVAL' ? this.#tryLengths(shape, trial.run) : undefined;
    this.#isAccepted = true;
    if (shape.length > longestUseful) return;
    if (isNew) this.#shapes.push(shape);
    else if (shape.length > (this.#longest?.length ?? 0n)) this.#longest = shape;
  }

  /** What is refused where the handler does something else may be refused for its length: sizes that it asked for there alone are tried. */
  #tryLengths(shape: Shape, run: FinishedRun): void {
    const known = new Set(this.usualRun.assumptions.map(({ name }) => name));
    const assumptions = run.assumptions.filter(({ name }) => !known.has(name));
    const lengths = sizesIn({ assumptions }).filter((size) => size % PAGE_SIZE === 0n && size <= longestUseful && size !== shape.length);
    for (const length of lengths.slice(0, mostLengths)) this.#tryShape({ ...shape, length });
  }

  #chosenShapes(): readonly Shape[] {
    const [first, ...others] = this.#shapes;
    const longest = this.#longest ? [this.#longest] : [];
    return [...(first ? [first] : []), ...longest, ...others].slice(0, mostShapes);
  }

  #tryMoves(shape: Shape): void {
    for (const { before, statements } of movesFor(shape)) {
      if (this.#trials.isSpent) return;
      this.#take(this.#trials.run([...this.#opening(shape, before), ...touches(shape), ...statements]));
    }
  }

  /** What reading and writing the device does to a mapping that is there. */
  #tryTransfers(shape: Shape): void {
    for (const action of this.#transfers) {
      if (this.#trials.isSpent) return;
      this.#take(this.#trials.run([...this.#opening(shape), ...touches(shape), ...called(shape, { action })]));
    }
  }

  /** What the driver's commands do to a mapping that is there, and to one that is made after them. */
  #tryCommands(shape: Shape): void {
    const after = (call: Call, before: Program = []) =>
      this.#trials.run([...this.#opening(shape, before), ...touches(shape), ...called(shape, ioctlStatement(call))]);
    const run = (call: Call) => {
      const trial = after(call);
      this.#take(trial);
      return trial;
    };
    const isSpent = () => this.#trials.isSpent;
    this.#calls = learnCalls({ commands: this.#commands, run, isSpent, before: this.usualTrial });
    for (const { call, written } of this.#calls) {
      const before = [ioctlStatement(call)];
      // What a call stores for a mapping, both parts of it have when it is split.
      for (const { name, statements } of movesFor(shape)) {
        if (this.#trials.isSpent) return;
        if (splitting.has(name)) this.#take(this.#trials.run([...this.#opening(shape), ...touches(shape), ...before, ...statements]));
      }
      for (const { call: later } of this.#calls) if (!this.#trials.isSpent) this.#take(after(later, before));
      for (const offset of new Set(written)) {
        if (this.#trials.isSpent) return;
        if (offset % PAGE_SIZE === 0n) this.#take(this.#trials.run([...this.#opening({ ...shape, offset }, before), ...touches(shape)]));
      }
    }
  }

  #opening(shape: Shape, before: Program = []): Program {
    return opening(shape, [...this.#prologue, ...before]);
  }

  /** Moves one after the other, as long as the budget lasts: what took a new way is gone on from. */
  combine(random: Random): void {
    // What the handler never maps leaves nothing to combine.
    if (!this.#isAccepted) return;
    const pool: Program[] = [];
    for (let fruitless = 0; fruitless < mostFruitless && !this.#trials.isSpent; fruitless++) {
      const shape = random.pick(this.#chosenShapes());
      if (!shape) return;
      const moves = [...movesFor(shape), ...this.#calls.map(({ call }) => ({ statements: [ioctlStatement(call)] }))];
      const grown = pool.length > 0 && random.below(2) === 0 ? random.pick(pool) : undefined;
      const program: PlannedList = [...(grown ?? [...this.#opening(shape), ...touches(shape)])];
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
    for (const each of trial.run.circumstances) this.circumstances.add(each);
    for (const { key, problem } of trial.findings) {
      if (this.#known.has(key)) continue;
      this.#known.add(key);
      if (this.#found.attacks.get(key)?.confidence === 'likely') continue;
      this.#report(trial, key, problem);
    }
    const before = this.#ways.size;
    return this.#ways.add(trial.way).size > before;
  }

  #report(found: Trial, key: string, problem: TraceProblem): void {
    const { kind } = problem;
    const isDoubtful = this.#usual.has(kind) && doubts(found.run, this.wishes).length > 0;
    const { spent, limit: end } = this.#trials.meter;
    // Half of what is left stays for judging.
    const limit = spent + Math.min(isDoubtful ? mostForDoubtful : mostForOne, (end - spent) / 2);
    const shows = (program: Program) => this.#trials.run(program).findings.some((each) => each.key === key);
    const begun = untilProblem(found, problem);
    const program = minimise(shows(begun) ? begun : found.program, shows, () => this.#trials.meter.spent < limit);
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
      wishes: this.wishes,
    });
    if (judgement.confidence === 'possible' && this.#found.attacks.has(key)) return;
    this.#found.attacks.set(key, {
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

/** Moves that leave two vmas where there was one. */
const splitting: ReadonlySet<string> = new Set(['fork', 'unmap the head']);

/** Problems of what a driver allows or forgets, which no wrong memory brings about. */
const standsAlone: ReadonlySet<string> = new Set(['write-not-prevented', 'lock-not-held', 'deadlock']);

type PlannedList = Program[number][];

/** Numbers of the run that may be sizes, in bytes or pages. */
function sizesIn({ assumptions }: Pick<FinishedRun, 'assumptions'>): readonly bigint[] {
  return assumptions.flatMap(({ value }) => {
    // `64 KiB (0x10000)`, `0x10000`, `16`.
    const found = /\((0x[0-9a-f]+)\)/.exec(value)?.[1] ?? /^(0x[0-9a-f]+|\d+)\b/.exec(value)?.[1];
    const number = found === undefined ? 0n : BigInt(found);
    return number > 1n && number < 1n << 40n ? [number] : [];
  });
}
