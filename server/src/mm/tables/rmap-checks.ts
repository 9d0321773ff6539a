/**
 * What a kernel with CONFIG_DEBUG_VM looks at when an entry for a page of a file comes or goes (`__folio_rmap_sanity_checks`,
 * include/linux/rmap.h; `folio_memcg`, include/linux/memcontrol.h; 6.8 and later).
 */
import { atLeast } from '../../kernel/version.ts';
import { zeroPfn } from '../physical/memory.ts';
import { vmBugOnPage } from '../physical/vm-bug-on.ts';
import type { System } from '../system.ts';
import { type PteRun, pfnRange } from './page-table.ts';

/** Whether the kernel has these assertions. */
const checks = ({ config, version }: System): boolean => config.debugVm && atLeast(version, 6, 8);

/** Looks at a page that is about to be mapped like one of a file (`folio_add_file_rmap_ptes`, mm/rmap.c). */
export function checkNewRmap(system: System, run: PteRun): void {
  checkRmap(system, run);
  if (!checks(system) || system.memory.page(run.value.pfn)?.use !== 'anonymous') return;
  system.report({
    kind: 'warning',
    message: 'A page of anonymous memory is mapped as if it were one of the driver.',
    kernelLog: 'page dumped because: VM_WARN_ON_FOLIO(folio_test_anon(folio))\nWARNING: at mm/rmap.c folio_add_file_rmap_ptes',
    where: { function: 'folio_add_file_rmap_ptes', file: 'mm/rmap.c' },
    pfn: BigInt(run.value.pfn),
  });
}

/** Looks at the pages of a run of normal entries that is about to be counted, or to be counted no longer. */
export function checkRmap(system: System, run: PteRun): void {
  if (!checks(system)) return;
  const { start, end } = pfnRange(run);
  const isZero = start <= zeroPfn && zeroPfn < end;
  for (let entry = isZero ? run.start : run.end; entry < run.end; entry++) {
    system.report({
      kind: 'warning',
      message: 'The page of zeros is mapped as if it were one of the driver: its counts change, which nobody else changes.',
      kernelLog: 'page dumped because: VM_WARN_ON_FOLIO(is_zero_folio(folio))\nWARNING: at include/linux/rmap.h __folio_rmap_sanity_checks',
      where: { function: '__folio_rmap_sanity_checks', file: 'include/linux/rmap.h' },
    });
  }
  for (const page of system.memory.pages.slice(start, end)) {
    if (!page.value.slab) continue;
    vmBugOnPage(system, page.start, {
      assertion: 'VM_BUG_ON_FOLIO(folio_test_slab(folio))',
      where: { function: 'folio_memcg', file: 'include/linux/memcontrol.h' },
      message: 'belongs to the slab allocator, and has no owner that it could be counted for.',
    });
  }
}
