/** Analyses of drivers for tests: C text through the real syntax, driver model and executor. */
import { analyseDriver } from '../../server/src/analysis/analyse.ts';
import type { CallEvent, EntryAnalysis, Path, WriteEvent } from '../../server/src/analysis/path.ts';
import { buildDriver } from '../../server/src/driver/build.ts';
import { printTerm } from '../../server/src/execution/term-print.ts';
import type { Value } from '../../server/src/execution/value.ts';
import { type KernelVersion, parseVersion } from '../../server/src/kernel/version.ts';
import { syntaxFile, testGrammar } from './grammar.ts';

/** The analyses of the driver that `text` is, by the name of the entry. */
export async function analysesOf(text: string, kernel = '6.12', longBits: 32 | 64 = 64): Promise<ReadonlyMap<string, EntryAnalysis>> {
  const version = parseVersion(kernel) as KernelVersion;
  const target = { version, config: new Map<string, string>(), longBits };
  const syntax = await syntaxFile(text, { version, config: target.config });
  const driver = buildDriver({ grammar: await testGrammar(), host: { readFile: () => undefined }, target }, '/test.c', syntax);
  const analyses = analyseDriver(driver);
  return new Map(analyses.map((analysis) => [analysis.entry.function, analysis]));
}

/** The one entry of that name; a test without it fails. */
export async function analysisOf(text: string, entry: string, kernel = '6.12', longBits: 32 | 64 = 64): Promise<EntryAnalysis> {
  const found = (await analysesOf(text, kernel, longBits)).get(entry);
  if (!found) throw new Error(`${entry} was not analysed`);
  return found;
}

/** The calls of `name` on a path. */
export function callsOf(path: Path, name: string): readonly CallEvent[] {
  return path.events.filter((event): event is CallEvent => event.kind === 'call' && event.name === name);
}

/** Every call of `name` with its path. */
export function allCalls(analysis: EntryAnalysis, name: string): readonly { readonly path: Path; readonly event: CallEvent }[] {
  return analysis.paths.flatMap((path) => callsOf(path, name).map((event) => ({ path, event })));
}

/** The one path that calls `name`, and the call. */
export function onlyCall(analysis: EntryAnalysis, name: string): { readonly path: Path; readonly event: CallEvent } {
  const [first, second] = allCalls(analysis, name);
  if (!first || second) throw new Error(`${name} is called on ${first ? 'several paths' : 'no path'}`);
  return first;
}

export function writesOf(path: Path): readonly WriteEvent[] {
  return path.events.filter((event): event is WriteEvent => event.kind === 'write');
}

/** The conditions of a path as a C author writes them. */
export function conditionsOf(path: Path, count = path.conditions.length): readonly string[] {
  return path.conditions.slice(0, count).map(({ term }) => printTerm(term));
}

/** A value as a C author writes it. */
export function text(value: Value | undefined): string {
  if (value?.kind === 'integer' || value?.kind === 'address') return printTerm(value.term);
  if (value?.kind === 'pointer') return value.place.object.name;
  return value?.kind === 'function' ? value.name : (value?.kind ?? 'nothing');
}
