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
      if (letter === 's') return padded((value ? (readText(value) ?? formatValue(value)) : '?').slice(0, precision), width, flags);
      const number = value && numberOf(value);
      if (number === undefined) return '?';
      if (letter === 'c') return padded(String.fromCharCode(Number(number & 0xffn)), width, flags);
      return numberText(number, letter, { flags, width, precision: precision ?? 0, bits: bitsOf(size) });
    },
  );
}

function padded(text: string, width: number, flags: string): string {
  return flags.includes('-') ? text.padEnd(width) : text.padStart(width);
}

/** The width of the argument that a length modifier names. */
function bitsOf(size: string | undefined): number {
  if (size === undefined) return 32;
  return size === 'hh' ? 8 : size === 'h' ? 16 : 64;
}

interface NumberFormat {
  readonly flags: string;
  readonly width: number;
  readonly precision: number;
  readonly bits: number;
}

/** `number()` of lib/vsprintf.c: zeros to fill up stand behind the sign and the prefix. */
function numberText(number: bigint, letter: string, { flags, width, precision, bits }: NumberFormat): string {
  const isSigned = letter === 'd' || letter === 'i';
  const value = isSigned ? BigInt.asIntN(bits, number) : BigInt.asUintN(bits, number);
  const base = letter === 'o' ? 8 : letter === 'x' || letter === 'X' ? 16 : 10;
  const plus = flags.includes('+') ? '+' : flags.includes(' ') ? ' ' : '';
  const sign = value < 0n ? '-' : isSigned ? plus : '';
  const alternate = flags.includes('#') && (base === 16 || (base === 8 && value !== 0n));
  const prefix = alternate ? (base === 16 ? '0x' : '0') : '';
  const before = sign + prefix;
  const digits = (value < 0n ? -value : value).toString(base).padStart(precision, '0');
  const isFilled = flags.includes('0') && !flags.includes('-');
  const text = before + (isFilled ? digits.padStart(width - before.length, '0') : digits);
  return padded(letter === 'X' ? text.toUpperCase() : text, width, flags);
}
