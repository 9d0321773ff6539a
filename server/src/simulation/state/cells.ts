/**
 * What kind of cell a place is, told by where it lies and what it is called: cells of a program's memory, constants of headers, links
 * of lists. Chooses no values.
 */
import type { CType } from '../../execution/ctype.ts';
import type { Place } from '../../execution/value.ts';

const userFieldOffset = 64n;

/** The address of a part of a struct in user memory of which nobody knows the layout: some way behind its start, in bytes. */
export function userField({ object, path }: Place): bigint | undefined {
  const { origin } = object;
  return origin.kind === 'assumed' && origin.at !== undefined && path.length > 0 ? origin.at + userFieldOffset : undefined;
}

/** A name in capitals that no file at hand defines. */
export function isHeaderConstant({ object, path }: Place): boolean {
  return path.length === 0 && object.origin.kind === 'global' && /^_*[A-Z][A-Z0-9]*(_\w+)?$/.test(object.name);
}

/** Whether the field of this name leads from one element of a list or tree to another. */
export function mayBeList(field: string, from: CType, to: CType): boolean {
  if (from.kind === 'struct' && to.kind === 'struct') return from.name === to.name;
  return /next|prev|parent|left|right|link|sibling|child|list|head|tail|chain/.test(field);
}
