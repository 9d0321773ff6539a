/**
 * The adversary's door: a driver and a handler in, the ways to a problem out, each as the shortest scenario that was found.
 * Pure, and deterministic: the same seed and budget give the same attacks. Candidates from elsewhere (what a rule suspects)
 * come in as mappings to try first.
 */
import type { Driver, Handler } from '../../driver/model.ts';
import { formatVersion, type KernelVersion } from '../../kernel/version.ts';
import type { AttackReport } from '../../protocol/attack.ts';
import { entryFor } from '../entry.ts';
import { definesOpen } from '../simulate.ts';
import type { Campaign, Found } from './campaign.ts';
import { commandsOf, transfersOf } from './commands.ts';
import { Random } from './random.ts';
import type { Shape } from './shapes.ts';
import { Meter } from './trial.ts';
import { unbuilt } from './unbuilt.ts';
import { type Suggestion, Ways } from './ways.ts';

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

/** Steps of an attack without `--budget`. */
const usualBudget = 40_000;

/** Steps for the mappings of the main way in other circumstances, and for one that is refused. */
const mostElsewhere = 400;

/** The part of the budget for the main way into a driver, where there are others. */
const mainShare = 0.6;

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
  const gone = unbuilt(driver, handler, version);
  const before = gone ? [gone] : [];
  if (typeof entry === 'string') return { ...head, assumptions: [], attacks: before, tried: 0, spent: 0, stoppedBecause: entry };
  const suggestions = options.suggestions ?? [];
  const found: Found = { attacks: new Map(before.map((each) => [each.message, each])) };
  const ways = new Ways({
    base: { driver, handler, version, entry },
    hasOpen: definesOpen(driver, entry),
    suggestions,
    commands: commandsOf(driver, entry),
    transfers: transfersOf(driver, entry),
    candidates: [...(options.candidates ?? []), ...suggestions.map(({ shape }) => shape)],
    isTable: entry.kind === 'table',
    canBePulled: canBePulled(driver),
    found,
  });
  const meter = new Meter(options.budget ?? usualBudget);
  const main = ways.main();
  runAll(ways, main, meter, new Random(seed), dependsOnCircumstances(driver) ? mostElsewhere : 0);
  return { ...head, assumptions: main.assumptions, attacks: [...found.attacks.values()], tried: meter.runs, spent: meter.spent };
}

/** The main way first, then the others by turns; what they leave of the budget goes to combinations on the main one. */
function runAll(ways: Ways, main: Campaign, meter: Meter, random: Random, elsewhere: number): void {
  const { limit } = meter;
  const others = [...ways.others(main)];
  meter.limit = Math.min(others.length > 0 ? limit * mainShare : limit, limit - elsewhere);
  main.run(meter);
  for (const campaign of ways.elsewhere(main)) {
    meter.limit = Math.min(limit, meter.spent + mostElsewhere);
    campaign.runShapes(main.accepted, meter);
  }
  for (const refusing of ways.refusing) {
    meter.limit = Math.min(limit, meter.spent + mostElsewhere);
    refusing.runUsual(meter);
  }
  for (const [index, other] of others.entries()) {
    meter.limit = meter.spent + (limit - meter.spent) / (others.length - index);
    other.run(meter);
  }
  meter.limit = limit;
  main.combine(random);
}

/** Whether the files speak of addresses that an IOMMU gives, or of things that others hold as well. */
function dependsOnCircumstances(driver: Driver): boolean {
  return [...driver.files.values()].some((text) => /\b(dma_(addr_t|alloc_\w+)|struct kref)\b/.test(text));
}

/** Buses whose devices are pulled out while they work. */
const pulled: ReadonlySet<string> = new Set(['usb_driver', 'usb_serial_driver', 'pcmcia_driver', 'hid_driver', 'tb_service_driver']);

/** Whether the files drive a device that anybody can pull out. */
function canBePulled(driver: Driver): boolean {
  return [...driver.variables.values()].some(({ type }) => type.kind === 'tagged' && pulled.has(type.name ?? ''));
}
