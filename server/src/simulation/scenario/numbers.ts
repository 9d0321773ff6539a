/** Numbers with units and addresses, from text and back. Knows neither lines nor statements. */
import type { Amount, NumberWidth, UserAddress } from './model.ts';

const units: Readonly<Record<string, bigint>> = { '': 1n, p: 4096n, K: 1n << 10n, M: 1n << 20n, G: 1n << 30n, T: 1n << 40n };

/** More digits than any 64-bit number needs. */
const longestNumber = 200;
const limit = 1n << 64n;

/**
 * `4p`, `16K`, `0x1000`, `-1`, `2p+16`: in bytes, pages being 4 KiB. `undefined` when the text is no number or needs more than
 * 64 bits.
 */
export function parseNumber(text: string): bigint | undefined {
  if (text.length > longestNumber) return undefined;
  const term = /([+-]?)(0x[0-9a-fA-F]{1,16}|\d{1,20})([pKMGT]?)/y;
  let sum = 0n;
  for (let at = 0; at < text.length; at = term.lastIndex) {
    const match = term.exec(text);
    if (!match?.[2] || (at > 0 && match[1] === '')) return undefined;
    const value = BigInt(match[2]) * (units[match[3] ?? ''] ?? 1n);
    sum += match[1] === '-' ? -value : value;
  }
  return text === '' || sum >= limit || sum <= -limit ? undefined : sum;
}

const addressForm = /^([A-Za-z_]\w*)(\.end)?([+-].*)?$/;

/** `a`, `a+1p`, `a.end-1p`, `0x7f0000000000`. */
export function parseAddress(text: string): UserAddress | undefined {
  const absolute = parseNumber(text);
  if (absolute !== undefined) return absolute < 0n ? undefined : { offset: absolute };
  const match = text.length > longestNumber ? undefined : addressForm.exec(text);
  if (!match?.[1]) return undefined;
  const offset = match[3] === undefined ? 0n : parseNumber(match[3]);
  return offset === undefined ? undefined : { mapping: match[1], offset, ...(match[2] ? { fromEnd: true } : {}) };
}

const loadForm = /^u(8|16|32|64)\((.*)\)$/;
const widths: Readonly<Record<string, NumberWidth>> = { 8: 1, 16: 2, 32: 4, 64: 8 };

/** A number, an address, or what memory holds: `u64(a+16)`. */
export function parseAmount(text: string): Amount | undefined {
  const number = parseNumber(text);
  if (number !== undefined) return number;
  const load = loadForm.exec(text);
  const address = parseAddress(load?.[2] ?? text);
  const bytes = widths[load?.[1] ?? ''];
  if (!address) return undefined;
  return bytes === undefined ? { kind: 'address', address } : { kind: 'load', bytes, address };
}

/** The shortest text that `parseNumber` reads back: whole pages with `p`, else plain. */
export function formatNumber(value: bigint): string {
  if (value < 0n) return `-${formatNumber(-value)}`;
  if (value > 0n && value % 4096n === 0n) return value / 4096n < 1n << 16n ? `${value / 4096n}p` : `0x${value.toString(16)}`;
  return value >= 0x10000n ? `0x${value.toString(16)}` : value.toString();
}

/** `a+1p`, `a`, `a.end-1p`, `0x7f0000000000`. */
export function formatAddress(address: UserAddress): string {
  if (address.mapping === undefined) return `0x${address.offset.toString(16)}`;
  const place = `${address.mapping}${address.fromEnd ? '.end' : ''}`;
  if (address.offset === 0n) return place;
  const sign = address.offset < 0n ? '-' : '+';
  return `${place}${sign}${formatNumber(address.offset < 0n ? -address.offset : address.offset)}`;
}

/** The text that `parseAmount` reads back. */
export function formatAmount(amount: Amount): string {
  if (typeof amount === 'bigint') return formatNumber(amount);
  const address = formatAddress(amount.address);
  return amount.kind === 'address' ? address : `u${amount.bytes * 8}(${address})`;
}
