/**
 * The simulator's time, measured in one process: the default scenario of the mmap handlers in the given files and folders, a
 * mapping of 1 GiB by one call, and one of 262,144 inserts. Times are processor time after the file is read. Run by `npm run bench`.
 */
import { readFileSync, statSync } from 'node:fs';
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

/** Handlers that are run of a large tree, evenly spread over it. */
const mostHandlers = 200;

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

/** The mmap handlers that are defined in C files at or below the paths. */
function* handlersAt(paths: readonly string[]): Generator<{ readonly file: string; readonly handler: string }> {
  for (const file of paths.flatMap((each) => (statSync(each).isDirectory() ? [...sourcesAt(each)] : [each]))) {
    if (!file.endsWith('.c') || !mayHaveHandlers(readSource(file))) continue;
    const document = open(file);
    const own = document.driver.handlers.filter((handler) => handler.kind === 'mmap' && handler.defined && handler.file === file);
    for (const handler of new Set(own.map((each) => each.function))) yield { file, handler };
  }
}

function defaultScenarios(paths: readonly string[]): void {
  const all = [...handlersAt(paths)];
  const step = Math.max(all.length / mostHandlers, 1);
  const chosen = all.filter((_, index) => Math.floor(index / step) !== Math.floor((index - 1) / step));
  const times = chosen.flatMap(({ file, handler }) => {
    const document = open(file);
    const timed = run(document, handler);
    return timed ? [timed.milliseconds] : [];
  });
  times.sort((a, b) => a - b);
  const at = (share: number): string => (times[Math.ceil(times.length * share) - 1] ?? Number.NaN).toFixed(1);
  console.log(
    `simulate, default scenario, ${times.length} of ${all.length} handlers: median ${at(0.5)} ms, p95 ${at(0.95)} ms, max ${at(1)} ms`,
  );
}

function large(label: string, name: string, handler: string): void {
  const document = open(path.join(drivers, 'drivers', name));
  const timed = run(document, handler, readFileSync(path.join(drivers, 'large.mmapsim'), 'utf8'));
  if (!timed) return console.log(`simulate, ${label}: not run`);
  const { outcome, stoppedBecause } = timed.trace.verdict;
  console.log(
    `simulate, ${label}: ${timed.milliseconds.toFixed(1)} ms (${outcome}${stoppedBecause === undefined ? '' : `: ${stoppedBecause}`})`,
  );
}

defaultScenarios(process.argv.slice(2));
large('1 GiB by one remap_pfn_range()', 'window.c', 'window_mmap');
large('262,144 calls of vm_insert_page()', 'pages.c', 'pages_mmap');
