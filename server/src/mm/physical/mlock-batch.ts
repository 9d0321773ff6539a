/**
 * The list in which a processor gathers pages that become locked or unlocked, until it is full or somebody drains it (mm/mlock.c).
 * It holds a reference of each page. Knows neither vmas nor why a page is locked.
 */
import { atLeast } from '../../kernel/version.ts';
import type { System } from '../system.ts';
import { changeCounts } from './counts.ts';

/** `PAGEVEC_SIZE`. */
const batchSize = (system: System) => (atLeast(system.version, 6, 9) ? 31 : 15);

/** `mlock_folio` (5.18 and later): the page waits in the list; one of a larger block is not locked by its entries. */
export function mlock_folio(system: System, pfn: number): void {
  if (!isLarge(system, pfn)) add(system, pfn, 'mlock_folio');
}

/** `munlock_folio`: the page waits in the same list. From 6.7 on one of a larger block has it drained at once. */
export function munlock_folio(system: System, pfn: number): void {
  if (!isLarge(system, pfn)) add(system, pfn, 'munlock_folio');
  else if (atLeast(system.version, 6, 7)) lru_add_drain(system);
}

function add(system: System, pfn: number, by: string): void {
  if (!atLeast(system.version, 5, 18)) return;
  const { mlockBatch } = system.memory;
  changeCounts(system, { start: pfn, end: pfn + 1 }, { refcount: 1, mapcount: 0 }, by);
  mlockBatch.push(pfn);
  if (mlockBatch.length >= batchSize(system)) lru_add_drain(system);
}

function isLarge({ memory }: System, pfn: number): boolean {
  const allocation = memory.page(pfn)?.allocation;
  return allocation?.compound === true && !allocation.split;
}

/** `lru_add_drain`: the list gives its references back. */
export function lru_add_drain(system: System): void {
  for (const pfn of system.memory.mlockBatch.splice(0)) {
    changeCounts(system, { start: pfn, end: pfn + 1 }, { refcount: -1, mapcount: 0 }, 'mlock_folio_batch');
  }
}
