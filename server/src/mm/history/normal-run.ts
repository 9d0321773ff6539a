/**
 * Which entries lead to a page that the mapping counts, on kernels whose entries do not tell it themselves (up to 2.6.25). A
 * run may have to be cut: the pages behind it decide.
 */
import { isCowMapping, VM_PFNMAP } from '../flags.ts';
import { zeroPfn } from '../physical/memory.ts';
import { type PteRun, pfnRange } from '../tables/page-table.ts';
import { pageOf } from '../units.ts';
import type { Vma } from '../vma.ts';
import { hasPfnMap, hasUnpaged, keepsReservedVmas, reservedDecides } from './eras.ts';
import { VM_RESERVED, VM_UNPAGED } from './flags.ts';

/** A part of a run of entries; `unexplained`: `print_bad_pte`, for what has no struct page where one must be. */
export interface JudgedRun {
  readonly run: PteRun;
  readonly normal: boolean;
  readonly unexplained?: true;
}

/** Cuts a run where counted pages meet others. */
export function judgeRun(vma: Vma, run: PteRun): readonly JudgedRun[] {
  const { memory, version } = vma.vm_mm.system;
  if (run.value.special || isZeroPage(run)) return [{ run, normal: false }];
  if (hasPfnMap(version) && vma.vm_flags & VM_PFNMAP) return [{ run, normal: isCopy(vma, run) }];
  if (keepsReservedVmas(version) && vma.vm_flags & VM_RESERVED) return [{ run, normal: false }];
  const onlyAnonymous = hasUnpaged(version) && (vma.vm_flags & VM_UNPAGED) !== 0n;
  const isCounted = (pfn: number): boolean => {
    const page = memory.page(pfn);
    if (!page) return false;
    return onlyAnonymous ? page.use === 'anonymous' : !(reservedDecides(version) && page.reserved);
  };
  const mustHavePage = hasPfnMap(version);
  return cutAt(run, borders(vma, run)).map((part) => {
    const normal = isCounted(part.value.pfn);
    return { run: part, normal, ...(mustHavePage && !memory.page(part.value.pfn) ? { unexplained: true as const } : {}) };
  });
}

/** ZERO_PAGE is reserved up to 2.6.14; that it was counted for a while later is not seen. */
function isZeroPage(run: PteRun): boolean {
  return run.value.pfn === zeroPfn && pfnRange(run).end === zeroPfn + 1;
}

/** The COW rule of `vm_normal_page`: in a COW mapping a pfn that is not the linear one is a private copy (S5.6). */
function isCopy(vma: Vma, run: PteRun): boolean {
  const linear = Number(vma.vm_pgoff) + run.start - pageOf(vma.vm_start);
  return run.value.pfn !== linear && isCowMapping(vma.vm_flags) && vma.vm_mm.system.memory.page(run.value.pfn) !== undefined;
}

/** Pfns inside a run at which the kind of page may change. */
function borders(vma: Vma, run: PteRun): readonly number[] {
  const { start, end, times } = pfnRange(run);
  if (times > 1) return [];
  const { memory } = vma.vm_mm.system;
  return [...memory.pages.slice(start, end), ...memory.regions.slice(start, end)]
    .flatMap((each) => [each.start, each.end])
    .filter((pfn) => pfn > start && pfn < end);
}

function cutAt(run: PteRun, pfns: readonly number[]): readonly PteRun[] {
  const cuts = [...new Set(pfns)].sort((left, right) => left - right).map((pfn) => run.start + pfn - run.value.pfn);
  const starts = [run.start, ...cuts];
  return starts.map((start, index) => ({
    start,
    end: starts[index + 1] ?? run.end,
    value: start === run.start ? run.value : { ...run.value, pfn: run.value.pfn + start - run.start },
  }));
}
