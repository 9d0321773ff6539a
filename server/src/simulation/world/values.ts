/** Making, reading and printing the executor's values where everything is known. Knows no mm record and no driver. */
import { type CType, type IntegerType, int, unsignedLong, voidType, wrap } from '../../execution/ctype.ts';
import { zeroOf as clearedStruct } from '../../execution/memory.ts';
import { pointerName } from '../../execution/place.ts';
import { constant, constantOf } from '../../execution/term.ts';
import type { AddressValue, IntegerValue, MemoryObject, Place, PointerValue, Value } from '../../execution/value.ts';
import { errnoName } from '../../mm/errno.ts';

export const nothing: Value = { kind: 'void' };

export function integer(type: IntegerType, value: bigint): IntegerValue {
  return { kind: 'integer', type, term: constant(wrap(type, value)) };
}

/** An `unsigned long`. */
export function ulongValue(value: bigint): IntegerValue {
  return integer(unsignedLong, value);
}

/** A C `int`: a status, a negative error number. */
export function intValue(value: bigint | number): IntegerValue {
  return integer(int, BigInt(value));
}

export function nullPointer(pointee: CType = voidType): AddressValue {
  return { kind: 'address', term: constant(0), pointee };
}

/** A pointer to the start of an object. */
export function pointerTo(object: MemoryObject): PointerValue {
  return { kind: 'pointer', place: { object, path: [] }, pointee: object.type };
}

/** The number behind an integer or a numeric address; `undefined` for everything else. */
export function numberOf(value: Value | undefined): bigint | undefined {
  if (value?.kind === 'integer') return constantOf(value.term);
  if (value?.kind === 'address') return constantOf(value.term);
  return undefined;
}

/** The place that a pointer leads to. */
export function placeOf(value: Value | undefined): Place | undefined {
  return value?.kind === 'pointer' ? value.place : undefined;
}

/** What a value of `type` is when nothing is in it. */
export function zeroOf(type: CType): Value {
  if (type.kind === 'integer') return integer(type, 0n);
  if (type.kind === 'void') return nothing;
  if (type.kind === 'struct' || type.kind === 'array') return clearedStruct(type);
  return nullPointer(type.kind === 'pointer' ? type.to : voidType);
}

/** `16`, `0x7f0000000000`, `-EINVAL`, `NULL`, `priv`, `&priv->lock`: what users read. */
export function formatValue(value: Value): string {
  switch (value.kind) {
    case 'integer': {
      const number = constantOf(value.term);
      return number === undefined ? 'an unknown number' : formatInteger(number, value.type);
    }
    case 'pointer':
      return pointerName(value.place);
    case 'address': {
      const number = constantOf(value.term);
      if (number === undefined) return 'an unknown address';
      const signed = BigInt.asIntN(64, number);
      if (signed < 0n && signed >= -4095n) return `ERR_PTR(-${errnoName(Number(-signed))})`;
      return number === 0n ? 'NULL' : `0x${BigInt.asUintN(64, number).toString(16)}`;
    }
    case 'function':
      return value.name;
    case 'aggregate':
      return '{…}';
    case 'void':
      return 'nothing';
    case 'opaque':
      return `something unknown (${value.why})`;
  }
}

/** Small numbers in decimal, others in hexadecimal, error numbers by name. */
function formatInteger(value: bigint, type: IntegerType): string {
  if (type.bits === 1) return value === 0n ? 'false' : 'true';
  if (type.signed && value < 0n && value >= -4095n) {
    const name = errnoName(Number(-value));
    return name.startsWith('errno') ? value.toString() : `-${name}`;
  }
  if (value > -1024n && value < 1024n) return value.toString();
  return value < 0n ? value.toString() : `0x${value.toString(16)}`;
}

const faultBits = [
  [0x1n, 'VM_FAULT_OOM'], [0x2n, 'VM_FAULT_SIGBUS'], [0x4n, 'VM_FAULT_MAJOR'], [0x10n, 'VM_FAULT_HWPOISON'], [0x40n, 'VM_FAULT_SIGSEGV'],
  [0x100n, 'VM_FAULT_NOPAGE'], [0x200n, 'VM_FAULT_LOCKED'], [0x400n, 'VM_FAULT_RETRY'], [0x800n, 'VM_FAULT_FALLBACK'],
] as const; // biome-ignore format: a table

/** `VM_FAULT_NOPAGE`, `VM_FAULT_MAJOR | VM_FAULT_LOCKED`, `0`. */
export function formatFault(number: bigint): string {
  const bits = BigInt.asUintN(32, number);
  const found = faultBits.filter(([bit]) => bits & bit).map(([, name]) => name);
  return found.length > 0 ? found.join(' | ') : number.toString();
}
