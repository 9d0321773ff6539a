/**
 * `xa_for_each` and `idr_for_each_entry` over maps that the driver built: one entry after the other, by their numbers. Of maps that nobody
 * built in sight nothing is known, which the caller tells.
 */

import { unsignedLong } from '../../execution/ctype.ts';
import type { IteratorRound, Machine } from '../../execution/world.ts';
import { entryFrom, isKnownMap } from '../../services/id-maps.ts';
import type { KernelCall, KernelCallTable } from './call-context.ts';
import { integer, intValue, nullPointer, numberOf, placeOf } from './values.ts';

/** Where a macro has the map, the variable of the entry, that of its number, and the first and the last number. */
interface Shape {
  readonly entry: number;
  readonly id: number;
  readonly first?: number;
  readonly last?: number;
}

const maps: Readonly<Record<string, Shape>> = {
  xa_for_each: { id: 1, entry: 2 },
  xa_for_each_start: { id: 1, entry: 2, first: 3 },
  xa_for_each_range: { id: 1, entry: 2, first: 3, last: 4 },
  idr_for_each_entry: { entry: 1, id: 2 },
  idr_for_each_entry_ul: { entry: 1, id: 3 },
};

/** Whether there is another entry; sets entry and number then. `undefined` for other macros and maps that nobody knows. */
export function nextInMap(machine: Machine, round: IteratorRound): boolean | undefined {
  const shape = maps[round.macro];
  const map = shape && placeOf(round.value(0));
  const entry = shape && round.place(shape.entry);
  const id = shape && round.place(shape.id);
  const type = shape && round.types[shape.id];
  if (!map || !entry || !id || type?.kind !== 'integer' || !isKnownMap(map)) return undefined;
  const first = shape.first === undefined ? 0n : (numberOf(round.value(shape.first)) ?? 0n);
  const from = round.count === 1 ? first : (numberOf(machine.read(id, type)) ?? 0n) + 1n;
  const found = entryFrom(machine, map, from);
  const last = shape.last === undefined ? undefined : numberOf(round.value(shape.last));
  const isOver = !found || (last !== undefined && found.id > last);
  machine.write(entry, isOver ? nullPointer() : found.entry, round.span);
  if (!isOver) machine.write(id, integer(type, found.id), round.span);
  return !isOver;
}

/** `idr_for_each(idr, function, data)`: the first result that is not 0. */
const eachEntry: KernelCall = (context) => {
  const map = context.place(0);
  const run = context.argument(1);
  const data = context.argument(2);
  if (!map || run?.kind !== 'function' || !data || !isKnownMap(map)) return undefined;
  let found = entryFrom(context.machine, map, 0n);
  while (found) {
    const result = numberOf(context.machine.invoke(run.name, [intValue(found.id), found.entry, data])) ?? 0n;
    if (result !== 0n) return intValue(result);
    found = entryFrom(context.machine, map, found.id + 1n);
  }
  return intValue(0);
};

/** `xa_find(xa, &index, last, filter)`: the first entry from the index on, or behind it; the index becomes that of the entry. */
function findFrom(behind: bigint): KernelCall {
  return (context) => {
    const map = context.place(0);
    const at = context.place(1);
    const last = context.ulong(2);
    const start = at && numberOf(context.machine.read(at, unsignedLong));
    if (!map || !at || last === undefined || start === undefined || !isKnownMap(map)) return undefined;
    const found = entryFrom(context.machine, map, start + behind);
    if (!found || found.id > last) return nullPointer();
    context.machine.write(at, integer(unsignedLong, found.id), context.call.span);
    return found.entry;
  };
}

export const mapIterationCalls: KernelCallTable = { idr_for_each: eachEntry, xa_find: findFrom(0n), xa_find_after: findFrom(1n) };
