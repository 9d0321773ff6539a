/**
 * Numbers as text and back: `sprintf` and its relatives write bytes that a mapping shows, `sscanf`, `kstrtoul`, `simple_strtoul` and their
 * relatives read what the driver has, as lib/vsprintf.c and lib/kstrtox.c do. What is printed to the log is `print-calls.ts`.
 */
import type { IntegerType } from '../../execution/ctype.ts';
import type { Place } from '../../execution/value.ts';
import { errno } from '../../mm/errno.ts';
import { PAGE_SIZE } from '../../mm/units.ts';
import type { CallContext, KernelCall, KernelCallTable } from './call-context.ts';
import { structType } from './objects.ts';
import { formatPrintk } from './print-calls.ts';
import { bytesOfText, characterAt, putBytes, textAt } from './text-bytes.ts';
import { integer, intValue, nothing, numberOf, placeOf, pointerTo } from './values.ts';

const ERANGE = 34;

function text(context: CallContext, index: number): string | undefined {
  const place = context.place(index);
  return place && textAt(context.environment.memory, context.machine, place);
}

/** `sprintf(to, format, …)`, with `size` the index of the room; `result` is what would be written, or what was. */
function print(format: number, size?: number, result: 'wanted' | 'written' = 'wanted', room?: bigint): KernelCall {
  return (context) => {
    const place = context.place(0);
    const pattern = text(context, format);
    const most = size === undefined ? room : context.ulong(size);
    if (!place || pattern === undefined || (size !== undefined && most === undefined)) return undefined;
    const { memory } = context.environment;
    const line = formatPrintk(pattern, context.call.arguments.slice(format + 1), (value) => {
      const at = placeOf(value);
      return at && textAt(memory, context.machine, at);
    });
    const kept = most === undefined ? line : line.slice(0, Math.max(0, Number(most) - 1));
    if (most !== 0n) putBytes(memory, place, bytesOfText(`${kept}\0`));
    return intValue(result === 'wanted' ? line.length : kept.length);
  };
}

/** `kasprintf(gfp, format, …)`: new memory with the text; `first` is the index of the format. */
function printNew(first: number): KernelCall {
  return (context) => {
    const pattern = text(context, first);
    if (pattern === undefined) return undefined;
    const { memory } = context.environment;
    const line = formatPrintk(pattern, context.call.arguments.slice(first + 1), (value) => {
      const at = placeOf(value);
      return at && textAt(memory, context.machine, at);
    });
    const object = context.machine.allocate(context.label(), intType(8, true), context.origin(BigInt(line.length + 1), true));
    putBytes(memory, { object, path: [] }, bytesOfText(`${line}\0`));
    return pointerTo(object);
  };
}

/** `seq_printf(seq, format, …)`: what has no room marks the buffer full, so that the record is made again in a larger one. */
const printToSequence: KernelCall = (context) => {
  const seq = context.place(0);
  const pattern = text(context, 1);
  if (!seq || pattern === undefined) return undefined;
  const { machine, call, environment } = context;
  const { memory } = environment;
  const field = (name: string): Place => ({
    object: seq.object,
    path: [...seq.path, environment.types.field(structType('seq_file'), name)?.step ?? { kind: 'field', name }],
  });
  const buffer = placeOf(machine.read(field('buf'), { kind: 'pointer', to: intType(8, true) }));
  const [count, size] = ['count', 'size'].map((name) => numberOf(machine.read(field(name), intType(64, false))));
  if (!buffer || count === undefined || size === undefined) return undefined;
  const line = formatPrintk(pattern, call.arguments.slice(2), (value) => {
    const at = placeOf(value);
    return at && textAt(memory, machine, at);
  });
  const fits = count + BigInt(line.length) < size;
  if (fits) putBytes(memory, characterAt(buffer, Number(count)).place, bytesOfText(line));
  machine.write(field('count'), integer(intType(64, false), fits ? count + BigInt(line.length) : size), call.span);
  return nothing;
};

type Bits = IntegerType['bits'];

const intType = (bits: Bits, signed: boolean): IntegerType => ({ kind: 'integer', bits, signed });

/** `_parse_integer` with the base that the text itself names where `base` is 0: the value and the characters that it takes. */
function parse(input: string, base: number): { readonly value: bigint; readonly length: number } | undefined {
  const sign = /^[+-]/.exec(input)?.[0] ?? '';
  const rest = input.slice(sign.length);
  const isHex = /^0x[0-9a-f]/i.test(rest);
  const used = base !== 0 ? base : isHex ? 16 : /^0\d/.test(rest) ? 8 : 10;
  const prefix = used === 16 && isHex ? 2 : 0;
  const allowed = '0123456789abcdefghijklmnopqrstuvwxyz'.slice(0, used);
  let value = 0n;
  let at = prefix;
  for (; at < rest.length; at++) {
    const digit = allowed.indexOf((rest[at] ?? '').toLowerCase());
    if (digit < 0) break;
    value = value * BigInt(used) + BigInt(digit);
  }
  if (at === prefix) return undefined;
  return { value: sign === '-' ? -value : value, length: sign.length + at };
}

/** `kstrtoint(s, base, res)`: the whole text, but for one line end. */
function toNumber(bits: Bits, signed: boolean): KernelCall {
  return (context) => {
    const input = text(context, 0)?.replace(/\n$/, '');
    const base = context.ulong(1);
    const place = context.place(2);
    if (input === undefined || base === undefined || !place) return undefined;
    const parsed = parse(input, Number(base));
    if (!parsed || parsed.length !== input.length || (!signed && input.startsWith('-'))) return intValue(-errno.EINVAL);
    const [low, high] = signed ? [-(1n << BigInt(bits - 1)), (1n << BigInt(bits - 1)) - 1n] : [0n, (1n << BigInt(bits)) - 1n];
    if (parsed.value < low || parsed.value > high) return intValue(-ERANGE);
    context.machine.write(place, integer(intType(bits, signed), parsed.value), context.call.span);
    return intValue(0);
  };
}

/** `kstrtobool(s, res)`: y, t, 1, on and n, f, 0, off. */
const toBool: KernelCall = (context) => {
  const input = text(context, 0);
  const place = context.place(1);
  if (input === undefined || !place) return undefined;
  const isOn = /^([yYtT1]|[oO][nN])/.test(input);
  if (!isOn && !/^([nNfF0]|[oO][fF])/.test(input)) return intValue(-errno.EINVAL);
  context.machine.write(place, integer({ kind: 'integer', bits: 8, signed: false }, isOn ? 1n : 0n), context.call.span);
  return intValue(0);
};

/** `simple_strtoul(s, &end, base)`. */
function simple(signed: boolean): KernelCall {
  return (context) => {
    const from = context.place(0);
    const input = text(context, 0);
    const base = context.ulong(2);
    if (!from || input === undefined || base === undefined) return undefined;
    const parsed = parse(input, Number(base)) ?? { value: 0n, length: 0 };
    const end = context.place(1);
    if (end) context.machine.write(end, characterAt(from, parsed.length), context.call.span);
    return integer(intType(64, signed), parsed.value);
  };
}

const conversion = /^%(\*)?(\d+)?(hh|h|ll|l|L|z|t|j)?([diuxXocsn%])/;
const widths: Readonly<Record<string, Bits>> = { hh: 8, h: 16, l: 64, ll: 64, L: 64, z: 64, t: 64, j: 64 };
const bases: Readonly<Record<string, number>> = { i: 0, x: 16, X: 16, o: 8 };

/** `sscanf(text, format, …)`: how many were found. */
const scan: KernelCall = (context) => {
  const input = text(context, 0);
  const format = text(context, 1);
  if (input === undefined || format === undefined) return undefined;
  const { machine, call, environment } = context;
  let [at, from, target, found] = [0, 0, 2, 0];
  while (from < format.length) {
    const rest = format.slice(from);
    const spaces = /^\s+/.exec(rest)?.[0];
    const skipped = /^\s*/.exec(input.slice(at))?.[0].length ?? 0;
    if (spaces !== undefined) {
      from += spaces.length;
      at += skipped;
      continue;
    }
    const wanted = conversion.exec(rest);
    const letter = wanted?.[4];
    if (!wanted || letter === undefined || letter === '%') {
      if (input[at] !== rest[0]) return intValue(found);
      at += 1;
      from += wanted?.[0].length ?? 1;
      continue;
    }
    const [all, star, width, size = ''] = wanted;
    from += all.length;
    const place = star === undefined ? context.place(target++) : undefined;
    if (letter === 'n') {
      if (place) machine.write(place, intValue(at), call.span);
      continue;
    }
    if (letter !== 'c') at += skipped;
    if (at >= input.length) return intValue(found);
    const piece = input.slice(at, width === undefined ? undefined : at + Number(width));
    if (letter === 's' || letter === 'c') {
      const taken = letter === 'c' ? piece.slice(0, Number(width ?? 1)) : (/^\S*/.exec(piece)?.[0] ?? '');
      if (place) putBytes(environment.memory, place, bytesOfText(letter === 'c' ? taken : `${taken}\0`));
      at += taken.length;
    } else {
      const parsed = parse(piece, bases[letter] ?? 10);
      if (!parsed) return intValue(found);
      const type = intType(widths[size] ?? 32, letter === 'd' || letter === 'i');
      if (place) machine.write(place, integer(type, parsed.value), call.span);
      at += parsed.length;
    }
    if (place) found += 1;
  }
  return intValue(found);
};

export const textNumberCalls: KernelCallTable = {
  sprintf: print(1),
  snprintf: print(2, 1),
  scnprintf: print(2, 1, 'written'),
  kasprintf: printNew(1),
  devm_kasprintf: printNew(2),
  seq_printf: printToSequence,
  sysfs_emit: print(1, undefined, 'written', PAGE_SIZE),
  sscanf: scan,
  kstrtoint: toNumber(32, true),
  kstrtouint: toNumber(32, false),
  kstrtol: toNumber(64, true),
  kstrtoul: toNumber(64, false),
  kstrtoll: toNumber(64, true),
  kstrtoull: toNumber(64, false),
  kstrtou8: toNumber(8, false),
  kstrtos8: toNumber(8, true),
  kstrtou16: toNumber(16, false),
  kstrtos16: toNumber(16, true),
  kstrtou32: toNumber(32, false),
  kstrtos32: toNumber(32, true),
  kstrtou64: toNumber(64, false),
  kstrtos64: toNumber(64, true),
  kstrtobool: toBool,
  simple_strtoul: simple(false),
  simple_strtoull: simple(false),
  simple_strtol: simple(true),
  simple_strtoll: simple(true),
};
