/**
 * What still leads to memory at the moment it is freed. Ptes that hold a reference cannot get here; the special ptes of
 * raw pfn mappings can, and user space then reaches memory that belongs to somebody else.
 */
import { hasPteSpecial } from '../history/eras.ts';
import type { System } from '../system.ts';
import { pfnRange } from '../tables/page-table.ts';
import { addressOf, hex } from '../units.ts';
import type { Allocation } from './allocation.ts';

/** Reports every process that still maps `[start, end)` pfns by special ptes, or before 2.6.26 by any, and remembers the pages. */
export function noteFreed(
  system: System,
  range: { readonly start: number; readonly end: number },
  allocation: Allocation | undefined,
  by: string,
): void {
  for (const mm of system.processes) {
    for (const run of mm.table.runs) {
      if (!run.value.special && hasPteSpecial(system.version)) continue;
      const pfns = pfnRange(run);
      const start = Math.max(pfns.start, range.start);
      const end = Math.min(pfns.end, range.end);
      if (start >= end) continue;
      const first = system.memory.freedWhileMapped.get(start) === undefined;
      system.memory.freedWhileMapped.set(start, end, allocation);
      const address = addressOf(run.start + (pfns.times === 1 ? start - pfns.start : 0));
      if (!first) continue;
      system.report({
        kind: 'freed-while-mapped',
        message: `${by} frees ${allocation ? allocation.label : `page ${hex(start)}`} while a process still maps it at ${hex(address)} without a reference. From now on user space reads and writes memory that is no longer the driver's.`,
        where: { function: by, file: 'mm/page_alloc.c' },
        rule: 'S6.5',
        ...(mm.lookup(address) ? { vmaId: mm.lookup(address)?.id ?? 0 } : {}),
        address,
        pfn: BigInt(start),
        pages: end - start,
      });
    }
  }
}
