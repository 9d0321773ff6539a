/**
 * Units of the model: 4 KiB pages, 64-bit addresses, the x86-64 user address space.
 * Addresses and physical addresses are bytes (bigint); page counts are numbers; a page frame number crosses the
 * public surface as bigint and is kept inside as a number, because 52 bits are all that a page table entry holds.
 */
import { PAGE_SHIFT, PAGE_SIZE } from '../kernel/constants.ts';

export { PAGE_SHIFT, PAGE_SIZE };
export const PAGE_BYTES = Number(PAGE_SIZE);
/** First address user space may not use (x86-64 with four levels of page tables, less the guard page). */
export const TASK_SIZE = (1n << 47n) - PAGE_SIZE;
/** Highest address below which `mmap` searches downwards, without randomisation. */
export const MMAP_BASE = 0x7fff_f7ff_f000n;
/** Lowest address `mmap` gives out or accepts as a hint (`vm.mmap_min_addr`). */
export const MMAP_MIN_ADDR = 0x1_0000n;
export const ULONG_MAX = (1n << 64n) - 1n;

const pfnMask = (1n << 52n) - 1n;

/** Wraps an address or length to 64 bits, as C's `unsigned long` does. */
export function ulong(value: bigint): bigint {
  return BigInt.asUintN(64, value);
}

/** Whether `address` (bytes) starts a page. */
export function isPageAligned(address: bigint): boolean {
  return (address & (PAGE_SIZE - 1n)) === 0n;
}

/** `PAGE_ALIGN`: rounds bytes up to a page, with the wrap-around of `unsigned long`. */
export function pageAlign(length: bigint): bigint {
  return ulong(length + PAGE_SIZE - 1n) & ~(PAGE_SIZE - 1n);
}

/** The page-table index of the page that holds `address` (bytes): a virtual page number. */
export function pageOf(address: bigint): number {
  return Number(address >> PAGE_SHIFT);
}

/** The address (bytes) at which virtual page number `page` starts. */
export function addressOf(page: number): bigint {
  return BigInt(page) << PAGE_SHIFT;
}

/** The offset of `address` (bytes) in its page. */
export function offsetInPage(address: bigint): number {
  return Number(address & (PAGE_SIZE - 1n));
}

/** A pfn as the page tables keep it: the low 52 bits, as a number. */
export function pfnNumber(pfn: bigint): number {
  return Number(pfn & pfnMask);
}

/** `0x7f…` for messages and kernel log lines. */
export function hex(value: bigint | number): string {
  return `0x${value.toString(16)}`;
}

const units = ['bytes', 'KiB', 'MiB', 'GiB', 'TiB'] as const;

/** A size for people: `16 KiB (0x4000)`. */
export function formatSize(bytes: bigint): string {
  let size = bytes;
  let unit = 0;
  while (unit + 1 < units.length && size >= 1024n && size % 1024n === 0n) {
    size /= 1024n;
    unit += 1;
  }
  return `${size} ${units[unit] ?? ''} (${hex(bytes)})`;
}

/** The smaller of two bigints. */
export function lower(left: bigint, right: bigint): bigint {
  return right > left ? left : right;
}

/** The larger of two bigints. */
export function higher(left: bigint, right: bigint): bigint {
  return right < left ? left : right;
}
