/**
 * What rules ask about a call on a path, in the words of mm: may the vma be copy-on-write here, is a flag set, can this
 * length or offset be larger than anything the driver owns. Answers come with the values that show them.
 */

import { initialFlags } from '../../analysis/mmap-flags.ts';
import type { CallEvent, EntryAnalysis, Path, PathEvent } from '../../analysis/path.ts';
import { type Goal, searchModel } from '../../analysis/search.ts';
import { unsignedLong } from '../../execution/ctype.ts';
import { constant, type Term } from '../../execution/term.ts';
import { binary, compare, lnot } from '../../execution/term-build.ts';
import { type Model, symbolsOf } from '../../execution/term-evaluate.ts';
import { knownBits } from '../../execution/term-range.ts';
import { flagValue } from '../../kernel/lookup.ts';
import { atLeast, type KernelVersion } from '../../kernel/version.ts';

/** A place on a path: the conditions before it hold. */
export interface Moment {
  readonly entry: EntryAnalysis;
  readonly path: Path;
  readonly event: PathEvent;
}

/** Pages. More than any device has, and less than the user's address space. */
const hugePages = 1n << 30n;
const userPages = 1n << 35n;
/** Pages. What `file_mmap_ok` leaves of an offset since 4.17 (mm/mmap.c), and what `do_mmap` leaves before. */
const byteOffsets = (1n << 52n) - 1n;
const anyOffset = (1n << 64n) - 1n;

export type FlagState = 'set' | 'clear' | 'maybe' | 'unknown';

/** Whether the vma has the flag at this moment. */
export function flagAt(moment: Moment, flag: string, version: KernelVersion): FlagState {
  const bit = flagValue(flag, version);
  const vma = moment.event.vma;
  if (bit === undefined) return 'clear';
  if (!vma?.known) return 'unknown';
  const known = knownBits(vma.flags);
  if ((known.ones & bit) === bit) return 'set';
  if ((known.zeros & bit) === bit) return 'clear';
  const masked = binary('and', unsignedLong, vma.flags, constant(bit));
  const set = find(moment, version, [wrapped(compare('ne', unsignedLong, masked, constant(0)))]);
  const clear = find(moment, version, [wrapped(compare('eq', unsignedLong, masked, constant(0)))]);
  if (set === 'unknown' || clear === 'unknown') return 'unknown';
  return set === 'none' ? 'clear' : clear === 'none' ? 'set' : 'maybe';
}

/** Values of the call under which the vma is a copy-on-write mapping at this moment; `undefined` when there are none. */
export function cowModel(moment: Moment, version: KernelVersion, more: readonly Term[] = []): Model | undefined {
  const vma = moment.event.vma;
  const shared = flagValue('VM_SHARED', version);
  const mayWrite = flagValue('VM_MAYWRITE', version);
  if (!vma?.known || shared === undefined || mayWrite === undefined) return undefined;
  const bits = binary('and', unsignedLong, vma.flags, constant(shared | mayWrite));
  const found = find(moment, version, [wrapped(compare('eq', unsignedLong, bits, constant(mayWrite))), ...more.map(wrapped)]);
  return typeof found === 'object' ? found : undefined;
}

/**
 * Values under which `bytes` is a length that no device has, and no condition on the way wrapped around; `undefined` when
 * the path bounds it.
 */
export function hugeLength(moment: Moment, version: KernelVersion, bytes: Term): Model | undefined {
  const truly = conditionsBefore(moment).map(exact);
  const found = find(moment, version, [exact(compare('le', unsignedLong, constant(hugePages << 12n), bytes)), ...truly]);
  return typeof found === 'object' ? found : undefined;
}

/**
 * Values under which the user's offset is huge here and no condition on the way wrapped around; `undefined` when the
 * path bounds the offset.
 */
export function hugeOffset(moment: Moment, version: KernelVersion): Model | undefined {
  const pgoff = offsetOf(moment.entry);
  if (!pgoff) return undefined;
  const truly = conditionsBefore(moment).map(exact);
  const found = find(moment, version, [exact(compare('le', unsignedLong, constant(hugePages), pgoff)), ...truly]);
  return typeof found === 'object' ? found : undefined;
}

/** A condition that some offset passes only because it wraps around, with the values that show it. */
export function wrappingCondition(moment: Moment, version: KernelVersion): { readonly index: number; readonly model: Model } | undefined {
  const pgoff = offsetOf(moment.entry);
  if (!pgoff) return undefined;
  const offsetId = [...symbolsOf(pgoff).keys()][0];
  const conditions = conditionsBefore(moment);
  for (const [index, condition] of conditions.entries()) {
    if (offsetId === undefined || !symbolsOf(condition).has(offsetId)) continue;
    const found = find(moment, version, [exact(lnot(condition))]);
    if (typeof found === 'object') return { index, model: found };
  }
  return undefined;
}

/** Whether a term depends on the offset that the user chose. */
export function dependsOnOffset(entry: EntryAnalysis, term: Term): boolean {
  const pgoff = offsetOf(entry);
  if (!pgoff) return false;
  const own = symbolsOf(term);
  return [...symbolsOf(pgoff).keys()].some((id) => own.has(id));
}

/** Conditions and goals together, with what mmap(2) guarantees about the call. */
export function find(moment: Moment, version: KernelVersion, goals: readonly Goal[]): ReturnType<typeof searchModel> {
  const { symbols } = moment.entry;
  const guaranteed: Goal[] = [];
  const domains = new Map<string, readonly bigint[]>();
  const { pages, pgoff, flags } = symbols;
  if (pages) {
    guaranteed.push(wrapped(compare('le', unsignedLong, constant(1), pages.term)));
    guaranteed.push(wrapped(compare('le', unsignedLong, pages.term, constant(userPages))));
  }
  if (pages && pgoff) {
    const limit = atLeast(version, 4, 17) ? byteOffsets : anyOffset;
    const end = binary('add', unsignedLong, pgoff.term, pages.term);
    guaranteed.push(exact(compare('le', unsignedLong, end, constant(limit))));
  }
  if (flags?.term.kind === 'symbol') domains.set(flags.term.symbol.id, initialFlags);
  const relevant = new Set(symbolsOf(...conditionsBefore(moment), ...goals.map((goal) => goal.term)).keys());
  const used = guaranteed.filter((goal) => [...symbolsOf(goal.term).keys()].some((id) => relevant.has(id)));
  return searchModel(conditionsBefore(moment), [...goals, ...used], { domains });
}

export function wrapped(term: Term): Goal {
  return { term, arithmetic: 'wrapped' };
}

export function exact(term: Term): Goal {
  return { term, arithmetic: 'exact' };
}

function conditionsBefore({ path, event }: Moment): readonly Term[] {
  return path.conditions.slice(0, event.after).map((condition) => condition.term);
}

function offsetOf(entry: EntryAnalysis): Term | undefined {
  return entry.symbols.pgoff?.term ?? entry.symbols.faultPgoff?.term;
}

/** Whether the path went through something that may be the check which a rule misses. */
export function isJudged(path: Path, event: CallEvent): boolean {
  return path.unknowns.length === 0 && event.vma?.known !== false;
}
