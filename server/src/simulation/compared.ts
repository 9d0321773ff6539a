/**
 * What a driver compares the length and the offset of a mapping with: a comparison of a number of the mapping with another one
 * tells what the driver would rather see there. Reads the comparisons of a run; knows no driver.
 */
import { PAGE_SIZE } from '../mm/units.ts';

/** Bytes. */
export interface Extent {
  readonly length: bigint;
  readonly offset: bigint;
}

const wrap = 1n << 64n;

/** Mappings with a number as the driver compared it with; then those with one page less or more. */
export function comparedExtents(compared: ReadonlySet<string>, { length, offset }: Extent): readonly Extent[] {
  const found = new Map<string, Extent>();
  const beside = new Map<string, Extent>();
  const add = (extent: Extent, to = found) => {
    const isUsable = extent.length > 0n && extent.length % PAGE_SIZE === 0n && extent.offset >= 0n && extent.offset < wrap;
    if (isUsable && extent.offset % PAGE_SIZE === 0n && (extent.length !== length || extent.offset !== offset))
      to.set(`${extent.length} ${extent.offset}`, extent);
  };
  const around = (bytes: bigint, make: (bytes: bigint) => Extent) => {
    add(make(bytes));
    add(make(bytes - PAGE_SIZE), beside);
    add(make(bytes + PAGE_SIZE), beside);
  };
  for (const pair of compared) {
    const [left = 0n, right = 0n] = pair.split(' ').map(BigInt);
    for (const [mine, other] of [
      [left, right],
      [right, left],
    ] as const) {
      if (other <= 0n || other >= wrap) continue;
      if (mine === length) around(roundUp(other), (to) => ({ length: to, offset }));
      if (mine === length / PAGE_SIZE) around(other * PAGE_SIZE, (to) => ({ length: to, offset }));
      if (mine === offset) around(roundUp(other), (to) => ({ length, offset: to }));
      if (mine === offset / PAGE_SIZE) around(other * PAGE_SIZE, (to) => ({ length, offset: to }));
      if (offset === 0n) continue;
      if (mine === offset + length) add({ length: roundUp(other) - offset, offset });
      if (mine === (offset + length) / PAGE_SIZE) add({ length: other * PAGE_SIZE - offset, offset });
    }
  }
  return [...found.values(), ...beside.values()];
}

function roundUp(bytes: bigint): bigint {
  return ((bytes + PAGE_SIZE - 1n) / PAGE_SIZE) * PAGE_SIZE;
}
