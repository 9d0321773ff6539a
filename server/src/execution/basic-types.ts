/**
 * C's own arithmetic types by their spelling, and what the standard says about them: the type of a literal, integer
 * promotion, the usual conversions. LP64 and ILP32 differ only in `long`. Knows no typedefs.
 */
import { bool, type CType, type IntegerType, int, long, unsignedInt, unsignedLong, voidType } from './ctype.ts';

export const char: IntegerType = { kind: 'integer', bits: 8, signed: true, name: 'char' };
const unsignedChar: IntegerType = { kind: 'integer', bits: 8, signed: false, name: 'unsigned char' };
const short: IntegerType = { kind: 'integer', bits: 16, signed: true, name: 'short' };
const unsignedShort: IntegerType = { kind: 'integer', bits: 16, signed: false, name: 'unsigned short' };
const longLong: IntegerType = { kind: 'integer', bits: 64, signed: true, name: 'long long' };
const unsignedLongLong: IntegerType = { kind: 'integer', bits: 64, signed: false, name: 'unsigned long long' };
const long32: IntegerType = { kind: 'integer', bits: 32, signed: true, name: 'long' };
const unsignedLong32: IntegerType = { kind: 'integer', bits: 32, signed: false, name: 'unsigned long' };

/** The types whose width depends on the data model. */
export interface DataModel {
  readonly long: IntegerType;
  readonly unsignedLong: IntegerType;
  /** Of a pointer, in bytes. */
  readonly pointerSize: 4 | 8;
}

export const lp64: DataModel = { long, unsignedLong, pointerSize: 8 };
export const ilp32: DataModel = { long: long32, unsignedLong: unsignedLong32, pointerSize: 4 };

const typeWords = new Set(['void', 'char', 'short', 'int', 'long', 'signed', 'unsigned', '_Bool', 'bool', 'float', 'double']);

/** The type that the words spell (`unsigned long int`), or `undefined` when they are not all words of C's types. */
export function basicType(spelling: string, model: DataModel): CType | undefined {
  const words = spelling.split(' ').map(plainWord);
  if (!words.every((word) => typeWords.has(word))) return undefined;
  const has = (word: string) => words.includes(word);
  if (has('void')) return voidType;
  if (has('bool') || has('_Bool')) return bool;
  if (has('float') || has('double')) return { kind: 'unknown', name: spelling };
  const unsigned = has('unsigned');
  if (has('char')) return unsigned ? unsignedChar : char;
  if (has('short')) return unsigned ? unsignedShort : short;
  const longs = words.filter((word) => word === 'long').length;
  if (longs > 1) return unsigned ? unsignedLongLong : longLong;
  if (longs === 1) return unsigned ? model.unsignedLong : model.long;
  return unsigned ? unsignedInt : int;
}

function plainWord(word: string): string {
  return word === '__signed__' || word === '__signed' ? 'signed' : word;
}

/** The type of an integer literal: the first of C's list that holds the value. */
export function literalType(value: bigint, suffix: string, base: number, model: DataModel): IntegerType {
  const unsigned = suffix.includes('u');
  const longs = suffix.includes('ll') ? 2 : suffix.includes('l') ? 1 : 0;
  const ranks: readonly (readonly [IntegerType, IntegerType])[] = [
    [int, unsignedInt],
    [model.long, model.unsignedLong],
    [longLong, unsignedLongLong],
  ];
  for (const [signedType, unsignedType] of ranks.slice(longs)) {
    if (!unsigned && value < 1n << BigInt(signedType.bits - 1)) return signedType;
    if ((unsigned || base !== 10) && value < 1n << BigInt(unsignedType.bits)) return unsignedType;
  }
  return unsignedLongLong;
}

/** Integer promotion: what is narrower than `int` becomes `int`. */
export function promote(type: IntegerType): IntegerType {
  return type.bits < 32 ? int : type;
}

/** The common type of two operands after the usual arithmetic conversions. */
export function commonType(left: IntegerType, right: IntegerType): IntegerType {
  if (left === right && left.bits >= 32) return left;
  const a = promote(left);
  const b = promote(right);
  if (a.bits === b.bits) return a.signed ? b : a;
  return a.bits > b.bits ? a : b;
}

export function sameInteger(left: IntegerType, right: IntegerType): boolean {
  return left === right || (left.bits === right.bits && left.signed === right.signed);
}

/** Whether two types are the same to C, names of typedefs aside. */
export function sameType(left: CType, right: CType): boolean {
  let a = left;
  let b = right;
  while (a.kind === 'pointer' && b.kind === 'pointer') {
    if (a === b) return true;
    a = a.to;
    b = b.to;
  }
  if (a === b) return true;
  if (a.kind === 'integer' && b.kind === 'integer') return sameInteger(a, b);
  if (a.kind === 'struct' && b.kind === 'struct') return a.tag === b.tag && a.name === b.name;
  if (a.kind === 'array' && b.kind === 'array') return a.length === b.length && sameType(a.of, b.of);
  return a.kind === b.kind && (a.kind === 'void' || a.kind === 'function');
}
