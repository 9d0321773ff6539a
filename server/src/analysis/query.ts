/**
 * Questions about paths, for rules: can this happen here, and with which values; what is known of the vma's flags at an
 * event. Answers are by search (`search.ts`): a model is proof that the analysis sees it so, `none` is not proof of safety.
 */

import { int, unsignedLong } from '../execution/ctype.ts';
import { constant, constantOf, type Term } from '../execution/term.ts';
import { binary, compare } from '../execution/term-build.ts';
import { evaluate, type Model, symbolsOf } from '../execution/term-evaluate.ts';
import { termKey } from '../execution/term-key.ts';
import { knownBits, typeOf } from '../execution/term-range.ts';
import type { MemoryObject } from '../execution/value.ts';
import { VM_MAYWRITE, VM_SHARED } from '../kernel/vma-bits.ts';
import { allocatorOf } from '../services/allocators.ts';
import { answerUnder, type Given } from './answers.ts';
import { type MmapRequest, requestFor } from './mmap-flags.ts';
import type { EntryAnalysis, Path, PathEvent, VmaAt } from './path.ts';
import { type Goal, type SearchResult, searchModel } from './search.ts';

export type { Model } from '../execution/term-evaluate.ts';
export type { Given } from './answers.ts';
export type { Goal, SearchResult } from './search.ts';

export interface QueryOptions {
  /** Goals that many questions under these conditions share. */
  readonly given?: Given;
  /** How many evaluations the search may spend. */
  readonly budget?: number;
}

/** `maybe`: it depends on how mmap(2) was called; `unknown`: nobody can say, because a call that nobody knows had the vma. */
export type FlagState = 'set' | 'clear' | 'maybe' | 'unknown';

/** A goal in true arithmetic: what really happens to memory, whatever the program computes. */
export function really(term: Term): Goal {
  return { term, arithmetic: 'exact' };
}

/** A goal as the program computes it. */
export function computed(term: Term): Goal {
  return { term, arithmetic: 'wrapped' };
}

/**
 * Values with which the path is taken at least up to its condition number `after`, and all goals hold; `none` or
 * `unknown` as in `search.ts`.
 */
export function findModel(
  analysis: EntryAnalysis,
  path: Path,
  after: number,
  goals: readonly Goal[],
  options: QueryOptions = {},
): SearchResult {
  if (goals.some(({ term }) => constantOf(term) === 0n)) return 'none';
  const { given, budget } = options;
  const key = `${budget} ${given?.name} ${goals.map(({ term, arithmetic }) => `${arithmetic} ${termKey(term)}`).join('\n')}`;
  return answerUnder(analysis, path, after, key, given, (premises) => searchModel(premises, goals, budget));
}

/** The state of the vma flag with the given bits where the event happens. */
export function flagAt(analysis: EntryAnalysis, path: Path, event: PathEvent, flag: bigint): FlagState {
  const { vma } = event;
  if (!vma?.known) return 'unknown';
  const { ones, zeros } = knownBits(vma.flags);
  if ((ones & flag) === flag) return 'set';
  if ((zeros & flag) === flag) return 'clear';
  if (!isDecided(analysis, path, event, vma, flag)) return 'maybe';
  const bits = binary('and', unsignedLong, vma.flags, constant(flag));
  const canBeSet = findModel(analysis, path, event.after, [computed(compare('eq', unsignedLong, bits, constant(flag)))]);
  if (canBeSet === 'none') return 'clear';
  const canBeClear = findModel(analysis, path, event.after, [computed(compare('eq', unsignedLong, bits, constant(0)))]);
  if (canBeClear === 'none') return 'set';
  return canBeSet === 'unknown' || canBeClear === 'unknown' ? 'unknown' : 'maybe';
}

/**
 * Whether anything limits this flag at all: the values that mmap(2) can pass, or a condition of the path that asks for it. Else a
 * search finds no more than what it happens to try.
 */
function isDecided({ domains }: EntryAnalysis, path: Path, { after }: PathEvent, { flags }: VmaAt, flag: bigint): boolean {
  const own = new Set(symbolsOf(flags).keys());
  return [...own].every((id) => domains.has(id)) || path.conditions.slice(0, after).some(({ term }) => asksFor(term, own, flag));
}

/** Whether a term masks the flag out of one of these symbols. */
function asksFor(term: Term, symbols: ReadonlySet<string>, flag: bigint): boolean {
  if (term.kind !== 'operation') return false;
  const [left, right] = term.operands;
  if (term.operator === 'and' && left && right) {
    const mask = constantOf(left) ?? constantOf(right);
    if (mask !== undefined && (mask & flag) !== 0n && [...symbolsOf(left, right).keys()].some((id) => symbols.has(id))) return true;
  }
  return term.operands.some((operand) => asksFor(operand, symbols, flag));
}

/** `is_cow_mapping(vma->vm_flags)` as a term. */
export function isCow(vma: VmaAt): Term {
  const both = binary('and', unsignedLong, vma.flags, constant(VM_SHARED | VM_MAYWRITE));
  return compare('eq', unsignedLong, both, constant(VM_MAYWRITE));
}

/** How to call mmap(2) for the initial flags in `model`. */
export function requestOf(analysis: EntryAnalysis, model: Model): MmapRequest | undefined {
  const flags = analysis.symbols.flags;
  const value = flags && evaluate(flags.term, model)?.wrapped;
  return value === undefined ? undefined : requestFor(value);
}

/**
 * `left < right`, unsigned, for goals in true arithmetic: not simplified by what the types can hold, because a truncated
 * length is as large as it was before.
 */
export function lessThan(left: Term, right: Term): Term {
  return { kind: 'operation', operator: 'lt', type: int, comparand: unsignedLong, operands: [left, right] };
}

/** The mapping's length in bytes, over the entry's symbols. */
export function lengthOf(event: PathEvent): Term | undefined {
  return event.vma && binary('sub', typeOf(event.vma.end) ?? unsignedLong, event.vma.end, event.vma.start);
}

/** Whether the term is a number that nothing can change. */
export function isConstant(term: Term): boolean {
  return constantOf(term) !== undefined;
}

/**
 * The opposite of a condition for true arithmetic: decided on the exact operands, so that no simplification by type may
 * happen. A term that is no comparison is compared with 0.
 */
export function negationOf(term: Term): Term {
  if (term.kind !== 'operation' || !term.comparand) return compare('eq', unsignedLong, term, constant(0));
  const [left, right] = term.operands;
  if (!left || !right) return term;
  switch (term.operator) {
    case 'eq':
      return { ...term, operator: 'ne' };
    case 'ne':
      return { ...term, operator: 'eq' };
    case 'lt':
      return { ...term, operator: 'le', operands: [right, left] };
    default:
      return { ...term, operator: 'lt', operands: [right, left] };
  }
}

/** Whether a term computes something that may not fit: only then can wrap-around decide it. */
export function mayWrap(term: Term): boolean {
  if (term.kind !== 'operation') return false;
  if (term.operator === 'add' || term.operator === 'sub' || term.operator === 'mul' || term.operator === 'shl' || term.operator === 'cast')
    return true;
  return term.operands.some(mayWrap);
}

/** Whether an object is the result of a call on the path that allocates, or that nobody knows. */
export function isMadeOn(path: Path, object: MemoryObject): boolean {
  return path.events.some(
    (each) =>
      each.kind === 'call' &&
      each.result.kind === 'pointer' &&
      each.result.place.object === object &&
      (!each.known || allocatorOf(each.name) !== undefined),
  );
}
