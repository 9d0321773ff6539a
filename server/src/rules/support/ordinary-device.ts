/**
 * What an ordinary device is: sizes and addresses that devices have, products of them that stay ordinary, lengths that are not 0. The
 * searches of `questions.ts` look among such devices alone, so that a finding never rests on an odd one.
 */
import type { Path } from '../../analysis/path.ts';
import * as query from '../../analysis/query.ts';
import { unsignedLong } from '../../execution/ctype.ts';
import { constant, type SymbolInfo, type Term } from '../../execution/term.ts';
import { compare } from '../../execution/term-build.ts';
import { symbolsOf } from '../../execution/term-evaluate.ts';

/** Bytes or pfns. No address of an ordinary device is above it, and no product of its quantities. */
export const ordinaryMost = 1n << 39n;
/** Bytes or pages. No length or number of an ordinary device is above it. */
const ordinaryCount = 1n << 33n;

/** What holds of an ordinary device, for the symbols of a path's first conditions. */
export interface Ordinary {
  readonly symbols: ReadonlyMap<string, SymbolInfo>;
  readonly computed: query.Given;
  /** With the conditions in true arithmetic. */
  readonly true: query.Given;
}

const ordinaries = new WeakMap<Path, Map<number, Ordinary>>();

/** Of the path's first `after` conditions; made once for each number of them. */
export function ordinaryBefore(path: Path, after: number): Ordinary {
  const own = ordinaries.get(path) ?? new Map<number, Ordinary>();
  ordinaries.set(path, own);
  let ordinary = own.get(after);
  if (!ordinary) {
    const conditions = path.conditions.slice(0, after).map((condition) => condition.term);
    const symbols = symbolsOf(...conditions);
    const device = [...[...symbols.values()].flatMap(ordinaryDevice), ...conditions.flatMap(ordinaryNumbers)];
    ordinary = {
      symbols,
      computed: { name: 'ordinary', goals: device },
      true: { name: 'ordinary and true', goals: [...conditions.map(query.really), ...device] },
    };
    own.set(after, ordinary);
  }
  return ordinary;
}

/** Sizes and addresses of a device are what devices have, and its lengths are not 0. */
export function ordinaryDevice(symbol: SymbolInfo): readonly query.Goal[] {
  if (symbol.control !== 'driver') return [];
  if (symbol.role === 'pointer' || symbol.role === 'address' || symbol.role === 'status' || symbol.role === 'flags') return [];
  const term: Term = { kind: 'symbol', symbol };
  if (symbol.type.bits < 64) return [];
  const counts = symbol.role === 'length' || symbol.role === 'count';
  const most = query.computed(compare('le', unsignedLong, term, constant(counts ? ordinaryCount : ordinaryMost)));
  return symbol.role === 'length' ? [query.computed(compare('ne', unsignedLong, term, constant(0))), most] : [most];
}

/**
 * What is compared with the user's numbers is a size, and not negative: an undeclared function that returns one is taken
 * for a function that returns an int, as the compiler once did.
 */
function ordinarySizes(condition: Term): readonly query.Goal[] {
  const symbols = [...symbolsOf(condition).values()];
  if (!symbols.some(({ control }) => control === 'user')) return [];
  const sizes = symbols.filter(({ control, type }) => control === 'driver' && type.signed && type.bits < 64);
  return sizes.map((symbol) => query.computed(compare('le', symbol.type, constant(0), { kind: 'symbol', symbol })));
}

const numbers = new WeakMap<Term, readonly query.Goal[]>();

/** What is ordinary of the numbers that a condition compares. */
function ordinaryNumbers(condition: Term): readonly query.Goal[] {
  const goals = numbers.get(condition) ?? [...ordinaryProducts(condition), ...ordinarySizes(condition)];
  numbers.set(condition, goals);
  return goals;
}

/** What the driver multiplies, such as a number of buffers and the size of each, is ordinary as a whole. */
function ordinaryProducts(term: Term): readonly query.Goal[] {
  if (term.kind !== 'operation') return [];
  const inner = term.operands.flatMap(ordinaryProducts);
  if (term.operator !== 'mul' && term.operator !== 'shl') return inner;
  const symbols = [...symbolsOf(term).values()];
  const own = symbols.length > 0 && symbols.every((symbol) => symbol.control === 'driver' && symbol.before === undefined);
  return own ? [...inner, query.really(query.lessThan(term, constant(ordinaryMost)))] : inner;
}
