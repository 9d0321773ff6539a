/**
 * What is decided on a path: the conditions taken so far, and what follows from them at little cost. Used to leave out
 * branches that cannot be taken. Only certain things are answered; what is missed here, the search finds later.
 */
import { constantOf, type Term, type TermOperator } from '../execution/term.ts';
import { truth } from '../execution/term-build.ts';
import { termKey } from '../execution/term-key.ts';
import { type Range, rangeOf, typeRange } from '../execution/term-range.ts';

/** Bits known to be 0 and 1. */
interface Bits {
  zeros: bigint;
  ones: bigint;
}

type Comparison = Term & { readonly kind: 'operation' };

/** Ways in which two numbers can stand to each other. */
const less = 1;
const equal = 2;
const greater = 4;
const relations: Readonly<Partial<Record<TermOperator, number>>> = { lt: less, le: less | equal, eq: equal, ne: less | greater };

export class Knowledge {
  /** By the keys of two terms: how the first can still stand to the second. */
  readonly #relations = new Map<string, number>();
  readonly #ranges = new Map<string, Range>();
  readonly #bits = new Map<string, Bits>();

  /** Whether `condition` (a comparison) holds, as far as that is certain. */
  decide(condition: Term): boolean | undefined {
    if (condition.kind !== 'operation' || !condition.comparand) return undefined;
    return this.#byRelation(condition) ?? this.#byRange(condition) ?? this.#byBits(condition) ?? this.#byParts(condition);
  }

  /** `(a | b) != 0` of two truths. */
  #byParts(condition: Comparison): boolean | undefined {
    const [left, right] = condition.operands;
    if (condition.operator !== 'ne' || left?.kind !== 'operation' || left.operator !== 'or' || !right || constantOf(right) !== 0n)
      return undefined;
    let none = true;
    for (const part of left.operands) {
      const holds = this.decide(truth(part));
      if (holds) return true;
      none &&= holds === false;
    }
    return none ? false : undefined;
  }

  /** `condition` holds from here on. */
  assume(condition: Term): void {
    if (condition.kind !== 'operation' || !condition.comparand) return;
    const [left, right] = condition.operands;
    const asked = relations[condition.operator];
    if (!left || !right || asked === undefined) return;
    const { key, turned } = pairOf(condition, left, right);
    this.#relations.set(key, (this.#relations.get(key) ?? less | equal | greater) & (turned ? turnRound(asked) : asked));
    this.#narrow(condition, left, right);
    if (condition.operator === 'eq' || condition.operator === 'ne') this.#noteBits(condition.operator, left, right);
  }

  #byRelation(condition: Comparison): boolean | undefined {
    const [left, right] = condition.operands;
    const asked = relations[condition.operator];
    if (!left || !right || asked === undefined) return undefined;
    const { key, turned } = pairOf(condition, left, right);
    const known = this.#relations.get(key);
    if (known === undefined) return undefined;
    const wanted = turned ? turnRound(asked) : asked;
    if ((known & ~wanted) === 0) return true;
    return (known & wanted) === 0 ? false : undefined;
  }

  /** The values that the term can have here, also by what is known of its parts. */
  #rangeOf(term: Term, depth = 0): Range {
    let range = rangeOf(term);
    const known = this.#ranges.get(termKey(term));
    if (known) range = intersection(range, known);
    if (this.#ranges.size === 0 || depth > 6 || term.kind !== 'operation') return range;
    const derived = this.#derivedRange(term, depth + 1);
    return derived ? intersection(range, derived) : range;
  }

  /** For the operations through which limits pass unchanged: casts, and sums and shifts by constants, without wrap-around. */
  #derivedRange(term: Term & { readonly kind: 'operation' }, depth: number): Range | undefined {
    const [left, right] = term.operands;
    if (!left) return undefined;
    const by = right && constantOf(right);
    if (term.operator !== 'cast' && by === undefined) return undefined;
    const inner = this.#rangeOf(left, depth);
    const through = (map: (value: bigint) => bigint): Range | undefined =>
      within({ min: map(inner.min), max: map(inner.max) }, typeRange(term.type));
    switch (term.operator) {
      case 'cast':
        return through((value) => value);
      case 'add':
        return through((value) => value + (by ?? 0n));
      case 'shl':
        return through((value) => value << (by ?? 0n));
      case 'shr':
        return inner.min >= 0n ? through((value) => value >> (by ?? 0n)) : undefined;
      default:
        return undefined;
    }
  }

  #byRange(condition: Comparison): boolean | undefined {
    const [left, right] = condition.operands;
    if (!left || !right) return undefined;
    const a = this.#rangeOf(left);
    const b = this.#rangeOf(right);
    switch (condition.operator) {
      case 'lt':
        if (a.max < b.min) return true;
        return a.min >= b.max ? false : undefined;
      case 'le':
        if (a.max <= b.min) return true;
        return a.min > b.max ? false : undefined;
      case 'eq':
      case 'ne': {
        const apart = a.max < b.min || b.max < a.min;
        const same = a.min === a.max && b.min === b.max && a.min === b.min;
        if (!apart && !same) return undefined;
        return (condition.operator === 'eq') === same;
      }
      default:
        return undefined;
    }
  }

  /** A comparison with a constant limits the other side. */
  #narrow(condition: Comparison, left: Term, right: Term): void {
    const a = constantOf(left);
    const b = constantOf(right);
    if (a === undefined && b === undefined) return;
    const term = a === undefined ? left : right;
    const value = a ?? b ?? 0n;
    const whole = condition.comparand ? typeRange(condition.comparand) : rangeOf(term);
    let range = whole;
    switch (condition.operator) {
      case 'eq':
        range = { min: value, max: value };
        break;
      case 'lt':
        range = a === undefined ? { min: whole.min, max: value - 1n } : { min: value + 1n, max: whole.max };
        break;
      case 'le':
        range = a === undefined ? { min: whole.min, max: value } : { min: value, max: whole.max };
        break;
      case 'ne': {
        const now = this.#rangeOf(term);
        if (now.min === value) range = { min: value + 1n, max: now.max };
        else if (now.max === value) range = { min: now.min, max: value - 1n };
        break;
      }
      default:
        return;
    }
    const known = this.#rangeOf(term);
    this.#ranges.set(termKey(term), intersection(range, known));
  }

  #noteBits(operator: 'eq' | 'ne', left: Term, right: Term): void {
    const masked = maskedBy(left);
    const value = constantOf(right);
    if (!masked || value === undefined) return;
    const { term, mask } = masked;
    const single = (mask & (mask - 1n)) === 0n;
    const bits = this.#bits.get(termKey(term)) ?? { zeros: 0n, ones: 0n };
    if (operator === 'eq') {
      bits.ones |= value & mask;
      bits.zeros |= mask & ~value;
    } else if (single) {
      if (value === 0n) bits.ones |= mask;
      else if (value === mask) bits.zeros |= mask;
    }
    this.#bits.set(termKey(term), bits);
  }

  #byBits(condition: Comparison): boolean | undefined {
    if (condition.operator !== 'eq' && condition.operator !== 'ne') return undefined;
    const [left, right] = condition.operands;
    const masked = left && maskedBy(left);
    const value = right && constantOf(right);
    const bits = masked && this.#bits.get(termKey(masked.term));
    if (!masked || !bits || value === undefined) return undefined;
    const { mask } = masked;
    if ((bits.ones & mask & ~value) !== 0n || (bits.zeros & mask & value) !== 0n) return condition.operator === 'ne';
    if (((bits.ones | bits.zeros) & mask) === mask) return (condition.operator === 'eq') === ((bits.ones & mask) === value);
    return undefined;
  }
}

/** One key for two terms, whichever comes first; signed and unsigned comparisons are different questions. */
function pairOf(condition: Comparison, left: Term, right: Term): { readonly key: string; readonly turned: boolean } {
  const a = termKey(left);
  const b = termKey(right);
  const sign = condition.comparand?.signed ? 's' : 'u';
  return a <= b ? { key: `${sign}${a} ${b}`, turned: false } : { key: `${sign}${b} ${a}`, turned: true };
}

function turnRound(relation: number): number {
  return (relation & equal) | (relation & less ? greater : 0) | (relation & greater ? less : 0);
}

/** `term` and `mask` of `term & mask`. */
function maskedBy(masked: Term): { readonly term: Term; readonly mask: bigint } | undefined {
  if (masked.kind !== 'operation' || masked.operator !== 'and') return undefined;
  const [term, other] = masked.operands;
  const mask = other && constantOf(other);
  return term && mask !== undefined ? { term, mask } : undefined;
}

function intersection(a: Range, b: Range): Range {
  return { min: larger(a.min, b.min), max: smaller(a.max, b.max) };
}

function within(range: Range, limits: Range): Range | undefined {
  return range.min >= limits.min && range.max <= limits.max ? range : undefined;
}

function smaller(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}

function larger(a: bigint, b: bigint): bigint {
  if (a < b) return b;
  return a;
}
