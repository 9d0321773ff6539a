/**
 * Which values of a symbol are worth trying, best first. Boundaries of the conditions in sight come from running them
 * backwards; the rest are the numbers on which C programs break. Driver symbols stay at one moderate size, so that a
 * device whose fields contradict each other is not taken for a bug.
 */
import type { SymbolInfo, Term } from '../execution/term.ts';
import { constantsOf, evaluate, type Model } from '../execution/term-evaluate.ts';
import { type Range, typeRange } from '../execution/term-range.ts';
import type { Constraint } from './premises.ts';
import { turningPoints } from './search-invert.ts';

/** 16 pages: what an ordinary device is assumed to hold, in bytes and in pages. */
const moderateBytes = 0x10000n;
const moderatePages = 16n;
const moderateAddress = 0xe0000000n;
const moderatePfn = moderateAddress >> 12n;

const hostile: readonly bigint[] = [
  0n,
  1n,
  2n,
  moderatePages,
  moderatePages + 1n,
  (1n << 20n) - 1n,
  1n << 20n,
  (1n << 31n) - 1n,
  1n << 31n,
  (1n << 32n) - 1n,
  1n << 32n,
  (1n << 51n) - 1n,
  1n << 51n,
  (1n << 52n) - 1n,
  1n << 52n,
  (1n << 63n) - 1n,
  (1n << 64n) - 1n,
];

const mostCandidates = 64;
/** Values of one condition that are joined with those of another, and joined values in all. */
const mostParts = 4;
const mostJoined = 24;

/**
 * Values for `symbol`, given the values that others have already; `model` must hold the same whenever the next one is taken. `decided` are the constraints in which it is the last
 * one open; `domain` limits the values where the symbol has only some.
 */
export function candidates(
  symbol: SymbolInfo,
  decided: readonly Constraint[],
  all: readonly Constraint[],
  model: Model,
  domain: readonly bigint[] | undefined,
): Iterable<bigint> {
  if (domain) return domain;
  if (symbol.control === 'user') return admissible(symbol, hostileValues(symbol, decided, all, model));
  const conditions = decided.filter((item) => !item.isGoal);
  const moderate = [...admissible(symbol, usualValues(symbol))];
  const usual = moderate.length > 0 ? moderate : [...admissible(symbol, [moderatePages, 1n, limitsOf(symbol).min])];
  const fitting = usual.filter((value) => conditions.every((item) => holdsWith(item.term, symbol, value, model)));
  if (fitting.length > 0) return fitting;
  const turning = conditions.flatMap((item) => turningPoints(item.term, symbol.id, model));
  return admissible(symbol, [...turning, ...usual]);
}

/** Made one by one: most searches end at the first. */
function* hostileValues(symbol: SymbolInfo, decided: readonly Constraint[], all: readonly Constraint[], model: Model): Iterable<bigint> {
  const inOrder = [...decided.filter((item) => item.isGoal), ...decided.filter((item) => !item.isGoal)];
  const points: (readonly bigint[])[] = [];
  for (const { term } of inOrder) {
    const turning = turningPoints(term, symbol.id, model);
    points.push(turning);
    yield* turning;
  }
  yield* joined(points);
  yield* hostile;
  for (const item of all) if (item.symbols.includes(symbol.id)) yield* around(constantsOf(item.term));
  const { min, max } = limitsOf(symbol);
  yield min;
  yield max;
}

/** What a driver symbol is like on an ordinary device. */
function usualValues(symbol: SymbolInfo): readonly bigint[] {
  switch (symbol.role) {
    case 'length':
      return [moderateBytes];
    case 'count':
      return [moderatePages];
    case 'offset':
    case 'index':
      return [0n, 1n];
    case 'physicalAddress':
      // The end of a resource is its last byte.
      return [/end$/.test(symbol.name) ? moderateAddress + moderateBytes - 1n : moderateAddress];
    case 'address':
    case 'pointer':
      return [moderateAddress];
    case 'pfn':
      return [moderatePfn];
    case 'status':
      return [0n, 1n, -22n];
    case 'flags':
      return [0n, -1n, 1n];
    case 'unknown':
      return [moderateBytes, moderatePages, 1n, 0n];
  }
}

function holdsWith(term: Term, symbol: SymbolInfo, value: bigint, model: Model): boolean {
  return evaluate(term, new Map(model).set(symbol.id, value))?.wrapped !== 0n;
}

/** Parts of one number that different conditions ask for, such as a region in the high bits and a page in the low ones. */
function joined(points: readonly (readonly bigint[])[]): readonly bigint[] {
  const found: bigint[] = [];
  for (const [i, mine] of points.entries()) {
    for (const others of points.slice(i + 1)) {
      for (const left of mine.slice(0, mostParts))
        for (const right of others.slice(0, mostParts)) if ((left & right) === 0n) found.push(left | right);
      if (found.length >= mostJoined) return found;
    }
  }
  return found;
}

function around(constants: ReadonlySet<bigint>): readonly bigint[] {
  return [...constants].flatMap((value) => [value, value + 1n, value - 1n]);
}

function limitsOf(symbol: SymbolInfo): Range {
  const limits = typeRange(symbol.type);
  return { min: symbol.min ?? limits.min, max: symbol.max ?? limits.max };
}

/** The values that the symbol can really have, without repetition. */
function* admissible(symbol: SymbolInfo, values: Iterable<bigint>): Iterable<bigint> {
  const { min, max } = limitsOf(symbol);
  const seen = new Set<bigint>();
  for (const value of values) {
    const cleared = symbol.zeroBits === undefined ? value : value & ~symbol.zeroBits;
    const signed = symbol.type.signed || cleared >= 0n ? cleared : cleared + (1n << BigInt(symbol.type.bits));
    if (signed < min || signed > max || seen.has(signed)) continue;
    seen.add(signed);
    yield signed;
    if (seen.size >= mostCandidates) return;
  }
}
