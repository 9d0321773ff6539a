/**
 * C's conversions between kinds of values, and what a value is as a condition, as a number and as a pointer to follow.
 * Pointers become numbers, and numbers pointers, by asking the world.
 */
import { castInteger, comparison, integer, integerOf, one, zero } from './arithmetic.ts';
import { sameType } from './basic-types.ts';
import { bool, type CType, type IntegerType, int } from './ctype.ts';
import type { Run } from './machine.ts';
import { keyOf, type Location, samePlace, trailingBytes, wholeOf } from './place.ts';
import { constant, constantOf, type Term } from './term.ts';
import { castTerm, compare } from './term-build.ts';
import { printTerm } from './term-print.ts';
import type { AddressValue, IntegerValue, Place, PointerValue, Value } from './value.ts';

/** Numbers from here on are error pointers, and below the first page NULL and its members. */
const lastErrors = 4095n;
export const firstPage = 4096n;

/** `value` as an assignment to an object of `type` stores it. */
export function convert(run: Run, value: Value, type: CType): Value {
  switch (type.kind) {
    case 'integer':
      if (value.kind === 'integer') return value.type === type ? value : castInteger(value, type);
      return toInteger(run, value, type);
    case 'pointer':
      return toPointer(run, value, type.to);
    default:
      return value;
  }
}

/** The value of an explicit cast to `type`. */
export function cast(run: Run, value: Value, type: CType): Value {
  if (type.kind === 'void') return { kind: 'void' };
  return convert(run, value, type);
}

function toInteger(run: Run, value: Value, type: IntegerType): Value {
  if (type.bits === 1) return isTrueValue(run, value, type);
  const number = numberOf(run, value);
  return number ? castInteger(number, type) : value;
}

function isTrueValue(run: Run, value: Value, type: IntegerType): Value {
  const truth = truthOf(run, value);
  return integer(type, castTerm(truth.term, truth.type, bool));
}

function toPointer(run: Run, value: Value, pointee: CType): Value {
  switch (value.kind) {
    case 'pointer':
      return pointee.kind === 'unknown' || sameType(value.pointee, pointee) ? value : { kind: 'pointer', place: value.place, pointee };
    case 'address':
      return pointee.kind === 'unknown' || value.pointee === pointee ? value : { kind: 'address', term: value.term, pointee };
    case 'integer':
      return pointerAt(run, castTerm(value.term, value.type, run.types.model.unsignedLong), pointee);
    default:
      return value;
  }
}

/** The pointer that a number is: to the place that the world knows there, else the bare number. */
export function pointerAt(run: Run, address: Term, pointee: CType): PointerValue | AddressValue {
  const number = constantOf(address);
  if (number !== undefined && isSpecial(run, number)) return { kind: 'address', term: address, pointee };
  const place = run.world.placeAt(run, address);
  return place ? { kind: 'pointer', place, pointee } : { kind: 'address', term: address, pointee };
}

/** NULL, one of the first bytes after it, or an error pointer: never the address of an object. */
function isSpecial(run: Run, address: bigint): boolean {
  const top = 1n << BigInt(run.types.model.pointerSize * 8);
  return address < firstPage || address >= top - lastErrors;
}

/** The number that the value is: a pointer's address; `undefined` for what is no scalar. */
export function numberOf(run: Run, value: Value): IntegerValue | undefined {
  switch (value.kind) {
    case 'integer':
      return value;
    case 'pointer':
      return integer(run.types.model.unsignedLong, run.world.addressOf(run, value.place));
    case 'address':
      return integer(run.types.model.unsignedLong, value.term);
    case 'function':
      return integer(run.types.model.unsignedLong, run.world.addressOf(run, wholeOf(run.functionObject(value.name))));
    case 'aggregate':
    case 'void':
    case 'opaque':
      return undefined;
  }
}

/** An integer that is not 0 where C takes the value for true. What is not understood becomes an unknown number. */
export function truthOf(run: Run, value: Value): IntegerValue {
  switch (value.kind) {
    case 'integer':
      return value;
    case 'function':
      return one;
    case 'pointer':
      return mayBeNull(value.place) ? isNotZero(run, run.world.addressOf(run, value.place)) : one;
    case 'address':
      return isNotZero(run, value.term);
    default:
      return run.unknownNumber(value.kind === 'opaque' ? value.why : 'a value that is no condition', int);
  }
}

/** A pointer that nobody in sight assigned may be NULL; so may whatever else its world gives no fixed address. */
function mayBeNull(place: Place): boolean {
  return place.object.origin.kind === 'assumed' && place.path.length === 0;
}

function isNotZero(run: Run, address: Term): IntegerValue {
  const number = constantOf(address);
  if (number !== undefined) return number === 0n ? zero : one;
  return integer(int, compare('ne', run.types.model.unsignedLong, address, constant(0)));
}

/** `left operator right` where one of the two is a pointer, as an `int`. */
export function comparePointers(
  run: Run,
  operator: '<' | '<=' | '>' | '>=' | '==' | '!=',
  left: Value,
  right: Value,
): IntegerValue | undefined {
  if (left.kind === 'pointer' && right.kind === 'pointer') {
    const known = compareInObject(operator, left.place, right.place);
    if (known) return known;
  }
  if (left.kind === 'function' && right.kind === 'function' && (operator === '==' || operator === '!=')) {
    return (left.name === right.name) === (operator === '==') ? one : zero;
  }
  const nullTest = operator === '==' || operator === '!=' ? againstNull(run, left, right) : undefined;
  if (nullTest) return operator === '!=' ? nullTest : comparison('==', nullTest, zero);
  const a = numberOf(run, left);
  const b = numberOf(run, right);
  return a && b && comparison(operator, a, b);
}

function againstNull(run: Run, left: Value, right: Value): IntegerValue | undefined {
  if (isNull(right)) return truthOf(run, left);
  return isNull(left) ? truthOf(run, right) : undefined;
}

function isNull(value: Value): boolean {
  return (value.kind === 'address' || value.kind === 'integer') && constantOf(value.term) === 0n;
}

function compareInObject(operator: '<' | '<=' | '>' | '>=' | '==' | '!=', left: Place, right: Place): IntegerValue | undefined {
  if (left.object !== right.object) {
    const distinct = left.object.origin.kind !== 'assumed' && right.object.origin.kind !== 'assumed';
    return distinct && (operator === '==' || operator === '!=') ? (operator === '!=' ? one : zero) : undefined;
  }
  const a = trailingBytes(left);
  const b = trailingBytes(right);
  if (samePlace(left, right)) return operator === '==' || operator === '<=' || operator === '>=' ? one : zero;
  if (!a || !b || keyOf({ object: left.object, path: a.base }) !== keyOf({ object: right.object, path: b.base })) return undefined;
  const signed: IntegerType = { kind: 'integer', bits: 64, signed: true };
  return comparison(operator, integer(signed, a.bytes), integer(signed, b.bytes));
}

/** The number of elements of `size` bytes between two pointers. */
export function pointerDifference(run: Run, left: Value, right: Value, size: number): IntegerValue | undefined {
  const { long } = run.types.model;
  if (left.kind === 'pointer' && right.kind === 'pointer' && left.place.object === right.place.object) {
    const a = trailingBytes(left.place);
    const b = trailingBytes(right.place);
    const base = (path: Place['path']) => keyOf({ object: left.place.object, path });
    if (a && b && base(a.base) === base(b.base)) {
      const bytes = run.arithmetic('-', integer(long, a.bytes), integer(long, b.bytes));
      return run.arithmetic('/', bytes, integerOf(long, BigInt(size)));
    }
  }
  const a = numberOf(run, left);
  const b = numberOf(run, right);
  if (!a || !b) return undefined;
  const bytes = castInteger(run.arithmetic('-', a, b), long);
  return run.arithmetic('/', bytes, integerOf(long, BigInt(size)));
}

/**
 * The place that the value points to, as `type` where the pointer does not say more. Stops the run where the pointer is
 * NULL or an error. `text` is the pointer as written.
 */
export function follow(run: Run, value: Value, type: CType, text: () => string): Location {
  switch (value.kind) {
    case 'pointer': {
      const { place, pointee } = value;
      const seen = pointee.kind === 'unknown' || pointee.kind === 'void' ? type : pointee;
      return { object: place.object, path: place.path, key: keyOf(place), type: seen };
    }
    case 'address':
      return followNumber(run, value.term, value.pointee.kind === 'unknown' || value.pointee.kind === 'void' ? type : value.pointee, text);
    case 'integer':
      return followNumber(run, castTerm(value.term, value.type, run.types.model.unsignedLong), type, text);
    case 'function':
      return wholeOf(run.functionObject(value.name));
    case 'aggregate':
    case 'void':
    case 'opaque':
      return wholeOf(run.assumedTarget(text(), type));
  }
}

function followNumber(run: Run, address: Term, type: CType, text: () => string): Location {
  const number = constantOf(address);
  if (number !== undefined && isSpecial(run, number)) {
    const signed = BigInt.asIntN(run.types.model.pointerSize * 8, number);
    const what = number === 0n ? 'NULL' : signed < 0n ? `the error pointer ${signed}` : `an address in the first page (${number})`;
    return run.stop({ kind: 'fault', message: `\`${text()}\` is ${what}, and is followed.`, address: number });
  }
  const place = run.world.placeAt(run, address);
  if (place) return { object: place.object, path: place.path, key: keyOf(place), type };
  if (number !== undefined && !isForeignStruct(run, number, type)) {
    return run.stop({
      kind: 'fault',
      message: `\`${text()}\` is the address 0x${number.toString(16)}, where no memory is known.`,
      address: number,
    });
  }
  return wholeOf(run.assumedTarget(printTerm(address), type, number));
}

/** A struct of unknown layout in the lower half of the addresses: only the address of a part of it can be meant, which nobody can compute. */
function isForeignStruct(run: Run, address: bigint, type: CType): boolean {
  return type.kind === 'struct' && run.types.sizeOf(type) === undefined && address >> BigInt(run.types.model.pointerSize * 8 - 1) === 0n;
}
