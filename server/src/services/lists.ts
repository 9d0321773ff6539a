/**
 * `struct list_head` as memory: the calls change `next` and `prev` exactly as the kernel's do, so that a list that the
 * driver built is walked as it was built. Iterator macros are the executor's business.
 */
import { integer, integerOf } from '../execution/arithmetic.ts';
import { type CType, int } from '../execution/ctype.ts';
import { samePlace } from '../execution/place.ts';
import { constant } from '../execution/term.ts';
import type { Place, PointerValue, Value } from '../execution/value.ts';
import type { Machine } from '../execution/world.ts';
import { nothing, placeOf, pointerArgument, type Service, type ServiceTable } from './service.ts';

const listHead: CType = { kind: 'struct', tag: 'struct', name: 'list_head' };
const listPointer: CType = { kind: 'pointer', to: listHead };

/** What the kernel leaves in a removed entry; not a place. */
const poison: Value = { kind: 'address', term: constant(0xdead000000000100n), pointee: listHead };

function pointerTo(place: Place): PointerValue {
  return { kind: 'pointer', place, pointee: listHead };
}

function link(machine: Machine, at: Place, field: 'next' | 'prev', value: Value): void {
  machine.write(placeOf(at, field), value, machine.span);
}

function neighbour(machine: Machine, at: Place, field: 'next' | 'prev'): Place | undefined {
  const value = machine.read(placeOf(at, field), listPointer);
  return value.kind === 'pointer' ? value.place : undefined;
}

function insert(machine: Machine, entry: Place, before: Place, after: Place): void {
  link(machine, after, 'prev', pointerTo(entry));
  link(machine, entry, 'next', pointerTo(after));
  link(machine, entry, 'prev', pointerTo(before));
  link(machine, before, 'next', pointerTo(entry));
}

/** `list_add(entry, head)` puts the entry first, `list_add_tail` last. */
function add(where: 'first' | 'last'): Service {
  return (machine, call) => {
    const entry = pointerArgument(machine, call, 0)?.place;
    const head = pointerArgument(machine, call, 1)?.place;
    if (!entry || !head) return undefined;
    const other = neighbour(machine, head, where === 'first' ? 'next' : 'prev');
    if (!other) return nothing;
    if (where === 'first') insert(machine, entry, head, other);
    else insert(machine, entry, other, head);
    return nothing;
  };
}

function remove(leave: 'poisoned' | 'empty'): Service {
  return (machine, call) => {
    const entry = pointerArgument(machine, call, 0)?.place;
    if (!entry) return undefined;
    const before = neighbour(machine, entry, 'prev');
    const after = neighbour(machine, entry, 'next');
    if (before && after) {
      link(machine, after, 'prev', pointerTo(before));
      link(machine, before, 'next', pointerTo(after));
    }
    const rest = leave === 'empty' ? pointerTo(entry) : poison;
    link(machine, entry, 'next', rest);
    link(machine, entry, 'prev', rest);
    return nothing;
  };
}

const initialise: Service = (machine, call) => {
  const head = pointerArgument(machine, call, 0)?.place;
  if (!head) return undefined;
  link(machine, head, 'next', pointerTo(head));
  link(machine, head, 'prev', pointerTo(head));
  return nothing;
};

/** Known where the next entry is one that the run has seen; a head that nobody built is left to the world. */
const isEmpty: Service = (machine, call) => {
  const head = pointerArgument(machine, call, 0)?.place;
  if (!head) return undefined;
  const next = machine.read(placeOf(head, 'next'), listPointer);
  if (next.kind !== 'pointer') return undefined;
  if (samePlace(next.place, head)) return integerOf(int, 1n);
  return next.place.object.origin.kind === 'assumed' ? undefined : integer(int, constant(0));
};

/** `list_move(entry, head)`: out of its list, into another. */
function move(where: 'first' | 'last'): Service {
  const takeOut = remove('empty');
  const putIn = add(where);
  return (machine, call, world) => (takeOut(machine, call, world) ? putIn(machine, call, world) : undefined);
}

/** `list_splice(list, head)`: all entries of a list to the front or the end of another; `_init` leaves the list empty. */
function splice(where: 'first' | 'last', leaveEmpty: boolean): Service {
  return (machine, call) => {
    const list = pointerArgument(machine, call, 0)?.place;
    const head = pointerArgument(machine, call, 1)?.place;
    const first = list && neighbour(machine, list, 'next');
    const last = list && neighbour(machine, list, 'prev');
    if (!list || !head || !first || !last) return undefined;
    if (samePlace(first, list)) return nothing;
    const before = where === 'first' ? head : neighbour(machine, head, 'prev');
    const after = where === 'first' ? neighbour(machine, head, 'next') : head;
    if (!before || !after) return undefined;
    link(machine, first, 'prev', pointerTo(before));
    link(machine, before, 'next', pointerTo(first));
    link(machine, last, 'next', pointerTo(after));
    link(machine, after, 'prev', pointerTo(last));
    if (!leaveEmpty) return nothing;
    link(machine, list, 'next', pointerTo(list));
    link(machine, list, 'prev', pointerTo(list));
    return nothing;
  };
}

/** Whether the neighbour of the entry is the head: `list_is_last(entry, head)`. */
function isAtEnd(field: 'next' | 'prev'): Service {
  return (machine, call) => {
    const entry = pointerArgument(machine, call, 0)?.place;
    const head = pointerArgument(machine, call, 1)?.place;
    const beside = entry && neighbour(machine, entry, field);
    return beside && head && integerOf(int, samePlace(beside, head) ? 1n : 0n);
  };
}

const isSingular: Service = (machine, call) => {
  const head = pointerArgument(machine, call, 0)?.place;
  const first = head && neighbour(machine, head, 'next');
  const last = head && neighbour(machine, head, 'prev');
  return head && first && last && integerOf(int, !samePlace(first, head) && samePlace(first, last) ? 1n : 0n);
};

/**
 * `list_first_entry(head, type, member)` and its like for lists that the run has seen being built: the way to an entry ends
 * with its member. NULL for an empty list where the call gives that.
 */
function entryBeside(field: 'next' | 'prev', orNull: boolean): Service {
  return (machine, call) => {
    const head = pointerArgument(machine, call, 0)?.place;
    const entry = head && neighbour(machine, head, field);
    const type = call.types[1];
    if (!head || !entry || type?.kind !== 'struct') return undefined;
    if (orNull && samePlace(entry, head)) return { kind: 'address', term: constant(0), pointee: type };
    const last = entry.path.at(-1);
    const member = call.expressions[2];
    if (last?.kind !== 'field' || member?.kind !== 'name' || last.name !== member.name) return undefined;
    return { kind: 'pointer', place: { object: entry.object, path: entry.path.slice(0, -1) }, pointee: type };
  };
}

export const listServices: ServiceTable = {
  INIT_LIST_HEAD: initialise,
  list_add: add('first'),
  list_add_tail: add('last'),
  list_add_rcu: add('first'),
  list_add_tail_rcu: add('last'),
  list_del: remove('poisoned'),
  list_del_rcu: remove('poisoned'),
  list_del_init: remove('empty'),
  list_move: move('first'),
  list_move_tail: move('last'),
  list_splice: splice('first', false),
  list_splice_tail: splice('last', false),
  list_splice_init: splice('first', true),
  list_splice_tail_init: splice('last', true),
  list_is_last: isAtEnd('next'),
  list_is_first: isAtEnd('prev'),
  list_is_singular: isSingular,
  list_first_entry: entryBeside('next', false),
  list_first_entry_or_null: entryBeside('next', true),
  list_last_entry: entryBeside('prev', false),
  list_empty: isEmpty,
  list_empty_careful: isEmpty,
};
