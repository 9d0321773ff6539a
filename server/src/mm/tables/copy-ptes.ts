/**
 * What fork does with the page table of a vma (`copy_page_range`, mm/memory.c).
 */
import { atLeast } from '../../kernel/version.ts';
import { allocateAnonymousPage, anonymousPte } from '../fault/anonymous-page.ts';
import { GUP_PIN_COUNTING_BIAS } from '../fault/user-pages.ts';
import { isCowMapping, VM_SHARED } from '../flags.ts';
import { copiedByFork } from '../history/flags.ts';
import type { Mm } from '../mm.ts';
import { _PAGE_RW } from '../pgprot.ts';
import { changeCounts, checkGet } from '../physical/counts.ts';
import { addressOf, pageOf } from '../units.ts';
import type { Vma } from '../vma.ts';
import { pfnRange } from './page-table.ts';
import { checkRmap } from './rmap-checks.ts';
import { changePtes, mapNormalPage, setPtes } from './set-ptes.ts';
import { normalParts } from './vm-normal-page.ts';
import { splitByUse } from './zap.ts';

/** `vma_needs_copy`: whether fork copies the ptes, or lets the child fault them in again. */
function vmaNeedsCopy(vma: Vma): boolean {
  const { version } = vma.vm_mm.system;
  // Up to 2.6.13 all entries are copied.
  return !atLeast(version, 2, 6, 14) || (vma.vm_flags & copiedByFork(version)) !== 0n || vma.anon_vma !== undefined;
}

/**
 * Copies the ptes of `vma` into `child`. Normal pages get a reference, a map count and RSS for the child; special
 * entries are copied as they are. In a COW mapping both sides lose write access.
 */
export function copyPageRange(child: Mm, vma: Vma): void {
  if (!vmaNeedsCopy(vma)) return;
  let at = pageOf(vma.vm_start);
  for (const page of isCowMapping(vma.vm_flags) ? copyPinned(child, vma) : []) {
    copyPtes(child, vma, at, page);
    at = page + 1;
  }
  copyPtes(child, vma, at, pageOf(vma.vm_end));
}

/** Copies the entries of the virtual pages `[start, end)`. */
function copyPtes(child: Mm, vma: Vma, start: number, end: number): void {
  const parent = vma.vm_mm;
  if (isCowMapping(vma.vm_flags)) {
    changePtes(parent, start, end, (run) => ({ ...run.value, prot: run.value.prot & ~_PAGE_RW }), 'copy_present_pte');
  }
  // Up to 6.11 the child faults large entries in again.
  const copied = parent.table.slice(start, end).filter(({ value }) => value.huge === undefined || atLeast(parent.system.version, 6, 12));
  for (const { run, normal } of copied.flatMap((each) => normalParts(vma, each))) {
    const shared = (vma.vm_flags & VM_SHARED) !== 0n;
    const value = { ...run.value, dirty: run.value.dirty && !shared, young: false };
    if (!normal) {
      setPtes(child, run.start, run.end, value, 'copy_present_pte');
      continue;
    }
    for (const part of splitByUse(vma, run)) {
      const pfns = pfnRange(part.run);
      for (const page of parent.system.memory.pages.slice(pfns.start, pfns.end)) checkGet(parent.system, page.start, 'copy_present_ptes');
      if (!part.anonymous) checkRmap(parent.system, part.run);
      changeCounts(parent.system, pfns, { refcount: pfns.times, mapcount: pfns.times }, 'copy_present_pte');
      child.rss[part.anonymous ? 'anonymous' : 'file'] += part.run.end - part.run.start;
      setPtes(child, part.run.start, part.run.end, { ...value, pfn: part.run.value.pfn }, 'copy_present_pte');
      if (!part.anonymous) continue;
      parent.system.memory.pages.update(pfns.start, pfns.end, (page) => ({ ...page.value, exclusive: false }));
    }
  }
}

/**
 * `copy_present_page` (5.11 and later): a device writes to private pages that are pinned, and the parent is to see it. So the parent
 * keeps them as they are, and the child gets copies at once. Gives the virtual pages that were copied, in ascending order.
 */
function copyPinned(child: Mm, vma: Vma): readonly number[] {
  const { table, system } = vma.vm_mm;
  if (!atLeast(system.version, 5, 11)) return [];
  const { memory } = system;
  const copied: number[] = [];
  for (const run of table.slice(pageOf(vma.vm_start), pageOf(vma.vm_end))) {
    const pfns = pfnRange(run);
    for (const page of run.value.special ? [] : memory.pages.slice(pfns.start, pfns.end)) {
      if (page.value.use !== 'anonymous' || !page.value.exclusive || page.value.refcount < GUP_PIN_COUNTING_BIAS) continue;
      for (let pfn = page.start; pfn < page.end; pfn++) {
        const copy = allocateAnonymousPage(system);
        const at = run.start + pfn - pfns.start;
        memory.contents.copy(pfn, copy, memory.fill(pfn));
        system.log.add({ kind: 'page-copied', from: BigInt(pfn), to: BigInt(copy), address: addressOf(at) });
        mapNormalPage(child, at, anonymousPte(vma, copy, true), 'anonymous', 0, 'copy_present_page');
        copied.push(at);
      }
    }
  }
  return copied;
}
