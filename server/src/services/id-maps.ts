/**
 * `struct idr`, `struct ida`, `struct xarray` and radix trees as memory: each entry is a cell of the map's object under its
 * number. Maps that nobody set up in sight hold what nobody knows and are left to the world, and so are unknown numbers.
 */
import { integer, integerOf } from '../execution/arithmetic.ts';
import { int, unsignedInt, unsignedLong, voidType } from '../execution/ctype.ts';
import { clear, isCleared } from '../execution/memory.ts';
import { keyOf, samePlace } from '../execution/place.ts';
import { constant, constantOf } from '../execution/term.ts';
import type { Place, Value } from '../execution/value.ts';
import type { ExternalCall, Machine } from '../execution/world.ts';
import { asInteger, integerArgument, nothing, placeOf, pointerArgument, type Service, type ServiceTable } from './service.ts';

const ENOSPC = 28n;
const EBUSY = 16n;
const EEXIST = 17n;

/** Among the flags of `xa_init_flags`: number 0 is never handed out. */
const XA_FLAGS_ZERO_BUSY = 8n;

/** How many numbers are tried for a free one. */
const mostTried = 4096n;

const pointer = { kind: 'pointer', to: voidType } as const;
const empty: Value = { kind: 'address', term: constant(0), pointee: voidType };

/** The cell that says that the map was set up where the run could see it. */
function mark(map: Place): Place {
  return placeOf(map, '(set up)');
}

function cellOf(map: Place, id: bigint): Place {
  const { object, path } = placeOf(map, '(entries)');
  return { object, path: [...path, { kind: 'element', index: constant(id), unit: 8 }] };
}

/** Whether everything that the map holds is known. */
function isKnown(map: Place): boolean {
  return map.object.cells.has(keyOf(mark(map))) || isCleared(mark(map));
}

function read(machine: Machine, map: Place, id: bigint): Value {
  const cell = cellOf(map, id);
  return map.object.cells.has(keyOf(cell)) ? machine.read(cell, pointer) : empty;
}

function isEmpty(value: Value): boolean {
  return value.kind === 'address' && constantOf(value.term) === 0n;
}

/** Sets a map up: it is empty, and what it will hold is known. `first` is the lowest number that it hands out by itself. */
export function setUpMap(machine: Machine, map: Place, first = 0n): void {
  clear(placeOf(map, '(entries)'));
  machine.write(mark(map), integerOf(int, 1n), machine.span);
  machine.write(placeOf(map, '(first)'), integerOf(int, first), machine.span);
  machine.write(placeOf(map, '(next)'), integerOf(int, 0n), machine.span);
}

const initialise: Service = (machine, call) => {
  const map = pointerArgument(machine, call, 0)?.place;
  if (!map) return undefined;
  setUpMap(machine, map, (numberAt(call, 1) ?? 0n) & XA_FLAGS_ZERO_BUSY ? 1n : 0n);
  return nothing;
};

/** A number that the map keeps beside its entries; 0 where it keeps none. */
function kept(machine: Machine, map: Place, name: string): bigint {
  const place = placeOf(map, name);
  const value = map.object.cells.has(keyOf(place)) ? asInteger(machine.read(place, int)) : undefined;
  return (value && constantOf(value.term)) ?? 0n;
}

/** The map and the number that a call is about, where both are known. */
function asked(machine: Machine, call: ExternalCall, index = 1): { readonly map: Place; readonly id: bigint } | undefined {
  const map = pointerArgument(machine, call, 0)?.place;
  const number = integerArgument(call, index);
  const id = number && constantOf(number.term);
  return map && id !== undefined && isKnown(map) ? { map, id } : undefined;
}

const find: Service = (machine, call) => {
  const found = asked(machine, call);
  return found && read(machine, found.map, found.id);
};

/** Takes the entry out; gives it. */
const remove: Service = (machine, call) => {
  const found = asked(machine, call);
  if (!found) return undefined;
  const old = read(machine, found.map, found.id);
  machine.write(cellOf(found.map, found.id), empty, call.span);
  return old;
};

/** `xa_store(xa, index, entry, gfp)`, `idr_replace(idr, entry, id)`: gives what was there. */
function store(entry: number, id: number): Service {
  return (machine, call) => {
    const found = asked(machine, call, id);
    const value = call.arguments[entry];
    if (!found || !value) return undefined;
    const old = read(machine, found.map, found.id);
    machine.write(cellOf(found.map, found.id), value, call.span);
    return old;
  };
}

/** `xa_insert(xa, index, entry, gfp)`, `radix_tree_insert(root, index, entry)`: an error over an entry. */
function insert(taken: bigint): Service {
  return (machine, call) => {
    const found = asked(machine, call);
    const value = call.arguments[2];
    if (!found || !value) return undefined;
    if (!isEmpty(read(machine, found.map, found.id))) return integerOf(int, -taken);
    machine.write(cellOf(found.map, found.id), value, call.span);
    return integerOf(int, 0n);
  };
}

/** `xa_cmpxchg(xa, index, old, entry, gfp)`: stores where `old` is, and gives what was there. */
const exchange: Service = (machine, call) => {
  const found = asked(machine, call);
  const [, , old, value] = call.arguments;
  if (!found || !old || !value) return undefined;
  const current = read(machine, found.map, found.id);
  const isSame = isEmpty(current)
    ? isEmpty(old)
    : current.kind === 'pointer' && old.kind === 'pointer' && samePlace(current.place, old.place);
  if (isSame) machine.write(cellOf(found.map, found.id), value, call.span);
  return current;
};

/** `xa_err(entry)`: the negative error number that stands for an entry, else 0; the model stores without failing. */
const errorOf: Service = (_, call) => {
  const number = numberAt(call, 0);
  const signed = number === undefined ? 0n : BigInt.asIntN(64, number);
  return call.arguments[0] && integerOf(int, signed < 0n && signed >= -4095n ? signed : 0n);
};

/** `xa_empty`, `idr_is_empty`. */
const isEmptyMap: Service = (machine, call) => {
  const map = pointerArgument(machine, call, 0)?.place;
  return map && isKnown(map) ? integerOf(int, entryFrom(machine, map, 0n) ? 0n : 1n) : undefined;
};

/** The first free number from `start` on and below `end`. */
function firstFree(machine: Machine, map: Place, start: bigint, end: bigint): bigint | undefined {
  for (let id = start; id < end && id < start + mostTried; id++) if (isEmpty(read(machine, map, id))) return id;
  return undefined;
}

const lastInt = 0x7fff_ffffn;

/** Arguments of an allocation of a number: indexes of the entry, the first number and the one after the last. */
interface Allocation {
  readonly entry?: number;
  readonly start?: number;
  readonly end?: number;
  /** `end` is the last number itself. */
  readonly isInclusive?: boolean;
  /** The search begins behind the number that was handed out last. */
  readonly isCyclic?: boolean;
}

/** `idr_alloc(idr, ptr, start, end, gfp)` and `ida_alloc(ida, gfp)` with their relatives: the number, or an error. */
function allocate({ entry, start, end, isInclusive = false, isCyclic = false }: Allocation): Service {
  return (machine, call) => {
    const map = pointerArgument(machine, call, 0)?.place;
    if (!map || !isKnown(map)) return undefined;
    const first = start === undefined ? 0n : numberAt(call, start);
    const limit = end === undefined ? 0n : numberAt(call, end);
    const value = entry === undefined ? integer(unsignedLong, constant(1)) : call.arguments[entry];
    if (first === undefined || limit === undefined || !value) return undefined;
    const after = limit <= 0n && !isInclusive ? lastInt : limit + (isInclusive ? 1n : 0n);
    const limitOrLast = end === undefined ? lastInt : after;
    const next = isCyclic ? kept(machine, map, '(next)') : first;
    const id = (next > first ? firstFree(machine, map, next, limitOrLast) : undefined) ?? firstFree(machine, map, first, limitOrLast);
    if (id === undefined) return integerOf(int, -ENOSPC);
    machine.write(cellOf(map, id), value, call.span);
    if (isCyclic) machine.write(placeOf(map, '(next)'), integerOf(int, id + 1n), call.span);
    return integerOf(int, id);
  };
}

function numberAt(call: ExternalCall, index: number): bigint | undefined {
  const value = asInteger(call.arguments[index]);
  return value && constantOf(value.term);
}

/** `idr_alloc_u32(idr, ptr, &id, last, gfp)`: the search begins at `id`. */
const idrAlloc32: Service = (machine, call) => {
  const map = pointerArgument(machine, call, 0)?.place;
  const target = pointerArgument(machine, call, 2);
  const value = call.arguments[1];
  const last = numberAt(call, 3);
  const first = target && asInteger(machine.read(target.place, unsignedInt));
  const from = first && constantOf(first.term);
  if (!map || !target || !value || last === undefined || from === undefined || !isKnown(map)) return undefined;
  const id = firstFree(machine, map, from, last + 1n);
  if (id === undefined) return integerOf(int, -ENOSPC);
  machine.write(cellOf(map, id), value, call.span);
  machine.write(target.place, integerOf(unsignedInt, id), call.span);
  return integerOf(int, 0n);
};

/**
 * `xa_alloc(xa, &id, entry, limit, gfp)`, with the limit as two numbers where a struct is known: `xa_alloc_between(xa, &id, entry, first,
 * last)`. Else it is taken to reach from 0.
 */
const xaAlloc: Service = (machine, call) => {
  const map = pointerArgument(machine, call, 0)?.place;
  const target = pointerArgument(machine, call, 1);
  const value = call.arguments[2];
  if (!map || !target || !value || !isKnown(map)) return undefined;
  const between = call.name === 'xa_alloc_between' ? [numberAt(call, 3), numberAt(call, 4)] : [];
  const lowest = kept(machine, map, '(first)');
  const first = between[0] ?? 0n;
  const id = firstFree(machine, map, first > lowest ? first : lowest, (between[1] ?? lastInt) + 1n);
  if (id === undefined) return integerOf(int, -EBUSY);
  machine.write(cellOf(map, id), value, call.span);
  machine.write(target.place, integerOf(unsignedInt, id), call.span);
  return integerOf(int, 0n);
};

/** Frees a number that was taken. */
const free: Service = (machine, call) => {
  const found = asked(machine, call);
  if (!found) return undefined;
  machine.write(cellOf(found.map, found.id), empty, call.span);
  return nothing;
};

/** The entry with the lowest number from `start` on, with its number; `undefined` where there is none, or where nobody knows. */
export function entryFrom(machine: Machine, map: Place, start: bigint): { readonly id: bigint; readonly entry: Value } | undefined {
  if (!isKnown(map)) return undefined;
  const prefix = keyOf(placeOf(map, '(entries)'));
  const ids = [...map.object.cells.keys()].flatMap((key) => {
    const rest = key.startsWith(prefix) ? /^(?:\+(\d+))?$/.exec(key.slice(prefix.length)) : undefined;
    return rest ? [BigInt(rest[1] ?? 0) / 8n] : [];
  });
  const sorted = ids.filter((id) => id >= start).sort((left, right) => (left < right ? -1 : 1));
  for (const id of sorted) {
    const entry = read(machine, map, id);
    if (!isEmpty(entry)) return { id, entry };
  }
  return undefined;
}

/** Whether the run has seen the map from its beginning. */
export function isKnownMap(map: Place): boolean {
  return isKnown(map);
}

export const idMapServices: ServiceTable = {
  idr_init: initialise,
  idr_init_base: initialise,
  ida_init: initialise,
  xa_init: initialise,
  xa_init_flags: initialise,
  INIT_RADIX_TREE: initialise,
  idr_destroy: initialise,
  ida_destroy: initialise,
  xa_destroy: initialise,
  idr_find: find,
  xa_load: find,
  radix_tree_lookup: find,
  idr_remove: remove,
  xa_erase: remove,
  radix_tree_delete: remove,
  idr_replace: store(1, 2),
  xa_store: store(2, 1),
  xa_store_irq: store(2, 1),
  xa_store_bh: store(2, 1),
  xa_erase_irq: remove,
  xa_erase_bh: remove,
  xa_cmpxchg: exchange,
  xa_err: errorOf,
  xa_is_err: errorOf,
  xa_empty: isEmptyMap,
  idr_is_empty: isEmptyMap,
  ida_is_empty: isEmptyMap,
  xa_insert: insert(EBUSY),
  radix_tree_insert: insert(EEXIST),
  idr_alloc: allocate({ entry: 1, start: 2, end: 3 }),
  idr_alloc_cyclic: allocate({ entry: 1, start: 2, end: 3, isCyclic: true }),
  idr_alloc_u32: idrAlloc32,
  xa_alloc: xaAlloc,
  xa_alloc_between: xaAlloc,
  ida_alloc: allocate({}),
  ida_alloc_min: allocate({ start: 1 }),
  ida_alloc_max: allocate({ end: 1, isInclusive: true }),
  ida_alloc_range: allocate({ start: 1, end: 2, isInclusive: true }),
  ida_simple_get: allocate({ start: 1, end: 2 }),
  ida_free: free,
  ida_simple_remove: free,
};
