/**
 * Loading from and storing to located objects as expressions do it: arrays decay to pointers, bit-fields have their
 * width, whole structs are copied; and the arithmetic of pointers.
 */
import type { Span } from '../syntax/ast.ts';
import { integerOf } from './arithmetic.ts';
import { convert } from './conversion.ts';
import { type CType, int, long, unknownType, wrap } from './ctype.ts';
import type { Run } from './machine.ts';
import { forget, isCleared } from './memory.ts';
import { elementAt, type Location, shifted } from './place.ts';
import { constant, constantOf, type Term } from './term.ts';
import { binary, castTerm, unary } from './term-build.ts';
import type { AddressValue, IntegerValue, PointerValue, Value } from './value.ts';

const first = constant(0);

/** The value of the lvalue; `hint` is the type that the context wants where nothing declares one. */
export function load(run: Run, location: Location, hint: CType | undefined): Value {
  const { type } = location;
  switch (type.kind) {
    case 'array':
      return { kind: 'pointer', place: elementAt(location, first, run.types.sizeOf(type.of), type.of), pointee: type.of };
    case 'function':
      return { kind: 'function', name: location.object.name };
    case 'unknown':
      return hint?.kind === 'pointer' ? undeclaredPointer(run, location, hint) : run.read(location, hint ?? type);
    case 'integer': {
      const value = run.read(location, type);
      // A bit-field that an `int` can hold is an `int` in an expression.
      return location.bits !== undefined && location.bits < 32 && value.kind === 'integer' ? run.convert(value, int) : value;
    }
    default:
      return run.read(location, type);
  }
}

/** What nobody declares and the context takes for a pointer may as well be an array: NULL is then no sensible value. */
function undeclaredPointer(run: Run, location: Location, hint: CType): Value {
  if (location.object.cells.has(`${location.key}[1]`)) {
    return { kind: 'pointer', place: elementAt(location, first, undefined, unknownType), pointee: unknownType };
  }
  if (isCleared(location)) location.object.cells.set(location.key, run.world.unknown(run, location, hint));
  return run.read(location, hint);
}

/** Stores the value, converted to the lvalue's type; returns what the lvalue holds then. */
export function store(run: Run, location: Location, value: Value, span: Span): Value {
  const { type } = location;
  const converted = location.bits === undefined ? convert(run, value, type) : truncated(convert(run, value, type), location.bits);
  if (type.kind === 'struct' && converted.kind !== 'aggregate') {
    forget(location, run.types.sizeOf(type));
    return converted;
  }
  run.write(location, converted, span);
  return converted;
}

/** What a bit-field of `bits` keeps of a value. */
function truncated(value: Value, bits: number): Value {
  if (value.kind !== 'integer' || value.type.bits === 1 || bits >= value.type.bits) return value;
  const { type, term } = value;
  const number = constantOf(term);
  if (number !== undefined) return integerOf(type, type.signed ? BigInt.asIntN(bits, number) : BigInt.asUintN(bits, number));
  const above = constant(type.bits - bits);
  const moved = binary('shl', type, term, above);
  return { kind: 'integer', type, term: binary('shr', type, moved, above) };
}

/** `pointer + count` or `pointer - count`, in elements of the pointee. */
export function movePointer(run: Run, pointer: PointerValue | AddressValue, count: IntegerValue, backwards: boolean): Value {
  const delta = asLong(count, backwards);
  if (pointer.kind === 'pointer') {
    const unit = run.types.sizeOf(pointer.pointee);
    return { kind: 'pointer', place: shifted(pointer.place, delta, unit, pointer.pointee), pointee: pointer.pointee };
  }
  const { unsignedLong } = run.types.model;
  const bytes = binary('mul', unsignedLong, castTerm(delta, long, unsignedLong), run.sizeOf(pointer.pointee));
  return { kind: 'address', term: binary('add', unsignedLong, pointer.term, bytes), pointee: pointer.pointee };
}

/** The element of the array, or of what the pointer points to. */
export function elementOf(run: Run, array: Location, of: CType, index: IntegerValue): Location {
  return elementAt(array, asLong(index, false), run.types.sizeOf(of), of);
}

function asLong(value: IntegerValue, negate: boolean): Term {
  const number = constantOf(value.term);
  if (number !== undefined) return constant(wrap(long, negate ? -number : number));
  const term = castTerm(value.term, value.type, long);
  return negate ? unary('neg', long, term) : term;
}
