/**
 * Where the memory behind a field comes from, by the assignments of the driver: `priv->buf = vmalloc(priv->size)` makes
 * `priv->buf` an allocation of that size wherever it is met. Reads the driver model; runs nothing.
 */
import type { Driver, FieldSource } from '../driver/model.ts';
import type { CType } from '../execution/ctype.ts';
import type { Place } from '../execution/value.ts';
import { type Allocator, allocatorOf } from '../services/allocators.ts';
import type { Expression } from '../syntax/ast.ts';

export interface Provenance {
  readonly source: FieldSource;
  /** The kernel's name of the call. */
  readonly call: string;
  readonly arguments: readonly Expression[];
  readonly allocator?: Allocator;
}

/** What the field at the end of `place` is assigned from, when that is a call; allocators go first. */
export function provenanceOf(driver: Driver, place: Place): Provenance | undefined {
  const field = lastField(place);
  if (field === undefined) return undefined;
  let other: Provenance | undefined;
  for (const source of driver.sourcesOf(structOf(place), field)) {
    const call = callIn(source.value);
    if (!call || driver.functions.has(call.name)) continue;
    const allocator = allocatorOf(call.name);
    const found: Provenance = { source, call: call.name, arguments: call.arguments, ...(allocator ? { allocator } : {}) };
    if (allocator) return found;
    other ??= found;
  }
  return other;
}

/** The field name that a place ends in, through array elements. */
export function lastField(place: Place): string | undefined {
  for (let i = place.path.length - 1; i >= 0; i--) {
    const step = place.path[i];
    if (step?.kind === 'field') return step.name;
  }
  return undefined;
}

/** The tag of the struct whose field it is, where the object's own type tells. */
function structOf(place: Place): string | undefined {
  const fields = place.path.filter((step) => step.kind === 'field').length;
  return fields === 1 ? tagOf(place.object.type) : undefined;
}

function tagOf(type: CType): string | undefined {
  return type.kind === 'struct' ? type.name : undefined;
}

/** The call that gives the value, through casts and assignments. */
function callIn(value: Expression): { readonly name: string; readonly arguments: readonly Expression[] } | undefined {
  if (value.kind === 'cast') return callIn(value.operand);
  if (value.kind === 'assignment') return callIn(value.value);
  if (value.kind !== 'call' || value.callee.kind !== 'name') return undefined;
  return { name: value.callee.name, arguments: value.arguments };
}
