/**
 * How a program has to call mmap(2), and what the driver's state has to be, so that a handler goes through to its end: one answer
 * for each of the ways through it that ends well and that the search finds values for. Reads paths; runs nothing.
 */
import { constant, constantOf } from '../execution/term.ts';
import { compare } from '../execution/term-build.ts';
import { evaluate, type Model } from '../execution/term-evaluate.ts';
import { driverValues } from './driver-values.ts';
import type { MmapRequest } from './mmap-flags.ts';
import type { EntryAnalysis, Path } from './path.ts';
import { computed, findModel, type Goal, requestOf } from './query.ts';

export interface AcceptedCall {
  /** Pages; absent: the path does not care. */
  readonly pages?: bigint;
  /** Pages. */
  readonly pgoff?: bigint;
  readonly request?: MmapRequest;
  /** Values of the driver's state by the names that a C author would write. */
  readonly state: ReadonlyMap<string, bigint>;
}

/** At most `most` calls that the mmap handler of `analysis` accepts; those that do most come first. */
export function acceptedCalls(analysis: EntryAnalysis, most: number): readonly AcceptedCall[] {
  const found = new Map<string, AcceptedCall>();
  const busiest = [...analysis.paths].sort((left, right) => right.events.length - left.events.length);
  for (const path of busiest) {
    if (found.size >= most) break;
    const goals = successOf(path);
    const call = goals && callOn(analysis, path, goals);
    if (call) found.set(nameOf(call), call);
  }
  return [...found.values()];
}

/** A path on which the handler returns 0, with values that meet the goals besides. */
export function acceptedWith(analysis: EntryAnalysis, goals: readonly Goal[]): { readonly path: Path; readonly model: Model } | undefined {
  for (const path of analysis.paths) {
    const success = successOf(path);
    const model = success && findModel(analysis, path, path.conditions.length, [...success, ...goals]);
    if (model !== undefined && typeof model !== 'string') return { path, model };
  }
  return undefined;
}

/** What has to hold at the end of a path for the handler to return 0; `undefined` where it cannot. */
function successOf({ outcome }: Path): readonly Goal[] | undefined {
  if (outcome.kind !== 'returned') return undefined;
  const { value } = outcome;
  if (value.kind !== 'integer') return [];
  const number = constantOf(value.term);
  if (number !== undefined) return number === 0n ? [] : undefined;
  return [computed(compare('eq', value.type, value.term, constant(0)))];
}

function callOn(analysis: EntryAnalysis, path: Path, goals: readonly Goal[]): AcceptedCall | undefined {
  const model = findModel(analysis, path, path.conditions.length, goals);
  if (typeof model === 'string') return undefined;
  const numberOf = (name: 'pages' | 'pgoff') => {
    const symbol = analysis.symbols[name];
    return symbol && evaluate(symbol.term, model)?.wrapped;
  };
  const state = driverValues(path.conditions, analysis.symbols, model);
  const pages = numberOf('pages');
  const pgoff = numberOf('pgoff');
  const request = requestOf(analysis, model);
  return {
    ...(pages === undefined ? {} : { pages }),
    ...(pgoff === undefined ? {} : { pgoff }),
    ...(request === undefined ? {} : { request }),
    state,
  };
}

function nameOf({ pages, pgoff, request, state }: AcceptedCall): string {
  return [pages, pgoff, request?.prot, request?.shared, ...[...state].map(([name, value]) => `${name}=${value}`)].join(' ');
}
