/**
 * Simulates every mapping handler of a tree: how many come to which outcome, in how many subsystems, why the others stop,
 * and how long it takes. `--story FUNCTION` prints one story, `--list` one line a handler, `--set-up` why the driver's own set-up is not
 * used.
 * Run by `npm run corpus -- simulate-corpus PATH…`.
 */
import path from 'node:path';
import { buildDriver } from '../../server/src/driver/build.ts';
import { includesOf } from '../../server/src/driver/inclusions.ts';
import { mayHaveHandlers } from '../../server/src/driver/relevance.ts';
import { targetFor } from '../../server/src/driver/target.ts';
import { fileHost } from '../../server/src/host/files.ts';
import type { Trace } from '../../server/src/protocol/trace.ts';
import { simulate } from '../../server/src/simulation/simulate.ts';
import { formatStory } from '../../server/src/simulation/story.ts';
import { SyntaxFile } from '../../server/src/syntax/syntax-file.ts';
import { testGrammar } from '../support/grammar.ts';
import { readSource, sourcesAt } from './sources.ts';

interface Row {
  readonly file: string;
  readonly function: string;
  readonly slot: string;
  readonly outcome: Trace['verdict']['outcome'] | 'crash';
  readonly why: string;
  /** Whether the handler's own code ran. */
  readonly entered: boolean;
  readonly mapped: boolean;
  /** Whether the driver's own init and probe functions ran first; else why not. */
  readonly setUp: string;
  readonly time: number;
}

const flags = process.argv.slice(2);
const storyOf = flags.includes('--story') ? flags[flags.indexOf('--story') + 1] : undefined;
const roots = flags.filter((flag, index) => !flag.startsWith('--') && flags[index - 1] !== '--story');
const grammar = await testGrammar();
const host = fileHost();
const rows: Row[] = [];

for (const root of roots) for (const file of sourcesAt(root)) simulateFile(file);
report();

function simulateFile(file: string): void {
  const text = readSource(file);
  if (!file.endsWith('.c') || !mayHaveHandlers(text)) return;
  const target = targetFor(file, 'auto', host);
  const syntax = new SyntaxFile(grammar, text, target, includesOf(file, host).reader);
  const driver = buildDriver({ grammar, host, target }, file, syntax);
  const done = new Set<string>();
  for (const handler of driver.handlers) {
    if (!handler.defined || done.has(handler.function) || (storyOf !== undefined && storyOf !== handler.function)) continue;
    done.add(handler.function);
    const started = performance.now();
    const base = { file, function: handler.function, slot: handler.slot };
    try {
      const result = simulate({ driver, handler });
      if (result.kind === 'failed') throw new Error(result.message);
      if (storyOf !== undefined) console.log(formatStory(result.trace));
      add({ ...base, ...outcomeOf(result.trace), time: performance.now() - started });
    } catch (error) {
      const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
      add({ ...base, outcome: 'crash', why, entered: false, mapped: false, setUp: '', time: performance.now() - started });
    }
  }
}

function add(row: Row): void {
  rows.push(row);
  if (flags.includes('--list'))
    console.log(`${row.outcome} ${row.mapped ? 'mapped' : '-'} ${row.file} ${row.function} (${row.slot}): ${row.why.split('\n')[0]}`);
}

function outcomeOf(trace: Trace): Pick<Row, 'outcome' | 'why' | 'entered' | 'mapped' | 'setUp'> {
  const entered = trace.steps.some((step) => step.kind === 'enter' && step.title.startsWith(`${trace.handler.function}(`));
  const mapped = trace.steps.some((step) => step.kind === 'result' && step.title.startsWith('mmap(2) returns 0x'));
  const found = trace.assumptions.find(({ name }) => name === 'the set-up');
  const setUp = found === undefined ? 'none' : found.value === 'assumed' ? found.reason : 'own';
  return { outcome: trace.verdict.outcome, setUp, why: trace.verdict.stoppedBecause ?? trace.verdict.summary, entered, mapped };
}

/** `drivers/gpu/drm` for a graphics driver, else the first two folders. */
function subsystemOf(file: string): string {
  const parts = file.split(path.sep);
  const top = parts.findIndex((part) => part === 'drivers' || part === 'sound' || part === 'fs' || part === 'arch' || part === 'net');
  return parts.slice(Math.max(top, 0), Math.max(top, 0) + 2).join('/');
}

function report(): void {
  const count = new Map<string, number>();
  for (const { outcome } of rows) count.set(outcome, (count.get(outcome) ?? 0) + 1);
  for (const [outcome, number] of count) console.log(`${String(number).padStart(5)} ${outcome}`);
  const through = rows.filter(({ outcome, entered }) => entered && (outcome === 'completed' || outcome === 'problem'));
  const mapped = through.filter((row) => row.mapped);
  const subsystems = (list: readonly Row[]) => new Set(list.map(({ file }) => subsystemOf(file))).size;
  console.log(
    `${through.length} handlers of ${subsystems(through)} subsystems ran to an end; ${mapped.length} of ${subsystems(mapped)} mapped something`,
  );
  const own = rows.filter(({ setUp }) => setUp === 'own').length;
  console.log(
    `${own} handlers run after the driver's own set-up; ${rows.filter(({ setUp }) => setUp === 'none').length} have none in their files`,
  );
  if (flags.includes('--set-up')) for (const { file, function: name, setUp } of rows) console.log(`set-up: ${file} ${name}: ${setUp}`);
  const reasons = new Map<string, number>();
  for (const { outcome, why } of rows) {
    if (outcome !== 'stopped' && outcome !== 'crash') continue;
    const reason = (why.split('\n')[0] ?? '')
      .replace(/\([^()]*:\d+\)/, '')
      .replace(/0x[0-9a-f]+/g, 'N')
      .trim();
    reasons.set(reason, (reasons.get(reason) ?? 0) + 1);
  }
  for (const [reason, number] of [...reasons].sort(([, left], [, right]) => right - left).slice(0, 60))
    console.log(`${String(number).padStart(5)} ${reason}`);
  const slowest = rows.toSorted((left, right) => right.time - left.time).slice(0, 5);
  for (const { time, file, function: name } of slowest) console.log(`${time.toFixed(0).padStart(6)} ms ${file} ${name}`);
}
