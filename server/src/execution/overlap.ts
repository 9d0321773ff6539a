/**
 * Numbers of several widths that share bytes: a byte of a word that was written as a whole, half of it written anew. Cells do not
 * overlap; these functions keep it so. Little-endian. Knows no marks.
 */
import type { IntegerType } from './ctype.ts';
import { offsetKey, splitKey } from './key.ts';
import { constant } from './term.ts';
import { binary, castTerm } from './term-build.ts';
import type { IntegerValue, MemoryObject } from './value.ts';

/** The widest number, bytes. */
const widest = 8;

/** Bytes of a number; a `bool` has one. */
function widthOf({ bits }: IntegerType): number {
  return Math.max(1, bits / 8);
}

interface Covering {
  readonly key: string;
  readonly value: IntegerValue;
  /** Where in it the part begins, bits. */
  readonly shift: number;
}

/** The cell before `key` that holds `width` bytes from there on. */
function covering(object: MemoryObject, key: string, width: number): Covering | undefined {
  if (object.cells.size === 0 || width >= widest) return undefined;
  const { prefix, offset } = splitKey(key);
  for (let before = 1; before <= widest - width; before++) {
    const at = prefix + offsetKey(offset - before);
    const value = object.cells.get(at);
    if (value?.kind === 'integer' && widthOf(value.type) >= before + width) return { key: at, value, shift: before * 8 };
  }
  return undefined;
}

/** The number of `type` at `key`, as a part of a wider one that begins before it. */
export function partAt(object: MemoryObject, key: string, type: IntegerType): IntegerValue | undefined {
  const found = covering(object, key, widthOf(type));
  if (!found) return undefined;
  const unsigned: IntegerType = { ...found.value.type, signed: false };
  const whole = castTerm(found.value.term, found.value.type, unsigned);
  return { kind: 'integer', type, term: castTerm(binary('shr', unsigned, whole, constant(found.shift)), unsigned, type) };
}

/** Stores a number that is a part of a wider one; `false` where it is none. */
export function putPart(object: MemoryObject, key: string, value: IntegerValue): boolean {
  const found = covering(object, key, widthOf(value.type));
  if (!found) return false;
  const { type } = found.value;
  const wide: IntegerType = { ...type, signed: false };
  const narrow: IntegerType = { ...value.type, signed: false };
  const mask = ((1n << BigInt(widthOf(narrow) * 8)) - 1n) << BigInt(found.shift);
  const rest = binary('and', wide, castTerm(found.value.term, type, wide), constant(BigInt.asUintN(type.bits, ~mask)));
  const part = castTerm(castTerm(value.term, value.type, narrow), narrow, wide);
  const whole = binary('or', wide, rest, binary('shl', wide, part, constant(found.shift)));
  object.cells.set(found.key, { kind: 'integer', type, term: castTerm(whole, wide, type) });
  return true;
}

/** Notes how narrow the numbers of the object are, so that wide ones know whether to look for them. */
export function noteWidth(object: MemoryObject, type: IntegerType): void {
  const width = widthOf(type);
  if (width < (object.finest ?? widest)) object.finest = width;
}

/** Takes away the narrower numbers within one that is written at `key`. */
export function dropParts(object: MemoryObject, key: string, type: IntegerType): void {
  const { finest } = object;
  const width = widthOf(type);
  if (finest === undefined || finest >= width || object.cells.size < 2) return;
  const { prefix, offset } = splitKey(key);
  for (let at = 1; at < width; at++) object.cells.delete(prefix + offsetKey(offset + at));
}
