/**
 * What a service is: the meaning of one of the kernel's everyday helpers on the executor's values, the same in the
 * analysis and in the simulation. A service reads and writes memory through the machine and leaves choices to the world.
 */
import { castInteger, integer } from '../execution/arithmetic.ts';
import { type CType, type IntegerType, int, unsignedLong } from '../execution/ctype.ts';
import type { IntegerValue, Place, PointerValue, Step, Value, VoidValue } from '../execution/value.ts';
import type { ExternalCall, Machine, World } from '../execution/world.ts';

/** The call's result; `undefined` when the arguments are not of a kind that the service understands. */
export type Service = (machine: Machine, call: ExternalCall, world: World) => Value | undefined;

export type ServiceTable = Readonly<Record<string, Service>>;

export const nothing: VoidValue = { kind: 'void' };

/** Argument `index` as an integer: a number used as a pointer counts, a pointer to a place does not. */
export function integerArgument(call: ExternalCall, index: number): IntegerValue | undefined {
  return asInteger(call.arguments[index]);
}

/** The integer that `value` is, for numbers and numbers used as pointers. */
export function asInteger(value: Value | undefined): IntegerValue | undefined {
  if (value?.kind === 'integer') return value;
  return value?.kind === 'address' ? integer(unsignedLong, value.term) : undefined;
}

/** Argument `index` as a pointer to a place; a field of unknown type that is used as one counts. */
export function pointerArgument(machine: Machine, call: ExternalCall, index: number): PointerValue | undefined {
  const value = call.arguments[index];
  if (value?.kind === 'pointer') return value;
  if (value?.kind !== 'integer' || value.term.kind === 'constant' || call.types[index]?.kind !== 'unknown') return undefined;
  const followed = machine.convert(value, { kind: 'pointer', to: { kind: 'unknown' } });
  return followed.kind === 'pointer' ? followed : undefined;
}

/** The part of what `base` points to that the field names lead to. */
export function placeOf(base: Place, ...fields: readonly string[]): Place {
  const steps = fields.map((name): Step => ({ kind: 'field', name }));
  return { object: base.object, path: [...base.path, ...steps] };
}

/** Reads a field behind a pointer as an integer of `type`; `undefined` when something else lies there. */
export function readInteger(machine: Machine, base: Place, fields: readonly string[], type: IntegerType): IntegerValue | undefined {
  return asInteger(machine.read(placeOf(base, ...fields), type));
}

/** Writes an integer of `type` to a field behind a pointer. */
export function writeInteger(machine: Machine, base: Place, fields: readonly string[], type: IntegerType, value: IntegerValue): void {
  machine.write(placeOf(base, ...fields), castInteger(value, type), machine.span);
}

/** The value as something that can be tested: pointers to places are true. */
export function truthOf(value: Value | undefined): IntegerValue | undefined {
  if (value?.kind === 'pointer' || value?.kind === 'function') return integer(int, { kind: 'constant', value: 1n });
  return asInteger(value);
}

/** The type when it is an integer type. */
export function integerType(type: CType | undefined): IntegerType | undefined {
  return type?.kind === 'integer' ? type : undefined;
}
