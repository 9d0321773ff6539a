/**
 * C types as the executor computes with them: widths, signedness, layout by field name. Made from the `TypeName`s of
 * the syntax tree, the driver's own structs and typedefs, and the built-in kernel types. LP64 unless told otherwise.
 */

export interface IntegerType {
  readonly kind: 'integer';
  /** 1 is `_Bool`. */
  readonly bits: 1 | 8 | 16 | 32 | 64;
  readonly signed: boolean;
  /** The spelling users know (`size_t`, `u32`), for messages. */
  readonly name?: string;
}

export type CType =
  | { readonly kind: 'void' }
  | IntegerType
  | { readonly kind: 'pointer'; readonly to: CType }
  | { readonly kind: 'array'; readonly of: CType; readonly length?: number }
  /** Resolved by name in the `TypeTable`; fields of an unknown struct are of unknown type. */
  | { readonly kind: 'struct'; readonly tag: 'struct' | 'union'; readonly name: string }
  | { readonly kind: 'function'; readonly returns: CType; readonly parameters: readonly CType[] }
  | { readonly kind: 'unknown'; readonly name?: string };

export const int: IntegerType = { kind: 'integer', bits: 32, signed: true, name: 'int' };
export const unsignedInt: IntegerType = { kind: 'integer', bits: 32, signed: false, name: 'unsigned int' };
export const long: IntegerType = { kind: 'integer', bits: 64, signed: true, name: 'long' };
export const unsignedLong: IntegerType = { kind: 'integer', bits: 64, signed: false, name: 'unsigned long' };
export const bool: IntegerType = { kind: 'integer', bits: 1, signed: false, name: 'bool' };
export const unknownType: CType = { kind: 'unknown' };
export const voidType: CType = { kind: 'void' };

/** `value` reduced to what an object of `type` can hold: C's conversion, modulo 2^bits, `_Bool` by `!= 0`. */
export function wrap(type: IntegerType, value: bigint): bigint {
  if (type.bits === 1) return value === 0n ? 0n : 1n;
  return type.signed ? BigInt.asIntN(type.bits, value) : BigInt.asUintN(type.bits, value);
}
