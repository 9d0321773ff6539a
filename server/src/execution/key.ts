/**
 * Keys of cells. A key is the byte offset from the start of the object as far as layouts are known (`+24`), and names and
 * indexes where they are not (`.base.size`, `[i*8]+4`). So element 0 of a thing is the thing, members of a union share
 * their cells, and a field reached through a byte pointer is the field.
 */
import { constant, constantOf } from './term.ts';
import { termKey } from './term-key.ts';
import type { Step } from './value.ts';

/** Bytes `from` up to `to` after the place whose key is `prefix` (which ends in no offset), with all that is named below. */
export interface Range {
  readonly prefix: string;
  readonly from: number;
  readonly to: number;
}

/** The key of a path from the start of an object. */
export function pathKey(path: readonly Step[]): string {
  let key = '';
  let bytes = 0;
  for (const step of path) {
    if (step.kind === 'field') {
      if (step.offset !== undefined) {
        bytes += step.offset;
        continue;
      }
      const part = step.key ?? `.${step.name}`;
      if (part === '') continue;
      key += offsetKey(bytes) + part;
      bytes = 0;
      continue;
    }
    const index = constantOf(step.index);
    if (index !== undefined && step.unit !== undefined) bytes += Number(index) * step.unit;
    else if (index !== 0n) {
      key += `${offsetKey(bytes)}[${termKey(step.index)}${step.unit === undefined ? '' : `*${step.unit}`}]`;
      bytes = 0;
    }
  }
  return key + offsetKey(bytes);
}

/** How an offset is written at the end of a key. */
export function offsetKey(bytes: number): string {
  return bytes === 0 ? '' : bytes > 0 ? `+${bytes}` : `-${-bytes}`;
}

/** The part of an object of `size` bytes at `key`; everything after it where the size is not known. */
export function rangeOf(key: string, size: number | undefined): Range {
  const { prefix, offset } = splitKey(key);
  return { prefix, from: offset, to: size === undefined ? Number.POSITIVE_INFINITY : offset + size };
}

/** A key as the part before its offset at the end, and that offset. */
export function splitKey(key: string): { readonly prefix: string; readonly offset: number } {
  let at = key.length;
  while (at > 0 && isDigit(key.charCodeAt(at - 1))) at--;
  const sign = at > 0 && at < key.length ? key.charCodeAt(at - 1) : 0;
  if (sign !== plus && sign !== minus) return { prefix: key, offset: 0 };
  return { prefix: key.slice(0, at - 1), offset: Number(key.slice(at - 1)) };
}

const plus = 0x2b;
const minus = 0x2d;

function isDigit(code: number): boolean {
  return code >= 0x30 && code <= 0x39;
}

/** The key of the cell within the range, counted from its start; `undefined` for a cell outside. */
export function keyWithin(key: string, range: Range): string | undefined {
  const { prefix } = range;
  if (!key.startsWith(prefix)) return undefined;
  let at = prefix.length;
  let offset = 0;
  const first = key.charCodeAt(at);
  if (first === plus || first === minus) {
    const start = at++;
    while (at < key.length && isDigit(key.charCodeAt(at))) at++;
    offset = Number(key.slice(start, at));
  } else if (at < key.length && first !== 0x2e && first !== 0x5b) {
    // `.ab` does not lie within `.a`.
    return undefined;
  }
  if (offset < range.from || offset >= range.to) return undefined;
  return range.from === 0 ? key.slice(prefix.length) : offsetKey(offset - range.from) + key.slice(at);
}

/** The key of what lies at `rest` below the place whose key is `key`. */
export function joinKeys(key: string, rest: string): string {
  if (key === '' || rest === '') return key + rest;
  const first = rest.charCodeAt(0);
  if (first !== plus && first !== minus) return key + rest;
  const { prefix, offset } = splitKey(key);
  let end = 1;
  while (end < rest.length && isDigit(rest.charCodeAt(end))) end++;
  return prefix + offsetKey(offset + Number(rest.slice(0, end))) + rest.slice(end);
}

/** The range of `rest`, which is below the place whose key is `key`. */
export function joinRanges(key: string, rest: Range): Range {
  const { prefix, offset } = splitKey(key);
  if (rest.prefix !== '') return { ...rest, prefix: joinKeys(key, rest.prefix) };
  return { prefix, from: offset + rest.from, to: offset + rest.to };
}

/** The key of the first byte of the range. */
export function startOf(range: Range): string {
  return range.prefix + offsetKey(range.from);
}

/** Steps that lead to `rest`: bytes and names, for parts that no path in the text led to. */
export function keySteps(rest: string): readonly Step[] {
  return (rest.match(/[+-]\d+|\.[^.[+-]+|\[[^\]]*\]/g) ?? []).map((part): Step => {
    if (part.startsWith('.')) return { kind: 'field', name: part.slice(1) };
    if (part.startsWith('[')) return { kind: 'field', name: part, key: part };
    return { kind: 'element', index: constant(Number(part)), unit: 1 };
  });
}
