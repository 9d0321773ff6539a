/**
 * The string functions of the kernel on the driver's memory (lib/string.c, lib/string_helpers.c): copies, comparisons, searches and fills
 * move real bytes, so that a mapping of the memory shows them. Formatting and parsing of numbers are `text-numbers.ts`.
 */
import type { Place } from '../../execution/value.ts';
import type { CallContext, KernelCall, KernelCallTable } from './call-context.ts';
import { bytesAt, bytesOfText, characterAt, putBytes, textAt } from './text-bytes.ts';
import { integer, intValue, nullPointer, placeOf, ulongValue } from './values.ts';

/** Larger fills and copies are not followed. Bytes. */
const largest = 0x40_0000n;

function text(context: CallContext, index: number, most?: number): string | undefined {
  const place = context.place(index);
  return place && textAt(context.environment.memory, context.machine, place, most);
}

/** Puts text and its NUL at argument 0. */
function put(context: CallContext, place: Place, written: string): void {
  putBytes(context.environment.memory, place, bytesOfText(`${written}\0`));
}

/** `strcpy`, `stpcpy`, and with `joined` `strcat`: the whole string. */
function copyWhole(joined: boolean): KernelCall {
  return (context) => {
    const place = context.place(0);
    const source = text(context, 1);
    const before = joined ? text(context, 0) : '';
    if (!place || source === undefined || before === undefined) return undefined;
    put(context, place, before + source);
    return context.argument(0);
  };
}

/** `strncpy(to, from, n)`: no NUL where the string is longer, NULs to the end where it is shorter. */
const copyPadded: KernelCall = (context) => {
  const place = context.place(0);
  const length = context.ulong(2);
  if (!place || length === undefined || length > largest) return undefined;
  const source = text(context, 1, Number(length));
  if (source === undefined) return undefined;
  putBytes(context.environment.memory, place, bytesOfText(source.padEnd(Number(length), '\0')));
  return context.argument(0);
};

/** The room at argument 0: `strscpy(to, from)` of 6.8 and later takes that of the array. */
function roomOf(context: CallContext): bigint | undefined {
  if (context.call.arguments.length > 2) return context.ulong(2);
  const type = context.call.types[0];
  const size = type && context.environment.types.sizeOf(type);
  return type?.kind === 'array' && size !== undefined ? BigInt(size) : undefined;
}

/** `strscpy` gives what was copied or -E2BIG, `strlcpy` the length of the source. */
function copyCut(result: 'copied' | 'source', padded = false): KernelCall {
  return (context) => {
    const place = context.place(0);
    const room = roomOf(context);
    const source = text(context, 1);
    if (!place || room === undefined || room > largest || source === undefined) return undefined;
    const kept = room === 0n ? '' : source.slice(0, Number(room) - 1);
    if (room > 0n) put(context, place, padded ? kept.padEnd(Number(room) - 1, '\0') : kept);
    if (result === 'source') return ulongValue(BigInt(source.length));
    return integer(ssize, kept.length < source.length ? BigInt(-E2BIG) : BigInt(kept.length));
  };
}

const E2BIG = 7;
const ssize = { kind: 'integer', bits: 64, signed: true, name: 'ssize_t' } as const;

/** Compares strings up to `limit` bytes of the argument with that index. */
function compare(change: (each: string) => string = (each) => each, limit?: number): KernelCall {
  return (context) => {
    const most = limit === undefined ? undefined : context.ulong(limit);
    const [left, right] = [0, 1].map((index) => text(context, index, most === undefined ? undefined : Number(most)));
    if (left === undefined || right === undefined) return undefined;
    const [a, b] = [change(left), change(right)];
    return intValue(a === b ? 0 : a < b ? -1 : 1);
  };
}

const lower = (each: string) => each.toLowerCase();

/** `sysfs_streq`, without a line end. */
const sameLine: KernelCall = (context) => {
  const [left, right] = [0, 1].map((index) => text(context, index)?.replace(/\n$/, ''));
  return left === undefined || right === undefined ? undefined : intValue(left === right ? 1 : 0);
};

const compareBytes: KernelCall = (context) => {
  const length = context.ulong(2);
  if (length === undefined || length > largest) return undefined;
  const [left, right] = [0, 1].map((index) => {
    const place = context.place(index);
    const { memory } = context.environment;
    const isKnown = place && (place.object.text !== undefined || memory.allocationOf(place.object) !== undefined);
    return isKnown ? bytesAt(memory, place, Number(length)) : undefined;
  });
  if (!left || !right) return undefined;
  const at = left.findIndex((byte, index) => byte !== right[index]);
  return intValue(at < 0 ? 0 : (left[at] ?? 0) < (right[at] ?? 0) ? -1 : 1);
};

/** `strlen`, `strnlen`. */
const length: KernelCall = (context) => {
  const most = context.call.arguments.length > 1 ? context.ulong(1) : undefined;
  const found = text(context, 0, most === undefined ? undefined : Number(most));
  return found === undefined ? undefined : ulongValue(BigInt(found.length));
};

/** Where in the string of argument 0 something is; NULL where it is not. */
function find(where: (text: string, context: CallContext) => number | undefined): KernelCall {
  return (context) => {
    const place = context.place(0);
    const found = text(context, 0);
    const at = found === undefined ? undefined : where(found, context);
    if (!place || at === undefined) return undefined;
    return at < 0 ? nullPointer() : characterAt(place, at);
  };
}

const character = (context: CallContext) => String.fromCharCode(Number((context.ulong(1) ?? 0n) & 0xffn));

/** `strim`: the spaces at the end become a NUL, those at the beginning are skipped. */
const trim: KernelCall = (context) => {
  const place = placeOf(context.argument(0));
  const found = text(context, 0);
  if (!place || found === undefined) return undefined;
  const kept = found.replace(/[ \t\n\v\f\r]+$/, '');
  if (kept.length < found.length) put(context, place, kept);
  return characterAt(place, kept.length - kept.replace(/^[ \t\n\v\f\r]+/, '').length);
};

/** `memset16`, `memset32`, `memset64`: `count` numbers of `size` bytes. */
function fill(size: number): KernelCall {
  return (context) => {
    const place = context.place(0);
    const value = context.ulong(1);
    const count = context.ulong(2);
    if (!place || value === undefined || count === undefined || count * BigInt(size) > largest) return undefined;
    const bytes = Uint8Array.from({ length: Number(count) * size }, (_, at) => Number((value >> BigInt(8 * (at % size))) & 0xffn));
    putBytes(context.environment.memory, place, bytes);
    return context.argument(0);
  };
}

export const textCalls: KernelCallTable = {
  strcpy: copyWhole(false),
  strcat: copyWhole(true),
  strncpy: copyPadded,
  strscpy: copyCut('copied'),
  strscpy_pad: copyCut('copied', true),
  strlcpy: copyCut('source'),
  strcmp: compare(),
  strncmp: compare(undefined, 2),
  strcasecmp: compare(lower),
  strncasecmp: compare(lower, 2),
  sysfs_streq: sameLine,
  memcmp: compareBytes,
  bcmp: compareBytes,
  strlen: length,
  strnlen: length,
  strchr: find((found, context) => found.indexOf(character(context))),
  strrchr: find((found, context) => found.lastIndexOf(character(context))),
  strstr: find((found, context) => {
    const sought = text(context, 1);
    return sought === undefined ? undefined : found.indexOf(sought);
  }),
  skip_spaces: find((found) => found.length - found.replace(/^[ \t\n\v\f\r]+/, '').length),
  strim: trim,
  strstrip: trim,
  memset16: fill(2),
  memset32: fill(4),
  memset64: fill(8),
  memset_l: fill(8),
};
