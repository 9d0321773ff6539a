/**
 * C's arithmetic on two known integers. Knows no terms: the caller wraps, or does not, for true arithmetic.
 */
import type { IntegerType } from './ctype.ts';
import type { TermOperator } from './term.ts';

/** The operation on unbounded integers, before any wrap-around; `undefined` where C leaves it undefined. */
export function foldBinary(operator: TermOperator, type: IntegerType, left: bigint, right: bigint): bigint | undefined {
  switch (operator) {
    case 'add':
      return left + right;
    case 'sub':
      return left - right;
    case 'mul':
      return left * right;
    case 'div':
      return right === 0n ? undefined : left / right;
    case 'mod':
      return right === 0n ? undefined : left % right;
    case 'shl':
      return right < 0n || right >= BigInt(type.bits) ? undefined : left << right;
    case 'shr':
      return right < 0n || right >= BigInt(type.bits) ? undefined : left >> right;
    case 'and':
      return left & right;
    case 'or':
      return left | right;
    case 'xor':
      return left ^ right;
    case 'eq':
      return left === right ? 1n : 0n;
    case 'ne':
      return left === right ? 0n : 1n;
    case 'lt':
      return left < right ? 1n : 0n;
    case 'le':
      return left <= right ? 1n : 0n;
    default:
      return undefined;
  }
}
