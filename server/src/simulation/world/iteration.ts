/**
 * `list_for_each_entry` and its relatives: a list that the driver built is walked as it is; of a list that nobody built
 * in sight one element is assumed. Other iterator macros have no elements, which is listed too.
 */
import type { CType } from '../../execution/ctype.ts';
import { expressionText } from '../../execution/expression-text.ts';
import { homeOf } from '../../execution/memory.ts';
import { keyOf, placeName } from '../../execution/place.ts';
import type { TypeTable } from '../../execution/type-table.ts';
import type { Place, Value } from '../../execution/value.ts';
import type { IteratorRound, Machine } from '../../execution/world.ts';
import type { Span } from '../../syntax/ast.ts';
import type { Assumptions } from '../state/assumptions.ts';
import { structType } from './objects.ts';
import { nullPointer, placeOf, pointerTo } from './values.ts';

/** Where a macro has its head and its member; the position is the first argument: the entry itself where there is no member. */
const lists: Readonly<Record<string, { readonly head: number; readonly member?: number; readonly saved?: number }>> = {
  list_for_each: { head: 1 },
  list_for_each_safe: { head: 2, saved: 1 },
  list_for_each_entry: { head: 1, member: 2 },
  list_for_each_entry_rcu: { head: 1, member: 2 },
  list_for_each_entry_reverse: { head: 1, member: 2 },
  // The body may free the element: the next one is saved before.
  list_for_each_entry_safe: { head: 2, member: 3, saved: 1 },
  hlist_for_each_entry: { head: 1, member: 2 },
};

const listPointer = { kind: 'pointer', to: structType('list_head') } as const;

/** Whether there is another element; sets the position then. */
export function nextElement(machine: Machine, round: IteratorRound, assumptions: Assumptions, types: TypeTable): boolean {
  const list = lists[round.macro];
  const position = round.place(0);
  const type = round.types[0];
  if (!list || !position || type?.kind !== 'pointer') {
    const name = `${round.macro}(${round.arguments.map(expressionText).join(', ')})`;
    assumptions.note({ name, value: '0 rounds', reason: 'nothing tells how many elements there are' });
    return false;
  }
  const head = placeOf(round.value(list.head));
  const named = list.member === undefined ? undefined : round.arguments[list.member];
  if (!head || (list.member !== undefined && named?.kind !== 'name')) return false;
  const member = named?.kind === 'name' ? named.name : undefined;
  const entryOf = (element: Value): Place | undefined =>
    member === undefined ? placeOf(element) : memberOf(element, type.to, member, types);
  const following = (element: Value): Place | 'unknown' | undefined => {
    const at = entryOf(element);
    return at && builtNext(machine, at);
  };
  const elementAt = (next: Place): Value => ({
    kind: 'pointer',
    place: member === undefined ? next : { object: next.object, path: next.path.slice(0, -1) },
    pointee: type.to,
  });
  const saved = list.saved === undefined ? undefined : round.place(list.saved);
  /** Goes to the element and saves the one behind it, where the macro does. */
  const goTo = (element: Value): boolean => {
    machine.write(position, element, round.span);
    const behind = saved && following(element);
    if (saved)
      machine.write(
        saved,
        behind && behind !== 'unknown' && !samePath(behind, head) ? elementAt(behind) : nullPointer(type.to),
        round.span,
      );
    return true;
  };
  if (saved && round.count > 1) {
    const element = machine.read(saved, type);
    return placeOf(element) !== undefined && goTo(element);
  }
  const next = round.count === 1 ? builtNext(machine, head) : following(machine.read(position, type));
  if (next === 'unknown') {
    const element = round.count === 1 ? assumedElement(machine, head, position, type.to, assumptions) : undefined;
    const entry = element && entryOf(element);
    // Whoever walks the list again meets the same element, and it can be taken out.
    if (entry && round.macro.startsWith('list_')) link(machine, head, entry, round.span);
    return element !== undefined && goTo(element);
  }
  return next !== undefined && !samePath(next, head) && goTo(elementAt(next));
}

/** One element of a list that nobody built in sight; `undefined` where none is assumed. */
function assumedElement(machine: Machine, head: Place, position: Place, to: CType, assumptions: Assumptions): Value | undefined {
  const count = assumptions.choose(`elements of ${placeName(head)}`, [
    { value: 1n, text: '1', reason: 'nothing tells what is in the list' },
    { value: 0n, text: '0', reason: 'nothing tells what is in the list' },
  ]);
  return count === 0n ? undefined : pointerTo(machine.allocate(position.object.name, to, { kind: 'assumed' }));
}

/** Makes `entry` the only one of the list. */
function link(machine: Machine, head: Place, entry: Place, span: Span): void {
  for (const [from, to] of [
    [head, entry],
    [entry, head],
  ] as const) {
    for (const name of ['next', 'prev']) {
      machine.write(
        { object: from.object, path: [...from.path, { kind: 'field', name }] },
        { kind: 'pointer', place: to, pointee: listPointer.to },
        span,
      );
    }
  }
}

function memberOf(element: Value, struct: CType, member: string, types: TypeTable): Place | undefined {
  const place = placeOf(element);
  const step = types.field(struct, member)?.step ?? { kind: 'field' as const, name: member };
  return place && { object: place.object, path: [...place.path, step] };
}

/** What a list entry links to, when somebody linked it. */
function builtNext(machine: Machine, at: Place): Place | 'unknown' | undefined {
  const next: Place = { object: at.object, path: [...at.path, { kind: 'field', name: 'next' }] };
  const home = homeOf(next);
  if (!home.object.cells.has(keyOf(home)) && !isCleared(home)) return 'unknown';
  return placeOf(machine.read(next, listPointer));
}

/** A list head in zeroed memory that nobody initialised: an oops in the kernel, no list to assume elements of. */
function isCleared({ object }: Place): boolean {
  return object.origin.kind === 'allocated' && object.origin.zeroed;
}

function samePath(left: Place, right: Place): boolean {
  return left.object === right.object && placeName(left) === placeName(right);
}
