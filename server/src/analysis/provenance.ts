/**
 * Where the memory behind a field comes from, by the assignments of the driver: `priv->buf = vmalloc(priv->size)` makes
 * `priv->buf` an allocation of that size wherever it is met. Reads the driver model; runs nothing.
 */
import type { Driver, FieldSource } from '../driver/model.ts';
import type { CType } from '../execution/ctype.ts';
import type { Place, Value } from '../execution/value.ts';
import { type Allocator, allocatorOf } from '../services/allocators.ts';
import type { Expression } from '../syntax/ast.ts';
import { allocatorFor } from './own-allocators.ts';

export type { Allocator } from '../services/allocators.ts';

export interface Provenance {
  readonly source: FieldSource;
  /** The kernel's name of the call. */
  readonly call: string;
  readonly arguments: readonly Expression[];
  readonly allocator?: Allocator;
}

/** What was found before, by field and struct. */
const found = new WeakMap<Driver, Map<string, Provenance | undefined>>();

/** What was found for the version `before` holds for the next one too, but for the fields that are set otherwise now. */
export function keepProvenance(before: Driver, after: Driver, changed: ReadonlySet<string>): void {
  const kept = [...(found.get(before) ?? [])].filter(([key]) => !changed.has(key.slice(0, key.indexOf(' '))));
  found.set(after, new Map(kept));
}

/** What the field at the end of `place` is assigned from, when that is a call; allocators go first. */
export function provenanceOf(driver: Driver, place: Place): Provenance | undefined {
  const field = lastField(place);
  if (field === undefined) return undefined;
  const struct = structOf(place);
  const known = found.get(driver) ?? new Map<string, Provenance | undefined>();
  found.set(driver, known);
  const key = `${field} ${struct ?? ''}`;
  if (!known.has(key)) known.set(key, search(driver, struct, field));
  return known.get(key);
}

function search(driver: Driver, struct: string | undefined, field: string): Provenance | undefined {
  let other: Provenance | undefined;
  for (const source of driver.sourcesOf(struct, field)) {
    const call = callIn(source.value);
    if (!call || (driver.functions.has(call.name) && !driver.target.allocators?.has(call.name))) continue;
    const allocator = allocatorFor(driver.target, call.name);
    const one: Provenance = {
      source,
      call: driver.target.allocators?.get(call.name) ?? call.name,
      arguments: call.arguments,
      ...(allocator ? { allocator } : {}),
    };
    if (allocator) return one;
    other ??= one;
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

/** The call that allocated what a value points to or is the address of, when the driver shows it. */
export function allocationOf(driver: Driver, value: Value): { readonly call: string; readonly allocator: Allocator } | undefined {
  const call = callBehind(driver, value);
  const allocator = call === undefined ? undefined : allocatorOf(call);
  return call === undefined || !allocator ? undefined : { call, allocator };
}

function callBehind(driver: Driver, value: Value): string | undefined {
  if (value.kind === 'integer') return value.term.kind === 'symbol' ? value.term.symbol.origin : undefined;
  if (value.kind !== 'pointer') return undefined;
  const { origin } = value.place.object;
  if (origin.kind === 'allocated') return origin.call;
  return origin.kind === 'assumed' && origin.from ? provenanceOf(driver, origin.from)?.call : undefined;
}

/** How a call of this name allocates, by whatever name the driver writes it; `undefined` for one that does not. */
export function allocatorNamed(name: string): Allocator | undefined {
  return allocatorOf(name);
}
