/** Places: steps into the parts of an object, and the names that a C author would write. Knows nothing of what lies there. */
import { type CType, long } from './ctype.ts';
import { pathKey } from './key.ts';
import { constant, constantOf, type Term } from './term.ts';
import { binary } from './term-build.ts';
import { printTerm } from './term-print.ts';
import type { MemoryObject, Place, Step } from './value.ts';

/** A place whose key is known, with the type of what lies there. */
export interface Location extends Place {
  readonly key: string;
  readonly type: CType;
  /** Width of a bit-field. */
  readonly bits?: number;
}

const nowhere: readonly Step[] = [];

/** The whole of an object. */
export function wholeOf(object: MemoryObject): Location {
  return { object, path: nowhere, key: '', type: object.type };
}

/** The key of the place's cell in its object: `.bar+16.len`. */
export function keyOf(place: Place): string {
  return place.key ?? pathKey(place.path);
}

/** The part of `place` that a field step leads to. */
export function fieldAt(place: Place, step: Step, type: CType, bits?: number): Location {
  const { object } = place;
  const path = place.path.length === 0 ? [step] : [...place.path, step];
  const key = pathKey(path);
  return bits === undefined ? { object, path, key, type } : { object, path, key, type, bits };
}

/** Element `index` of the array at `place`; `unit` is the element's size in bytes. */
export function elementAt(place: Place, index: Term, unit: number | undefined, type: CType): Location {
  const path = [...place.path, elementStep(index, unit)];
  return { object: place.object, path, key: pathKey(path), type };
}

/** `delta` elements of `unit` bytes after the one at `place`. */
export function shifted(place: Place, delta: Term, unit: number | undefined, type: CType): Location {
  const last = place.path.at(-1);
  const continues = last?.kind === 'element' && last.unit === unit;
  if (!continues && constantOf(delta) === 0n) return { object: place.object, path: place.path, key: keyOf(place), type };
  const index = continues ? binary('add', long, last.index, delta) : delta;
  const path = [...(continues ? place.path.slice(0, -1) : place.path), elementStep(index, unit)];
  return { object: place.object, path, key: pathKey(path), type };
}

function elementStep(index: Term, unit: number | undefined): Step {
  return unit === undefined ? { kind: 'element', index } : { kind: 'element', index, unit };
}

/** Whether both are the same place for certain. */
export function samePlace(left: Place, right: Place): boolean {
  return left.object === right.object && keyOf(left) === keyOf(right);
}

/** How many bytes after the start of the same part of the object a place lies, and that part's path. */
export function trailingBytes(place: Place): { readonly base: readonly Step[]; readonly bytes: Term } | undefined {
  let end = place.path.length;
  let bytes: Term = constant(0);
  for (let step = place.path[end - 1]; step; step = place.path[end - 1]) {
    if (step.kind === 'field') {
      if (step.offset === undefined) break;
      bytes = binary('add', long, bytes, constant(step.offset));
    } else {
      if (step.unit === undefined) return undefined;
      bytes = binary('add', long, bytes, binary('mul', long, step.index, constant(step.unit)));
    }
    end--;
  }
  return { base: place.path.slice(0, end), bytes };
}

/** What a C author would write for the place: `priv->bar[2].len`. */
export function placeName(place: Place): string {
  const { object, path } = place;
  const behindPointer = isPointee(object);
  let text = object.name;
  let first = true;
  for (const step of path) {
    if (step.kind === 'field' && step.name === '') continue;
    if (step.kind === 'element') text += `[${printTerm(step.index)}]`;
    else text += first && behindPointer ? `->${step.name}` : `.${step.name}`;
    first = false;
  }
  return first && behindPointer ? `*${text}` : text;
}

/** Whether users reach the object through a pointer of its name, so that its members are written with `->`. */
function isPointee(object: MemoryObject): boolean {
  const { kind } = object.origin;
  return kind === 'assumed' || kind === 'allocated' || kind === 'kernel';
}

/** What a C author would write for a pointer to the place: `&priv->lock`, `priv`, `buf + 2`. */
export function pointerName(place: Place): string {
  if (place.path.length === 0) return isPointee(place.object) ? place.object.name : `&${place.object.name}`;
  return `&${placeName(place)}`;
}
