/** What the numbers that a driver compares tell about the mapping that it wants. */
import { describe, expect, it } from 'vitest';
import { comparedExtents } from '../../server/src/simulation/compared.ts';

const asked = { length: 0x10000n, offset: 0x4000n };
const found = (...pairs: readonly string[]) => comparedExtents(new Set(pairs), asked);

describe('a comparison', () => {
  it('of the length suggests the other number, and a page to either side', () => {
    expect(found('65536 8192')).toEqual([
      { length: 0x2000n, offset: 0x4000n },
      { length: 0x1000n, offset: 0x4000n },
      { length: 0x3000n, offset: 0x4000n },
    ]);
  });

  it('of the length in pages, on either side of the operator, suggests so many pages', () => {
    expect(found('64 16').map(({ length }) => length)).toEqual([0x40000n, 0x3f000n, 0x41000n]);
  });

  it('of the offset suggests another offset', () => {
    expect(found('16384 2130706432').map(({ offset }) => offset)).toEqual([0x7f000000n, 0x7efff000n, 0x7f001000n]);
  });

  it('of the end of the mapping suggests the length that fits', () => {
    expect(found('81920 32768')).toEqual([{ length: 0x4000n, offset: 0x4000n }]);
  });

  it('of numbers that are not the mapping suggests nothing', () => {
    expect(found('7 9', '65536 0')).toEqual([]);
  });
});
