/**
 * The simulator's time, measured in one process: the default scenario of the mmap handlers in the given files and folders, a
 * mapping of 1 GiB by one call beside one of a page, and one of 262,144 inserts. Times are processor time after the file is read, of a
 * second run: the first one compiles our own code. Of a kernel tree the handlers of test/corpus/simulated-6.12.md are run. Run by
 * `npm run bench`.
 */
import { existsSync, readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { mayHaveHandlers } from '../../server/src/driver/relevance.ts';
import { targetFor } from '../../server/src/driver/target.ts';
import { fileHost } from '../../server/src/host/files.ts';
import { SourceDocument } from '../../server/src/ide/document.ts';
import { simulateDocument } from '../../server/src/ide/simulate.ts';
import type { Trace } from '../../server/src/protocol/trace.ts';
import { readSource, sourcesAt } from '../corpus/sources.ts';
import { testGrammar } from '../support/grammar.ts';

const here = path.dirname(fileURLToPath(import.meta.url));
const drivers = path.join(here, '../../test/bench');
const grammar = await testGrammar();
const host = fileHost();

interface Timed {
  readonly trace: Trace;
  readonly milliseconds: number;
}

function open(file: string): SourceDocument {
  return new SourceDocument({ grammar, host, target: targetFor(file, 'auto', host) }, file, readSource(file));
}

function run(document: SourceDocument, handler: string, scenario?: string): Timed | undefined {
  // The file is read when its handlers are known.
  if (document.driver.handlers.length === 0) return undefined;
  const started = process.cpuUsage();
  const result = simulateDocument(document, { handler, ...(scenario === undefined ? {} : { scenario }) });
  const { user, system } = process.cpuUsage(started);
  return result.kind === 'trace' ? { trace: result.trace, milliseconds: (user + system) / 1000 } : undefined;
}

interface Subject {
  readonly file: string;
  readonly handler: string;
}

/** The handlers of the list of simulated ones that lie below a kernel tree whose `drivers` is among the paths. */
function listed(paths: readonly string[]): readonly Subject[] {
  const tree = paths.find((each) => path.basename(each) === 'drivers');
  if (tree === undefined) return [];
  const list = readFileSync(path.join(here, '../../test/corpus/simulated-6.12.md'), 'utf8');
  return [...list.matchAll(/^\| (\S+\.c) \| `(\w+)`/gm)].flatMap(([, name = '', handler = '']) => {
    const file = path.join(path.dirname(tree), name);
    return existsSync(file) ? [{ file, handler }] : [];
  });
}

/** The mmap handlers that are defined in C files at or below the paths. */
function* handlersAt(paths: readonly string[]): Generator<Subject> {
  for (const file of paths.flatMap((each) => (statSync(each).isDirectory() ? [...sourcesAt(each)] : [each]))) {
    if (!file.endsWith('.c') || !mayHaveHandlers(readSource(file))) continue;
    const document = open(file);
    const own = document.driver.handlers.filter((handler) => handler.kind === 'mmap' && handler.defined && handler.file === file);
    for (const handler of new Set(own.map((each) => each.function))) yield { file, handler };
  }
}

function defaultScenarios(paths: readonly string[]): void {
  const known = listed(paths);
  const subjects = known.length > 0 ? known : [...handlersAt(paths)];
  const timesOf = (): readonly number[] => subjects.flatMap(({ file, handler }) => run(open(file), handler)?.milliseconds ?? []);
  timesOf();
  const times = timesOf().toSorted((left, right) => left - right);
  const at = (share: number): string => (times[Math.ceil(times.length * share) - 1] ?? Number.NaN).toFixed(1);
  console.log(`simulate, default scenario, ${times.length} handlers: median ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(1)} ms`);
}

function large(label: string, name: string, handler: string, length = '1G'): void {
  const scenario = readFileSync(path.join(drivers, 'large.mmapsim'), 'utf8').replace('len 1G', `len ${length}`);
  const measure = (): Timed | undefined => run(open(path.join(drivers, 'drivers', name)), handler, scenario);
  measure();
  const timed = measure();
  if (!timed) return console.log(`simulate, ${label}: not run`);
  const { outcome, stoppedBecause } = timed.trace.verdict;
  console.log(
    `simulate, ${label}: ${timed.milliseconds.toFixed(1)} ms (${outcome}${stoppedBecause === undefined ? '' : `: ${stoppedBecause}`})`,
  );
}

defaultScenarios(process.argv.slice(2));
large('a page by one remap_pfn_range()', 'window.c', 'window_mmap', '1p');
large('1 GiB by one remap_pfn_range()', 'window.c', 'window_mmap');
large('262,144 calls of vm_insert_page()', 'pages.c', 'pages_mmap');
