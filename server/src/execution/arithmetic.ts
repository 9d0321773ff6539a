/**
 * C's operators on integer values: promotion, the usual conversions, wrap-around. Two constants are computed at once,
 * anything else becomes a term. Undefined behaviour is answered as x86-64 does it, except a division by zero.
 */
import { commonType, promote, sameInteger } from './basic-types.ts';
import { type IntegerType, int, wrap } from './ctype.ts';
import type { Term } from './term.ts';
import { binary, castTerm, compare, lnot, unary } from './term-build.ts';
import type { IntegerValue } from './value.ts';

export type Arithmetic = '+' | '-' | '*' | '/' | '%' | '<<' | '>>' | '&' | '|' | '^';
export type Comparison = '<' | '<=' | '>' | '>=' | '==' | '!=';

/** The term operators of C's. */
export const arithmeticTerms = {
  '+': 'add',
  '-': 'sub',
  '*': 'mul',
  '/': 'div',
  '%': 'mod',
  '<<': 'shl',
  '>>': 'shr',
  '&': 'and',
  '|': 'or',
  '^': 'xor',
} as const;
const comparisonTerms = { '<': 'lt', '<=': 'le', '>': 'gt', '>=': 'ge', '==': 'eq', '!=': 'ne' } as const;

export const zero: IntegerValue = { kind: 'integer', type: int, term: { kind: 'constant', value: 0n } };
export const one: IntegerValue = { kind: 'integer', type: int, term: { kind: 'constant', value: 1n } };

export function integer(type: IntegerType, term: Term): IntegerValue {
  return { kind: 'integer', type, term };
}

/** The value of `type` for a number, wrapped to what the type can hold. */
export function integerOf(type: IntegerType, value: bigint): IntegerValue {
  return { kind: 'integer', type, term: { kind: 'constant', value: wrap(type, value) } };
}

/** `value` as an integer of `type`, by C's conversion. */
export function castInteger(value: IntegerValue, type: IntegerType): IntegerValue {
  if (value.type === type) return value;
  const { term } = value;
  if (term.kind !== 'constant') return { kind: 'integer', type, term: castTerm(term, value.type, type) };
  if (sameInteger(value.type, type)) return { kind: 'integer', type, term };
  const wrapped = wrap(type, term.value);
  return { kind: 'integer', type, term: wrapped === term.value ? term : { kind: 'constant', value: wrapped } };
}

/** `left operator right`; `undefined` for a division by a constant 0. */
export function arithmetic(operator: Arithmetic, left: IntegerValue, right: IntegerValue): IntegerValue | undefined {
  const shift = operator === '<<' || operator === '>>';
  const type = shift ? promote(left.type) : commonType(left.type, right.type);
  const a = left.term;
  const b = right.term;
  if (a.kind === 'constant' && b.kind === 'constant') {
    const value = shift
      ? computeShift(operator, type, wrap(type, a.value), b.value)
      : compute(
          operator,
          sameInteger(left.type, type) ? a.value : wrap(type, a.value),
          sameInteger(right.type, type) ? b.value : wrap(type, b.value),
        );
    return value === undefined ? undefined : { kind: 'integer', type, term: { kind: 'constant', value: wrap(type, value) } };
  }
  if ((operator === '/' || operator === '%') && b.kind === 'constant' && wrap(type, b.value) === 0n) return undefined;
  const from = castTerm(a, left.type, type);
  const to = shift ? b : castTerm(b, right.type, type);
  return { kind: 'integer', type, term: binary(arithmeticTerms[operator], type, from, to) };
}

/** `left operator right` as an `int`, 0 or 1. */
export function comparison(operator: Comparison, left: IntegerValue, right: IntegerValue): IntegerValue {
  const type = commonType(left.type, right.type);
  const a = left.term;
  const b = right.term;
  if (a.kind === 'constant' && b.kind === 'constant') {
    const x = sameInteger(left.type, type) ? a.value : wrap(type, a.value);
    const y = sameInteger(right.type, type) ? b.value : wrap(type, b.value);
    return holds(operator, x, y) ? one : zero;
  }
  return integer(int, compare(comparisonTerms[operator], type, castTerm(a, left.type, type), castTerm(b, right.type, type)));
}

/** `-value`, `~value` or `+value`. */
export function negated(operator: '-' | '~' | '+', value: IntegerValue): IntegerValue {
  const promoted = castInteger(value, promote(value.type));
  if (operator === '+') return promoted;
  return integer(promoted.type, unary(operator === '-' ? 'neg' : 'not', promoted.type, promoted.term));
}

/** `!value`. */
export function inverse(value: IntegerValue): IntegerValue {
  if (value.term.kind === 'constant') return value.term.value === 0n ? one : zero;
  return integer(int, lnot(value.term));
}

function compute(operator: Exclude<Arithmetic, '<<' | '>>'>, a: bigint, b: bigint): bigint | undefined {
  switch (operator) {
    case '+':
      return a + b;
    case '-':
      return a - b;
    case '*':
      return a * b;
    case '/':
      return b === 0n ? undefined : a / b;
    case '%':
      return b === 0n ? undefined : a % b;
    case '&':
      return a & b;
    case '|':
      return a | b;
    case '^':
      return a ^ b;
  }
}

/** The processor takes the amount modulo the width. */
function computeShift(operator: '<<' | '>>', type: IntegerType, value: bigint, by: bigint): bigint {
  const amount = by & BigInt(type.bits - 1);
  return operator === '<<' ? value << amount : value >> amount;
}

function holds(operator: Comparison, a: bigint, b: bigint): boolean {
  switch (operator) {
    case '<':
      return a < b;
    case '<=':
      return a <= b;
    case '>':
      return a > b;
    case '>=':
      return a >= b;
    case '==':
      return a === b;
    case '!=':
      return a !== b;
  }
}
