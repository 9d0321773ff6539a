/**
 * Functions that a term may apply by name and whose value follows from their arguments: `min`, `fls`, `get_order`, …
 * The names are the kernel's. Everything else under `apply` is a value of its own that nobody can compute.
 */
import { type IntegerType, wrap } from './ctype.ts';

/** Computes from wrapped arguments; `undefined` where the kernel leaves the result undefined. */
export type TermFunction = (args: readonly bigint[], type: IntegerType) => bigint | undefined;

const pageShift = 12;

/** Position of the highest set bit, from 1; 0 for 0. */
function fls(value: bigint): number {
  return value <= 0n ? 0 : value.toString(2).length;
}

function unary(compute: (value: bigint) => bigint | undefined): TermFunction {
  return ([value]) => (value === undefined ? undefined : compute(value));
}

function binary(compute: (left: bigint, right: bigint) => bigint | undefined): TermFunction {
  return ([left, right]) => (left === undefined || right === undefined ? undefined : compute(left, right));
}

function powerOfTwo(value: bigint): boolean {
  return value > 0n && (value & (value - 1n)) === 0n;
}

function countOnes(value: bigint): bigint {
  let count = 0n;
  for (let rest = BigInt.asUintN(64, value); rest > 0n; rest &= rest - 1n) count++;
  return count;
}

function swapBytes(bits: number): TermFunction {
  return unary((value) => {
    let result = 0n;
    let rest = BigInt.asUintN(bits, value);
    for (let i = 0; i < bits; i += 8) {
      result = (result << 8n) | (rest & 0xffn);
      rest >>= 8n;
    }
    return result;
  });
}

/** `get_order(bytes)`: the smallest order of pages that holds them; for 0 it is undefined in the kernel. */
function orderOf(bytes: bigint): bigint | undefined {
  return bytes <= 0n ? undefined : BigInt(fls((bytes - 1n) >> BigInt(pageShift)));
}

export const termFunctions: ReadonlyMap<string, TermFunction> = new Map<string, TermFunction>([
  ['min', binary(smaller)],
  ['max', binary(larger)],
  ['choose', ([test, then, otherwise]) => (test === undefined ? undefined : test === 0n ? otherwise : then)],
  ['abs', unary((a) => (a < 0n ? -a : a))],
  ['fls', unary((a) => BigInt(fls(BigInt.asUintN(32, a))))],
  ['fls64', unary((a) => BigInt(fls(BigInt.asUintN(64, a))))],
  ['ffs', unary((a) => (a === 0n ? 0n : BigInt(fls(BigInt.asUintN(64, a & -a)))))],
  ['hweight', unary(countOnes)],
  ['ilog2', unary((a) => (a <= 0n ? undefined : BigInt(fls(a) - 1)))],
  ['order_base_2', unary((a) => (a <= 1n ? 0n : BigInt(fls(a - 1n))))],
  ['get_order', unary(orderOf)],
  ['is_power_of_2', unary((a) => (powerOfTwo(a) ? 1n : 0n))],
  ['roundup_pow_of_two', unary((a) => (a <= 0n ? undefined : a === 1n ? 1n : 1n << BigInt(fls(a - 1n))))],
  ['rounddown_pow_of_two', unary((a) => (a <= 0n ? undefined : 1n << BigInt(fls(a) - 1)))],
  ['swab16', swapBytes(16)],
  ['swab32', swapBytes(32)],
  ['swab64', swapBytes(64)],
  ['add_overflows', (args, type) => overflows(args, type, (a, b) => a + b)],
  ['sub_overflows', (args, type) => overflows(args, type, (a, b) => a - b)],
  ['mul_overflows', (args, type) => overflows(args, type, (a, b) => a * b)],
  // A negative number, and a count that the type has no bits for, count as an overflow (include/linux/overflow.h).
  ['shl_overflows', (args, type) => overflows(args, type, (a, b) => (a < 0n || b < 0n || b > 127n ? -1n << 128n : a << b))],
  // size_add, size_mul: the largest size_t where the true result does not fit.
  ['size_add', binary((a, b) => saturate(a + b))],
  ['size_mul', binary((a, b) => saturate(a * b))],
  ['size_sub', binary((a, b) => (a < b ? saturate(-1n) : a - b))],
]);

/** The third argument gives the width of the result and whether it is signed, as `width * 2 + signed`. */
function overflows(args: readonly bigint[], type: IntegerType, compute: (a: bigint, b: bigint) => bigint): bigint | undefined {
  const [left, right, shape] = args;
  if (left === undefined || right === undefined || shape === undefined) return undefined;
  const exact = compute(left, right);
  const bits = shape >> 1n;
  const held = (shape & 1n) === 1n ? BigInt.asIntN(Number(bits), exact) : BigInt.asUintN(Number(bits), exact);
  return wrap(type, exact === held ? 0n : 1n);
}

function smaller(a: bigint, b: bigint): bigint {
  if (a < b) return a;
  return b;
}

function larger(a: bigint, b: bigint): bigint {
  if (a < b) return b;
  return a;
}

function saturate(value: bigint): bigint {
  return value < 0n || value >= 1n << 64n ? (1n << 64n) - 1n : value;
}
