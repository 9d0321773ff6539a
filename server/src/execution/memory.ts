/**
 * The cells of objects: reading with the value a cell has before anybody wrote it, writing, copying structs, clearing. A
 * scalar has one cell at its key. Marks say what whole parts hold whose cells were not written one by one: zeros, what
 * another place holds, or nothing known. Knows no expressions.
 */
import type { Span } from '../syntax/ast.ts';
import { castInteger, zero } from './arithmetic.ts';
import { sameInteger } from './basic-types.ts';
import type { CType, IntegerType } from './ctype.ts';
import { joinKeys, joinRanges, keySteps, keyWithin, offsetKey, pathKey, rangeOf, startOf } from './key.ts';
import { dropParts, noteWidth, partAt, putPart } from './overlap.ts';
import { keyOf, placeName } from './place.ts';
import { constant, constantOf } from './term.ts';
import { binary, castTerm } from './term-build.ts';
import type { TypeTable } from './type-table.ts';
import { forgetOthers } from './unknown-index.ts';
import type { AggregateValue, IntegerValue, Mark, MemoryObject, Place, Step, Value } from './value.ts';
import type { Machine, World } from './world.ts';

/** What memory needs of the run it belongs to. */
export interface MemoryOwner extends Machine {
  readonly world: World;
  readonly types: TypeTable;
}

/** Copies of copies are followed this far; structs that were copied in a circle have no first value. */
const longestChain = 8;

/** The value at the place as `type`. The place's own cell is filled when it was not before. */
export function readCell(run: MemoryOwner, place: Place, type: CType, chain = 0): Value {
  const { object } = place;
  if (object.link && chain < longestChain) {
    const target = linked(object, place);
    if (target) return readCell(run, target, type, chain + 1);
  }
  if (object.freed) return stopAtFreed(run, place);
  const key = keyOf(place);
  if (type.kind === 'struct') return copyOf(run, place, key, type);
  const value = object.cells.get(key) ?? (type.kind === 'integer' ? partAt(object, key, type) : undefined);
  if (value === undefined) return firstRead(run, place, key, type, chain);
  if (value.kind !== 'integer' || type.kind !== 'integer') return run.convert(value, type);
  if (sameInteger(value.type, type)) return value;
  return value.type.bits < type.bits ? joined(run, object, key, value, type) : castInteger(value, type);
}

/** Stores the value, which was converted to the place's type before. */
export function writeCell(run: MemoryOwner, place: Place, value: Value, span: Span): void {
  const { object } = place;
  if (object.link) {
    const target = linked(object, place);
    if (target) {
      writeCell(run, target, value, span);
      return;
    }
  }
  if (object.freed) stopAtFreed(run, place);
  const key = keyOf(place);
  if (key.includes('[')) forgetOthers(run, place, key);
  const previous = object.cells.get(key);
  if (value.kind === 'aggregate') paste(run, object, key, value);
  else if (value.kind !== 'integer' || previous !== undefined || !putPart(object, key, value)) {
    if (value.kind === 'integer') {
      noteWidth(object, value.type);
      dropParts(object, key, value.type);
    }
    const isPart = previous?.kind === 'integer' && value.kind === 'integer' && value.type.bits < 64;
    object.cells.set(key, isPart ? merged(previous, value) : value);
  }
  run.world.onWrite?.(run, place, value, span, previous);
}

/** Makes `size` bytes from the place on zero, as `memset(p, 0, size)` does; all that follows without a size. */
export function clear(place: Place, size?: number): void {
  mark(place, size, 'zero');
}

/** Forgets `size` bytes from the place on: the world is asked again when they are read. */
export function forget(place: Place, size?: number): void {
  mark(place, size, 'unknown');
}

/** Copies `size` bytes from one object to another, as `memcpy` does: what was written there, and what the rest holds. */
export function copyMemory(to: Place, from: Place, size: number): void {
  const source = rangeOf(keyOf(from), size);
  const cells = [...from.object.cells].flatMap(([key, value]): [string, Value][] => {
    const rest = keyWithin(key, source);
    return rest === undefined ? [] : [[rest, value]];
  });
  mark(to, size, { object: from.object, path: from.path });
  for (const [rest, value] of cells) to.object.cells.set(joinKeys(keyOf(to), rest), value);
}

/** Forgets all numbers of the object: somebody else has written to its memory. Pointers, which nobody else can make, stay. */
export function forgetNumbers(object: MemoryObject): void {
  for (const [key, value] of object.cells) if (value.kind === 'integer') object.cells.delete(key);
  addMark(object, { ...rangeOf('', undefined), holds: 'unknown' });
}

/** Whether the cell is zero because nobody wrote it since its memory was cleared. */
export function isCleared(place: Place): boolean {
  const { object } = place;
  const key = keyOf(place);
  if (object.cells.has(key) || object.text !== undefined) return false;
  const found = markOf(object, key);
  return found ? found.holds === 'zero' : object.origin.kind === 'allocated' && object.origin.zeroed;
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
      return { kind: 'aggregate', type, cells: new Map(), marks: [{ ...rangeOf('', undefined), holds: 'zero' }] };
    default:
      return zero;
  }
}

/** The place where the memory of `place` is kept: a member of a parent that `container_of()` found is an object of its own. */
export function homeOf(place: Place): Place {
  return linked(place.object, place) ?? place;
}

/** The place in another object where the member of a parent found by `container_of` lives. */
function linked(object: MemoryObject, place: Place): Place | undefined {
  const { link } = object;
  const rest = link && keyWithin(keyOf(place), link);
  return link && rest !== undefined ? below(link.at, rest, place.path, startOf(link)) : undefined;
}

/** The place at `rest` below `base`, by the steps that `path` takes after the place with the key `from` where it passes there. */
function below(base: Place, rest: string, path: readonly Step[], from: string): Place {
  for (let count = 0; count < path.length; count++) {
    if (pathKey(path.slice(0, count)) !== from) continue;
    const whole = [...base.path, ...path.slice(count)];
    const key = pathKey(whole);
    if (key === joinKeys(keyOf(base), rest)) return { object: base.object, path: whole, key };
  }
  return partOf(base, rest);
}

/** What lies at `rest` below the place. */
function partOf(place: Place, rest: string): Place {
  return rest === '' ? place : { object: place.object, path: [...place.path, ...keySteps(rest)] };
}

function stopAtFreed(run: MemoryOwner, place: Place): never {
  return run.stop({ kind: 'fault', message: `\`${placeName(place)}\` is used after its memory was freed.`, freed: place.object });
}

/** Stops where an element behind the end of allocated memory is read: nobody knows what lies there. */
function stopOutside(run: MemoryOwner, { object, path: [step] }: Place): void {
  if (object.origin.kind !== 'allocated' || step?.kind !== 'element' || step.unit === undefined) return;
  const size = object.origin.size && constantOf(object.origin.size);
  const index = constantOf(step.index);
  if (size === undefined || index === undefined || index < 0n || index * BigInt(step.unit) < size) return;
  const what = step.unit === 1 ? `${object.name} + ${index}` : `${object.name}[${index}]`;
  run.stop({
    kind: 'fault',
    message: `\`${what}\` is read, but \`${object.name}\` has ${size} bytes: what lies behind them is not the driver's.`,
  });
}

function firstRead(run: MemoryOwner, place: Place, key: string, type: CType, chain: number): Value {
  stopOutside(run, place);
  const value = run.convert(firstValue(run, place, key, type, chain), type);
  if (value.kind === 'integer') noteWidth(place.object, value.type);
  if (value.kind !== 'aggregate') place.object.cells.set(key, value);
  return value;
}

function firstValue(run: MemoryOwner, place: Place, key: string, type: CType, chain: number): Value {
  const { object } = place;
  if (object.text !== undefined) return characterOf(object.text, key, type);
  const found = markOf(object, key);
  if (found === undefined) {
    return object.origin.kind === 'allocated' && object.origin.zeroed ? zeroOf(type) : run.world.unknown(run, place, type);
  }
  const { holds } = found;
  // Some element of a table that was cleared and filled may be any of them.
  if (holds === 'zero') return key.includes('[') && object.cells.size > 0 ? run.world.unknown(run, place, type) : zeroOf(type);
  if (holds === 'static' && type.kind === 'pointer' && type.to.kind === 'function') return zeroOf(type);
  if (holds === 'unknown' || holds === 'static' || chain >= longestChain) return run.world.unknown(run, place, type);
  const rest = keyWithin(key, found) ?? '';
  return readCell(run, below(holds, rest, place.path, startOf(found)), type, chain + 1);
}

function characterOf(text: string, key: string, type: CType): Value {
  const index = key === '' ? 0 : key.startsWith('+') ? Number(key.slice(1)) : Number.NaN;
  const code = index < text.length ? text.charCodeAt(index) : 0;
  return type.kind === 'integer' ? { kind: 'integer', type, term: constant(code) } : zero;
}

/** The last mark that speaks for the cell. */
function markOf(object: MemoryObject, key: string): Mark | undefined {
  return object.marks?.findLast((each) => keyWithin(key, each) !== undefined);
}

/** A number read from several narrower cells: little-endian, as many as there are. */
function joined(run: MemoryOwner, object: MemoryObject, key: string, low: IntegerValue, type: IntegerType): Value {
  const width = low.type.bits;
  const above = joinKeys(key, `+${Math.max(1, width / 8)}`);
  const high = width >= 8 && type.bits > width ? object.cells.get(above) : undefined;
  const unsigned: IntegerType = { ...low.type, signed: false };
  const lowTerm = castTerm(castTerm(low.term, low.type, unsigned), unsigned, type);
  if (high?.kind !== 'integer') {
    const zeros = markOf(object, above)?.holds === 'zero';
    return { kind: 'integer', type, term: zeros ? lowTerm : castTerm(low.term, low.type, type) };
  }
  const rest: IntegerType = { kind: 'integer', bits: type.bits, signed: false };
  const highValue = high.type.bits < type.bits - width ? joined(run, object, above, high, rest) : high;
  const highTerm = highValue.kind === 'integer' ? castTerm(highValue.term, highValue.type, type) : constant(0);
  return { kind: 'integer', type, term: binary('or', type, lowTerm, binary('shl', type, highTerm, constant(width))) };
}

/** What a wider cell holds after its low bytes were written. */
function merged(previous: IntegerValue, value: IntegerValue): IntegerValue {
  const { type } = previous;
  if (type.bits <= value.type.bits || value.type.bits < 8) return value;
  const unsigned: IntegerType = { ...value.type, signed: false };
  const low = castTerm(castTerm(value.term, value.type, unsigned), unsigned, type);
  const mask = constant(~((1n << BigInt(value.type.bits)) - 1n));
  return { kind: 'integer', type, term: binary('or', type, binary('and', type, previous.term, mask), low) };
}

/** A struct by value: what was written of it, and what the rest holds. */
function copyOf(run: MemoryOwner, place: Place, key: string, type: CType): AggregateValue {
  const { object } = place;
  const size = run.types.sizeOf(type);
  const range = rangeOf(key, size);
  const cells = new Map<string, Value>();
  for (const [each, value] of cellsIn(run, object, key, type)) cells.set(each, value);
  const leaves = run.types.leafKeys(type);
  if (leaves?.every((leaf) => cells.has(leaf))) return { kind: 'aggregate', type, cells };
  const marks: Mark[] = [];
  const zeroed = object.origin.kind === 'allocated' && object.origin.zeroed;
  marks.push({ ...rangeOf('', size), holds: zeroed ? 'zero' : { object, path: place.path, key } });
  for (const each of object.marks ?? []) {
    const relative = relativeMark(each, range, key);
    if (relative) marks.push(relative);
  }
  return { kind: 'aggregate', type, cells, marks };
}

/** The part of the mark that lies in the range at `key`, as seen from there. */
function relativeMark(each: Mark, range: ReturnType<typeof rangeOf>, key: string): Mark | undefined {
  if (each.prefix === range.prefix) {
    const from = Math.max(each.from, range.from);
    const to = Math.min(each.to, range.to);
    if (from >= to) return undefined;
    const moved = typeof each.holds === 'string' ? each.holds : partOf(each.holds, offsetKey(from - each.from));
    return { prefix: '', from: from - range.from, to: to - range.from, holds: moved };
  }
  const inner = keyWithin(each.prefix, range);
  if (inner !== undefined) return { ...each, prefix: inner };
  // A part around the one that is copied.
  const outer = keyWithin(key, each);
  if (outer === undefined) return undefined;
  const holds = typeof each.holds === 'string' ? each.holds : partOf(each.holds, outer);
  return { ...rangeOf('', range.to - range.from), holds };
}

/** The cells of the struct at `key`, by the rest of their keys. Of a large object only those that the type names are looked up. */
function* cellsIn(run: MemoryOwner, object: MemoryObject, key: string, type: CType): Iterable<readonly [string, Value]> {
  const keys = object.cells.size > 64 ? run.types.leafKeys(type) : undefined;
  if (keys) {
    for (const rest of keys) {
      const value = object.cells.get(joinKeys(key, rest));
      if (value) yield [rest, value];
    }
    return;
  }
  const range = rangeOf(key, run.types.sizeOf(type));
  for (const [each, value] of object.cells) {
    const rest = keyWithin(each, range);
    if (rest !== undefined) yield [rest, value];
  }
}

function paste(run: MemoryOwner, object: MemoryObject, key: string, value: AggregateValue): void {
  for (const [rest] of [...cellsIn(run, object, key, value.type)]) object.cells.delete(joinKeys(key, rest));
  const size = run.types.sizeOf(value.type);
  for (const each of value.marks ?? []) {
    const range = joinRanges(key, each);
    addMark(object, { ...each, ...range, to: size === undefined ? range.to : Math.min(range.to, range.from + size) });
  }
  for (const [rest, cell] of value.cells) object.cells.set(joinKeys(key, rest), cell);
}

function mark(place: Place, size: number | undefined, holds: Mark['holds']): void {
  const { object } = place;
  const range = rangeOf(keyOf(place), size);
  for (const each of object.cells.keys()) if (keyWithin(each, range) !== undefined) object.cells.delete(each);
  addMark(object, { ...range, holds });
}

/** A mark takes the place of those that it covers, and adds nothing where the one around it says the same. */
function addMark(object: MemoryObject, added: Mark): void {
  const marks = object.marks ?? [];
  const covers = (outer: Mark, inner: Mark) => outer.prefix === inner.prefix && outer.from <= inner.from && outer.to >= inner.to;
  const last = marks.at(-1);
  if (last && last.holds === added.holds && covers(last, added)) return;
  object.marks = marks.filter((each) => !covers(added, each));
  object.marks.push(added);
}
