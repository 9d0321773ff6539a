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

export const listServices: ServiceTable = {
  INIT_LIST_HEAD: initialise,
  list_add: add('first'),
  list_add_tail: add('last'),
  list_add_rcu: add('first'),
  list_add_tail_rcu: add('last'),
  list_del: remove('poisoned'),
  list_del_rcu: remove('poisoned'),
  list_del_init: remove('empty'),
  list_empty: isEmpty,
  list_empty_careful: isEmpty,
};
