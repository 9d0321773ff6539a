/**
 * `memset`, `memcpy` and the string functions on cells. What is not followed exactly is forgotten: the world is asked
 * again when it is read. Strings are known where they are literals.
 */
import { integerOf } from '../execution/arithmetic.ts';
import { int, unsignedLong } from '../execution/ctype.ts';
import { clear, forget } from '../execution/memory.ts';
import { keyOf } from '../execution/place.ts';
import { constantOf } from '../execution/term.ts';
import type { ExternalCall, Machine } from '../execution/world.ts';
import { integerArgument, nothing, pointerArgument, type Service, type ServiceTable } from './service.ts';

const fill: Service = (machine, call) => {
  const target = pointerArgument(machine, call, 0);
  const value = integerArgument(call, 1);
  if (!target || !value) return undefined;
  const size = sizeArgument(call, 2);
  if (constantOf(value.term) === 0n) clear(target.place, size);
  else forget(target.place, size);
  return target;
};

/** A struct is copied by value; of anything else only the fact that it changed is kept. */
const copy: Service = (machine, call) => {
  const target = pointerArgument(machine, call, 0);
  const source = pointerArgument(machine, call, 1);
  if (!target) return undefined;
  if (source?.pointee.kind === 'struct') machine.write(target.place, machine.read(source.place, source.pointee), call.span);
  else forget(target.place, sizeArgument(call, 2));
  return target;
};

/** The bytes that argument `index` gives, where that is a number. */
function sizeArgument(call: ExternalCall, index: number): number | undefined {
  const value = integerArgument(call, index);
  const size = value && constantOf(value.term);
  return size === undefined ? undefined : Number(size);
}

/** Writes text that nobody follows; `result` as the function's own. */
function writes(argument: number): Service {
  return (machine, call) => {
    const target = pointerArgument(machine, call, argument);
    if (!target) return undefined;
    forget(target.place);
    return undefined;
  };
}

function text(machine: Machine, call: ExternalCall, index: number): string | undefined {
  const place = pointerArgument(machine, call, index)?.place;
  return place && keyOf(place) === '' ? place.object.text : undefined;
}

const compare: Service = (machine, call) => {
  const left = text(machine, call, 0);
  const right = text(machine, call, 1);
  if (left === undefined || right === undefined) return undefined;
  return integerOf(int, left === right ? 0n : left < right ? -1n : 1n);
};

const length: Service = (machine, call) => {
  const known = text(machine, call, 0);
  return known === undefined ? undefined : integerOf(unsignedLong, BigInt(known.length));
};

const zero: Service = (machine, call) => {
  const target = pointerArgument(machine, call, 0);
  if (!target) return undefined;
  clear(target.place);
  return nothing;
};

export const memoryServices: ServiceTable = {
  memset: fill,
  memset_io: fill,
  memzero_explicit: zero,
  clear_page: zero,
  memcpy: copy,
  memmove: copy,
  memcpy_fromio: copy,
  memcpy_toio: copy,
  strcmp: compare,
  strlen: length,
  strcpy: writes(0),
  strscpy: writes(0),
  strncpy: writes(0),
  strlcpy: writes(0),
  sprintf: writes(0),
  snprintf: writes(0),
  scnprintf: writes(0),
};
