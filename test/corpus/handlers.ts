/**
 * Measures the driver model against `handler-scan.ts` over a tree: which scanned registrations the model names, with the
 * slot and the line right, and how long the model takes. Run by `npm run corpus -- handlers PATH`.
 */
import { buildDriver } from '../../server/src/driver/build.ts';
import { includesOf } from '../../server/src/driver/inclusions.ts';
import { mayHaveHandlers } from '../../server/src/driver/relevance.ts';
import { targetFor } from '../../server/src/driver/target.ts';
import { fileHost } from '../../server/src/host/files.ts';

import { LineIndex } from '../../server/src/syntax/line-index.ts';
import { SyntaxFile } from '../../server/src/syntax/syntax-file.ts';
import { testGrammar } from '../support/grammar.ts';
import { type ScannedEntry, scanHandlers } from './handler-scan.ts';
import { readSource, sourcesAt } from './sources.ts';

/** A scanned registration that the model does not name as the scan does. */
interface Miss {
  readonly file: string;
  readonly entry: ScannedEntry;
  readonly why: string;
}

/** A listed handler with the line of its registration. */
interface Row {
  readonly function: string;
  readonly slot: string;
  readonly line: number | undefined;
}

interface Tally {
  scanned: number;
  found: number;
  macros: number;
  files: number;
  read: number;
  listed: number;
  bySignature: number;
  inactive: number;
  /** Milliseconds of this process on a processor. */
  time: number;
  slowest: { readonly file: string; readonly time: number }[];
}

const tally: Tally = { scanned: 0, found: 0, macros: 0, files: 0, read: 0, listed: 0, bySignature: 0, inactive: 0, time: 0, slowest: [] };
const misses: Miss[] = [];
const roots = process.argv.slice(2).filter((argument) => !argument.startsWith('--'));
const verbose = process.argv.includes('--verbose');
const grammar = await testGrammar();
const host = fileHost();

for (const root of roots) for (const file of sourcesAt(root)) measure(file);
report();

function measure(file: string): void {
  const text = readSource(file);
  tally.read++;
  const started = processorTime();
  if (!mayHaveHandlers(text)) {
    tally.time += processorTime() - started;
    for (const entry of scanHandlers(text)) miss(file, entry, 'the file is dismissed without parsing');
    return;
  }
  tally.files++;
  const target = targetFor(file, 'auto', host);
  const syntax = new SyntaxFile(grammar, text, target, includesOf(file, host).reader);
  const driver = buildDriver({ grammar, host, target }, file, syntax);
  const handlers = [...driver.handlers, ...driver.inactiveHandlers];
  tally.inactive += driver.inactiveHandlers.length;
  const time = processorTime() - started;
  tally.time += time;
  tally.slowest.push({ file, time });
  tally.listed += handlers.length;
  tally.bySignature += handlers.filter(({ registeredAt }) => !registeredAt).length;
  const lines = new LineIndex(text);
  const rows: readonly Row[] = handlers.map((handler) => ({
    function: handler.function,
    slot: handler.slot,
    line: handler.registeredAt && lines.positionAt(handler.registeredAt.span.start).line + 1,
  }));
  if (verbose) for (const row of rows) console.log(`${file}:${row.line ?? '-'}: ${row.function} ${row.slot}`);
  if (process.argv.includes('--extra')) printExtra(file, rows, scanHandlers(text));
  for (const entry of scanHandlers(text)) {
    const same = rows.filter((row) => row.function === entry.function);
    const right = same.filter((row) => row.slot === entry.slot || (entry.slot.startsWith('?.') && row.slot.endsWith(entry.slot.slice(1))));
    if (same.length === 0) miss(file, entry, 'not named');
    else if (right.length === 0) miss(file, entry, `another slot: ${same.map(({ slot }) => slot).join(', ')}`);
    else if (!right.some(({ line }) => line === entry.line))
      miss(file, entry, `another line: ${right.map(({ line }) => line ?? 'none').join(', ')}`);
    else if (entry.inMacro) tally.macros++;
    else {
      tally.scanned++;
      tally.found++;
    }
  }
}

/** What the model lists beyond the scan: kernel macros, positional tables, structs of the driver, handlers by signature. */
function printExtra(file: string, rows: readonly Row[], scanned: readonly ScannedEntry[]): void {
  for (const row of rows) {
    if (!scanned.some((entry) => entry.function === row.function && entry.line === row.line)) {
      console.log(`extra ${file}:${row.line ?? '-'}: ${row.function} ${row.slot}`);
    }
  }
}

/** Milliseconds that this process has run: other programs on the machine do not count. */
function processorTime(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1000;
}

function miss(file: string, entry: ScannedEntry, why: string): void {
  if (entry.inMacro) {
    tally.macros++;
    return;
  }
  tally.scanned++;
  misses.push({ file, entry, why });
}

function report(): void {
  for (const { file, entry, why } of misses) console.log(`${file}:${entry.line}: ${entry.function} (${entry.slot}): ${why}`);
  const percent = tally.scanned === 0 ? 100 : (100 * tally.found) / tally.scanned;
  console.log(
    `${tally.found} of ${tally.scanned} scanned registrations named (${percent.toFixed(2)} %), ${tally.macros} in macros left out`,
  );
  console.log(`${tally.listed} handlers listed: ${tally.bySignature} by signature, ${tally.inactive} in branches that are not compiled`);
  console.log(`${tally.files} of ${tally.read} files parsed, ${(tally.time / 1000).toFixed(1)} s`);
  for (const { file, time } of tally.slowest.sort((left, right) => right.time - left.time).slice(0, 8))
    console.log(`${time.toFixed(0).padStart(6)} ms ${file}`);
}
