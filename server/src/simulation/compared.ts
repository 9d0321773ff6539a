/**
 * What a driver compares the length and the offset of a mapping with: a comparison of a number of the mapping with another one
 * tells what the driver would rather see there. Reads the comparisons of a run; knows no driver.
 */

/** Bytes. */
export interface Extent {
  readonly length: bigint;
  readonly offset: bigint;
}

const page = 4096n;
const wrap = 1n << 64n;

/** Mappings with a number as the driver compared it with, and one page to either side; the nearest to what was asked first. */
export function comparedExtents(compared: ReadonlySet<string>, { length, offset }: Extent): readonly Extent[] {
  const found = new Map<string, Extent>();
  const add = (extent: Extent) => {
    const isUsable = extent.length > 0n && extent.length % page === 0n && extent.offset >= 0n && extent.offset < wrap;
    if (isUsable && extent.offset % page === 0n && (extent.length !== length || extent.offset !== offset))
      found.set(`${extent.length} ${extent.offset}`, extent);
  };
  for (const pair of compared) {
    const [left = 0n, right = 0n] = pair.split(' ').map(BigInt);
    for (const [mine, other] of [
      [left, right],
      [right, left],
    ] as const) {
      if (other <= 0n || other >= wrap) continue;
      if (mine === length) for (const to of around(roundUp(other))) add({ length: to, offset });
      if (mine === length / page) for (const to of around(other * page)) add({ length: to, offset });
      if (mine === offset) for (const to of around(roundUp(other))) add({ length, offset: to });
      if (mine === offset / page) for (const to of around(other * page)) add({ length, offset: to });
      if (offset === 0n) continue;
      if (mine === offset + length) add({ length: roundUp(other) - offset, offset });
      if (mine === (offset + length) / page) add({ length: other * page - offset, offset });
    }
  }
  return [...found.values()];
}

/** The number, and the pages before and after it. */
function around(bytes: bigint): readonly bigint[] {
  return [bytes, bytes - page, bytes + page];
}

function roundUp(bytes: bigint): bigint {
  return ((bytes + page - 1n) / page) * page;
}
