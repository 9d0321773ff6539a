/**
 * What rules ask about a call on a path, in the words of mm: may the vma be copy-on-write here, is a flag set, can this
 * length or offset be larger than anything the driver owns. Answers come with the values that show them. The searching
 * is done by `analysis/query.ts`, among the devices of `ordinary-device.ts`; here stands what counts as hostile.
 */
import type { EntryAnalysis, Path, PathEvent } from '../../analysis/path.ts';
import * as query from '../../analysis/query.ts';
import { unsignedLong } from '../../execution/ctype.ts';
import { constant, constantOf, type SymbolInfo, type Term } from '../../execution/term.ts';
import { binary, compare } from '../../execution/term-build.ts';
import { evaluate, type Model, symbolsOf } from '../../execution/term-evaluate.ts';
import type { IntegerValue } from '../../execution/value.ts';
import { PAGE_SHIFT } from '../../kernel/constants.ts';
import { flagValue } from '../../kernel/lookup.ts';
import type { KernelVersion } from '../../kernel/version.ts';
import { VM_READ } from '../../kernel/vma-bits.ts';
import * as small from './bounds/small-device.ts';
import { ordinaryBefore, ordinaryDevice, ordinaryMost } from './ordinary-device.ts';

/** A place on a path: the conditions before it hold. */
export interface Moment {
  readonly entry: EntryAnalysis;
  readonly path: Path;
  readonly event: PathEvent;
}

/** The end of a path: behind its last event, with the vma as the path leaves it. */
export function endOf(entry: EntryAnalysis, path: Path): Moment | undefined {
  const last = path.events.at(-1);
  return last && { entry, path, event: { ...last, after: path.conditions.length, ...(path.end && { vma: path.end }) } };
}

/** Bytes. More than any device has, counted in 32 bits of pages too, and less than the user's address space. */
const hugeBytes = 1n << 46n;
/** A pfn that no ordinary base alone can reach. */
const hugePfn = 1n << 40n;

/** Whether the vma has the flag at this moment. */
export function flagAt({ entry, path, event }: Moment, flag: string, version: KernelVersion): query.FlagState {
  const bit = flagValue(flag, version);
  return bit === undefined ? 'clear' : query.flagAt(entry, path, event, bit);
}

/** Values of the call under which the vma is a copy-on-write mapping at this moment, readable ones if there are any. */
export function cowModel(moment: Moment): Model | undefined {
  const { vma } = moment.event;
  if (!vma?.known) return undefined;
  const cow = query.computed(query.isCow(vma));
  const readable = compare('ne', unsignedLong, binary('and', unsignedLong, vma.flags, constant(VM_READ)), constant(0));
  return find(moment, [cow, query.computed(readable)]) ?? find(moment, [cow]);
}

/**
 * Values under which `bytes` is a length that no device has, and more than the `size` that is known of the buffer, and no condition on
 * the way wrapped around; `undefined` when the path bounds it.
 */
export function hugeLength(moment: Moment, bytes: Term, size?: Term): Model | undefined {
  const isBeyond = size ? [query.really(query.lessThan(size, bytes))] : [];
  return find(moment, [query.really(query.lessThan(constant(hugeBytes), bytes)), ...isBeyond], 'true');
}

/**
 * Values under which the user's offset carries `pfn` beyond all physical memory, and no condition on the way wrapped
 * around; `undefined` when the path bounds it.
 */
export function hugeTarget(moment: Moment, pfn: Term): Model | undefined {
  if (!dependsOnOffset(moment.entry, pfn)) return undefined;
  return find(moment, [query.really(query.lessThan(constant(hugePfn), pfn))], 'true');
}

/** Likewise for an address of memory that lies low: only the offset carries it so far. */
export function hugeAddress(moment: Moment, address: Term): Model | undefined {
  if (!dependsOnOffset(moment.entry, address)) return undefined;
  const base = [...symbolsOf(address).values()].filter(({ control }) => control === 'driver');
  const lies = base.map((symbol) => query.really(query.lessThan({ kind: 'symbol', symbol }, constant(ordinaryMost))));
  return find(moment, [query.really(query.lessThan(constant(hugePfn << BigInt(PAGE_SHIFT)), address)), ...lies], 'true');
}

/**
 * Values under which a device of a few pages has a mapping of `bytes` that is far longer: the path compares the length, and
 * not with the device, or not in its unit.
 */
export function farLength(moment: Moment, bytes: Term): Model | undefined {
  const { entry } = moment;
  return dependsOnLength(entry, bytes) ? findFar(moment, bytes, small.farLength) : undefined;
}

/** Values under which the user's offset carries `pfn` far behind the memory of a device of a few pages. */
export function farTarget(moment: Moment, pfn: Term): Model | undefined {
  return dependsOnOffset(moment.entry, pfn) ? findFar(moment, pfn, small.farTarget) : undefined;
}

/** Elements. No table of a small device has as many. */
const farElement = 1n << 14n;

/** Values under which the user's offset makes `index`, as the program computes it, one far behind the tables of a small device. */
export function farIndex(moment: Moment, index: Term): Model | undefined {
  if (!dependsOnOffset(moment.entry, index)) return undefined;
  const conditions = moment.path.conditions.slice(0, moment.event.after).map((condition) => condition.term);
  const device = small.smallDevice([...conditions, index]);
  const isFar = [query.lessThan(constant(farElement), index), query.lessThan(index, constant(ordinaryMost))];
  return device && (find(moment, [...isFar.map(query.computed), ...device]) ?? negativeIndex(moment, index, device));
}

/** Likewise values that make a signed index negative: compared with the number of elements alone, it passes. */
function negativeIndex(moment: Moment, index: Term, device: readonly query.Goal[]): Model | undefined {
  const type = index.kind === 'operation' ? index.type : undefined;
  if (!type?.signed) return undefined;
  return find(moment, [query.computed(compare('lt', type, index, constant(0))), ...device]);
}

function findFar(moment: Moment, term: Term, far: (conditions: readonly Term[], term: Term) => bigint): Model | undefined {
  const conditions = moment.path.conditions.slice(0, moment.event.after).map((condition) => condition.term);
  const device = small.smallDevice([...conditions, term]);
  if (!device) return undefined;
  return find(moment, [query.really(query.lessThan(constant(far(conditions, term)), term)), ...device], 'true');
}

/**
 * A condition on the length alone that a huge mapping passes only because it wraps around or is cut off, with the values
 * that show it.
 */
export function wrappingLength(moment: Moment, bytes: Term): { readonly index: number; readonly model: Model } | undefined {
  const { entry, path, event } = moment;
  const pages = entry.symbols.pages?.term;
  if (!dependsOn(pages, bytes)) return undefined;
  for (let index = 0; index < event.after; index++) {
    const term = path.conditions[index]?.term;
    if (!term || !query.mayWrap(term) || !dependsOn(pages, term) || dependsOnOffset(entry, term) || hasUnknownShift(term)) continue;
    const model = find(moment, [query.really(query.negationOf(term)), query.really(query.lessThan(constant(hugeBytes), bytes))]);
    if (model) return { index, model };
  }
  return undefined;
}

/**
 * Values under which offset and length are each no larger than a number of the device, and their sum is: the path compares
 * both with the same number, and never what they come to together.
 */
export function sumBeyond(moment: Moment, target: Term): Model | undefined {
  const { entry, path, event } = moment;
  const pgoff = entry.symbols.pgoff?.term;
  const pages = entry.symbols.pages?.term;
  if (!pgoff || !pages || !dependsOn(pgoff, target) || !small.growsWith(pgoff, asPages(target))) return undefined;
  const conditions = path.conditions.slice(0, event.after).map((condition) => condition.term);
  for (const { limit, shift } of small.limitsOnBoth(conditions, pgoff, pages)) {
    const extent = (number: Term): Term => (shift === 0 ? number : binary('shl', unsignedLong, number, constant(shift)));
    const sum = binary('add', unsignedLong, extent(pgoff), extent(pages));
    const model = find(moment, [query.really(query.lessThan(limit, sum))], 'true');
    if (model) return model;
  }
  return undefined;
}

/** A pfn that is given in bytes counts by what is shifted. */
function asPages(target: Term): Term {
  return target.kind === 'operation' && target.operator === 'shr' ? (target.operands[0] ?? target) : target;
}

/** Values with which the moment is reached. */
export function reachingModel(moment: Moment): Model | undefined {
  return find(moment, []);
}

/** A condition that some offset passes only because it wraps around, with the values that show it. */
export function wrappingCondition(moment: Moment): { readonly index: number; readonly model: Model } | undefined {
  const { entry, path, event } = moment;
  for (let index = 0; index < event.after; index++) {
    const condition = path.conditions[index];
    if (!condition || !isBound(condition.term) || !query.mayWrap(condition.term) || !dependsOnOffset(entry, condition.term)) continue;
    const model = find(moment, [query.really(query.negationOf(condition.term))]);
    if (model && !wrapsAnyway(moment, condition.term, model)) return { index, model };
  }
  return undefined;
}

/** An ordering, so a bound and no choice by equality; and no shift by a number that the files do not tell. */
function isBound(term: Term): boolean {
  return term.kind === 'operation' && (term.operator === 'lt' || term.operator === 'le') && !hasUnknownShift(term);
}

function hasUnknownShift(term: Term): boolean {
  if (term.kind !== 'operation') return false;
  const [, count] = term.operands;
  const isShift = term.operator === 'shl' || term.operator === 'shr';
  return (isShift && count !== undefined && constantOf(count) === undefined) || term.operands.some(hasUnknownShift);
}

/** Whether the arithmetic wraps for the most harmless call on this path too: then the device is odd, and not the offset. */
function wrapsAnyway({ entry, path, event }: Moment, term: Term, model: Model): boolean {
  const harmless = new Map(model);
  const set = (symbol: IntegerValue | undefined, value: bigint) => {
    for (const id of symbol ? symbolsOf(symbol.term).keys() : []) harmless.set(id, value);
  };
  set(entry.symbols.pgoff, 0n);
  set(entry.symbols.faultPgoff, 0n);
  set(entry.symbols.pages, 1n);
  const isTaken = path.conditions.slice(0, event.after).every((condition) => evaluate(condition.term, harmless)?.wrapped !== 0n);
  return isTaken && evaluate(term, harmless)?.overflow !== undefined;
}

/** Whether a term depends on the offset that the user chose. */
export function dependsOnOffset(entry: EntryAnalysis, term: Term): boolean {
  return dependsOn(entry.symbols.pgoff?.term ?? entry.symbols.faultPgoff?.term, term);
}

/** Whether a term depends on the length that the user chose. */
export function dependsOnLength(entry: EntryAnalysis, term: Term): boolean {
  return dependsOn(entry.symbols.pages?.term, term);
}

function dependsOn(symbol: Term | undefined, term: Term): boolean {
  if (!symbol) return false;
  const own = symbolsOf(term);
  return [...symbolsOf(symbol).keys()].some((id) => own.has(id));
}

/** Conditions before an event. Questions about longer paths cost more than they tell. */
const mostConditions = 200;

/** Whether the path can be judged: it is of readable length and went through nothing that may be the check which a rule misses. */
export function isJudged(path: Path, event: PathEvent): boolean {
  if (event.after > mostConditions) return false;
  const doubts = path.doubts.filter(({ after }) => after <= event.after);
  if (doubts.length === 0) return true;
  const decided = path.conditions.slice(0, event.after).map(({ term }) => symbolsOf(term));
  return !doubts.some(({ symbols }) => !symbols || symbols.some((id) => decided.some((own) => own.has(id))));
}

/**
 * Values under which the moment is reached on an ordinary device, and all goals hold: a page from offset 0, where that does.
 * `true`: no condition on the way holds by wrap-around alone.
 */
export function find(
  { entry, path, event }: Moment,
  goals: readonly query.Goal[],
  conditions: 'true' | 'computed' = 'computed',
): Model | undefined {
  const ordinary = ordinaryBefore(path, event.after);
  const own = [...symbolsOf(...goals.map((goal) => goal.term))].filter(([id]) => !ordinary.symbols.has(id)).map(([, symbol]) => symbol);
  const asked = [...goals, ...own.flatMap(ordinaryDevice)];
  const search = (more: readonly query.Goal[]) =>
    modelOf(query.findModel(entry, path, event.after, [...asked, ...more], { given: ordinary[conditions] }));
  const found = search([]);
  if (!found) return undefined;
  // On the same device: another may be an odd one.
  const same = [...ordinary.symbols.values(), ...own].flatMap((symbol) => isValue(symbol, found));
  const plain = (wanted: { readonly pgoff?: number; readonly pages?: number }) => search([...same, ...isNumber(entry, wanted)]);
  return plain({ pgoff: 0, pages: 1 }) ?? plain({ pgoff: 0 }) ?? found;
}

/** The device's symbol keeps its value of `model`. */
function isValue(symbol: SymbolInfo, model: Model): readonly query.Goal[] {
  const value = symbol.control === 'driver' ? model.get(symbol.id) : undefined;
  return value === undefined ? [] : [query.computed(compare('eq', symbol.type, { kind: 'symbol', symbol }, constant(value)))];
}

/** What reads best in a witness: one page from offset 0, where that does. */
function isNumber(entry: EntryAnalysis, wanted: { readonly pgoff?: number; readonly pages?: number }): readonly query.Goal[] {
  return (['pgoff', 'pages'] as const).flatMap((name) => {
    const term = entry.symbols[name]?.term;
    const number = wanted[name];
    return term && number !== undefined ? [query.computed(compare('eq', unsignedLong, term, constant(number)))] : [];
  });
}

function modelOf(result: query.SearchResult): Model | undefined {
  return typeof result === 'string' ? undefined : result;
}
