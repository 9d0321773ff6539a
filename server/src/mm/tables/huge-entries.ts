/**
 * Large entries, which the table keeps as the small ones that they stand for. What cuts one takes all of it away where no struct page is
 * behind it: the next access faults again (`__split_huge_pmd`, `__split_huge_pud`, mm/huge_memory.c).
 */
import type { Mm } from '../mm.ts';
import { pageOf } from '../units.ts';
import { viewPteRun } from './page-table.ts';

/** The large entry that covers a virtual page, as virtual pages; `undefined` where small ones lie. */
function hugeEntryAt(mm: Mm, page: number): { readonly start: number; readonly end: number } | undefined {
  const pages = mm.table.get(page)?.huge;
  if (pages === undefined) return undefined;
  const start = page - (page % pages);
  return { start, end: start + pages };
}

/** Takes the large entry away that `address` (bytes) lies inside of, not at its start. */
export function splitHugeAt(mm: Mm, address: bigint, by: string): void {
  const entry = hugeEntryAt(mm, pageOf(address));
  if (entry && entry.start !== pageOf(address)) dropEntry(mm, entry, by);
}

/** Takes the large entry of a virtual page away. */
export function dropHugeEntry(mm: Mm, page: number, by: string): void {
  const entry = hugeEntryAt(mm, page);
  if (entry) dropEntry(mm, entry, by);
}

function dropEntry(mm: Mm, { start, end }: { readonly start: number; readonly end: number }, by: string): void {
  const runs = mm.table.slice(start, end);
  mm.table.clear(start, end);
  for (const run of runs) mm.system.log.add({ kind: 'ptes-cleared', mm: mm.id, run: viewPteRun(run), by });
}
