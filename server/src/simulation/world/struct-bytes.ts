/**
 * C objects as bytes and back, by the layout of their type: what copies between user space and the driver's structs need.
 * Objects whose layout is not known have no bytes here. Knows no user memory.
 */
import type { CType } from '../../execution/ctype.ts';
import { elementAt, fieldAt } from '../../execution/place.ts';
import { constant } from '../../execution/term.ts';
import type { TypeTable } from '../../execution/type-table.ts';
import type { Place, Value } from '../../execution/value.ts';
import type { Machine } from '../../execution/world.ts';
import { integer, numberOf, ulongValue } from './values.ts';

/** A number inside an object: where it lies, in bytes from the object's start. */
interface Leaf {
  readonly place: Place;
  readonly type: CType;
  readonly offset: number;
  readonly size: number;
}

/** Larger objects are not taken apart. */
const maximumLeaves = 512;

/** Writes `bytes` to the object at `place`. False, and nothing is written, when its layout is not known. */
export function writeBytes(machine: Machine, types: TypeTable, place: Place, type: CType, bytes: Uint8Array): boolean {
  const leaves = leavesOf(types, place, type);
  if (!leaves) return false;
  for (const leaf of leaves) {
    if (leaf.offset >= bytes.length) break;
    const missing = leaf.offset + leaf.size - bytes.length;
    machine.write(leaf.place, numberIn(leaf, missing > 0 ? completed(machine, leaf, bytes) : bytes), machine.span);
  }
  return true;
}

/** The first `length` bytes of the object at `place`; padding and what lies behind it is 0. */
export function readBytes(machine: Machine, types: TypeTable, place: Place, type: CType, length: number): Uint8Array | undefined {
  const leaves = leavesOf(types, place, type);
  if (!leaves) return undefined;
  const bytes = new Uint8Array(length);
  for (const { place: at, type: of, offset, size } of leaves) {
    if (offset >= length) break;
    let rest = BigInt.asUintN(size * 8, numberOf(machine.read(at, of)) ?? 0n);
    for (let index = 0; index < size; index++, rest >>= 8n) if (offset + index < length) bytes[offset + index] = Number(rest & 0xffn);
  }
  return bytes;
}

/** `bytes` with what the number that they end in holds behind them. */
function completed(machine: Machine, { place, type, offset, size }: Leaf, bytes: Uint8Array): Uint8Array {
  const whole = new Uint8Array(offset + size);
  let rest = BigInt.asUintN(size * 8, numberOf(machine.read(place, type)) ?? 0n);
  for (let index = 0; index < size; index++, rest >>= 8n) whole[offset + index] = Number(rest & 0xffn);
  whole.set(bytes);
  return whole;
}

function numberIn({ type, offset, size }: Leaf, bytes: Uint8Array): Value {
  const number = bytes.subarray(offset, offset + size).reduceRight((sum, each) => (sum << 8n) | BigInt(each), 0n);
  if (type.kind === 'integer') return integer(type, number);
  return type.kind === 'pointer' ? { kind: 'address', term: constant(number), pointee: type.to } : ulongValue(number);
}

/** The numbers and pointers in an object; `undefined` when the layout of a part is not known. */
function leavesOf(types: TypeTable, place: Place, type: CType): readonly Leaf[] | undefined {
  const leaves: Leaf[] = [];
  return collect(types, place, type, 0, leaves) ? leaves : undefined;
}

function collect(types: TypeTable, place: Place, type: CType, offset: number, leaves: Leaf[]): boolean {
  if (leaves.length > maximumLeaves) return false;
  const size = types.sizeOf(type);
  if (size === undefined) return false;
  switch (type.kind) {
    case 'integer':
    case 'pointer':
      leaves.push({ place, type, offset, size });
      return true;
    case 'array':
      for (let index = 0; index < (type.length ?? 0); index++) {
        const unit = types.sizeOf(type.of) ?? 1;
        if (!collect(types, elementAt(place, constant(index), unit, type.of), type.of, offset + index * unit, leaves)) return false;
      }
      return true;
    case 'struct': {
      const layout = types.layout(type);
      if (!layout?.complete) return false;
      for (const member of layout.members) {
        if (member.bits !== undefined || member.offset === undefined) return false;
        if (!collect(types, fieldAt(place, member.step, member.type), member.type, offset + member.offset, leaves)) return false;
        if (type.tag === 'union') break;
      }
      return true;
    }
    default:
      return false;
  }
}
