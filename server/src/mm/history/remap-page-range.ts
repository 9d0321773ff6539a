/**
 * `remap_page_range` (up to 2.6.10) and `remap_pfn_range` up to 2.6.14 (mm/memory.c): they map what has no struct page and what
 * is reserved, and leave every other page out without a word, so that the program finds pages of zeros there.
 */
import { atLeast, type KernelVersion } from '../../kernel/version.ts';
import { BUG_ON, checkInsideVma, checkOwnership } from '../calls/shared.ts';
import { errno } from '../errno.ts';
import { changeCounts } from '../physical/counts.ts';
import { type PteRun, pfnRange } from '../tables/page-table.ts';
import { newPte, setPtes } from '../tables/set-ptes.ts';
import { addressOf, formatSize, hex, PAGE_SHIFT, PAGE_SIZE, pageAlign, pageOf, pfnNumber, ulong } from '../units.ts';
import type { Vma } from '../vma.ts';
import { reservedDecides } from './eras.ts';
import { judgeRun } from './normal-run.ts';

/**
 * `remap_page_range([vma,] from, phys_addr, size, prot)`: `physical` is an address in bytes. Sets no flag of the vma and counts
 * nothing. Gives 0, also when every page was left out. BUGs when the end does not lie behind the start, and over an entry that
 * is there (from 2.4.16 on; before, the entry is replaced).
 */
export function remap_page_range(vma: Vma, from: bigint, physical: bigint, size: bigint, prot: bigint): number {
  const end = ulong(from + size);
  BUG_ON(
    from >= end,
    vma,
    'remap_page_range',
    `remap_page_range is asked for ${hex(size)} bytes at ${hex(from)}: the end does not lie behind the start, so the kernel stops.`,
    'S5.2',
    from,
  );
  return remapSkipping(vma, from, pageAlign(end), pfnNumber(physical >> PAGE_SHIFT), prot, 'remap_page_range');
}

/** `io_remap_page_range`: the same by another name everywhere but on sparc. */
export function io_remap_page_range(vma: Vma, from: bigint, physical: bigint, size: bigint, prot: bigint): number {
  return remap_page_range(vma, from, physical, size, prot);
}

/**
 * The loop of both calls: entries for `[start, end)` bytes from page `pfn` on. Up to 2.6.14 RAM that is not reserved is left out.
 */
export function remapSkipping(vma: Vma, start: bigint, end: bigint, pfn: number, prot: bigint, by: string): number {
  const mm = vma.vm_mm;
  checkInsideVma(vma, start, end, by);
  for (const { start: from, end: to } of mappable(vma, pfn, Number((end - start) >> PAGE_SHIFT))) {
    const page = pageOf(start) + from - pfn;
    const free = makeRoom(vma, page, page + to - from);
    if (free > page) {
      checkOwnership(vma, addressOf(page), from, free - page, by);
      setPtes(mm, page, free, newPte(from, prot), by);
    }
    if (free < page + to - from) return presentEntry(vma, free, by);
  }
  return 0;
}

/** The pfns of `[pfn, pfn + pages)` that get an entry; what is left out is said. */
function mappable(vma: Vma, pfn: number, pages: number): readonly { readonly start: number; readonly end: number }[] {
  const { system } = vma.vm_mm;
  if (!reservedDecides(system.version)) return [{ start: pfn, end: pfn + pages }];
  const mapped: { start: number; end: number }[] = [];
  const value = newPte(pfn, 0n);
  for (const { run, normal } of judgeRun(vma, { start: pfn, end: pfn + pages, value })) {
    if (!normal) mapped.push({ start: run.start, end: run.end });
    else noteSkipped(vma, run);
  }
  return mapped;
}

function noteSkipped(vma: Vma, run: PteRun): void {
  const { system } = vma.vm_mm;
  const { start, end } = pfnRange(run);
  const owner = system.memory.owner(start);
  const size = formatSize(BigInt(end - start) * PAGE_SIZE);
  system.log.add({
    kind: 'pages-skipped',
    vma: vma.id,
    pfn: BigInt(start),
    pages: end - start,
    why: `${size}${owner ? ` of ${owner.label}` : ''} is RAM without PG_reserved`,
  });
}

/** Where the first entry stands in `[page, end)`, virtual page numbers; the first 2.4 takes entries out instead. */
function makeRoom(vma: Vma, page: number, end: number): number {
  const { table, system } = vma.vm_mm;
  const present = table.slice(page, end);
  const [first] = present;
  if (!first) return end;
  if (!replacesEntries(system.version)) return first.start;
  for (const run of present) {
    table.clear(run.start, run.end);
    for (const { run: part, normal } of judgeRun(vma, run)) {
      if (!normal) continue;
      const pfns = pfnRange(part);
      vma.vm_mm.rss.file -= part.end - part.start;
      changeCounts(system, pfns, { refcount: -pfns.times, mapcount: -pfns.times }, 'forget_pte');
    }
  }
  system.report({
    kind: 'warning',
    message: `The kernel finds entries at ${hex(addressOf(first.start))} already and replaces them: the same user address is remapped twice.`,
    kernelLog: 'forget_pte: old mapping existed!',
    where: { function: 'forget_pte', file: 'mm/memory.c' },
    rule: 'S5.1',
  });
  return end;
}

/** `forget_pte` became a BUG between 2.4.0 and 2.4.16. */
function replacesEntries(version: KernelVersion): boolean {
  return !atLeast(version, 2, 4, 16);
}

function presentEntry(vma: Vma, page: number, by: string): number {
  BUG_ON(
    true,
    vma,
    'remap_pte_range',
    `${by} finds an entry at ${hex(addressOf(page))} already: the same user address is remapped twice, so the kernel stops.`,
    'S5.1',
    addressOf(page),
  );
  return -errno.EFAULT;
}
