/**
 * What the driver prints to the kernel's log: `printk`, `pr_info`, `dev_err`, … with their arguments put in. Prefixes that
 * the file does not spell out (`pr_fmt` of a header, the name of the device) are left out. Knows no trace.
 */
import type { Value } from '../../execution/value.ts';
import type { ExternalCall } from '../../execution/world.ts';
import { isPrinting } from '../../services/hints.ts';
import { formatValue, numberOf, placeOf } from './values.ts';

/** Calls that print nothing unless debugging is switched on. */
const debugging = /_(debug|dbg|vdbg|devel)(_|$)|^no_printk$|^DRM_DEBUG|^trace_|^(dprintk|DPRINTK)$/;

/** The line that the call prints; `undefined` for other calls, and for a format that is not spelled out. */
export function printedLine(call: ExternalCall): string | undefined {
  if (!isPrinting(call.name) || debugging.test(call.name)) return undefined;
  const index = call.expressions.findIndex(({ kind }) => kind === 'string');
  const format = call.expressions[index];
  if (format?.kind !== 'string') return undefined;
  return formatPrintk(format.value, call.arguments.slice(index + 1)).replace(/\n+$/, '');
}

/** Whether the call prints only the first time. */
export function printsOnce(name: string): boolean {
  return name.endsWith('_once');
}

const conversion = /%(?:%|([-+ #0]*)(\d+|\*)?(?:\.(\d+|\*))?(hh|h|ll|l|z|t|L)?(?:([diuxXocs])|(p[A-Za-z]*)))/g;

/** The text of a string that a value points to, where somebody knows it. */
type ReadText = (value: Value) => string | undefined;

const readLiteral: ReadText = (value) => placeOf(value)?.object.text;

/** `format` with its conversions replaced, as vsnprintf (lib/vsprintf.c) does without its pointer extensions. */
export function formatPrintk(format: string, args: readonly Value[], readText: ReadText = readLiteral): string {
  let next = 0;
  const argument = () => args[next++];
  const numberFrom = (written: string | undefined) => (written === '*' ? Number(numberOf(argument()) ?? 0n) : Number(written ?? 0));
  return format.replace(
    conversion,
    (all, flags = '', wide?: string, precise?: string, size?: string, letter?: string, pointer?: string) => {
      if (all === '%%') return '%';
      const width = numberFrom(wide);
      const precision = precise === undefined ? undefined : numberFrom(precise);
      const value = argument();
      if (letter === undefined || pointer !== undefined) return value ? formatValue(value) : '(null)';
      const text = value ? textOf(value, letter, size, flags.includes('#'), readText) : '?';
      const cut = letter === 's' ? text.slice(0, precision) : text.padStart(precision ?? 0, '0');
      if (flags.includes('-')) return cut.padEnd(width);
      return cut.padStart(width, flags.includes('0') && letter !== 's' ? '0' : ' ');
    },
  );
}

function textOf(value: Value, letter: string, size: string | undefined, alternate: boolean, readText: ReadText): string {
  if (letter === 's') return readText(value) ?? formatValue(value);
  const number = numberOf(value);
  if (number === undefined) return '?';
  if (letter === 'c') return String.fromCharCode(Number(number & 0xffn));
  const bits = size === undefined || size === 'h' || size === 'hh' ? 32 : 64;
  if (letter === 'd' || letter === 'i') return BigInt.asIntN(bits, number).toString();
  const unsigned = BigInt.asUintN(bits, number);
  if (letter === 'u') return unsigned.toString();
  if (letter === 'o') return unsigned.toString(8);
  const digits = unsigned.toString(16);
  return `${alternate ? '0x' : ''}${letter === 'X' ? digits.toUpperCase() : digits}`;
}
