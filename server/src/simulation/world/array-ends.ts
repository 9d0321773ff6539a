/** Elements behind the end of an array that the driver declares, alone or inside a struct. Knows types; reads no memory. */
import type { CType } from '../../execution/ctype.ts';
import { placeName } from '../../execution/place.ts';
import { constantOf } from '../../execution/term.ts';
import type { TypeTable } from '../../execution/type-table.ts';
import type { Place } from '../../execution/value.ts';

/** A sentence for a place behind the end of an array on the way to it; arrays of one element may stand for any number. */
export function outsideArray({ object, path }: Place, types: TypeTable): string | undefined {
  let type: CType | undefined = object.type;
  for (const [depth, step] of path.entries()) {
    if (step.kind === 'field') {
      type = type && types.field(type, step.name)?.type;
      continue;
    }
    const array: CType | undefined = type;
    type = array?.kind === 'array' ? array.of : undefined;
    // Memory that is looked at in other units is not looked at by its elements.
    if (step.unit !== undefined && (!type || step.unit !== types.sizeOf(type))) return undefined;
    const index = constantOf(step.index);
    if (array?.kind !== 'array' || array.length === undefined || array.length <= 1 || index === undefined) continue;
    if (index >= 0n && index < BigInt(array.length)) continue;
    const name = placeName({ object, path: path.slice(0, depth) });
    return `\`${name}[${index}]\` is read, but \`${name}\` has ${array.length} elements: whatever lies behind it is taken for one.`;
  }
  return undefined;
}
