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

/** How a macro walks: where it has its head and its member; the position is the first argument. */
interface Walk {
  readonly head: number;
  /** Absent: the position is the entry itself. */
  readonly member?: number;
  /** The body may free the element: the next one is saved before. */
  readonly saved?: number;
  readonly isBackward?: true;
  /** `after` the element at the position, or `at` it; absent: at the head. */
  readonly from?: 'after' | 'at';
}

const entry: Walk = { head: 1, member: 2 };
const saving: Walk = { head: 2, member: 3, saved: 1 };

const lists: Readonly<Record<string, Walk>> = {
  list_for_each: { head: 1 },
  list_for_each_rcu: { head: 1 },
  list_for_each_prev: { head: 1, isBackward: true },
  list_for_each_safe: { head: 2, saved: 1 },
  list_for_each_prev_safe: { head: 2, saved: 1, isBackward: true },
  list_for_each_entry: entry,
  list_for_each_entry_rcu: entry,
  list_for_each_entry_srcu: entry,
  list_for_each_entry_lockless: entry,
  list_for_each_entry_reverse: { ...entry, isBackward: true },
  list_for_each_entry_continue: { ...entry, from: 'after' },
  list_for_each_entry_continue_rcu: { ...entry, from: 'after' },
  list_for_each_entry_continue_reverse: { ...entry, from: 'after', isBackward: true },
  list_for_each_entry_from: { ...entry, from: 'at' },
  list_for_each_entry_from_reverse: { ...entry, from: 'at', isBackward: true },
  list_for_each_entry_safe: saving,
  list_for_each_entry_safe_reverse: { ...saving, isBackward: true },
  list_for_each_entry_safe_continue: { ...saving, from: 'after' },
  list_for_each_entry_safe_from: { ...saving, from: 'at' },
  hlist_for_each_entry: entry,
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
  const link = list.isBackward ? 'prev' : 'next';
  const entryOf = (element: Value): Place | undefined =>
    member === undefined ? placeOf(element) : memberOf(element, type.to, member, types);
  const following = (element: Value): Place | 'unknown' | undefined => {
    const at = entryOf(element);
    return at && builtNext(machine, at, link);
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
  const isFirst = round.count === 1;
  if (isFirst && list.from === 'at') {
    const element = machine.read(position, type);
    const at = entryOf(element);
    return at !== undefined && !samePath(at, head) && goTo(element);
  }
  const next = isFirst && list.from === undefined ? builtNext(machine, head, link) : following(machine.read(position, type));
  if (next === 'unknown') {
    const element = isFirst && list.from === undefined ? assumedElement(machine, head, position, type.to, assumptions) : undefined;
    const only = element && entryOf(element);
    // Whoever walks the list again meets the same element, and it can be taken out.
    if (only && round.macro.startsWith('list_')) linkBoth(machine, head, only, round.span);
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

/** Makes `only` the only one of the list. */
function linkBoth(machine: Machine, head: Place, only: Place, span: Span): void {
  for (const [from, to] of [
    [head, only],
    [only, head],
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
function builtNext(machine: Machine, at: Place, link: 'next' | 'prev'): Place | 'unknown' | undefined {
  const next: Place = { object: at.object, path: [...at.path, { kind: 'field', name: link }] };
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
