/** `fault-no-get-page`: a fault handler hands out a page without a reference of its own. */

import type { CallEvent, Path, WriteEvent } from '../analysis/path.ts';
import type { Driver } from '../driver/model.ts';
import { constantOf } from '../execution/term.ts';
import type { MemoryObject } from '../execution/value.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { insertingBehind, noFix, textAt } from './support/fixes/fixes.ts';
import { reportOn } from './support/reports.ts';
import { returnedTerm } from './support/results/outcomes.ts';

/** Calls that find a page and take no reference. */
const finding: ReadonlySet<string> = new Set([
  'vmalloc_to_page', 'virt_to_page', 'pfn_to_page', 'phys_to_page', 'compound_head', 'nth_page', 'sg_page', 'kmap_to_page', 'dma_to_page',
]); // biome-ignore format: a table
/** Calls that take a reference. */
const taking =
  /^(?:get_page|folio_get|try_get_page|try_get_folio|folio_try_get|get_page_unless_zero|page_ref_inc|page_ref_add|page_cache_get|folio_ref_add|atomic_inc|get_page_foll|page_cache_get_speculative)$/;

export const faultNoGetPage: Rule = {
  name: 'fault-no-get-page',
  severity: 'error',
  summary: 'A fault handler puts a page into vmf->page without taking a reference for the mapping.',
  versions: { since: { major: 2, minor: 6, patch: 23 } },
  provedBy: ['refcount-underflow', 'bad-page-state', 'use-after-free'],
  byEntry: true,
  check({ driver, entries }) {
    const reports = new Map<number, Report>();
    for (const entry of entries) {
      if (entry.entry.handler?.kind !== 'fault') continue;
      for (const path of entry.paths) {
        const write = pageWithoutReference(path);
        if (!write || reports.has(write.span.start)) continue;
        reports.set(
          write.span.start,
          reportOn(
            { entry, event: write },
            write.span,
            'The mapping takes over the reference of vmf->page and drops it on unmap; none was taken for it, so the page is freed while the driver still uses it. Call get_page() first.',
            { fixes: takingReference(driver, write) },
          ),
        );
      }
    }
    return [...reports.values()];
  },
};

function takingReference(driver: Driver, { file, span }: WriteEvent): readonly ReportFix[] {
  const [page] = /^[\w>.-]+->page(?=\s*=|$)/.exec(textAt(driver, { file, span })) ?? [];
  return page === undefined ? noFix : insertingBehind(driver, { file, span }, [`get_page(${page});`], { title: 'Call get_page()' });
}

/** The last page of the path, when it was there before and nobody has taken a reference. */
function pageWithoutReference(path: Path): WriteEvent | undefined {
  const term = returnedTerm(path);
  if (!term || constantOf(term) !== 0n || path.doubts.length > 0) return undefined;
  const write = path.events.findLast((event): event is WriteEvent => event.kind === 'write' && isFaultPage(event));
  if (write?.value.kind !== 'pointer') return undefined;
  const calls = path.events.filter((event): event is CallEvent => event.kind === 'call');
  if (calls.some(({ name }) => taking.test(name))) return undefined;
  return isThereBefore(write.value.place.object, calls) ? write : undefined;
}

function isFaultPage({ name, place }: WriteEvent): boolean {
  const { type } = place.object;
  return /(?:->|\.)page$/.test(name) && type.kind === 'struct' && type.name === 'vm_fault';
}

/** Whether the page was found and not made, or handed over by somebody unknown. */
function isThereBefore(page: MemoryObject, calls: readonly CallEvent[]): boolean {
  const made = calls.find(({ result }) => result.kind === 'pointer' && result.place.object === page);
  return made ? finding.has(made.name) : page.origin !== undefined && (page.origin.kind === 'assumed' || page.origin.kind === 'global');
}
