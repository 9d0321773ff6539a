/**
 * Making an allocation: finding RAM for it, recording it, and giving its pages their first state. The allocators of the
 * kernel differ only in how they use these steps (`allocate.ts`).
 */
import type { System } from '../system.ts';
import { PAGE_SHIFT, PAGE_SIZE } from '../units.ts';
import type { Allocation, AllocationKind, Fill, PfnRun } from './allocation.ts';
import { PhysicalMemory } from './memory.ts';
import { PageAllocation } from './page-allocation.ts';
import { freePage, type PageState, takenPage } from './page-state.ts';

/** Whole pages that hold `bytes`. */
export function pagesFor(bytes: bigint): number {
  return Number((bytes + PAGE_SIZE - 1n) >> PAGE_SHIFT);
}

/** What an allocator decides; the rest has a default. */
export interface NewAllocation {
  readonly kind: AllocationKind;
  readonly label: string;
  readonly bytes: bigint;
  readonly runs: readonly PfnRun[];
  readonly address: bigint;
  readonly offset?: number;
  readonly compound?: boolean;
  readonly order?: number;
  readonly fill: Fill;
  readonly readOnly?: boolean;
}

/** Records a block of one page. The page has no state yet. */
export function registerPage(system: System, fields: { readonly label: string; readonly pfn: number; readonly fill: Fill }): Allocation {
  const { memory } = system;
  const fill = fields.fill === 'stale' && system.config.initOnAlloc ? 'zero' : fields.fill;
  const allocation = new PageAllocation(system.newId(), fields.label, fields.pfn, fill, memory.lastSingle);
  memory.lastSingle = allocation;
  memory.allocations.push(allocation);
  return allocation;
}

/** Records an allocation. Its pages have no state yet. */
export function register(system: System, fields: NewAllocation): Allocation {
  const pages = fields.runs.reduce((sum, run) => sum + run.pages, 0);
  const zeroed = fields.fill === 'stale' && fields.kind !== 'reserved' && system.config.initOnAlloc;
  const fill = zeroed ? 'zero' : fields.fill;
  const allocation: Allocation = {
    id: system.newId(),
    offset: 0,
    compound: false,
    order: 0,
    ...fields,
    fill,
    pages,
    freed: false,
    givenUp: false,
    split: false,
  };
  system.memory.allocations.push(allocation);
  return allocation;
}

/** Gives a block of one page its first state. */
export function settlePage({ memory, log }: System, allocation: Allocation, pfn: number): void {
  memory.pages.set(pfn, pfn + 1, takenPage(allocation));
  log.add({ kind: 'page-allocated', pfn: BigInt(pfn), pages: 1, label: allocation.label, by: allocation.kind });
}

/** Gives the allocation's pages their first state: `first` for the first page of each run, `rest` for the others. */
export function settle(system: System, allocation: Allocation, first: number, rest: number, flags: Partial<PageState> = {}): void {
  const { pages } = system.memory;
  const state: PageState = Object.assign({ ...freePage, use: 'allocated' as const, refcount: rest, allocation }, flags);
  for (const range of PhysicalMemory.ranges(allocation.runs)) {
    if (first !== rest) pages.set(range.start, range.start + 1, { ...state, refcount: first });
    pages.set(first === rest ? range.start : range.start + 1, range.end, state);
    system.log.add({
      kind: 'page-allocated',
      pfn: BigInt(range.start),
      pages: range.end - range.start,
      label: allocation.label,
      by: allocation.kind,
    });
  }
}

/** Pages that were taken singly before they come one after the other: whoever takes many fills them in order. */
const singlesApart = 64;

/** Below it lies what devices with 32-bit addresses reach (`ZONE_DMA32`). */
const dma32End = 0x10_0000;

/**
 * A block of `pages` contiguous RAM pages, aligned to its size rounded up to a power of two. One page of others follows, so that
 * whoever goes past the end is found out; not after the first 64 single pages, which then are as close as in a real machine.
 */
export function takeRam(system: System, pages: number): number {
  const { next } = system.memory;
  const start = freeBlock(system, next.high, pages);
  if (start === undefined) return takeFar(system, pages);
  if (pages === 1) next.singles += 1;
  next.high = start + pages + (pages === 1 && next.singles > singlesApart ? 0 : 1);
  return start;
}

/** The same from memory that a device with 32-bit addresses reaches, as long as there is such (`GFP_DMA32`). */
export function takeRamBelow4G(system: System, pages: number): number {
  const { next } = system.memory;
  const start = freeBlock(system, next.low, pages);
  if (start === undefined || start + pages > dma32End) return takeRam(system, pages);
  next.low = start + pages + 1;
  return start;
}

/** The first block of RAM from `from` on, unless that is no RAM any more. */
function freeBlock({ memory }: System, from: number, pages: number): number | undefined {
  const start = Math.ceil(from / alignment(pages)) * alignment(pages);
  const regions = memory.regions.slice(start, start + pages);
  return regions.length === 1 && regions[0]?.value === 'ram' && regions[0].end === start + pages ? start : undefined;
}

/** More than the machine has: the model does not run out of memory, it grows. */
function takeFar({ memory: { next, regions } }: System, pages: number): number {
  const far = Math.ceil(next.far / alignment(pages)) * alignment(pages);
  regions.set(far, far + pages, 'ram');
  next.far = far + pages + 1;
  return far;
}

function alignment(pages: number): number {
  let align = 1;
  while (align < pages && align < 0x4_0000) align *= 2;
  return align;
}
