/**
 * The ways into a driver that an attack takes: how its state comes about before the first mmap(2), by its own set-up or assumed, so
 * that the handler accepts a mapping. One way is the main one; others let the handler run code that the main one leaves out.
 */
import type { DefaultMapping } from '../defaults.ts';
import { hasWayIn } from '../life/module-entry.ts';
import { findWay, firstMapping, forbidden, mapError, type SearchOptions, type Way } from '../search.ts';
import { isOutside, noWishes, type Wishes } from '../state/assumptions.ts';
import { isKeptReference } from '../world/kept-references.ts';
import { Campaign, type CampaignParts } from './campaign.ts';
import { opening, touches } from './moves.ts';
import { prepare } from './preparation.ts';
import { readOnly, type Shape, usualShape } from './shapes.ts';
import { isMapped, Meter, type Program, Trials } from './trial.ts';

/** A mapping, and values of the driver's state with which its handler should accept it. */
export interface Suggestion {
  readonly shape: Partial<Shape>;
  readonly state: ReadonlyMap<string, bigint>;
}

export type WaysOptions = Omit<CampaignParts, 'trials' | 'way' | 'wishes' | 'shape' | 'usual'> & {
  readonly base: Pick<SearchOptions, 'driver' | 'handler' | 'version' | 'entry'>;
  /** Whether the driver has an open function of its own. */
  readonly hasOpen: boolean;
  readonly suggestions: readonly Suggestion[];
};

const usualWishes: Wishes = { ...noWishes, trusting: true };

/** Other ways than the main one that are attacked. */
const mostOthers = 3;
/** Other values of one cell that are looked at. */
const mostValues = 6;
/** Runs that looking for them may take. */
const mostProbes = 24;

export class Ways {
  readonly #options: WaysOptions;

  constructor(options: WaysOptions) {
    this.#options = options;
  }

  /** Ways on which the handler refuses the mapping and keeps what it has taken. */
  readonly refusing: Campaign[] = [];

  /** A way that is attacked beside the main one: with calls before mmap(2) where that has none, or without. */
  #second: Campaign | undefined;

  /** The way on which least is assumed and the usual mapping is made. */
  main(): Campaign {
    const { base, hasOpen } = this.#options;
    if (hasWayIn(base.driver)) {
      const told = this.#make({ mapping: firstMapping, alternatives: new Map(), setsUp: true, runsOpen: hasOpen }, { asItRuns: true });
      if (told.isTold()) return told;
      const own = this.#withRoom(findWay({ ...base, wishes: usualWishes, hasOpen, hasSetUp: true }));
      const prepared = own.way.setsUp ? this.#prepared(own.way) : undefined;
      if (prepared?.usualRun.guesses.length === 0) {
        if (own.isUsable()) this.#second = own;
        return prepared;
      }
      this.#second = prepared;
      if (own.isUsable()) return own;
    }
    const assumed = this.#withRoom(findWay({ ...base, wishes: usualWishes, hasOpen, hasSetUp: false }));
    return assumed.isUsable() ? assumed : (this.#suggested() ?? assumed);
  }

  /**
   * Ways on which the handler runs code that it has not run on `main`, and accepts a mapping: in a state that the analysis of its text
   * gives, or where one of the values that were assumed is another.
   */
  *others(main: Campaign): Iterable<Campaign> {
    if (this.#second) yield this.#second;
    if (main.usualRun.openChoices.length === 0) return;
    const seen = new Set(main.usualRun.reached);
    let probes = 0;
    let found = this.#second ? 1 : 0;
    let isForbidden = !usualShape(main.way).protection.write;
    for (const variant of this.#variants(main)) {
      if (probes >= mostProbes || found >= mostOthers) return;
      probes += 1;
      const tried = this.#tried(variant);
      // What only here may not be written is worth a look, whatever code it takes.
      const isNew = tried && ((tried.isForbidden && !isForbidden) || ![...tried.reached].every((place) => seen.has(place)));
      if (!isNew) continue;
      for (const place of tried.reached) seen.add(place);
      isForbidden ||= tried.isForbidden;
      const campaign = this.#make(variant.way, variant.wishes, tried.shape);
      if (!campaign.isUsable()) continue;
      found += 1;
      yield campaign;
    }
  }

  /** The main way in circumstances that are rare, where what the driver does depends on them. */
  elsewhere(main: Campaign): readonly Campaign[] {
    return [...main.circumstances].map((circumstance) => {
      const alternatives = new Map([...main.way.alternatives, [circumstance, 1]]);
      const wishes = { ...main.wishes, alternatives };
      const way = { ...main.way, alternatives };
      return new Campaign({
        ...this.#options,
        trials: this.#trials(way, wishes),
        way,
        wishes,
        shape: undefined,
        usual: main.usualProblems,
      });
    });
  }

  *#variants({ way, usualRun }: Campaign): Iterable<Variant> {
    for (const { shape: asked, state } of this.#options.suggestions) {
      for (const shape of plainFirst(asked)) {
        const mapping = { ...firstMapping, ...mappingOf(shape) };
        yield { way: { ...way, mapping, setsUp: false, alternatives: new Map() }, wishes: { suggested: state }, shape };
      }
    }
    for (const { name, taken, count } of usualRun.openChoices.toReversed()) {
      for (let index = 0; index < Math.min(count, mostValues); index++)
        if (index !== taken)
          yield { way: { ...way, alternatives: new Map([...way.alternatives, [name, index]]) }, wishes: {}, shape: undefined };
    }
  }

  #make(way: Way, more: Partial<Wishes> = {}, shape?: Partial<Shape>, prologue: Program = []): Campaign {
    const wishes = { ...usualWishes, alternatives: way.alternatives, ...more };
    return new Campaign({ ...this.#options, trials: this.#trials(way, wishes), way, wishes, shape, prologue });
  }

  /** The driver as its own functions set it up and open it, where calls of its ioctl commands get it to accept a mapping. */
  #prepared(found: Way): Campaign | undefined {
    const { commands, hasOpen } = this.#options;
    if (commands.length === 0) return undefined;
    const way: Way = { ...found, mapping: firstMapping, runsOpen: hasOpen };
    const wishes = { ...usualWishes, alternatives: way.alternatives, asItRuns: true };
    const trials = this.#trials(way, wishes);
    const preparation = prepare(commands, usualShape(way), (program) => trials.run(program));
    if (!preparation) return undefined;
    const campaign = this.#make(way, { asItRuns: true }, preparation.shape, preparation.prologue);
    // What such a state leads to proves nothing where it rests on guesses about the driver's own state.
    return campaign.isUsable() && campaign.usualRun.guesses.every(isOutside) ? campaign : undefined;
  }

  /** What runs before the attack begins is on nobody's account. */
  #trials(way: Way, wishes: Wishes): Trials {
    const { base } = this.#options;
    return new Trials({ ...base, wishes, setsUp: way.setsUp, runsOpen: way.runsOpen }, new Meter(Number.POSITIVE_INFINITY));
  }

  /** Where a usual mapping reaches beyond what was assumed of the driver's memory, more of it is assumed. */
  #withRoom(way: Way): Campaign {
    const found = this.#make(way);
    if (!found.isUsable() || found.isClean()) return found;
    const roomy = this.#make(way, { roomy: true });
    return roomy.isUsable() && roomy.isClean() ? roomy : found;
  }

  /** The first suggestion that is followed without a problem, at the start of the device where the offset does not matter. */
  #suggested(): Campaign | undefined {
    const { base, hasOpen, suggestions } = this.#options;
    let usable: Campaign | undefined;
    for (const { shape, state } of suggestions) {
      for (const each of plainFirst(shape)) {
        const wishes = { ...usualWishes, suggested: state };
        const way = findWay({ ...base, wishes, hasOpen, hasSetUp: false, first: { ...firstMapping, ...mappingOf(each) } });
        const asked = this.#make(way, { suggested: state }, each);
        // The search may have found a mapping that is accepted where the analysis has not.
        const found = asked.isUsable() ? asked : this.#make(way, { suggested: state });
        if (!found.isUsable()) continue;
        if (found.isClean()) return found;
        usable ??= found;
      }
    }
    return usable;
  }

  /** The mapping of `variant` is made and used, for reading alone where it may not be written; `undefined` where it is refused or something stops it. */
  #tried({ way, wishes, shape }: Variant): Tried | undefined {
    const usual = { ...usualShape(way), ...shape };
    const trials = this.#trials(way, { ...usualWishes, alternatives: way.alternatives, ...wishes });
    const run = (asked: Shape) => trials.run([...opening(asked), ...touches(asked), { action: { kind: 'exit' } }]);
    const first = run(usual);
    if (!isMapped(first) && first.findings.some(({ problem }) => isKeptReference(problem.message)) && this.refusing.length < mostOthers)
      this.refusing.push(this.#make(way, wishes, shape));
    const isForbidden = usual.protection.write && forbidden.has(mapError(first.run));
    const trial = isForbidden ? run({ ...usual, protection: readOnly }) : first;
    if (!isMapped(trial) || trial.run.setUpFailed !== undefined || trial.run.stoppedBecause !== undefined) return undefined;
    return { reached: trial.run.reached, isForbidden, shape: isForbidden ? { ...shape, protection: readOnly } : shape };
  }
}

/** What came of trying a way. */
interface Tried {
  /** The code that ran. */
  readonly reached: ReadonlySet<number>;
  /** The mapping may be read, but not written. */
  readonly isForbidden: boolean;
  readonly shape: Partial<Shape> | undefined;
}

/** The shape at the start of the device, where the offset may not matter, before the shape itself: what is odd about it is an attack. */
function plainFirst(shape: Partial<Shape>): readonly Partial<Shape>[] {
  return shape.offset === undefined || shape.offset === 0n ? [shape] : [{ ...shape, offset: 0n }, shape];
}

/** A way that differs from the main one. */
interface Variant {
  readonly way: Way;
  readonly wishes: Partial<Wishes>;
  readonly shape: Partial<Shape> | undefined;
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
