/** `llist_for_each_entry` and its relatives (include/linux/llist.h): from a node on, as the driver has linked them. */
import type { TypeTable } from '../../execution/type-table.ts';
import type { Place } from '../../execution/value.ts';
import type { IteratorRound, Machine } from '../../execution/world.ts';
import { structType } from './objects.ts';
import { nullPointer, placeOf } from './values.ts';

/** Where a macro has its parts; without a member the position is the node. `saved` is what the position becomes next, for bodies that free. */
interface Shape {
  readonly first: number;
  readonly member?: number;
  readonly saved?: number;
}

const macros: Readonly<Record<string, Shape>> = {
  llist_for_each: { first: 1 },
  llist_for_each_safe: { saved: 1, first: 2 },
  llist_for_each_entry: { first: 1, member: 2 },
  llist_for_each_entry_safe: { saved: 1, first: 2, member: 3 },
};

const node = structType('llist_node');

/** Whether there is another entry; sets the position then. `undefined` for other macros. */
export function nextInLlist(machine: Machine, round: IteratorRound, types: TypeTable): boolean | undefined {
  const shape = Object.hasOwn(macros, round.macro) ? macros[round.macro] : undefined;
  const position = shape && round.place(0);
  const type = shape && round.types[0];
  if (!shape || !position || type?.kind !== 'pointer') return undefined;
  const named = shape.member === undefined ? undefined : round.arguments[shape.member];
  const member = named?.kind === 'name' ? named.name : undefined;
  const step = member === undefined ? undefined : (types.field(type.to, member)?.step ?? { kind: 'field' as const, name: member });
  const link = types.field(node, 'next')?.step ?? { kind: 'field' as const, name: 'next' };
  const behind = (entry: Place): Place | undefined => {
    const path = [...entry.path, ...(step ? [step] : []), link];
    return placeOf(machine.read({ object: entry.object, path }, { kind: 'pointer', to: node }));
  };
  const entryAt = (at: Place | undefined): Place | undefined => at && (step ? { object: at.object, path: at.path.slice(0, -1) } : at);
  const set = (variable: Place, entry: Place | undefined): void =>
    machine.write(variable, entry ? { kind: 'pointer', place: entry, pointee: type.to } : nullPointer(type.to), round.span);
  const saved = shape.saved === undefined ? undefined : round.place(shape.saved);
  const before = round.count === 1 ? undefined : placeOf(machine.read(saved ?? position, type));
  const entry = round.count === 1 ? entryAt(placeOf(round.value(shape.first))) : saved ? before : before && entryAt(behind(before));
  set(position, entry);
  if (saved) set(saved, entry && entryAt(behind(entry)));
  return entry !== undefined;
}
