/**
 * Intervals of symbols, narrowed by one constraint after the other, forwards and backwards through its term. No value that
 * satisfies them is ever lost, so that an empty interval is a sure no. Knows C arithmetic only.
 */
import type { SymbolInfo, Term } from '../execution/term.ts';
import { termFunctions } from '../execution/term-functions.ts';
import { termKey } from '../execution/term-key.ts';
import { type Range, typeRange } from '../execution/term-range.ts';

/** A term that shall not be 0, as the program computes it or in true arithmetic. */
interface Wanted {
  readonly term: Term;
  readonly arithmetic: 'wrapped' | 'exact';
}

type Operation = Term & { readonly kind: 'operation' };

/** Parts of one constraint that are narrowed: shared parts are met once for each way that leads to them. */
const mostParts = 64;

/** Beyond every number that the evaluation of a term tells apart. */
const far = 1n << 512n;
const everything: Range = { min: -far, max: far };
const truths: Range = { min: 0n, max: 1n };

/** What is left of the values of symbols: an interval for each. */
export class Ranges {
  /** How often an interval has become smaller. */
  changes = 0;
  readonly #ranges: Map<string, Range>;
  #isExact = false;
  /** Of the parts of the constraint in hand, before it narrows them. */
  #known = new Map<Term, Range>();
  #parts = 0;

  readonly #domains: ReadonlyMap<string, readonly bigint[]>;

  /** `domains`: the only values that some symbols may take. */
  constructor(domains: ReadonlyMap<string, readonly bigint[]>, ranges: ReadonlyMap<string, Range> = new Map()) {
    this.#domains = domains;
    this.#ranges = new Map(ranges);
  }

  copy(): Ranges {
    return new Ranges(this.#domains, this.#ranges);
  }

  /** Narrows the symbols to what the constraint leaves; `false` when it leaves nothing. */
  narrow({ term, arithmetic }: Wanted): boolean {
    this.#isExact = arithmetic === 'exact';
    this.#known = new Map();
    this.#parts = 0;
    return this.#isNot0(term);
  }

  /** Whether nothing in the term can wrap around: it is the same in true arithmetic. */
  isSure(term: Term): boolean {
    this.#isExact = true;
    this.#known = new Map();
    this.#of(term);
    return [...this.#known].every(([part, range]) => part.kind !== 'operation' || isWithin(range, typeRange(part.type)));
  }

  #isNot0(term: Term): boolean {
    if (term.kind === 'operation' && term.comparand) return this.#compare(term, true);
    const range = this.#of(term);
    if (range.min > 0n || range.max < 0n) return true;
    if (range.min === 0n) return this.#limit(term, { min: 1n, max: range.max });
    return range.max !== 0n || this.#limit(term, { min: range.min, max: -1n });
  }

  #of(term: Term): Range {
    if (term.kind === 'constant') return { min: term.value, max: term.value };
    if (term.kind === 'symbol') return this.#ranges.get(term.symbol.id) ?? this.#begin(term.symbol);
    const known = this.#known.get(term);
    if (known) return known;
    const whole = this.#computed(term);
    const limits = this.#isExact ? everything : typeRange(term.type);
    const range = isWithin(whole, limits) ? whole : this.#isExact ? { min: saturated(whole.min), max: saturated(whole.max) } : limits;
    this.#known.set(term, range);
    return range;
  }

  #begin({ id, type, min, max }: SymbolInfo): Range {
    const values = this.#domains.get(id);
    const limits = typeRange(type);
    const range = values && values.length > 0 ? hull(values) : { min: min ?? limits.min, max: max ?? limits.max };
    this.#ranges.set(id, range);
    return range;
  }

  /** What the operation gives before it wraps around. */
  #computed(term: Operation): Range {
    if (term.operator === 'apply') return this.#applied(term);
    const [left, right] = term.operands;
    if (!left) return everything;
    const a = this.#of(left);
    switch (term.operator) {
      case 'cast':
        return term.type.bits === 1 && !this.#isExact ? truths : a;
      case 'neg':
        return { min: -a.max, max: -a.min };
      case 'not':
        return typeRange(term.type);
      case 'lnot':
        return truths;
    }
    if (!right) return everything;
    const b = this.#of(right);
    switch (term.operator) {
      case 'add':
        return { min: a.min + b.min, max: a.max + b.max };
      case 'sub':
        return { min: a.min - b.max, max: a.max - b.min };
      case 'mul':
        return hull([a.min * b.min, a.min * b.max, a.max * b.min, a.max * b.max]);
      case 'div':
        return a.min >= 0n && b.min >= 0n && b.max > 0n ? { min: a.min / b.max, max: b.min > 1n ? a.max / b.min : a.max } : everything;
      case 'mod':
        return a.min >= 0n && b.min >= 0n && b.max > 0n ? { min: 0n, max: smaller(a.max, b.max - 1n) } : everything;
      case 'shl': {
        const by = shiftOf(term);
        return by === undefined ? everything : { min: a.min << by, max: a.max << by };
      }
      case 'shr': {
        const by = shiftOf(term);
        return by === undefined ? everything : { min: a.min >> by, max: a.max >> by };
      }
      case 'and':
        return masked(term, a, b);
      case 'or':
      case 'xor':
        if (a.min < 0n || b.min < 0n || isEndless(term, left) || isEndless(term, right)) return everything;
        return { min: term.operator === 'or' ? larger(a.min, b.min) : 0n, max: (1n << widthOf(larger(a.max, b.max))) - 1n };
      case 'eq':
      case 'ne':
      case 'lt':
      case 'le':
        return truths;
    }
  }

  #applied(term: Operation): Range {
    const { name = '', operands } = term;
    const [left, right] = operands;
    if (!termFunctions.has(name)) return this.#ranges.get(termKey(term)) ?? typeRange(term.type);
    if (!left || !right || (name !== 'min' && name !== 'max')) return everything;
    const a = this.#of(left);
    const b = this.#of(right);
    const choose = name === 'min' ? smaller : larger;
    return { min: choose(a.min, b.min), max: choose(a.max, b.max) };
  }

  /** Narrows the parts of a term that must lie in `wanted`; `false` when it cannot. */
  #limit(term: Term, wanted: Range): boolean {
    const range = this.#of(term);
    const left = { min: larger(range.min, wanted.min), max: smaller(range.max, wanted.max) };
    if (left.min > left.max) return false;
    if (term.kind === 'constant' || (left.min === range.min && left.max === range.max)) return true;
    if (term.kind === 'symbol') return this.#set(term.symbol.id, left);
    if (++this.#parts > mostParts) return true;
    if (term.comparand) return this.#compare(term, left.min === 1n);
    // Where it may wrap around, the parts may be anything.
    if (!this.#isExact && !isWithin(this.#computed(term), typeRange(term.type))) return true;
    return term.operator === 'apply' ? this.#limitApplied(term, left) : this.#limitOperands(term, left);
  }

  #set(id: string, range: Range): boolean {
    this.#ranges.set(id, range);
    this.changes++;
    return true;
  }

  #limitOperands(term: Operation, { min, max }: Range): boolean {
    const [left, right] = term.operands;
    if (!left) return true;
    if (term.operator === 'cast') return term.type.bits === 1 || this.#limit(left, { min, max });
    if (term.operator === 'neg') return this.#limit(left, { min: -max, max: -min });
    if (!right) return true;
    const a = this.#of(left);
    const b = this.#of(right);
    const by = shiftOf(term);
    const size = right.kind === 'constant' && right.value > 0n ? right.value : undefined;
    switch (term.operator) {
      case 'add':
        return this.#limit(left, { min: min - b.max, max: max - b.min }) && this.#limit(right, { min: min - a.max, max: max - a.min });
      case 'sub':
        return this.#limit(left, { min: min + b.min, max: max + b.max }) && this.#limit(right, { min: a.min - max, max: a.max - min });
      case 'mul':
        return size === undefined || this.#limit(left, { min: roundUp(min, size), max: roundDown(max, size) });
      case 'div':
        return size === undefined || a.min < 0n || this.#limit(left, { min: min * size, max: max * size + size - 1n });
      case 'shl':
        return by === undefined || this.#limit(left, { min: roundUp(min, 1n << by), max: max >> by });
      case 'shr':
        return by === undefined || this.#limit(left, { min: min << by, max: ((max + 1n) << by) - 1n });
      case 'and': {
        const low = lowPartOf(term);
        return a.min < 0n || this.#limit(left, { min, max: low === undefined ? far : max + low });
      }
      default:
        return true;
    }
  }

  #limitApplied(term: Operation, range: Range): boolean {
    const { name = '', operands } = term;
    const [left, right] = operands;
    if (!termFunctions.has(name)) return this.#set(termKey(term), range);
    if (!left || !right) return true;
    if (name === 'min') return [left, right].every((each) => this.#limit(each, { min: range.min, max: far }));
    return name !== 'max' || [left, right].every((each) => this.#limit(each, { min: -far, max: range.max }));
  }

  /** Narrows the sides of a comparison that holds, or does not. */
  #compare(term: Operation, holds: boolean): boolean {
    const [left, right] = term.operands;
    if (!left || !right) return true;
    switch (term.operator) {
      case 'eq':
        return holds ? this.#isEqual(left, right) : this.#isDifferent(left, right);
      case 'ne':
        return holds ? this.#isDifferent(left, right) : this.#isEqual(left, right);
      case 'lt':
        return holds ? this.#isBelow(left, right, 1n) : this.#isBelow(right, left, 0n);
      case 'le':
        return holds ? this.#isBelow(left, right, 0n) : this.#isBelow(right, left, 1n);
      default:
        return true;
    }
  }

  /** `left + by <= right`. */
  #isBelow(left: Term, right: Term, by: bigint): boolean {
    const { min } = this.#of(left);
    const { max } = this.#of(right);
    return this.#limit(left, { min: -far, max: max - by }) && this.#limit(right, { min: min + by, max: far });
  }

  #isEqual(left: Term, right: Term): boolean {
    return this.#limit(left, this.#of(right)) && this.#limit(right, this.#of(left));
  }

  #isDifferent(left: Term, right: Term): boolean {
    return this.#isNot(left, this.#of(right)) && this.#isNot(right, this.#of(left));
  }

  /** The term has another value than the only one in `other`, if that is one. */
  #isNot(term: Term, other: Range): boolean {
    if (other.min !== other.max) return true;
    const { min, max } = this.#of(term);
    if (min === other.min) return this.#limit(term, { min: min + 1n, max: far });
    return max !== other.min || this.#limit(term, { min: -far, max: max - 1n });
  }
}

/** `a & b` is no larger than one of the two that is not negative; a mask such as `~0xfff` takes away less than its low part. */
function masked(term: Operation, a: Range, b: Range): Range {
  const low = lowPartOf(term);
  if (low !== undefined) return a.min < 0n ? everything : { min: larger(a.min - low, 0n), max: a.max };
  const bounds = [a, b].flatMap(({ min, max }, at) => (min < 0n || isEndless(term, term.operands[at]) ? [] : [max]));
  return bounds.length > 0 ? { min: 0n, max: bounds.reduce(smaller) } : everything;
}

/** A constant that true arithmetic takes to have ones in all bits above its type. */
function isEndless({ type }: Operation, operand: Term | undefined): boolean {
  return operand?.kind === 'constant' && operand.value >> BigInt(type.bits - 1) !== 0n;
}

/** What a constant mask that keeps all high bits takes away at most. */
function lowPartOf({ type, operands: [, mask] }: Operation): bigint | undefined {
  if (mask?.kind !== 'constant') return undefined;
  const low = BigInt.asUintN(type.bits, ~mask.value);
  return (low & (low + 1n)) === 0n && low >> BigInt(type.bits - 1) === 0n ? low : undefined;
}

/** A constant count that C defines for the type. */
function shiftOf({ type, operator, operands: [, count] }: Operation): bigint | undefined {
  if ((operator !== 'shl' && operator !== 'shr') || count?.kind !== 'constant') return undefined;
  return count.value >= 0n && count.value < BigInt(type.bits) ? count.value : undefined;
}

function isWithin(range: Range, limits: Range): boolean {
  return range.min >= limits.min && range.max <= limits.max;
}

function hull(values: readonly bigint[]): Range {
  return { min: values.reduce(smaller), max: values.reduce(larger) };
}

function widthOf(value: bigint): bigint {
  return BigInt(value.toString(2).length);
}

/** The quotient that is not smaller, and the one that is not larger. */
function roundUp(value: bigint, size: bigint): bigint {
  return -roundDown(-value, size);
}

function roundDown(value: bigint, size: bigint): bigint {
  const quotient = value / size;
  return quotient * size > value ? quotient - 1n : quotient;
}

function saturated(value: bigint): bigint {
  return value > far ? far : value < -far ? -far : value;
}

const smaller = (a: bigint, b: bigint): bigint => (a < b ? a : b);
const larger = (a: bigint, b: bigint): bigint => (a < b ? b : a);
