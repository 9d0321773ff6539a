/**
 * The kernel's allocators, as far as a mapping can tell them apart: where the pages lie, what their counts are, what
 * they hold, and what freeing does (`mm/page_alloc.c`, `mm/slub.c`, `mm/vmalloc.c`, `kernel/dma/direct.c`).
 */
import type { System } from '../system.ts';
import { hex, PAGE_BYTES, PAGE_SHIFT, PAGE_SIZE } from '../units.ts';
import type { Allocation, PfnRun } from './allocation.ts';
import { badPage, changeCounts, checkPut, checksPages } from './counts.ts';
import { noteFreed } from './freed.ts';
import { linear, PAGE_OFFSET } from './linear.ts';
import { PhysicalMemory } from './memory.ts';
import { pagesFor, register, registerPage, settle, settlePage, takeRam, takeRamBelow4G } from './new-allocation.ts';
import { freePage, type PageState } from './page-state.ts';

export { PAGE_OFFSET };

/** Largest `kmalloc` that comes from slab pages (`KMALLOC_MAX_CACHE_SIZE`); larger ones are blocks of whole pages. */
const KMALLOC_MAX_CACHE_SIZE = 2 * PAGE_BYTES;

/** `get_order`: the smallest block of 2^order pages that holds `bytes`. */
export function get_order(bytes: bigint): number {
  let order = 0;
  while (2 ** order < pagesFor(bytes)) order += 1;
  return order;
}

/**
 * `alloc_pages(gfp, order)`: 2^order contiguous pages. Without `compound` (`__GFP_COMP`) only the first page has a
 * reference; with it the block is one folio.
 */
export function alloc_pages(
  system: System,
  options: { readonly order: number; readonly label: string; readonly compound?: boolean; readonly zero?: boolean },
): Allocation {
  const { order, label } = options;
  const pages = 1 << order;
  const start = takeRam(system, pages);
  const fill = options.zero ? 'zero' : 'stale';
  if (order === 0) {
    const page = registerPage(system, { label, pfn: start, fill });
    settlePage(system, page, start);
    return page;
  }
  const allocation = register(system, {
    kind: 'pages',
    label,
    bytes: BigInt(pages) << PAGE_SHIFT,
    runs: [{ index: 0, pfn: start, pages }],
    address: linear(start),
    compound: options.compound ?? false,
    order,
    fill,
  });
  settle(system, allocation, 1, 0);
  return allocation;
}

/** `alloc_pages_exact(bytes)`: contiguous pages, each with a reference of its own. */
export function alloc_pages_exact(
  system: System,
  options: { readonly bytes: bigint; readonly label: string; readonly zero?: boolean },
): Allocation {
  const pages = pagesFor(options.bytes);
  const start = takeRam(system, pages);
  const allocation = register(system, {
    kind: 'pages',
    label: options.label,
    bytes: options.bytes,
    runs: [{ index: 0, pfn: start, pages }],
    address: linear(start),
    order: get_order(options.bytes),
    fill: options.zero ? 'zero' : 'stale',
  });
  allocation.split = true;
  settle(system, allocation, 1, 1);
  return allocation;
}

/** `split_page(page, order)`: each page of a block that is not compound gets a reference of its own. */
export function split_page(system: System, allocation: Allocation): void {
  if (allocation.compound) {
    system.report({
      kind: 'warning',
      message: `split_page is called for ${allocation.label}, which was allocated with __GFP_COMP. A compound block cannot be split this way.`,
      where: { function: 'split_page', file: 'mm/page_alloc.c' },
    });
    return;
  }
  if (allocation.split) return;
  allocation.split = true;
  for (const range of PhysicalMemory.ranges(allocation.runs)) {
    changeCounts(system, { start: range.start + 1, end: range.end }, { refcount: 1, mapcount: 0 }, 'split_page');
  }
}

/** `kmalloc(bytes)`: an object inside slab pages that it shares with others, or a block of its own when it is large. */
export function kmalloc(system: System, options: { readonly bytes: bigint; readonly label: string; readonly zero?: boolean }): Allocation {
  const small = options.bytes <= BigInt(KMALLOC_MAX_CACHE_SIZE);
  const order = get_order(options.bytes);
  const pages = small ? pagesFor(options.bytes) : 1 << order;
  const start = takeRam(system, pages);
  const object = nextPowerOfTwo(Number(options.bytes));
  const offset = small && object < PAGE_BYTES ? object : 0;
  const allocation = register(system, {
    kind: 'slab',
    label: options.label,
    bytes: options.bytes,
    runs: [{ index: 0, pfn: start, pages }],
    address: linear(start) + BigInt(offset),
    offset,
    compound: pages > 1,
    order,
    fill: options.zero ? 'zero' : 'stale',
  });
  settle(system, allocation, 1, 0, { slab: small });
  return allocation;
}

function nextPowerOfTwo(value: number): number {
  let power = 8;
  while (power < value) power *= 2;
  return power;
}

/**
 * `vmalloc` and `vmalloc_user`: pages that follow each other in kernel addresses only. Physically the first page stands
 * alone and the others come in groups, so that whoever takes the block as contiguous meets pages of others.
 */
export function vmalloc(
  system: System,
  options: { readonly bytes: bigint; readonly label: string; readonly user?: boolean; readonly zero?: boolean },
): Allocation {
  const pages = pagesFor(options.bytes);
  const runs: PfnRun[] = [];
  for (let index = 0, group = 1; index < pages; index += group, group = Math.min(group * 2, pages)) {
    const length = Math.min(group, pages - index);
    runs.push({ index, pfn: takeRam(system, length), pages: length });
  }
  const address = system.memory.nextVmallocAddress;
  system.memory.nextVmallocAddress += BigInt(pages + 1) << PAGE_SHIFT;
  const allocation = register(system, {
    kind: options.user ? 'vmalloc-user' : 'vmalloc',
    label: options.label,
    bytes: options.bytes,
    runs,
    address,
    fill: options.zero || options.user ? 'zero' : 'stale',
  });
  allocation.split = true;
  settle(system, allocation, 1, 1);
  return allocation;
}

/** What a device reaches whose driver has said nothing of its mask. */
const dma32 = (1n << 32n) - 1n;

/** `dma_alloc_coherent`: on x86 a zeroed block of contiguous pages that the device can reach (`dma_direct_optimal_gfp_mask`). */
export function dma_alloc_coherent(system: System, options: { readonly bytes: bigint; readonly label: string }): Allocation {
  const order = get_order(options.bytes);
  const pages = 1 << order;
  const start = (system.memory.coherentMask ?? dma32) > dma32 ? takeRam(system, pages) : takeRamBelow4G(system, pages);
  const allocation = register(system, {
    kind: 'dma',
    label: options.label,
    bytes: options.bytes,
    runs: [{ index: 0, pfn: start, pages }],
    address: linear(start),
    order,
    fill: 'zero',
  });
  settle(system, allocation, 1, 0);
  return allocation;
}

/** A window of device registers or memory, or memory without struct pages, at `physical` (bytes) or where there is room. */
export function addDeviceRegion(
  system: System,
  options: { readonly bytes: bigint; readonly label: string; readonly physical?: bigint; readonly kind?: 'mmio' | 'hidden' },
): Allocation {
  const memory = system.memory;
  const large = options.bytes > 0x4000_0000n;
  const pool = large ? 'largeDevice' : 'device';
  const pages = pagesFor(options.bytes + ((options.physical ?? 0n) & (PAGE_SIZE - 1n)));
  let start = options.physical === undefined ? 0 : Number(options.physical >> PAGE_SHIFT);
  if (options.physical === undefined) {
    let align = 1;
    while (align < pages) align *= 2;
    start = Math.ceil(memory.next[pool] / align) * align;
    memory.next[pool] = start + pages + 1;
  }
  const { kind = 'mmio' } = options;
  memory.regions.set(start, start + pages, kind);
  const allocation = register(system, {
    kind: 'device',
    label: options.label,
    bytes: options.bytes,
    runs: [{ index: 0, pfn: start, pages }],
    address: options.physical ?? BigInt(start) << PAGE_SHIFT,
    offset: Number((options.physical ?? 0n) & (PAGE_SIZE - 1n)),
    fill: kind === 'mmio' ? 'device' : 'zero',
  });
  memory.devices.set(start, start + pages, allocation);
  return allocation;
}

/** System memory set aside at boot: contiguous, with struct pages that are marked reserved. */
export function addReservedRegion(
  system: System,
  options: { readonly bytes: bigint; readonly label: string; readonly physical?: bigint },
): Allocation {
  const pages = pagesFor(options.bytes);
  const start = options.physical === undefined ? takeRam(system, pages) : Number(options.physical >> PAGE_SHIFT);
  system.memory.regions.set(start, start + pages, 'reserved');
  const allocation = register(system, {
    kind: 'reserved',
    label: options.label,
    bytes: options.bytes,
    runs: [{ index: 0, pfn: start, pages }],
    address: linear(start),
    fill: 'zero',
  });
  allocation.split = true;
  settle(system, allocation, 1, 1, { reserved: true });
  return allocation;
}

/** Static data of a module: pages in the kernel's vmalloc range that it shares with other variables; constants are `readOnly`. */
export function addStaticData(
  system: System,
  options: { readonly bytes: bigint; readonly label: string; readonly readOnly?: boolean },
): Allocation {
  const allocation = vmalloc(system, { ...options, zero: true });
  const replacement: Allocation = { ...allocation, kind: 'static', ...(options.readOnly ? { readOnly: true } : {}) };
  system.memory.allocations[system.memory.allocations.length - 1] = replacement;
  settle(system, replacement, 1, 1);
  return replacement;
}

/** Gives an allocation back by the function that belongs to its kind; `by` is that function's name. */
export function freeAllocation(system: System, allocation: Allocation, by: string): void {
  if (allocation.freed) {
    freeAgain(system, allocation, by);
    return;
  }
  allocation.freed = true;
  const ranges = PhysicalMemory.ranges(allocation.runs);
  if (allocation.kind === 'device') {
    for (const range of ranges) {
      system.memory.devices.clear(range.start, range.end);
      noteFreed(system, range, allocation, by);
    }
    return;
  }
  const slab = allocation.kind === 'slab';
  for (const range of ranges) {
    checkPut(system, range.start, by);
    if (slab) system.memory.pages.update(range.start, range.end, (run) => ({ ...run.value, slab: false }));
    if (allocation.split) {
      changeCounts(system, range, { refcount: -1, mapcount: 0 }, by);
      continue;
    }
    changeCounts(system, { start: range.start, end: range.start + 1 }, { refcount: -1, mapcount: 0 }, by);
    if (!allocation.compound) freeTails(system, allocation, range, by);
  }
}

/**
 * The count of a page that is free falls below 0, which the page allocator notices when it hands the page out again. What the other
 * allocators do is left open.
 */
function freeAgain(system: System, allocation: Allocation, by: string): void {
  const first = allocation.runs[0]?.pfn ?? 0;
  const page = system.memory.page(first);
  const isCounted = allocation.kind === 'pages' && page?.use === 'free';
  if (isCounted) checkPut(system, first, by);
  const isSeen = isCounted && page?.refcount === 0 && checksPages(system) !== 'never';
  if (isCounted) system.memory.pages.update(first, first + 1, ({ value }) => ({ ...value, refcount: value.refcount - 1 }));
  system.report({
    kind: 'bad-page-state',
    message: `${by} frees ${allocation.label} a second time.`,
    ...(isSeen ? { kernelLog: badPage(first, 'nonzero _refcount') } : {}),
    where: { function: by, file: 'mm/page_alloc.c' },
  });
}

/** Why the allocator refuses a tail that somebody uses. */
function reasonInUse({ refcount }: PageState): string {
  return refcount > 0 ? 'nonzero _refcount' : 'nonzero mapcount';
}

/** `__free_pages` on a block that is not compound: the tails go even when somebody still holds the first page. */
function freeTails(system: System, allocation: Allocation, range: { readonly start: number; readonly end: number }, by: string): void {
  const tails = { start: range.start + 1, end: range.end };
  if (tails.start >= tails.end) return;
  for (const run of system.memory.pages.slice(tails.start, tails.end)) {
    if (run.value.use === 'free') {
      system.report({
        kind: 'bad-page-state',
        message: `${by} frees pages of ${allocation.label} from ${hex(run.start)} on a second time: the block was neither compound nor split, so whoever gave them up last has freed them already. Pages that were freed have a new owner soon, whose count shows.`,
        ...(checksPages(system) === 'never' ? {} : { kernelLog: badPage(run.start, 'nonzero _refcount') }),
        where: { function: by, file: 'mm/page_alloc.c' },
        pfn: BigInt(run.start),
        pages: run.end - run.start,
      });
    } else if (run.value.refcount > 0 || run.value.mapcount > 0) {
      system.report({
        kind: 'bad-page-state',
        message: `${by} frees pages of ${allocation.label} from ${hex(run.start)} on that are still in use: the block was neither compound nor split, so the pages behind the first one have no count of their own.`,
        ...(checksPages(system) === 'never' ? {} : { kernelLog: badPage(run.start, reasonInUse(run.value)) }),
        where: { function: 'free_pages_prepare', file: 'mm/page_alloc.c' },
        pfn: BigInt(run.start),
        pages: run.end - run.start,
      });
    }
  }
  system.memory.pages.set(tails.start, tails.end, { ...freePage, allocation });
  noteFreed(system, tails, allocation, by);
}
