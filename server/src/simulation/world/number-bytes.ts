/** Numbers in the bytes of a page: those of an integer, which of them hold a bit-field and what they become. Knows no memory. */
import type { BitRange, IntegerValue } from '../../execution/value.ts';
import { numberOf } from './values.ts';

/** The bytes that hold the bits: the first one, from the start of the struct, and how many. */
export function bytesOfBits({ first, width }: BitRange): { readonly start: number; readonly length: number } {
  const start = Math.floor(first / 8);
  return { start, length: Math.ceil((first + width) / 8) - start };
}

/** The little-endian bytes with the bits set to the lowest of `value`. */
export function withBits(bytes: Uint8Array, { first, width }: BitRange, value: bigint): Uint8Array {
  const shift = BigInt(first % 8);
  const mask = ((1n << BigInt(width)) - 1n) << shift;
  const old = bytes.reduceRight((sum, each) => (sum << 8n) | BigInt(each), 0n);
  const merged = (old & ~mask) | ((value << shift) & mask);
  return bytes.map((_, index) => Number((merged >> BigInt(8 * index)) & 0xffn));
}

/** The little-endian bytes of an integer. */
export function encode(value: IntegerValue): Uint8Array {
  const size = Math.max(1, value.type.bits / 8);
  let rest = BigInt.asUintN(size * 8, numberOf(value) ?? 0n);
  return Uint8Array.from({ length: size }, () => {
    const low = Number(rest & 0xffn);
    rest >>= 8n;
    return low;
  });
}
