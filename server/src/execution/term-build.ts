/**
 * Building terms. What is certain is simplified at once (constants, neutral elements, `a + b - a`, casts of casts, bits
 * that are known), always soundly in wrapped arithmetic: `(x << 12) >> 12` becomes `x` only where `x` is known to fit.
 * Comparisons come out as `eq`, `ne`, `lt` or `le`, so that rules and the search see few shapes. Knows C, not Linux.
 */
import { type IntegerType, int, unsignedLong, wrap } from './ctype.ts';
import { constant, constantIn, constantOf, type Term, type TermOperator } from './term.ts';
import { foldBinary } from './term-fold.ts';
import { termFunctions } from './term-functions.ts';
import { sameTerm, termDepth, termKey } from './term-key.ts';
import { linearDifference } from './term-linear.ts';
import { fits, knownBits, lessByRange, rangeOf, typeOf, typeRange } from './term-range.ts';

export type ArithmeticOperator = 'add' | 'sub' | 'mul' | 'div' | 'mod' | 'shl' | 'shr' | 'and' | 'or' | 'xor';
export type ComparisonOperator = 'eq' | 'ne' | 'lt' | 'le' | 'gt' | 'ge';
export type UnaryTermOperator = 'not' | 'neg' | 'lnot';

/** Deeper terms are replaced by a nameless unknown: nobody reads them, and recursion over terms stays bounded. */
const deepestTerm = 200;

/**
 * `left operator right` in `type`, to which both operands were converted before (for shifts: the left one). A division
 * by a constant 0 and a shift by a constant out of range give a term of unknown value.
 */
export function binary(operator: ArithmeticOperator, type: IntegerType, left: Term, right: Term): Term {
  const a = constantOf(left);
  const b = constantOf(right);
  if (a !== undefined && b !== undefined) {
    const folded = foldBinary(operator, type, a, b);
    return folded === undefined ? unknownTerm(type, 'undefined', [left, right]) : constantIn(type, folded);
  }
  if (a !== undefined && commutes(operator)) return binary(operator, type, right, left);
  const simple = simplify(operator, type, left, right);
  if (simple) return simple;
  const built = operation(operator, type, [left, right]);
  return operator === 'and' || operator === 'or' || operator === 'shr' ? settleBits(built, type) : built;
}

/** `~t`, `-t` in `type`, or `!t` as an `int`. */
export function unary(operator: UnaryTermOperator, type: IntegerType, term: Term): Term {
  if (operator === 'lnot') return lnot(term);
  const value = constantOf(term);
  if (value !== undefined) return constantIn(type, operator === 'not' ? ~value : -value);
  if (term.kind === 'operation' && term.operator === operator && term.operands[0]) return term.operands[0];
  return operation(operator, type, [term]);
}

/** `term`, of type `from`, converted to `to` as C does. */
export function castTerm(term: Term, from: IntegerType, to: IntegerType): Term {
  const value = constantOf(term);
  if (value !== undefined) return constantIn(to, value);
  if (from.bits === to.bits && from.signed === to.signed) return term;
  if (to.bits === 1) return castOrSame(truth(term), to);
  if (term.kind === 'operation' && term.operator === 'cast') {
    const inner = term.operands[0];
    const innerType = inner && typeOf(inner);
    if (inner && innerType && (to.bits <= term.type.bits || fits(inner, term.type))) return castTerm(inner, innerType, to);
  }
  return operation('cast', to, [term]);
}

/** `left operator right` compared in `comparand`, to which both were converted before; the result is an `int`, 0 or 1. */
export function compare(operator: ComparisonOperator, comparand: IntegerType, left: Term, right: Term): Term {
  if (operator === 'gt') return compare('lt', comparand, right, left);
  if (operator === 'ge') return compare('le', comparand, right, left);
  const decided = decide(operator, comparand, left, right);
  if (decided !== undefined) return constant(decided ? 1 : 0);
  if (operator === 'eq' || operator === 'ne') return equality(operator, comparand, left, right);
  const cancelled = cancelAddend(operator, comparand, left, right);
  if (cancelled) return cancelled;
  // Unsigned `x < 1` and `1 <= x` are tests against 0.
  if (!comparand.signed && operator === 'lt' && constantOf(right) === 1n) return equality('eq', comparand, left, constant(0));
  if (!comparand.signed && operator === 'le' && constantOf(left) === 1n) return equality('ne', comparand, right, constant(0));
  if (!comparand.signed && operator === 'lt' && constantOf(left) === 0n) return equality('ne', comparand, right, constant(0));
  if (!comparand.signed && operator === 'le' && constantOf(right) === 0n) return equality('eq', comparand, left, constant(0));
  return { kind: 'operation', operator, type: int, comparand, operands: [shallow(left), shallow(right)] };
}

/** Whether `term` is the result of a comparison: 0 or 1, and never anything else. */
export function isTruth(term: Term): boolean {
  if (term.kind === 'constant') return term.value === 0n || term.value === 1n;
  return term.kind === 'operation' && term.comparand !== undefined;
}

/** `term != 0`: what an `if` asks. */
export function truth(term: Term): Term {
  if (term.kind === 'constant') return constant(term.value === 0n ? 0 : 1);
  return isTruth(term) ? term : compare('ne', typeOf(term) ?? unsignedLong, term, constant(0));
}

/** `!term`, by turning the comparison round. */
export function lnot(term: Term): Term {
  const asked = truth(term);
  if (asked.kind === 'constant') return constant(asked.value === 0n ? 1 : 0);
  if (asked.kind !== 'operation' || !asked.comparand) return compare('eq', int, asked, constant(0));
  const [left, right] = asked.operands;
  if (!left || !right) return compare('eq', int, asked, constant(0));
  switch (asked.operator) {
    case 'eq':
      return { ...asked, operator: 'ne' };
    case 'ne':
      return { ...asked, operator: 'eq' };
    case 'lt':
      return { ...asked, operator: 'le', operands: [right, left] };
    default:
      return { ...asked, operator: 'lt', operands: [right, left] };
  }
}

/**
 * A call kept by name: a function of `termFunctions` (computed at once where all arguments are constants), or one whose
 * value nobody knows here, such as `virt_to_phys(buf)`. Equal arguments give equal terms.
 */
export function apply(name: string, type: IntegerType, args: readonly Term[]): Term {
  const known = termFunctions.get(name);
  const values = args.map(constantOf);
  if (known && values.every((value) => value !== undefined)) {
    const value = known(values, type);
    if (value !== undefined) return constantIn(type, value);
  }
  return { kind: 'operation', operator: 'apply', type, name, operands: args.map(shallow) };
}

function equality(operator: 'eq' | 'ne', comparand: IntegerType, left: Term, right: Term): Term {
  if (constantOf(left) !== undefined) return equality(operator, comparand, right, left);
  const value = constantOf(right);
  if (left.kind === 'operation' && value !== undefined) {
    const [first, second] = left.operands;
    if (value === 0n && isTruth(left)) return operator === 'eq' ? lnot(left) : left;
    if (value === 1n && isTruth(left)) return operator === 'eq' ? left : lnot(left);
    // A conversion that keeps the value is no part of the question.
    if (left.operator === 'cast' && first) {
      const from = typeOf(first);
      const kept = from && (fits(first, left.type) ? fits(right, from) : value === 0n && left.type.bits >= from.bits);
      if (from && kept) return compare(operator, from, first, constantIn(from, value));
    }
    const moved = first && second && moveConstant(left.operator, left.type, first, second, value);
    if (moved && left.type.bits === comparand.bits) return compare(operator, comparand, moved[0], moved[1]);
  }
  // One order for both ways to write it.
  const swap = value === undefined && termKey(left) > termKey(right);
  const operands = swap ? [shallow(right), shallow(left)] : [shallow(left), shallow(right)];
  return { kind: 'operation', operator, type: int, comparand, operands };
}

/** `x + c == d` is `x == d - c`, and `a - b == 0` is `a == b`, wrap-around or not. */
function moveConstant(
  operator: TermOperator,
  type: IntegerType,
  first: Term,
  second: Term,
  value: bigint,
): readonly [Term, Term] | undefined {
  const c = constantOf(second);
  if (operator === 'add' && c !== undefined) return [first, constantIn(type, value - c)];
  if (operator === 'sub' && value === 0n) return [first, second];
  return undefined;
}

function decide(operator: 'eq' | 'ne' | 'lt' | 'le', comparand: IntegerType, left: Term, right: Term): boolean | undefined {
  const a = constantOf(left);
  const b = constantOf(right);
  if (a !== undefined && b !== undefined) {
    if (operator === 'eq' || operator === 'ne') return (wrap(comparand, a) === wrap(comparand, b)) === (operator === 'eq');
    return operator === 'lt' ? a < b : a <= b;
  }
  if (sameTerm(left, right)) return operator === 'eq' || operator === 'le';
  if (operator === 'lt') return lessByRange(left, right);
  if (operator === 'le') return negate(lessByRange(right, left));
  const apart = lessByRange(left, right) === true || lessByRange(right, left) === true || bitsDiffer(left, right, comparand);
  return apart ? operator === 'ne' : undefined;
}

/** `a < a + b` is `0 < b`, and `a + b <= a + c` is `b <= c`, where no sum can wrap. */
function cancelAddend(operator: 'lt' | 'le', comparand: IntegerType, left: Term, right: Term): Term | undefined {
  const a = addendsOf(left, comparand);
  const b = addendsOf(right, comparand);
  if (a.length + b.length < 3) return undefined;
  for (const [i, mine] of a.entries()) {
    for (const [j, other] of b.entries()) {
      if (sameTerm(mine, other)) return compare(operator, comparand, a[1 - i] ?? constant(0), b[1 - j] ?? constant(0));
    }
  }
  return undefined;
}

/** The two parts of a sum that cannot wrap, or the term itself. */
function addendsOf(term: Term, type: IntegerType): readonly Term[] {
  if (term.kind !== 'operation' || term.operator !== 'add' || term.type.bits !== type.bits || term.type.signed !== type.signed)
    return [term];
  const [left, right] = term.operands;
  if (!left || !right) return [term];
  const a = rangeOf(left);
  const b = rangeOf(right);
  const limits = typeRange(type);
  return a.min + b.min >= limits.min && a.max + b.max <= limits.max ? [left, right] : [term];
}

function bitsDiffer(left: Term, right: Term, type: IntegerType): boolean {
  const a = knownBits(left);
  const b = knownBits(right);
  const width = (1n << BigInt(type.bits)) - 1n;
  return (((a.zeros & b.ones) | (a.ones & b.zeros)) & width) !== 0n;
}

/** A simpler term for `left operator right`, or `undefined`. At most one of the two is a constant. */
function simplify(operator: ArithmeticOperator, type: IntegerType, left: Term, right: Term): Term | undefined {
  const a = constantOf(left);
  const b = constantOf(right);
  switch (operator) {
    case 'add':
    case 'sub':
      if (b === 0n) return left;
      if (operator === 'sub' && sameTerm(left, right)) return constant(0);
      if (operator === 'sub' && b !== undefined) return binary('add', type, left, constantIn(type, -b));
      return linearDifference(operator, type, left, right, operation);
    case 'mul':
      if (b === 0n) return constant(0);
      if (b === 1n) return left;
      return b !== undefined && isPowerOfTwo(b) ? binary('shl', type, left, constant(log2(b))) : undefined;
    case 'div':
      if (a === 0n) return constant(0);
      if (b === 1n) return left;
      return b !== undefined && !type.signed && isPowerOfTwo(b) ? binary('shr', type, left, constant(log2(b))) : undefined;
    case 'mod':
      if (b === 1n) return constant(0);
      return b !== undefined && !type.signed && isPowerOfTwo(b) ? binary('and', type, left, constant(b - 1n)) : undefined;
    case 'shl':
    case 'shr':
      if (a === 0n) return constant(0);
      return b === undefined ? undefined : simplifyShift(operator, type, left, b);
    case 'and':
      if (sameTerm(left, right)) return left;
      return b === undefined ? undefined : simplifyAnd(type, left, b);
    case 'or':
      if (sameTerm(left, right) || b === 0n) return left;
      return b === undefined ? undefined : simplifyOr(type, left, b);
    case 'xor':
      if (sameTerm(left, right)) return constant(0);
      return b === 0n ? left : undefined;
  }
}

function simplifyShift(operator: 'shl' | 'shr', type: IntegerType, left: Term, by: bigint): Term | undefined {
  if (by === 0n) return left;
  if (by < 0n || by >= BigInt(type.bits)) return unknownTerm(type, 'undefined', [left, constant(by)]);
  if (left.kind !== 'operation') return undefined;
  const [inner, amount] = left.operands;
  const before = amount && constantOf(amount);
  if (inner && before !== undefined && left.type.bits === type.bits && left.type.signed === type.signed) {
    if (left.operator === operator && before + by < BigInt(type.bits)) return binary(operator, type, inner, constant(before + by));
    if (left.operator === operator && operator === 'shl') return constant(0);
    if (left.operator === 'shl' && operator === 'shr' && shiftFits(inner, before, type)) {
      return before >= by ? binary('shl', type, inner, constant(before - by)) : binary('shr', type, inner, constant(by - before));
    }
    if (left.operator === 'shr' && operator === 'shl' && before === by && !type.signed) {
      return binary('and', type, inner, constantIn(type, -(1n << by)));
    }
  }
  if (operator === 'shr') {
    const aligned = withoutLowAddend(left, (1n << by) - 1n);
    if (aligned) return binary('shr', type, aligned, constant(by));
  }
  return undefined;
}

function simplifyAnd(type: IntegerType, left: Term, mask: bigint): Term | undefined {
  const width = (1n << BigInt(type.bits)) - 1n;
  const bits = mask & width;
  if (bits === 0n) return constant(0);
  if ((~bits & width & ~knownBits(left).zeros) === 0n) return left;
  if (left.kind !== 'operation' || left.type.bits !== type.bits) return undefined;
  const [inner, other] = left.operands;
  const value = other && constantOf(other);
  if (inner && value !== undefined && left.operator === 'and') return binary('and', type, inner, constantIn(type, value & mask));
  if (inner && value !== undefined && left.operator === 'or') {
    return binary('or', type, binary('and', type, inner, constantIn(type, mask)), constantIn(type, value & mask));
  }
  const dropped = ~bits & width;
  if ((dropped & (dropped + 1n)) === 0n) {
    const aligned = withoutLowAddend(left, dropped);
    if (aligned) return binary('and', type, aligned, constantIn(type, mask));
  }
  return undefined;
}

function simplifyOr(type: IntegerType, left: Term, bits: bigint): Term | undefined {
  const width = (1n << BigInt(type.bits)) - 1n;
  if ((bits & width & ~knownBits(left).ones) === 0n) return left;
  if (left.kind !== 'operation' || left.operator !== 'or' || left.type.bits !== type.bits) return undefined;
  const [inner, other] = left.operands;
  const value = other && constantOf(other);
  return inner && value !== undefined ? binary('or', type, inner, constantIn(type, value | bits)) : undefined;
}

/** `a` of `a + c` where `c` is at most `low` and `a` has no bit of `low`: adding `c` cannot carry out of `low`. */
function withoutLowAddend(term: Term, low: bigint): Term | undefined {
  if (term.kind !== 'operation' || term.operator !== 'add') return undefined;
  const [left, right] = term.operands;
  const addend = right && constantOf(right);
  if (!left || addend === undefined || addend < 0n || addend > low) return undefined;
  return (low & ~knownBits(left).zeros) === 0n ? left : undefined;
}

function shiftFits(term: Term, by: bigint, type: IntegerType): boolean {
  const width = BigInt(type.bits) - (type.signed ? 1n : 0n);
  const { zeros } = knownBits(term);
  const mask = (1n << BigInt(type.bits)) - 1n;
  return (mask & ~zeros & ~((1n << (width - by)) - 1n)) === 0n;
}

/** A constant where every bit of the built term is known. */
function settleBits(term: Term, type: IntegerType): Term {
  const { zeros, ones } = knownBits(term);
  const mask = (1n << BigInt(type.bits)) - 1n;
  return ((zeros | ones) & mask) === mask ? constantIn(type, ones) : term;
}

function operation(operator: TermOperator, type: IntegerType, operands: readonly Term[]): Term {
  return { kind: 'operation', operator, type, operands: operands.map(shallow) };
}

function shallow(term: Term): Term {
  return termDepth(term) < deepestTerm ? term : unknownTerm(typeOf(term) ?? unsignedLong, 'deep', [term]);
}

/** A symbol for a value that nothing is known about; the same operands give the same symbol. */
function unknownTerm(type: IntegerType, why: string, operands: readonly Term[]): Term {
  const id = `${why}:${operands.map(termKey).join(',')}`;
  return { kind: 'symbol', symbol: { id, name: '…', type, control: 'driver', role: 'unknown' } };
}

function castOrSame(term: Term, to: IntegerType): Term {
  return term.kind === 'constant' ? term : operation('cast', to, [term]);
}

function commutes(operator: ArithmeticOperator): boolean {
  return operator === 'add' || operator === 'mul' || operator === 'and' || operator === 'or' || operator === 'xor';
}

function isPowerOfTwo(value: bigint): boolean {
  return value > 0n && (value & (value - 1n)) === 0n;
}

function log2(value: bigint): number {
  return value.toString(2).length - 1;
}

function negate(answer: boolean | undefined): boolean | undefined {
  return answer === undefined ? undefined : !answer;
}
