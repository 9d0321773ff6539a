/**
 * What fork does with the page table of a vma (`copy_page_range`, mm/memory.c).
 */
import { atLeast } from '../../kernel/version.ts';
import { isCowMapping, VM_SHARED } from '../flags.ts';
import { copiedByFork } from '../history/flags.ts';
import type { Mm } from '../mm.ts';
import { _PAGE_RW } from '../pgprot.ts';
import { changeCounts } from '../physical/counts.ts';
import { pageOf } from '../units.ts';
import type { Vma } from '../vma.ts';
import { pfnRange } from './page-table.ts';
import { changePtes, setPtes } from './set-ptes.ts';
import { normalParts } from './vm-normal-page.ts';
import { splitByUse } from './zap.ts';

/** `vma_needs_copy`: whether fork copies the ptes, or lets the child fault them in again. */
export function vmaNeedsCopy(vma: Vma): boolean {
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
  const parent = vma.vm_mm;
  const cow = isCowMapping(vma.vm_flags);
  const start = pageOf(vma.vm_start);
  const end = pageOf(vma.vm_end);
  if (cow) {
    changePtes(parent, start, end, (run) => ({ ...run.value, prot: run.value.prot & ~_PAGE_RW }), 'copy_present_pte');
  }
  for (const { run, normal } of parent.table.slice(start, end).flatMap((each) => normalParts(vma, each))) {
    const shared = (vma.vm_flags & VM_SHARED) !== 0n;
    const value = { ...run.value, dirty: run.value.dirty && !shared, young: false };
    if (!normal) {
      setPtes(child, run.start, run.end, value, 'copy_present_pte');
      continue;
    }
    for (const part of splitByUse(vma, run)) {
      const pfns = pfnRange(part.run);
      changeCounts(parent.system, pfns, { refcount: pfns.times, mapcount: pfns.times }, 'copy_present_pte');
      child.rss[part.anonymous ? 'anonymous' : 'file'] += part.run.end - part.run.start;
      setPtes(child, part.run.start, part.run.end, { ...value, pfn: part.run.value.pfn }, 'copy_present_pte');
      if (!part.anonymous) continue;
      parent.system.memory.pages.update(pfns.start, pfns.end, (page) => ({ ...page.value, exclusive: false }));
    }
  }
}
