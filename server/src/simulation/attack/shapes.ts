/**
 * The mappings that an attack asks for: lengths and offsets around every size that the driver's state tells, the numbers on
 * which C programs break, and each kind of protection, sharing and open mode. Data in, data out; knows no driver and no run.
 */
import { PAGE_SIZE } from '../../mm/units.ts';
import type { OpenMode, Protection } from '../scenario/model.ts';
import type { Way } from '../search.ts';

/** One open and one mmap. Bytes. */
export interface Shape {
  readonly length: bigint;
  readonly offset: bigint;
  readonly protection: Protection;
  readonly sharing: 'shared' | 'private';
  readonly mode: OpenMode;
}

/** x86-64 without five-level tables: no mapping is longer. */
const addressSpace = 1n << 47n;
const wrap = 1n << 64n;

export const readWrite: Protection = { read: true, write: true, execute: false };
export const readOnly: Protection = { read: true, write: false, execute: false };

/** The mapping that the handler accepts, as the way through it was found. */
export function usualShape({ mapping: { length, offset, writable, sharing } }: Way): Shape {
  return { length, offset, sharing, mode: 'rw', protection: writable ? readWrite : readOnly };
}

const protections: readonly Protection[] = [
  readWrite,
  readOnly,
  { read: false, write: true, execute: false },
  { read: false, write: false, execute: false },
  { read: true, write: true, execute: true },
];

/** The usual mapping with every protection, sharing and open mode. */
export function* kinds(usual: Shape): Iterable<Shape> {
  for (const sharing of ['shared', 'private'] as const)
    for (const mode of ['rw', 'ro'] as const) for (const protection of protections) yield { ...usual, sharing, mode, protection };
}

/**
 * Lengths and offsets around `sizes` (bytes or pages, whichever they are), around the usual mapping, and far out. The
 * likeliest to be misjudged come first.
 */
export function* ranges(usual: Shape, sizes: readonly bigint[]): Iterable<Shape> {
  const known = [...new Set([usual.length, ...sizes.flatMap((size) => [size, size * PAGE_SIZE]).map(roundUp)])]
    .filter((size) => size > 0n && size < addressSpace)
    .slice(0, 12);
  const shape = (length: bigint, offset: bigint) => ({ ...usual, length, offset: BigInt.asUintN(64, offset) });
  for (const size of known) {
    yield shape(size, usual.offset);
    yield shape(size + PAGE_SIZE, usual.offset);
    yield shape(PAGE_SIZE, usual.offset + size);
    yield shape(PAGE_SIZE, usual.offset + size - PAGE_SIZE);
    yield shape(usual.length, usual.offset + PAGE_SIZE);
    yield shape(PAGE_SIZE * 2n, usual.offset + size - PAGE_SIZE);
    yield shape(size, usual.offset + size - PAGE_SIZE);
    yield shape(size * 2n, usual.offset);
  }
  yield shape(PAGE_SIZE, usual.offset);
  yield shape(PAGE_SIZE, usual.offset + PAGE_SIZE);
  for (const length of farLengths) yield shape(length, usual.offset);
  for (const offset of farOffsets) yield shape(PAGE_SIZE, offset);
  for (const offset of farOffsets) yield shape(usual.length, offset);
  // The sum of offset and length is 0 or small once more.
  for (const bits of [31n, 32n, 64n]) {
    for (const length of [PAGE_SIZE * 2n, ...known]) {
      yield shape(length, (1n << bits) - length);
      yield shape(length, (1n << bits) - length + PAGE_SIZE);
      yield shape(length, (1n << bits) - PAGE_SIZE);
    }
  }
  for (const size of known) yield shape((1n << 32n) + size, usual.offset);
  for (const size of known) yield shape(PAGE_SIZE, wrap - size - PAGE_SIZE);
}

/** Longer than nearly every device, and not too long to be walked through. Bytes. */
export const farLength = 0x400_0000n;

const farLengths: readonly bigint[] = [
  0x10_0000n,
  farLength,
  1n << 31n,
  (1n << 32n) - PAGE_SIZE,
  1n << 32n,
  (1n << 32n) + PAGE_SIZE,
  1n << 40n,
  1n << 44n,
];

/** In the midst of RAM, for handlers that take an offset for a physical address. */
const amidRam = 0x1000_0000n;

const farOffsets: readonly bigint[] = [
  0n,
  PAGE_SIZE,
  0x10n * PAGE_SIZE,
  0x100n * PAGE_SIZE,
  amidRam,
  (1n << 31n) - PAGE_SIZE,
  1n << 31n,
  (1n << 32n) - PAGE_SIZE,
  1n << 32n,
  (1n << 32n) + PAGE_SIZE,
  1n << 40n,
  1n << 44n,
  1n << 52n,
  (1n << 63n) - PAGE_SIZE,
  1n << 63n,
  wrap - PAGE_SIZE,
  wrap - 2n * PAGE_SIZE,
];

function roundUp(bytes: bigint): bigint {
  return ((bytes + PAGE_SIZE - 1n) / PAGE_SIZE) * PAGE_SIZE;
}
