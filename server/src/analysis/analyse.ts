/**
 * The analysis of a driver: every entry is run on symbols, along all of its paths. Handlers of mmap go first, because
 * what they do to a vma holds when their fault handlers run.
 */
import type { Driver, HandlerKind } from '../driver/model.ts';
import { programOf } from '../driver/program.ts';
import type { Program } from '../execution/program.ts';
import { createExecutor } from '../execution/run.ts';
import { knownBits } from '../execution/term-range.ts';
import type { Value } from '../execution/value.ts';
import type { Stop } from '../execution/world.ts';
import { kernelDialect } from '../services/kernel-types.ts';
import { CallGraph } from './call-graph.ts';
import { entriesOf, takesMapping } from './entries.ts';
import { type EntrySetup, type FlagsBefore, setUpEntry } from './entry-setup.ts';
import { explore, type Replay } from './explore.ts';
import { KeptRuns, movedPath, type Seen } from './kept-runs.ts';
import type { Entry, EntryAnalysis, Path, VmaAt } from './path.ts';
import { withSharedTerms } from './shared-terms.ts';
import { SymbolicWorld } from './symbolic-world.ts';

export interface AnalysisBudget {
  /** Paths of one entry. */
  readonly paths: number;
  /** Paths of one entry after which what promises little is not tried; see `explore.ts`. */
  readonly minorPaths: number;
  /** Steps of all paths of one entry together. */
  readonly totalSteps: number;
  /** Steps of one path. */
  readonly steps: number;
  /** Nested calls. */
  readonly depth: number;
}

const defaultBudget: AnalysisBudget = { paths: 256, minorPaths: 32, totalSteps: 30_000, steps: 4000, depth: 24 };
/** For what maps nothing itself: there a lock that is missing shows on the first paths, in functions that matter to it. */
const otherBudget: AnalysisBudget = { ...defaultBudget, paths: 128, totalSteps: 12_000 };
/** Of functions from which a call of interest is reached by more steps than this, none is nearer than the other. */
const farthest = 8;
/** Handlers whose every path matters, because they map, or refuse to. */
const mappingKinds: ReadonlySet<HandlerKind> = new Set([
  'mmap',
  'mmap_prepare',
  'fault',
  'huge_fault',
  'pfn_mkwrite',
  'nopage',
  'nopfn',
  'populate',
]);

/** One path, and the vma at its end. */
interface Run {
  readonly path: Path;
  readonly setup: EntrySetup;
  readonly vma?: VmaAt;
  /** The table that the handler gave the vma. */
  readonly vmOps?: string;
}

/** What the analysis of one open text keeps for the next version of it. */
export type AnalysisMemory = KeptRuns<Replay<Run>>;

export function newAnalysisMemory(): AnalysisMemory {
  return new KeptRuns((replay, move) => ({ ...replay, result: { ...replay.result, path: movedPath(replay.result.path, move) } }));
}

/**
 * Runs every entry of `driver` that maps memory or reaches a call that does. Never throws because of the driver's text.
 * With `memory`, runs that an edit did not touch are taken from the version before; the result is the same.
 */
export function analyseDriver(
  driver: Driver,
  budget: AnalysisBudget = defaultBudget,
  memory: AnalysisMemory | undefined = undefined,
): readonly EntryAnalysis[] {
  const graph = new CallGraph(driver);
  const entries = entriesOf(driver, graph);
  memory?.turn(driver, entries.length === 0 ? '' : graph.text());
  if (entries.length === 0) return [];
  const unread = new Set<string>();
  const all = noting(programOf(driver), unread);
  // Not looking inside makes the call one that may have checked everything.
  const { boundsChecks, allocators } = driver.target;
  const isClosed = (name: string): boolean => boundsChecks?.has(name) === true || allocators?.has(name) === true;
  const whole: Program = { ...all, function: (name) => (isClosed(name) ? undefined : all.function(name)) };
  const narrow: Program = { ...whole, function: (name) => (graph.matters(name) ? whole.function(name) : undefined) };
  const distance = (name: string): number | undefined => {
    const steps = graph.distanceToInterest(name);
    return steps === undefined ? undefined : Math.min(steps, farthest);
  };
  // All of a mapping's own way counts alike: to the calls of interest, and where the mapping itself is handed on.
  const onTheWay = (name: string): number | undefined => {
    const header = driver.functions.get(name);
    return graph.reachesInterest(name) || (header && takesMapping(header)) ? 0 : undefined;
  };
  const flagsByTable = new Map<string, FlagsBefore>();
  const analyses = new Map<Entry, EntryAnalysis>();
  const first = entries.filter(isMmap);
  for (const entry of [...first, ...entries.filter((each) => !isMmap(each))]) {
    const table = entry.handler?.registeredAt?.table;
    const before = isMmap(entry) || table === undefined ? undefined : flagsByTable.get(table);
    const job: Job = maps(entry)
      ? { driver, program: whole, unread, entry, before, budget, distance: onTheWay }
      : { driver, program: graph.matters(entry.function) ? narrow : whole, unread, entry, before, budget: otherBudget, distance };
    const { paths, minorPaths, totalSteps } = job.budget;
    let isKept = true;
    const { results, complete } = explore(
      (prefix) => {
        const kept = memory?.get(keyOf(job, prefix));
        isKept &&= kept !== undefined;
        return kept ?? runAndKeep(job, prefix, memory);
      },
      { paths, minorPaths, steps: totalSteps },
      job.distance,
    );
    if (isMmap(entry)) noteFlags(flagsByTable, results);
    const origin = memory?.originOf(keyOf(job, []), isKept) ?? {};
    analyses.set(entry, analysisOf(entry, origin, results, complete));
  }
  return entries.flatMap((entry) => analyses.get(entry) ?? []);
}

/** The program, with the names of functions in `unread` whose bodies are asked for in vain: the next version may have them. */
function noting(program: Program, unread: Set<string>): Program {
  return {
    ...program,
    function: (name) => {
      const found = program.function(name);
      return (
        found && {
          ...found,
          definition: () => {
            const definition = found.definition();
            if (!definition) unread.add(name);
            return definition;
          },
        }
      );
    },
  };
}

function maps({ handler }: Entry): boolean {
  return handler !== undefined && mappingKinds.has(handler.kind);
}

function isMmap(entry: Entry): boolean {
  return entry.handler?.kind === 'mmap' || entry.handler?.kind === 'mmap_prepare';
}

/** What is the same for all runs of an entry. */
interface Job {
  readonly driver: Driver;
  readonly program: Program;
  /** Functions that were called and whose bodies cannot be read, so far. */
  readonly unread: ReadonlySet<string>;
  readonly entry: Entry;
  readonly before: FlagsBefore | undefined;
  readonly budget: AnalysisBudget;
  /** How far a function is from the calls of interest. */
  readonly distance: (name: string) => number | undefined;
}

function runAndKeep(job: Job, prefix: readonly boolean[], memory: AnalysisMemory | undefined): Replay<Run> {
  const { replay, seen } = runOnce(job, prefix);
  memory?.keep(keyOf(job, prefix), replay, seen);
  return replay;
}

/** What tells a run from every other of the driver; all else of a job follows from the entry and the call graph. */
function keyOf({ entry, before }: Job, prefix: readonly boolean[]): string {
  const answers = prefix.map((answer) => (answer ? '1' : '0')).join('');
  return [entry.function, entry.slot, entry.handler?.kind, entry.mmapLock, before?.set, before?.cleared, answers].join(' ');
}

function runOnce(job: Job, prefix: readonly boolean[]): { readonly replay: Replay<Run>; readonly seen: Seen } {
  const { driver, program, entry, before, budget } = job;
  const world = new SymbolicWorld(driver, entry, prefix);
  const executor = createExecutor(program, kernelDialect, world);
  const setup = setUpEntry(executor.machine, driver, entry, before);
  world.start(setup.objects, setup.guarantees);
  const outcome = executor.run(entry.function, setup.arguments, budget);
  const path = world.path(outcome, executor.machine);
  const vma = world.vmaNow();
  const vmOps = tableOf(setup.objects.vma?.cells.get('.vm_ops'));
  const result: Run = { path, setup, ...(vma ? { vma } : {}), ...(vmOps === undefined ? {} : { vmOps }) };
  return {
    replay: { result, decisions: world.decisions, steps: world.steps },
    seen: { ...world.seen, functions: new Set([...world.seen.functions, ...job.unread]) },
  };
}

function tableOf(value: Value | undefined): string | undefined {
  return value?.kind === 'pointer' && value.place.path.length === 0 ? value.place.object.name : undefined;
}

/** Why a budget ended a run, as the end of a sentence. */
const whyCut: Readonly<Record<Extract<Stop, { kind: 'budget' }>['what'], string>> = {
  steps: 'it takes too many steps',
  depth: 'its calls are nested too deeply',
  loop: 'a loop has no end in sight',
  paths: 'it has too many paths',
};

/** What every successful path that installs a table of vm_operations did to the flags. */
function noteFlags(byTable: Map<string, FlagsBefore>, runs: readonly Run[]): void {
  for (const { path, vma, vmOps } of runs) {
    if (vmOps === undefined || !vma || !mayHaveSucceeded(path)) continue;
    const { ones, zeros } = vma.known ? knownBits(vma.flags) : { ones: 0n, zeros: 0n };
    const known = byTable.get(vmOps);
    byTable.set(vmOps, known ? { set: known.set & ones, cleared: known.cleared & zeros } : { set: ones, cleared: zeros });
  }
}

function mayHaveSucceeded({ outcome }: Path): boolean {
  if (outcome.kind !== 'returned') return false;
  const { value } = outcome;
  return value.kind !== 'integer' || value.term.kind !== 'constant' || value.term.value === 0n;
}

function analysisOf(entry: Entry, origin: object, runs: readonly Run[], explored: boolean): EntryAnalysis {
  const paths = withSharedTerms(runs.map((run) => run.path));
  const setup = runs[0]?.setup;
  const problems = new Set<string>();
  if (!explored) problems.add(`\`${entry.function}()\` has more paths than were followed.`);
  for (const { outcome } of paths) {
    if (outcome.kind !== 'stopped') continue;
    if (outcome.stop.kind === 'budget') problems.add(`\`${entry.function}()\` was not followed to its end: ${whyCut[outcome.stop.what]}.`);
    if (outcome.stop.kind === 'notUnderstood') problems.add(`\`${entry.function}()\`: ${outcome.stop.what} was not understood.`);
  }
  const cut = paths.some(
    ({ outcome }) => outcome.kind === 'stopped' && (outcome.stop.kind === 'budget' || outcome.stop.kind === 'notUnderstood'),
  );
  return {
    entry,
    origin,
    paths,
    complete: explored && !cut,
    problems: [...problems],
    symbols: setup?.symbols ?? {},
    guarantees: setup?.guarantees ?? [],
    domains: setup?.domains ?? new Map(),
  };
}
