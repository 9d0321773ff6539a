/**
 * The simulation's door: a driver and a handler in, a finished trace out. Pure: the same input gives the same trace.
 */
import type { Driver, Handler } from '../driver/model.ts';
import { compareVersions, formatVersion, isNewerThanKnown, type KernelVersion, newestKernel, oldestKernel } from '../kernel/version.ts';
import type { SimulateResult } from '../protocol/requests.ts';
import type { Assumption, Trace } from '../protocol/trace.ts';
import { defaultScenario } from './defaults.ts';
import { entryFor } from './entry.ts';
import { hasWayIn } from './life/module-entry.ts';
import { Device, type Entry } from './run/device.ts';
import { expectationOf } from './run/expect.ts';
import { type FinishedRun, runScenario } from './run/run.ts';
import { formatScenario, planScenario } from './scenario/format.ts';
import type { Scenario, ScenarioProblem } from './scenario/model.ts';
import { parseScenario, type ScenarioPlace } from './scenario/parse.ts';
import { findWay, firstMapping, type Way } from './search.ts';
import { isOutside, noWishes, type Wishes } from './state/assumptions.ts';
import { verdictOf } from './verdict.ts';

export interface SimulateOptions {
  readonly driver: Driver;
  readonly handler: Handler;
  /** The text of a scenario; absent: the default one for the handler. */
  readonly scenario?: string | undefined;
  /** Where the scenario stands, for what it includes. */
  readonly place?: ScenarioPlace | undefined;
  /** Goes before the scenario's `kernel` and the driver's target. */
  readonly version?: KernelVersion | undefined;
  /** The driver's own init and probe functions are of no use: somebody has tried them before. */
  readonly isSetUpUseless?: boolean;
}

/** Runs the handler. Gives `failed` for a scenario with lines that are not understood, and a trace for everything else. */
export function simulate(options: SimulateOptions): SimulateResult {
  const parsed = options.scenario === undefined ? undefined : parseScenario(options.scenario, options.place);
  const [problem] = parsed?.problems ?? [];
  if (problem) return { kind: 'failed', message: formatProblem(problem) };
  return { kind: 'trace', trace: traceOf(options, parsed?.scenario, options.scenario) };
}

/** `Scenario line 3, column 5: …`. */
function formatProblem({ file, line, column, message }: ScenarioProblem): string {
  const where = file === undefined ? 'Scenario' : `${file.slice(file.lastIndexOf('/') + 1)},`;
  return `${where} line ${line}, column ${column}: ${message}`;
}

function traceOf(options: SimulateOptions, scenario: Scenario | undefined, text: string | undefined): Trace {
  const { driver, handler } = options;
  const version = options.version ?? scenario?.version ?? driver.target.version;
  const head = {
    kernel: formatVersion(version),
    file: driver.file,
    handler: { function: handler.function, kind: handler.kind, slot: handler.slot },
  };
  const entry = entryFor(driver, handler);
  if (typeof entry === 'string') return { ...head, scenario: text ?? '', assumptions: [], steps: [], verdict: stopped(entry) };
  const wishes = wishesOf(scenario);
  const hasOpen = definesOpen(driver, entry);
  const base = { driver, handler, version, entry };
  const tell = (hasSetUp: boolean, setUpSkipped?: string): Told => {
    const found = findWay({ ...base, wishes, hasOpen, hasSetUp });
    const way = setUpSkipped === undefined ? found : { ...found, setUpSkipped };
    const common = { ...base, wishes: { ...wishes, alternatives: way.alternatives }, setsUp: way.setsUp, runsOpen: way.runsOpen };
    const story = scenario ?? recordedScenario(common, way, version);
    return { way, story, run: runScenario({ ...common, scenario: story, strict: true }) };
  };
  const hasSetUp = hasWayIn(driver) && options.isSetUpUseless !== true;
  const asItRuns = scenario && hasSetUp ? toldAsItRuns({ ...base, wishes }, hasOpen, scenario) : undefined;
  const { way, story, run } = asItRuns ?? bestTold(tell, hasSetUp);
  return {
    ...head,
    scenario: text ?? formatScenario(story),
    assumptions: [...outsideTheModel(version), ...assumptionsOfWay(way, entry, handler), ...run.assumptions, ...unused(run)],
    steps: run.steps,
    verdict: verdictOf(run, entry.kind === 'table' ? handler.function : entry.handler.function, scenario === undefined),
  };
}

interface Told {
  readonly way: Way;
  readonly story: Scenario;
  readonly run: FinishedRun;
}

/**
 * A scenario that somebody wrote is told as it runs where the files tell everything: the driver is set up by its own functions, and
 * nothing is guessed but what lies outside of it. Then there is no other way to look for, whatever the handler answers.
 */
function toldAsItRuns(
  base: Omit<Parameters<typeof runScenario>[0], 'scenario' | 'strict' | 'setsUp' | 'runsOpen'>,
  hasOpen: boolean,
  scenario: Scenario,
): Told | undefined {
  const way: Way = { mapping: firstMapping, alternatives: new Map(), setsUp: true, runsOpen: hasOpen };
  const run = runScenario({ ...base, wishes: { ...base.wishes, asItRuns: true }, ...way, scenario, strict: true });
  const isWhole =
    run.setUpFailed === undefined && run.stoppedBecause === undefined && run.guesses.every(isOutside) && run.unusedWishes.length === 0;
  return isWhole ? { way, story: scenario, run } : undefined;
}

/**
 * The story with the driver's own set-up, unless that ends early and the one without does not, or the scenario assumes what the
 * set-up settles.
 */
function bestTold(tell: (hasSetUp: boolean, setUpSkipped?: string) => Told, hasSetUp: boolean): Told {
  const own = tell(hasSetUp);
  if (!own.way.setsUp) return own;
  const { stoppedBecause, setUpFailed, unusedWishes } = own.run;
  const because = stoppedBecause ?? setUpFailed;
  if (because === undefined && unusedWishes.length === 0) return own;
  const assumed = tell(
    false,
    because === undefined ? `it settles ${unusedWishes.join(', ')}, which the scenario assumes` : `after it ${because}`,
  );
  if (assumed.run.stoppedBecause !== undefined) return own;
  return because !== undefined || assumed.run.unusedWishes.length < unusedWishes.length ? assumed : own;
}

/** The default scenario with what happens written behind its statements, so that it can be kept as a test. */
function recordedScenario(
  common: Omit<Parameters<typeof runScenario>[0], 'scenario' | 'strict'>,
  way: Way,
  version: KernelVersion,
): Scenario {
  const scenario = defaultScenario(version, way.mapping, common.entry.kind !== 'table');
  const run = runScenario({ ...common, scenario, strict: false });
  const byLine = new Map(run.results.map((result) => [result.statement.line, result]));
  const isStopped = run.stoppedBecause !== undefined || run.results.some(({ result }) => result.outcome.kind === 'stopped');
  const last = run.results.at(-1)?.statement.line ?? 0;
  const planned = scenario.statements.flatMap((statement) => {
    const done = byLine.get(statement.line);
    if (done?.result.skipped !== undefined) return [];
    if (isStopped && statement.line > last + (run.stoppedBecause === undefined ? 0 : 1)) return [];
    const expectation = done && expectationOf(done.result.outcome);
    return [expectation ? { ...statement, expectation } : statement];
  });
  return planScenario(
    planned.map(({ action, process, expectation }) => ({
      action,
      ...(process === undefined ? {} : { process }),
      ...(expectation ? { expectation } : {}),
    })),
  );
}

function wishesOf(scenario: Scenario | undefined): Wishes {
  const values = new Map<string, { readonly value: bigint; readonly line: number }>();
  for (const { action, line } of scenario?.statements ?? []) {
    if (action.kind === 'assume') values.set(action.path, { value: action.value, line });
  }
  return { ...noWishes, values };
}

/** Whether the table that the handler stands in has an open function of the driver. */
export function definesOpen(driver: Driver, entry: Entry): boolean {
  if (entry.kind === 'table') return false;
  return Device.functionIn(driver, entry.handler, 'open') !== undefined;
}

/** Under which the list of assumptions says that the set-up is assumed. */
export const setUpName = 'the set-up';

function assumptionsOfWay(way: Way, entry: Entry, handler: Handler): readonly Assumption[] {
  const list: Assumption[] = [];
  if (entry.kind === 'table') {
    list.push({
      name: 'vma->vm_ops',
      value: entry.faultHelper === undefined ? `&${entry.table}` : entry.table,
      reason: 'no mmap handler of these files installs the table; one that does is assumed',
    });
  } else if (entry.handler.function !== handler.function) {
    list.push({ name: 'the way in', value: entry.handler.function, reason: `this mmap handler leads to ${handler.function}` });
  }
  if (way.setUpSkipped !== undefined && !way.setsUp) {
    list.push({
      name: setUpName,
      value: 'assumed',
      reason: `the driver's own init and probe functions are not used: ${way.setUpSkipped}`,
    });
  }
  if (way.openSkipped !== undefined && !way.runsOpen) {
    list.push({
      name: 'open(2)',
      value: 'done',
      reason: `the driver's open function is not run: ${way.openSkipped}. What it sets up is assumed instead`,
    });
  }
  return list;
}

/** A version that the model does not know runs as the nearest one that it knows. */
function outsideTheModel(version: KernelVersion): readonly Assumption[] {
  const isOld = compareVersions(version, oldestKernel) < 0;
  if (!isOld && !isNewerThanKnown(version)) return [];
  const nearest = formatVersion(isOld ? oldestKernel : newestKernel);
  const why = `Linux ${formatVersion(version)} is ${isOld ? 'older' : 'newer'} than what is modelled, and runs as ${nearest} does`;
  return [{ name: 'the kernel', value: nearest, reason: why }];
}

/** The value of an assumption that the scenario states for nothing. */
export const notUsed = 'not used';

function unused(run: FinishedRun): readonly Assumption[] {
  const wishes = run.unusedWishes.map((name) => ({
    name,
    value: notUsed,
    reason: 'the scenario sets it, but the driver never asks for it',
    settable: true as const,
  }));
  const failures = run.unmetFailures.map((call) => ({
    name: `fail ${call}`,
    value: notUsed,
    reason: 'the driver makes no such call, or not so many, behind it',
  }));
  return [...wishes, ...failures];
}

function stopped(because: string): Trace['verdict'] {
  return {
    outcome: 'stopped',
    summary: `There is nothing to run, because ${because}.`,
    problems: [],
    failedExpectations: [],
    stoppedBecause: because,
  };
}
