/**
 * Writes to an element whose index is not a constant: any element of the array may be the one that was written, so that
 * what was known of the others is known no more.
 */
import type { CType } from './ctype.ts';
import { keyWithin, pathKey, rangeOf } from './key.ts';
import { constantOf } from './term.ts';
import type { TypeTable } from './type-table.ts';
import type { Place, Step } from './value.ts';

/** Forgets the other elements of the array that `place`, whose key is `key`, lies in. */
export function forgetOthers(run: { readonly types: TypeTable }, place: Place, key: string): void {
  const { object, path } = place;
  const position = path.findIndex((step) => step.kind === 'element' && constantOf(step.index) === undefined);
  if (position < 0) return;
  const before = path.slice(0, position);
  const size = arraySize(run.types, object.type, before);
  if (size === undefined && before.length > 0) return;
  const range = rangeOf(pathKey(before), size);
  const element = pathKey(path.slice(0, position + 1));
  for (const each of object.cells.keys()) {
    if (each !== key && !each.startsWith(element) && keyWithin(each, range) !== undefined) object.cells.delete(each);
  }
  object.marks = [
    ...(object.marks ?? []).filter((each) => each.prefix !== range.prefix || each.from !== range.from || each.to !== range.to),
    { ...range, holds: 'unknown' },
  ];
}

/** The bytes of the array at `path`; `undefined` where its declaration does not tell. */
function arraySize(types: TypeTable, object: CType, path: readonly Step[]): number | undefined {
  let type = object;
  for (const step of path) {
    if (step.kind === 'field') type = types.field(type, step.name)?.type ?? { kind: 'unknown' };
    else if (type.kind === 'array') type = type.of;
  }
  return type.kind === 'array' ? types.sizeOf(type) : undefined;
}
