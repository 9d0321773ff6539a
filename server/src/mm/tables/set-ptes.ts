/**
 * Putting entries into a page table, with the events; counting pages is part of the functions that map normal pages.
 */
import { atLeast } from '../../kernel/version.ts';
import type { Mm } from '../mm.ts';
import { sharesPages } from '../physical/allocation.ts';
import { changeCounts } from '../physical/counts.ts';
import type { PageState } from '../physical/page-state.ts';
import { addressOf, hex } from '../units.ts';
import { type Pte, type PteRun, viewPteRun } from './page-table.ts';
import { checkNewRmap } from './rmap-checks.ts';

/** Writes ptes for the virtual pages `[start, end)`; the first leads to `pte.pfn`. `by` is the kernel function. */
export function setPtes(mm: Mm, start: number, end: number, pte: Pte, by: string): void {
  mm.table.set(start, end, pte);
  mm.system.log.add({ kind: 'ptes-set', mm: mm.id, run: viewPteRun({ start, end, value: pte }), by });
}

/** A fresh entry for `pfn`: not dirty, accessed, each next page one pfn on. */
export function newPte(pfn: number, prot: bigint, options: Partial<Pte> = {}): Pte {
  return { pfn, step: 1, special: false, dirty: false, young: true, prot, ...options };
}

/**
 * Maps the page `pfn` as a normal page: a pte, one more on the map count, one page more of RSS. The reference that the
 * pte holds is `takes` (1), or the caller's own (0). Anonymous memory that is mapped like the page of a file counts as shared
 * memory (`mm_counter_file`).
 */
export function mapNormalPage(mm: Mm, page: number, pte: Pte, kind: 'file' | 'anonymous', takes: 0 | 1, by: string): void {
  const state = mm.system.memory.page(pte.pfn);
  if (state?.slab) reportSlab(mm, page, state, pte, by);
  if (kind === 'file') checkNewRmap(mm.system, { start: page, end: page + 1, value: pte });
  changeCounts(mm.system, { start: pte.pfn, end: pte.pfn + 1 }, { refcount: takes, mapcount: 1 }, by);
  mm.rss[kind === 'file' && state?.use === 'anonymous' ? 'shmem' : kind] += 1;
  setPtes(mm, page, page + 1, pte, by);
}

/**
 * A page of the slab allocator as a normal page. Up to 4.17 its own counters lie in the field of the map count and are
 * corrupted; later the objects beside the driver's are given away.
 */
function reportSlab(mm: Mm, page: number, state: PageState, pte: Pte, by: string): void {
  const corrupts = !atLeast(mm.system.version, 4, 18);
  const owner = state.allocation;
  if (!corrupts && owner && !sharesPages(owner)) return;
  const what = `${by} maps page ${hex(pte.pfn)} of ${owner?.label ?? 'a slab'} as if it were the driver's own.`;
  mm.system.report({
    kind: corrupts ? 'bad-page-state' : 'foreign-memory',
    message: corrupts
      ? `${what} The slab allocator keeps its counters in the field of struct page that counts mappings, so its data is corrupted.`
      : `${what} The page holds other objects of the slab allocator beside it.`,
    where: { function: by, file: 'mm/memory.c' },
    address: addressOf(page),
    pfn: BigInt(pte.pfn),
  });
}

/** Changes present ptes inside `[start, end)`; runs for which `change` gives the same entry stay silent. */
export function changePtes(mm: Mm, start: number, end: number, change: (run: PteRun) => Pte, by: string): void {
  const changed: PteRun[] = [];
  mm.table.update(start, end, (run) => {
    const pte = change(run);
    if (pte.prot !== run.value.prot || pte.dirty !== run.value.dirty || pte.young !== run.value.young) changed.push({ ...run, value: pte });
    return pte;
  });
  for (const run of changed) mm.system.log.add({ kind: 'ptes-changed', mm: mm.id, run: viewPteRun(run), by });
}
