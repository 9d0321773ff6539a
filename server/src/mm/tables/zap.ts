/**
 * Taking entries out of a page table (`zap_pte_range`, mm/memory.c): normal pages lose a mapping and a reference,
 * special entries just go.
 */
import { atLeast } from '../../kernel/version.ts';
import { VM_PFNMAP } from '../flags.ts';
import { hasPteSpecial } from '../history/eras.ts';
import { changeCounts } from '../physical/counts.ts';
import { lru_add_drain } from '../physical/mlock-batch.ts';
import { markDirty } from '../physical/page-flags.ts';
import { at, inMemoryC } from '../problem.ts';
import { addressOf, hex, higher, lower, pageOf } from '../units.ts';
import type { Vma } from '../vma.ts';
import { splitHugeAt } from './huge-entries.ts';
import { type PteRun, pfnRange, viewPteRun } from './page-table.ts';
import { checkRmap } from './rmap-checks.ts';
import { untrackPfn } from './track-pfn.ts';
import { badPteLog, normalParts } from './vm-normal-page.ts';

/** `evenCows` false leaves private copies alone (`unmap_mapping_range` with `even_cows` 0). */
export interface ZapOptions {
  readonly by: string;
  readonly evenCows?: boolean;
}

/** Removes the ptes of `vma` inside the address range `[start, end)`. */
export function zapRange(vma: Vma, start: bigint, end: bigint, options: ZapOptions): void {
  const mm = vma.vm_mm;
  lru_add_drain(mm.system);
  if (vma.vm_flags & VM_PFNMAP) untrackPfn(vma);
  splitHugeAt(mm, start, options.by);
  splitHugeAt(mm, end, options.by);
  const runs = mm.table.slice(pageOf(start), pageOf(end));
  // All at once: taking runs out one by one from the front costs the square of their number.
  mm.table.clear(pageOf(start), pageOf(end));
  for (const run of runs) {
    for (const part of normalParts(vma, run)) {
      if (part.normal) zapNormalRun(vma, part.run, options);
      else zapSpecialRun(vma, part.run, options);
    }
  }
}

/** `unmap_single_vma`: the same for what of the range lies inside of the vma; nothing at all happens where that is nothing. */
export function zapSingle(vma: Vma, start: bigint, end: bigint, options: ZapOptions): void {
  if (start >= vma.vm_end || end <= vma.vm_start) return;
  zapRange(vma, higher(vma.vm_start, start), lower(vma.vm_end, end), options);
}

/** A special run, already out of the table. */
function zapSpecialRun(vma: Vma, run: PteRun, options: ZapOptions): void {
  const mm = vma.vm_mm;
  mm.system.log.add({ kind: 'ptes-cleared', mm: mm.id, run: viewPteRun(run), by: options.by });
  const pfns = pfnRange(run);
  const isRaw = (vma.vm_flags & VM_PFNMAP) !== 0n || !hasPteSpecial(mm.system.version);
  if (isRaw) mm.system.memory.freedWhileMapped.clear(pfns.start, pfns.end);
}

/** Normal pages: RSS, map count and reference go down; private copies go back into the table where they are to stay. */
function zapNormalRun(vma: Vma, run: PteRun, options: ZapOptions): void {
  const mm = vma.vm_mm;
  const system = mm.system;
  for (const part of splitByUse(vma, run)) {
    if (part.anonymous && options.evenCows === false) {
      mm.table.set(part.run.start, part.run.end, part.run.value);
      continue;
    }
    const pages = part.run.end - part.run.start;
    mm.rss[part.anonymous ? 'anonymous' : 'file'] -= pages;
    system.log.add({ kind: 'ptes-cleared', mm: mm.id, run: viewPteRun(part.run), by: options.by });
    const pfns = pfnRange(part.run);
    if (run.value.dirty && !part.anonymous) markDirty(system, pfns.start, pfns.end);
    if (!part.anonymous) checkRmap(system, part.run);
    reportBadMapcount(vma, part.run, part.anonymous);
    changeCounts(system, pfns, { refcount: -pfns.times, mapcount: -pfns.times }, options.by);
  }
}

/** `print_bad_pte` where a map count falls below 0. Counts of dirty pages that are not anonymous fall later and unseen (6.2 and later). */
function reportBadMapcount(vma: Vma, run: PteRun, anonymous: boolean): void {
  const { system } = vma.vm_mm;
  if (run.value.dirty && !anonymous && atLeast(system.version, 6, 2)) return;
  const { start, end, times } = pfnRange(run);
  for (const page of system.memory.pages.slice(start, end)) {
    if (page.value.mapcount >= times) continue;
    system.report({
      kind: 'bad-page-map',
      message: `The entry for page ${hex(page.start)} goes, but nobody has counted it: the map count of the page falls below 0.`,
      kernelLog: `${badPteLog(run)}\npage dumped because: bad pte`,
      where: inMemoryC('zap_present_ptes'),
      ...at(vma, addressOf(run.start + page.start - start)),
      pfn: BigInt(page.start),
      pages: page.end - page.start,
    });
  }
}

/** Cuts a run of normal ptes where anonymous pages meet others. */
export function splitByUse(vma: Vma, run: PteRun): { readonly run: PteRun; readonly anonymous: boolean }[] {
  const memory = vma.vm_mm.system.memory;
  const pfns = pfnRange(run);
  if (pfns.times > 1) return [{ run, anonymous: memory.page(pfns.start)?.use === 'anonymous' }];
  const parts: { run: PteRun; anonymous: boolean }[] = [];
  let at = pfns.start;
  const add = (end: number, anonymous: boolean): void => {
    if (end <= at) return;
    const start = run.start + at - pfns.start;
    const last = parts.at(-1);
    const value = { ...run.value, pfn: at };
    if (last && last.anonymous === anonymous) last.run = { ...last.run, end: start + end - at };
    else parts.push({ run: { start, end: start + end - at, value }, anonymous });
    at = end;
  };
  for (const page of memory.pages.slice(pfns.start, pfns.end)) {
    add(page.start, false);
    add(page.end, page.value.use === 'anonymous');
  }
  add(pfns.end, false);
  return parts;
}
