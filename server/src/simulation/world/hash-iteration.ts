/** `hlist_for_each_entry`, `hash_for_each` and their relatives over lists with one end, as the driver has linked them. */

import { int, unsignedInt } from '../../execution/ctype.ts';
import type { TypeTable } from '../../execution/type-table.ts';
import type { Place, Value } from '../../execution/value.ts';
import type { IteratorRound, Machine } from '../../execution/world.ts';
import { structType } from './objects.ts';
import { integer, nullPointer, numberOf, placeOf } from './values.ts';

/** Where a macro has its parts. `saved` is the node behind the entry, for bodies that free. */
interface Shape {
  readonly entry: number;
  readonly member: number;
  readonly head?: number;
  readonly table?: number;
  readonly bucket?: number;
  readonly key?: number;
  readonly saved?: number;
}

const list: Shape = { entry: 0, head: 1, member: 2 };
const all: Shape = { table: 0, bucket: 1, entry: 2, member: 3 };
const possible: Shape = { table: 0, entry: 1, member: 2, key: 3 };
const macros: Readonly<Record<string, Shape>> = {
  hlist_for_each_entry: list,
  hlist_for_each_entry_rcu: list,
  hlist_for_each_entry_safe: { entry: 0, saved: 1, head: 2, member: 3 },
  hash_for_each: all,
  hash_for_each_rcu: all,
  hash_for_each_safe: { table: 0, bucket: 1, saved: 2, entry: 3, member: 4 },
  hash_for_each_possible: possible,
  hash_for_each_possible_rcu: possible,
  hash_for_each_possible_safe: { table: 0, entry: 1, saved: 2, member: 3, key: 4 },
};

const node = structType('hlist_node');
const nodePointer = { kind: 'pointer', to: node } as const;

/** Whether there is another entry; sets the position then. `undefined` for other macros. */
export function nextInHash(machine: Machine, round: IteratorRound, types: TypeTable): boolean | undefined {
  const shape = Object.hasOwn(macros, round.macro) ? macros[round.macro] : undefined;
  const position = shape && round.place(shape.entry);
  const type = shape && round.types[shape.entry];
  const named = shape && round.arguments[shape.member];
  if (!shape || !position || type?.kind !== 'pointer' || named?.kind !== 'name') return undefined;
  const member = types.field(type.to, named.name)?.step ?? { kind: 'field' as const, name: named.name };
  const part = (place: Place, tag: string, name: string): Place => ({
    object: place.object,
    path: [...place.path, types.field(structType(tag), name)?.step ?? { kind: 'field', name }],
  });
  const nodeAt = (place: Place): Place | undefined => placeOf(machine.read(place, nodePointer));
  const behind = (at: Place): Place | undefined => nodeAt(part(at, 'hlist_node', 'next'));
  const firstOf = (head: Place): Place | undefined => nodeAt(part(head, 'hlist_head', 'first'));
  const saved = shape.saved === undefined ? undefined : round.place(shape.saved);
  const goTo = (at: Place | undefined): boolean => {
    const entry: Value = at
      ? { kind: 'pointer', place: { object: at.object, path: at.path.slice(0, -1) }, pointee: type.to }
      : nullPointer(type.to);
    machine.write(position, entry, round.span);
    if (saved && at) {
      const next = behind(at);
      machine.write(saved, next ? { kind: 'pointer', place: next, pointee: node } : nullPointer(node), round.span);
    }
    return at !== undefined;
  };
  const following = (): Place | undefined => {
    if (saved) return nodeAt(saved);
    const entry = placeOf(machine.read(position, type));
    return entry && behind({ object: entry.object, path: [...entry.path, member] });
  };
  if (round.count > 1) {
    const next = following();
    if (next || shape.bucket === undefined) return goTo(next);
  }
  if (shape.head !== undefined) {
    const head = placeOf(round.value(shape.head));
    return goTo(head && firstOf(head));
  }
  const table = shape.table === undefined ? undefined : bucketsOf(round, shape.table, types);
  if (!table) return false;
  if (shape.key !== undefined) {
    const number = bucketOfKey(machine, round, shape.key, table.size, types);
    return goTo(number === undefined ? undefined : firstOf(table.at(number)));
  }
  const counter = shape.bucket === undefined ? undefined : round.place(shape.bucket);
  if (!counter) return false;
  for (let at = round.count === 1 ? 0n : (numberOf(machine.read(counter, int)) ?? 0n) + 1n; at < table.size; at++) {
    machine.write(counter, integer(int, at), round.span);
    const first = firstOf(table.at(at));
    if (first) return goTo(first);
  }
  return false;
}

/** The buckets of a table: how many, and where each is. */
function bucketsOf(
  round: IteratorRound,
  index: number,
  types: TypeTable,
): { readonly size: bigint; at(number: bigint): Place } | undefined {
  const type = round.types[index];
  const whole = type?.kind === 'array' ? types.sizeOf(type) : undefined;
  const place = round.place(index) ?? placeOf(round.value(index));
  if (!place || whole === undefined) return undefined;
  return {
    size: BigInt(whole) / 8n,
    at: (number) => ({
      object: place.object,
      path: number === 0n ? place.path : [...place.path, { kind: 'element', index: { kind: 'constant', value: number }, unit: 8 }],
    }),
  };
}

function bucketOfKey(machine: Machine, round: IteratorRound, index: number, size: bigint, types: TypeTable): bigint | undefined {
  const type = round.types[index];
  const isWide = type !== undefined && (types.sizeOf(type) ?? 4) > 4;
  const bits = BigInt(size.toString(2).length - 1);
  return numberOf(machine.invoke(isWide ? 'hash_64' : 'hash_32', [round.value(index), integer(unsignedInt, bits)]));
}
