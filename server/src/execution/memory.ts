/**
 * The cells of objects: reading with the value a cell has before anybody wrote it, writing, copying structs, clearing. A
 * scalar has one cell at its key. A struct as a whole has none, but may have a marker at `key*` that tells what its
 * unwritten members hold: zeros, what another place holds, or nothing known. Knows no expressions.
 */
import type { Span } from '../syntax/ast.ts';
import { zero } from './arithmetic.ts';
import { sameInteger } from './basic-types.ts';
import type { CType } from './ctype.ts';
import { keyOf, pathKey, placeName } from './place.ts';
import { constant } from './term.ts';
import type { TypeTable } from './type-table.ts';
import type { AggregateValue, MemoryObject, Place, Step, Value } from './value.ts';
import type { Machine, World } from './world.ts';

const unwritten: ReadonlyMap<string, Value> = new Map();
const marker = '*';

/** What memory needs of the run it belongs to. */
export interface MemoryOwner extends Machine {
  readonly world: World;
  readonly types: TypeTable;
}

/** The value at the place as `type`. The place's own cell is filled when it was not before. */
export function readCell(run: MemoryOwner, place: Place, type: CType): Value {
  const { object } = place;
  if (object.links) {
    const target = linked(object, place);
    if (target) return readCell(run, target, type);
  }
  if (object.freed) return stopAtFreed(run, place);
  const key = keyOf(place);
  if (type.kind === 'struct') return copyOf(run, place, key, type);
  const value = object.cells.get(key);
  if (value === undefined) return firstRead(run, place, key, type);
  if (value.kind === 'integer' && type.kind === 'integer' && sameInteger(value.type, type)) return value;
  return run.convert(value, type);
}

/** Stores the value, which was converted to the place's type before. */
export function writeCell(run: MemoryOwner, place: Place, value: Value, span: Span): void {
  const { object } = place;
  if (object.links) {
    const target = linked(object, place);
    if (target) {
      writeCell(run, target, value, span);
      return;
    }
  }
  if (object.freed) stopAtFreed(run, place);
  if (value.kind === 'aggregate') paste(object.cells, keyOf(place), value);
  else object.cells.set(keyOf(place), value);
  run.world.onWrite?.(run, place, value, span);
}

/** Makes everything at and below the place zero, as `memset(p, 0, size)` does. */
export function clear(place: Place): void {
  mark(place, { kind: 'aggregate', type: { kind: 'unknown' }, cells: unwritten });
}

/** Forgets everything at and below the place: the world is asked again when it is read. */
export function forget(place: Place): void {
  mark(place, { kind: 'opaque', why: `${placeName(place)} was written in a way that is not followed` });
}

/** All zeros as a value of `type`. */
export function zeroOf(type: CType): Value {
  switch (type.kind) {
    case 'integer':
      return { kind: 'integer', type, term: zero.term };
    case 'pointer':
      return { kind: 'address', term: constant(0), pointee: type.to };
    case 'struct':
    case 'array':
      return { kind: 'aggregate', type, cells: new Map([[marker, { kind: 'aggregate', type, cells: unwritten }]]) };
    default:
      return zero;
  }
}

/** The place in another object where a member of a parent found by `container_of` lives. */
export function linked(object: MemoryObject, place: Place): Place | undefined {
  const key = keyOf(place);
  for (const [member, target] of object.links ?? []) {
    if (!isWithin(key, member)) continue;
    if (key === member) return target;
    const rest = stepsBelow(place.path, member);
    if (!rest) continue;
    const path = [...target.path, ...rest];
    return { object: target.object, path, key: pathKey(path) };
  }
  return undefined;
}

/** Whether `key` names the part that `outer` names, or a part of that. */
export function isWithin(key: string, outer: string): boolean {
  return key.startsWith(outer) && (key.length === outer.length || outer === '' || isSeparator(key.charCodeAt(outer.length)));
}

/** `.`, `+`, `[` or the marker's `*`. */
function isSeparator(code: number): boolean {
  return code === 0x2e || code === 0x2b || code === 0x5b || code === 0x2a;
}

/** The steps of `path` after the shortest beginning whose key is `key`. */
function stepsBelow(path: readonly Step[], key: string): readonly Step[] | undefined {
  for (let count = 0; count <= path.length; count++) if (pathKey(path.slice(0, count)) === key) return path.slice(count);
  return undefined;
}

function stopAtFreed(run: MemoryOwner, place: Place): never {
  return run.stop({ kind: 'fault', message: `\`${placeName(place)}\` is used after its memory was freed.` });
}

function firstRead(run: MemoryOwner, place: Place, key: string, type: CType): Value {
  const value = run.convert(firstValue(run, place, key, type), type);
  if (value.kind !== 'aggregate') place.object.cells.set(key, value);
  return value;
}

function firstValue(run: MemoryOwner, place: Place, key: string, type: CType): Value {
  const { object } = place;
  if (object.text !== undefined) return characterOf(object.text, key, type);
  const found = nearestMarker(object, key);
  if (found) {
    if (found.value.kind !== 'aggregate') return run.world.unknown(run, place, type);
    if (!found.value.from) return zeroOf(type);
    const rest = stepsBelow(place.path, found.key);
    if (!rest) return run.world.unknown(run, place, type);
    const path = [...found.value.from.path, ...rest];
    return readCell(run, { object: found.value.from.object, path, key: pathKey(path) }, type);
  }
  if (object.origin.kind === 'allocated' && object.origin.zeroed) return zeroOf(type);
  return run.world.unknown(run, place, type);
}

function characterOf(text: string, key: string, type: CType): Value {
  const index = key === '' ? 0 : key.startsWith('+') ? Number(key.slice(1)) : Number.NaN;
  const code = index < text.length ? text.charCodeAt(index) : 0;
  return type.kind === 'integer' ? { kind: 'integer', type, term: constant(code) } : zero;
}

/** The marker that speaks for the cell: that of the smallest part around it that has one. */
function nearestMarker(object: MemoryObject, key: string): { readonly key: string; readonly value: Value } | undefined {
  if (object.cells.size === 0) return undefined;
  for (let end = key.length; end >= 0; end--) {
    if (end < key.length && end > 0 && !isSeparator(key.charCodeAt(end))) continue;
    const outer = key.slice(0, end);
    const value = object.cells.get(outer + marker);
    if (value) return { key: outer, value };
  }
  return undefined;
}

/** A struct by value: what was written of it, and where the rest comes from. */
function copyOf(run: MemoryOwner, place: Place, key: string, type: CType): AggregateValue {
  const cells = new Map<string, Value>();
  const { object } = place;
  for (const [each, value] of cellsBelow(run, object, key, type)) cells.set(each, value);
  if (object.links) {
    for (const [member, target] of object.links) {
      if (!isWithin(member, key)) continue;
      for (const [each, value] of target.object.cells) {
        const outer = keyOf(target);
        if (isWithin(each, outer)) cells.set(member.slice(key.length) + each.slice(outer.length), value);
      }
    }
  }
  if (!cells.has(marker)) {
    const found = nearestMarker(object, key);
    const zeroed = found
      ? found.value.kind === 'aggregate' && !found.value.from
      : object.origin.kind === 'allocated' && object.origin.zeroed;
    if (zeroed) cells.set(marker, { kind: 'aggregate', type, cells: unwritten });
    else return { kind: 'aggregate', type, cells, from: place };
  }
  return { kind: 'aggregate', type, cells };
}

/** The cells at and below `key`, by the rest of their keys. Of a large object only those that the type names are looked up. */
function* cellsBelow(run: MemoryOwner, object: MemoryObject, key: string, type: CType): Iterable<readonly [string, Value]> {
  const layout = object.cells.size > 64 ? run.types.layout(type) : undefined;
  const flat =
    layout?.complete && [...layout.fields.values()].every((field) => field.type.kind === 'integer' || field.type.kind === 'pointer');
  if (layout && flat) {
    for (const suffix of [marker, ...[...layout.fields.values()].map((field) => field.key)]) {
      const value = object.cells.get(key + suffix);
      if (value) yield [suffix, value];
    }
    return;
  }
  for (const [each, value] of object.cells) if (isWithin(each, key)) yield [each.slice(key.length), value];
}

function paste(cells: Map<string, Value>, key: string, value: AggregateValue): void {
  for (const each of cells.keys()) if (isWithin(each, key)) cells.delete(each);
  if (value.from) cells.set(key + marker, { kind: 'aggregate', type: value.type, cells: unwritten, from: value.from });
  for (const [rest, cell] of value.cells) cells.set(key + rest, cell);
}

function mark(place: Place, value: Value): void {
  const { cells } = place.object;
  const key = keyOf(place);
  for (const each of cells.keys()) if (isWithin(each, key)) cells.delete(each);
  cells.set(key + marker, value);
}
