/**
 * Reference and map counts of struct pages, and what happens when a count reaches 0 or falls below it
 * (`include/linux/mm.h`, `mm/page_alloc.c`).
 */
import { atLeast } from '../../kernel/version.ts';
import { countedRanges } from '../history/reserved-pages.ts';
import type { System } from '../system.ts';
import { hex } from '../units.ts';
import type { Allocation } from './allocation.ts';
import { noteFreed } from './freed.ts';
import { freePage, isCompound, type PageState, pageRuns, withCounts } from './page-state.ts';
import { vmBugOnPage } from './vm-bug-on.ts';

/** Pfns `[start, end)`. */
export interface PfnRange {
  readonly start: number;
  readonly end: number;
}

/** What to add to the counts of each page. */
export interface CountDelta {
  readonly refcount: number;
  readonly mapcount: number;
}

/**
 * Adds `delta` to every page of `range`; pages whose reference count falls to 0 are freed. References of a compound
 * block are counted on its first page. Pages without a struct page are left alone. `by` names the kernel function.
 */
export function changeCounts(system: System, range: PfnRange, delta: CountDelta, by: string): void {
  for (const counted of countedRanges(system, range, delta)) {
    for (const portion of portions(system, counted)) changeCounted(system, portion, delta, by);
  }
}

/** Runs whose counts change together: what many pages of their own leave behind is gone before the next of them are looked at. */
const runsAtOnce = 512;

/** `range` in parts of few runs each. */
function portions(system: System, range: PfnRange): readonly PfnRange[] {
  if (range.end - range.start <= runsAtOnce) return [range];
  const runs = system.memory.pages.slice(range.start, range.end);
  const result: PfnRange[] = [];
  let { start } = range;
  for (let index = runsAtOnce; index < runs.length; index += runsAtOnce) {
    const end = runs[index]?.start ?? range.end;
    result.push({ start, end });
    start = end;
  }
  result.push({ start, end: range.end });
  return result;
}

function changeCounted(system: System, range: PfnRange, delta: CountDelta, by: string): void {
  const memory = system.memory;
  if (range.end - range.start === 1 && changeOne(system, range.start, delta, by)) return;
  for (const gap of memory.pages.gaps(range.start, range.end)) {
    for (const region of memory.regions.slice(gap.start, gap.end)) {
      const page = memory.page(region.start);
      if (page) memory.pages.set(region.start, region.end, page);
    }
  }
  const heads = new Map<number, number>();
  memory.pages.update(range.start, range.end, (run) => {
    const state = run.value;
    if (!isCompound(state)) return withCounts(state, state.refcount + delta.refcount, state.mapcount + delta.mapcount);
    const head = memory.head(run.start);
    heads.set(head, (heads.get(head) ?? 0) + delta.refcount * (run.end - run.start));
    return { ...state, mapcount: state.mapcount + delta.mapcount };
  });
  for (const [head, added] of heads) {
    memory.pages.update(head, head + 1, (run) => ({ ...run.value, refcount: run.value.refcount + added }));
  }
  for (const run of memory.pages.slice(range.start, range.end)) {
    const state = run.value;
    reportCounts(system, run, isCompound(state) ? referenceCount(system, run.start) : state.refcount, delta, by);
    if (delta.mapcount < 0 && state.mapcount < 0) underflow(system, run, 'mapcount', by);
    if (delta.refcount < 0 && !isCompound(state)) afterPut(system, run, by);
  }
  if (delta.refcount < 0) {
    for (const head of heads.keys()) for (const run of memory.pages.slice(head, head + 1)) afterPut(system, run, by);
  }
}

/** The frequent case: one page with counts of its own. */
function changeOne(system: System, pfn: number, delta: CountDelta, by: string): boolean {
  const state = system.memory.page(pfn);
  if (!state || isCompound(state)) return false;
  const value = withCounts(state, state.refcount + delta.refcount, state.mapcount + delta.mapcount);
  const run = { start: pfn, end: pfn + 1, value };
  system.memory.pages.set(run.start, run.end, value);
  reportCounts(system, run, value.refcount, delta, by);
  if (delta.mapcount < 0 && value.mapcount < 0) underflow(system, run, 'mapcount', by);
  if (delta.refcount < 0) afterPut(system, run, by);
  return true;
}

function reportCounts(
  system: System,
  run: PfnRange & { readonly value: PageState },
  refcount: number,
  delta: CountDelta,
  by: string,
): void {
  system.log.add({
    kind: 'page-counts',
    pfn: BigInt(run.start),
    pages: run.end - run.start,
    refcountDelta: delta.refcount,
    mapcountDelta: delta.mapcount,
    refcount,
    mapcount: run.value.mapcount,
    by,
  });
}

/** The reference count that holds for `pfn`: its own, or that of the block it belongs to. */
export function referenceCount(system: System, pfn: number): number {
  return system.memory.page(system.memory.head(pfn))?.refcount ?? 0;
}

/** The block of one page that a page is; whose reference is put is not told for larger ones. */
function onlyPage(system: System, pfn: number): Allocation | undefined {
  const owner = system.memory.page(pfn)?.allocation;
  return owner?.pages === 1 ? owner : undefined;
}

/** `get_page`: one reference more on the page `pfn`. */
export function get_page(system: System, pfn: bigint): void {
  const page = Number(pfn);
  const owner = onlyPage(system, page);
  if (owner) owner.givenUp = false;
  checkGet(system, page, 'get_page');
  if (referenceCount(system, page) <= 0) {
    system.report({
      kind: 'use-after-free',
      message: `get_page takes a reference on page ${hex(pfn)}, whose count is 0: the page is already free, and whoever gets it next shares it with the driver.`,
      where: { function: 'get_page', file: 'include/linux/mm.h' },
      pfn,
    });
  }
  changeCounts(system, { start: page, end: page + 1 }, { refcount: 1, mapcount: 0 }, 'get_page');
}

/** What `folio_get` asserts with CONFIG_DEBUG_VM: nobody takes a reference on what is free. */
export function checkGet(system: System, pfn: number, by: string): void {
  if (!system.memory.page(pfn) || referenceCount(system, pfn) > 0) return;
  vmBugOnPage(system, pfn, {
    assertion: 'VM_BUG_ON_FOLIO(((unsigned int) folio_ref_count(folio) + 127u <= 127u))',
    where: { function: by, file: 'include/linux/mm.h' },
    message: `is free, and ${by} takes a reference on it.`,
  });
}

/** What `put_page_testzero` asserts with CONFIG_DEBUG_VM: somebody has a reference that can be given back. */
export function checkPut(system: System, pfn: number, by: string): void {
  if (!system.memory.page(pfn) || referenceCount(system, pfn) !== 0) return;
  vmBugOnPage(system, pfn, {
    assertion: 'VM_BUG_ON_PAGE(page_ref_count(page) == 0)',
    where: { function: by, file: 'include/linux/mm.h' },
    message: `is free, and ${by} gives a reference on it back.`,
  });
}

/** `put_page` and `__free_page`: one reference less; the last one frees the page. */
export function put_page(system: System, pfn: bigint, by = 'put_page'): void {
  const page = Number(pfn);
  const owner = onlyPage(system, page);
  const { refcount = 0, mapcount = 0 } = system.memory.page(page) ?? {};
  checkPut(system, page, by);
  if (owner && refcount - 1 <= mapcount) owner.givenUp = true;
  changeCounts(system, { start: page, end: page + 1 }, { refcount: -1, mapcount: 0 }, by);
}

/** What the kernel prints of a page that it should not see like this. */
export function badPage(pfn: number, reason: string): string {
  return `BUG: Bad page state in process program  pfn:${pfn.toString(16).padStart(5, '0')}\npage dumped because: ${reason}`;
}

/**
 * Whether the page allocator looks at what it is given back. From 6.3 on only where debugging or `init_on_alloc` asks for it, and then
 * at once; before, always, but from 4.7 on only when the page leaves the list of the processor.
 */
export function checksPages({ version, config }: System): 'at once' | 'later' | 'never' {
  if (!atLeast(version, 6, 3)) return config.debugVm || !atLeast(version, 4, 7) ? 'at once' : 'later';
  return config.debugVm || config.initOnAlloc ? 'at once' : 'never';
}

type CountedRun = { readonly start: number; readonly end: number; readonly value: PageState };

/**
 * A count falls below 0. Of a page that is free already the allocator notices when it hands the page out again; nobody notices of one
 * that was kept back when it was freed badly.
 */
function underflow(system: System, run: CountedRun, what: 'refcount' | 'mapcount', by: string): void {
  const isHandedOut = run.value.use === 'free' && !system.memory.keptBack.has(run.start) && checksPages(system) !== 'never';
  const isSeen = what === 'refcount' && run.value.refcount === -1 && isHandedOut;
  system.report({
    kind: 'refcount-underflow',
    message: `The ${what} of page ${hex(run.start)} falls below 0 in ${by}: the page is given up more often than it was taken.`,
    ...(isSeen ? { kernelLog: badPage(run.start, 'nonzero _refcount') } : {}),
    where: { function: by, file: 'mm/memory.c' },
    pfn: BigInt(run.start),
    pages: run.end - run.start,
  });
}

function afterPut(system: System, run: CountedRun, by: string): void {
  if (run.value.refcount < 0) underflow(system, run, 'refcount', by);
  else if (run.value.refcount === 0 && run.value.use !== 'free') {
    for (const part of alikeParts(system, run)) freePages(system, part, by);
  }
}

/** The parts of a run whose pages the allocator sees alike: what `page->mapping` holds is known page by page. */
function alikeParts({ memory }: System, run: CountedRun): readonly CountedRun[] {
  if (run.end - run.start === 1) return [run];
  const apart = [...memory.withMapping.keys()].filter((pfn) => run.start <= pfn && pfn < run.end).sort((left, right) => left - right);
  const borders = [...new Set([run.start, ...apart.flatMap((pfn) => [pfn, pfn + 1]), run.end])];
  return borders
    .slice(0, -1)
    .map((start, index) => ({ start, end: borders[index + 1] ?? run.end, value: pageRuns.at(run.value, start - run.start) }));
}

/**
 * Why `free_pages_prepare` refuses a page, if it does; the last reason that holds is the one that is printed. Flags are cleared by then
 * where the kernel looks later.
 */
function badState(system: System, { start, value: state }: CountedRun, withFlags: boolean): string | undefined {
  // From 6.11 on the mark of the slab allocator lies in the field of the map count.
  const slabIsFlag = !atLeast(system.version, 6, 11);
  const hasFlags = state.reserved || state.locked || (state.slab && slabIsFlag);
  if (withFlags && hasFlags) return 'PAGE_FLAGS_CHECK_AT_FREE flag(s) set';
  // Up to 6.2 the slab allocator has a pointer in that place.
  if (system.memory.withMapping.has(start) || (state.slab && slabIsFlag)) return 'non-NULL mapping';
  return state.mapcount !== 0 || state.slab ? 'nonzero mapcount' : undefined;
}

/**
 * The last reference of `[start, end)` is gone (`free_pages_prepare`): the pages go back, or the kernel complains. A page that it
 * complains of at once is kept back for ever.
 */
function freePages(system: System, run: CountedRun, by: string): void {
  const allocation = run.value.allocation;
  const reason = badState(system, run, true);
  const driverHeld = allocation !== undefined && !allocation.freed && !allocation.givenUp;
  const checks = checksPages(system);
  if (reason !== undefined) {
    // What is looked at later may be right again by then: a map count falls with the last entry, unless it is below 0 already.
    const later = run.value.mapcount > 0 ? undefined : badState(system, run, false);
    const printed = checks === 'at once' ? reason : checks === 'later' ? later : undefined;
    if (printed !== undefined) for (let pfn = run.start; pfn < run.end; pfn++) system.memory.keptBack.add(pfn);
    system.report({
      kind: 'bad-page-state',
      message: `${by} drops the last reference of page ${hex(run.start)}${allocation ? ` of ${allocation.label}` : ''}, which may not be freed this way: ${reason}.`,
      ...(printed === undefined ? {} : { kernelLog: badPage(run.start, printed) }),
      where: { function: 'free_pages_prepare', file: 'mm/page_alloc.c' },
      pfn: BigInt(run.start),
      pages: run.end - run.start,
    });
    if (checks === 'at once') return;
  }
  const end = isCompound(run.value) && allocation ? run.start + allocation.pages : run.end;
  // Entries that lead to a page which was not looked at go on counting.
  const mapcount = end === run.end ? run.value.mapcount : 0;
  system.memory.pages.set(run.start, end, { ...freePage, mapcount, ...(allocation ? { allocation } : {}) });
  system.log.add({ kind: 'page-freed', pfn: BigInt(run.start), pages: end - run.start, by, driverHeld });
  noteFreed(system, { start: run.start, end }, allocation, by);
}
