/**
 * Runs a scenario in the simulator and writes what comes of it as a recording of a real kernel does, so that the two can be
 * compared line by line. The modelled machine has the same holes in its memory, and the configuration of the recorded kernel.
 */
import type { Driver } from '../../../server/src/driver/model.ts';
import { parseVersion } from '../../../server/src/kernel/version.ts';
import { isInUse } from '../../../server/src/mm/file.ts';
import type { Mm } from '../../../server/src/mm/mm.ts';
import type { Outcome } from '../../../server/src/mm/outcome.ts';
import { cacheTypeOf, isWritable } from '../../../server/src/mm/pgprot.ts';
import { referenceCount } from '../../../server/src/mm/physical/counts.ts';
import { defaultRegions, type Region } from '../../../server/src/mm/physical/memory.ts';
import { KernelStop } from '../../../server/src/mm/problem.ts';
import { exit } from '../../../server/src/mm/syscalls/exit.ts';
import type { System, SystemConfig } from '../../../server/src/mm/system.ts';
import type { Pte } from '../../../server/src/mm/tables/page-table.ts';
import { pageOf } from '../../../server/src/mm/units.ts';
import { mapsLine, smaps } from '../../../server/src/mm/views/proc.ts';
import { entryFor, mainHandler } from '../../../server/src/simulation/entry.ts';
import type { ActionContext, ActionResult } from '../../../server/src/simulation/run/context.ts';
import { numberIn } from '../../../server/src/simulation/run/look.ts';
import type { Mapping } from '../../../server/src/simulation/run/processes.ts';
import { runScenario } from '../../../server/src/simulation/run/run.ts';
import type { Action, Scenario, Statement } from '../../../server/src/simulation/scenario/model.ts';
import { parseScenario } from '../../../server/src/simulation/scenario/parse.ts';
import { definesOpen } from '../../../server/src/simulation/simulate.ts';
import { noWishes, type Wishes } from '../../../server/src/simulation/state/assumptions.ts';
import { holes } from './boot.ts';
import { normalisedMessages } from './kernel-messages.ts';
import type { KernelName } from './kernels.ts';
import type { RecordedScenario } from './recording.ts';
import { anybodys, stableLine } from './stable-lines.ts';

export interface SimulatedScenario extends RecordedScenario {
  /** Why the simulator did not come to the end. */
  readonly stoppedBecause?: string;
  /** The module was loaded. */
  readonly isSetUp: boolean;
}

const program = 'program';

/** The memory of the machine that `boot.ts` starts: some is set aside. */
const regions: readonly Region[] = [
  ...defaultRegions,
  ...holes.map(
    ({ start, bytes, hasPages }): Region => ({ start: start >> 12, pages: bytes >> 12, kind: hasPages ? 'reserved' : 'hidden' }),
  ),
];

/** Debian's kernels clear what they allocate; the machine has too little memory for huge pages. */
const config: Partial<SystemConfig> = { initOnAlloc: true, hugePages: false, regions };

/** What the drivers of the card are not told by their files: where its windows are and how large. */
const wishes: Wishes = {
  ...noWishes,
  values: new Map([
    ['PCI BAR 0 start', { value: 0xfd00_0000n, line: 0 }],
    ['PCI BAR 0 length', { value: 16n << 20n, line: 0 }],
    ['PCI BAR 2 length', { value: 4096n, line: 0 }],
  ]),
  asItRuns: true,
};

/** The options of each kernel; that with debugging is built by `debug-kernel.config`. */
const configs: Readonly<Record<KernelName, Partial<SystemConfig>>> = {
  '6.1': config,
  '6.12': config,
  '6.12-debug': { ...config, debugVm: true, lockdep: true, atomicSleep: true, numaBalancing: false },
};

/** A driver's scenario as the simulator tells it, on this kernel with this version. */
export function simulateRecorded(
  driver: Driver,
  version: string,
  { name, statements: recorded }: RecordedScenario,
  kernelName: KernelName,
): SimulatedScenario {
  const kernel = parseVersion(version);
  // A statement that did not come back was the last, for all processes; of a machine that stopped nobody knows which it was.
  const known = recorded.filter(({ outcome }) => outcome !== undefined);
  const statements = known.length > 0 ? known : recorded;
  const { scenario, problems } = parseScenario(statements.map(({ text }) => text).join('\n'));
  const handler = mainHandler(driver.handlers);
  if (!kernel || problems.length > 0 || !handler) throw new Error(`${name}: ${problems[0]?.message ?? 'nothing to run'}`);
  const entry = entryFor(driver, handler);
  if (typeof entry === 'string') throw new Error(`${name}: ${entry}`);
  const observer = new Observer(scenario);
  const run = runScenario({
    driver,
    handler,
    version: kernel,
    wishes,
    brief: true,
    config: configs[kernelName],
    entry,
    setsUp: true,
    runsOpen: definesOpen(driver, entry),
    scenario: observer.scenario,
    strict: false,
    watch: (statement, context) => observer.watch(statement, context),
  });
  const because = run.setUpFailed ?? run.stoppedBecause;
  return {
    name,
    statements: statements.map(({ text }, index) => ({ text, ...outcomeOf(run.results, scenario.statements[index]) })),
    state: observer.state(),
    messages: normalisedMessages(observer.messages),
    isSetUp: run.setUpFailed === undefined,
    ...(because === undefined ? {} : { stoppedBecause: because }),
  };
}

function outcomeOf(
  results: readonly { readonly statement: Statement; readonly result: ActionResult }[],
  statement: Statement | undefined,
): { readonly outcome?: string } {
  if (!statement) return {};
  const found = results.find((each) => each.statement === statement);
  if (!found) return { outcome: 'gone' };
  return { outcome: formatResult(statement.action, found.result) };
}

/** As the init program answers. */
function formatResult(action: Action, { outcome, bytes, skipped }: ActionResult): string {
  if (skipped !== undefined) return 'skipped';
  if (outcome.kind !== 'ok') return formatFailure(outcome);
  switch (action.kind) {
    case 'read':
    case 'mincore':
      return bytes && bytes.length > 0 ? formatBytes(bytes) : 'ok';
    case 'poll':
      return `0x${outcome.value.toString(16)}`;
    case 'pread':
      return outcome.value === 0n ? 'ok' : `ok ${outcome.value}${bytes && !action.into ? ` ${formatBytes(bytes)}` : ''}`;
    case 'mmap':
    case 'mremap':
    case 'fork':
      return 'ok';
    default:
      return outcome.value === 0n ? 'ok' : `ok ${outcome.value}`;
  }
}

function formatFailure(outcome: Exclude<Outcome, { kind: 'ok' }>): string {
  switch (outcome.kind) {
    case 'error':
      return outcome.name;
    case 'signal':
      return outcome.signal;
    case 'stopped':
      if (outcome.problem.killable) return 'hang';
      return { 'endless-fault': 'hang', deadlock: 'stuck' }[outcome.problem.kind as string] ?? 'killed';
  }
}

function formatBytes(bytes: Uint8Array): string {
  if (bytes.length <= 8) return `0x${numberIn(bytes).toString(16)}`;
  const sum = bytes.reduce((hash, byte) => Math.imul(hash ^ byte, 16777619) >>> 0, 2166136261);
  return `sum 0x${sum.toString(16).padStart(8, '0')}`;
}

/** Looks at the machine after the last statement, then lets everybody exit, the youngest first, and looks again. */
class Observer {
  readonly scenario: Scenario;
  readonly #names: readonly string[];
  readonly #processes: readonly string[];
  readonly #frames = new Map<string, number>();
  readonly #before: string[] = [];
  readonly #firstExit: Statement;
  #context: ActionContext | undefined;

  constructor(scenario: Scenario) {
    this.#names = mappingNames(scenario);
    this.#processes = [program, ...scenario.statements.flatMap(({ action }) => ('child' in action ? [action.child] : []))];
    const line = (scenario.statements.at(-1)?.line ?? 0) + 1;
    const exits = [...this.#processes].reverse().map((name, index): Statement => {
      const process = name === program ? {} : { process: name };
      return { line: line + index, text: 'exit', action: { kind: 'exit' }, ...process };
    });
    const [first = { line, text: 'exit', action: { kind: 'exit' } }] = exits;
    this.#firstExit = first;
    this.scenario = { ...scenario, statements: [...scenario.statements, ...exits] };
  }

  watch(statement: Statement, context: ActionContext): void {
    this.#context = context;
    if (statement === this.#firstExit) this.#observe(context);
  }

  get messages(): readonly string[] {
    return this.#context?.session.recorder.messages ?? [];
  }

  /** The lines of a recording, after everybody has exited; a process that dies in the kernel holds its pages and the module for ever. */
  state(): readonly string[] {
    const context = this.#context;
    if (!context) return [];
    const { system } = context.session;
    const end = this.#processes.map((name) => context.processes.get(name)?.stopped).find((stopped) => stopped !== undefined);
    if (end)
      return [...this.#before, `exit ${end.kind === 'deadlock' ? 'stuck' : 'killed'}`, countsLine('exited', context)].map(stableLine);
    const after = [...this.#frames].map(([label, pfn]) => {
      const isFreed = system.memory.page(pfn)?.use === 'free';
      return `after ${label} ${isFreed ? 'freed' : `refs ${referenceCount(system, pfn)}`}`;
    });
    const lines = [...this.#before, countsLine('exited', context), ...after].map(stableLine);
    return [...lines, ...this.#removeModule(context)];
  }

  /** A module is removed when everybody has exited; an open file holds it for ever. It may die in that, which its messages tell. */
  #removeModule({ session }: ActionContext): readonly string[] {
    if (isInUse(session.system)) return ['rmmod EAGAIN'];
    try {
      session.life.exit();
    } catch (thrown) {
      if (!(thrown instanceof KernelStop)) throw thrown;
      session.recorder.close();
    }
    return [];
  }

  #observe(context: ActionContext): void {
    for (const name of this.#processes) killHanging(context.processes.get(name));
    for (const name of this.#processes) {
      const mm = context.processes.get(name);
      if (!mm || mm.exited || mm.stopped) continue;
      const prefix = name === program ? '' : `${name} `;
      for (const mapping of this.#names) {
        const place = context.processes.mapping(mm, mapping);
        if (place) this.#before.push(...vmaLines(`${prefix}${mapping}`, place, mm), ...this.#pageLines(`${prefix}${mapping}`, place, mm));
      }
    }
    this.#before.push(countsLine('counts', context));
  }

  /** Runs of pages that look the same, within the first 512. */
  #pageLines(label: string, { start, length }: Mapping, mm: Mm): readonly string[] {
    const lines: string[] = [];
    const first = pageOf(start);
    const count = Math.min(Number(length >> 12n), 512);
    let from = 0;
    let like: string | undefined;
    for (let page = 0; page <= count; page++) {
      const found = page === count ? undefined : mm.table.get(first + page);
      // The helper in the kernel looks at small entries only.
      const pte = found?.huge === undefined ? found : undefined;
      const next = pte && describePage(pte, mm.system);
      if (pte) this.#remember(`${label}+${pages(page)}`, pte, mm.system);
      if (next === like) continue;
      if (like !== undefined) lines.push(`${label}+${pages(from)}${page > from + 1 ? `..${page}p` : ''} ${like}`);
      like = next;
      from = page;
    }
    return lines;
  }

  /** As ../init/observe.c does: pages that are in use, and whose counts are their own. */
  #remember(label: string, { pfn }: Pte, system: System): void {
    const page = system.memory.page(pfn);
    if (page?.use !== 'allocated' || page.slab || referenceCount(system, pfn) <= 0) return;
    if ([...this.#frames.values()].includes(pfn)) return;
    if (this.#frames.size < 64) this.#frames.set(label, pfn);
  }
}

/** A program that hangs in a fault is killed, and its mappings close. */
function killHanging(mm: Mm | undefined): void {
  if (mm?.stopped?.kind !== 'endless-fault') return;
  mm.stopped = undefined;
  exit(mm);
}

/** In the order in which the instructions number them. */
function mappingNames(scenario: Scenario): readonly string[] {
  const names = scenario.statements.flatMap(({ action }) => [
    ...('mapping' in action && action.mapping !== undefined ? [action.mapping] : []),
    ...('address' in action && action.address.mapping !== undefined ? [action.address.mapping] : []),
    ...('fixedAt' in action && action.fixedAt?.mapping !== undefined ? [action.fixedAt.mapping] : []),
  ]);
  return [...new Set(names)];
}

const pages = (count: number) => (count === 0 ? '0' : `${count}p`);
const pagesOf = (bytes: bigint) => pages(Number(bytes / 4096n));

function vmaLines(label: string, { start, length }: Mapping, mm: Mm): readonly string[] {
  return mm.overlapping(start, start + length).map((vma) => {
    const [, rights = '', offset = ''] = mapsLine(vma).split(' ');
    const { rss, vmFlags } = smaps(vma);
    const range = `${pagesOf(vma.vm_start - start)}..${pagesOf(vma.vm_end - start)}`;
    const from = `0x${(BigInt(`0x${offset}`) >> 12n).toString(16)}`;
    return `${label} ${range} ${rights} off ${from} rss ${pages(rss / 4)} flags ${vmFlags.join(' ')}`;
  });
}

const cacheNames = {
  'write-back': '',
  'write-combining': ' wc',
  'uncached-minus': ' uc-',
  uncached: ' uc',
  'write-protect': ' wp',
  'write-through': ' wt',
};

function describePage({ pfn, prot, special }: Pte, system: System): string {
  const entry = `${isWritable(prot) ? 'rw' : 'r-'} ${special ? 'special' : 'normal'}${cacheNames[cacheTypeOf(prot)]}`;
  const page = system.memory.page(pfn);
  if (!page) return `${entry} no-page`;
  if (page.use === 'zero') return `${entry} zero`;
  if (page.slab) return `${entry} slab`;
  if (page.use === 'free') return `${entry} ${anybodys}`;
  if (page.use === 'anonymous') return `${entry} anon maps ${page.mapcount}`;
  return `${entry}${page.reserved ? ' reserved' : ''} refs ${referenceCount(system, pfn)} maps ${page.mapcount}`;
}

/** The module's own counters, which the interpreter has counted up like the processor. */
function countsLine(head: string, { session }: ActionContext): string {
  const counters = [...session.driver.variables.keys()].filter((name) => name.startsWith('count_')).sort();
  return `${head} ${counters.map((name) => `${name.slice('count_'.length)}=${session.fileLevel.numberOf(name)}`).join(' ')}`;
}
