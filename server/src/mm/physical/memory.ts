/**
 * The physical address space: which pfns are RAM, what each page is used for, and the bytes. Costs grow with the number
 * of different runs, not with gigabytes. Allocation and freeing live in `allocate.ts`, counting in `counts.ts`.
 */
import { Extents, type Run, uniformRuns } from '../extents.ts';
import type { AddressSpace } from '../file.ts';
import { pfnNumber } from '../units.ts';
import type { Allocation, Fill, PfnRun } from './allocation.ts';
import { PageContents } from './contents.ts';
import { linear } from './linear.ts';
import type { PageAllocation } from './page-allocation.ts';
import { freePage, type PageState, pageRuns, reservedPage } from './page-state.ts';

/** What lies at a physical address; nothing where no region is. */
export type RegionKind =
  /** System RAM: struct pages, and the kernel's own mapping of all of it. */
  | 'ram'
  /** Memory set aside at boot, beside RAM in one section: struct pages with PG_reserved, which the kernel's own mapping leaves out. */
  | 'reserved'
  /** Memory set aside at boot in sections of its own: no struct pages. */
  | 'hidden'
  /** A window of a bus. */
  | 'mmio';

/** A range of the physical address space, in pages. */
export interface Region {
  readonly start: number;
  readonly pages: number;
  readonly kind: RegionKind;
}

const gibibyte = 0x4_0000;

/** 2 GiB of RAM, a 2 GiB window for devices below 4 GiB, 124 GiB of RAM above, and a large window for devices. */
export const defaultRegions: readonly Region[] = [
  { start: 0x100, pages: 2 * gibibyte - 0x100, kind: 'ram' },
  { start: 2 * gibibyte, pages: 2 * gibibyte, kind: 'mmio' },
  { start: 4 * gibibyte, pages: 124 * gibibyte, kind: 'ram' },
  { start: 1024 * gibibyte, pages: 1024 * gibibyte, kind: 'mmio' },
];

/** The page of zeros that read faults of anonymous memory map. */
export const zeroPfn = 0x2000;

/** Physical memory of one machine. */
export class PhysicalMemory {
  readonly regions = new Extents<RegionKind>(uniformRuns((left, right) => left === right));
  readonly pages = new Extents<PageState>(pageRuns);
  /** Device regions have no struct pages; who owns them is kept here. */
  readonly devices = new Extents<Allocation>(uniformRuns((left, right) => left === right));
  readonly contents = new PageContents();
  readonly allocations: Allocation[] = [];
  /** The latest block of one page. */
  lastSingle: PageAllocation | undefined;
  /** Pages that were freed while a pte without a reference still led to them. */
  readonly freedWhileMapped = new Extents<Allocation | undefined>(uniformRuns((left, right) => left === right));
  /** Pages that a list of the processor holds on their way to being locked. */
  readonly mlockBatch: number[] = [];
  /** Pages that the allocator found in a bad state when they were freed, and hands out to nobody. */
  readonly keptBack = new Set<number>();
  /** Pages whose `page->mapping` the driver set, and to what. */
  readonly withMapping = new Map<number, AddressSpace>();
  /** The bus addresses that the device can have for coherent memory; absent until the driver tells. */
  coherentMask: bigint | undefined;
  /** Next free pfn of each zone; memory is not reused, so that a stale pfn stays recognisable. */
  readonly next = {
    far: 4096 * gibibyte,
    low: 0x1_0000,
    high: 4 * gibibyte + 0x1000,
    /** Blocks of one page so far. */
    singles: 0,
    device: 2 * gibibyte + 0x1000,
    largeDevice: 1024 * gibibyte,
  };
  nextVmallocAddress = 0xffff_c900_0000_0000n;

  constructor(regions: readonly Region[] = defaultRegions) {
    for (const region of regions) this.regions.set(region.start, region.start + region.pages, region.kind);
    this.pages.set(zeroPfn, zeroPfn + 1, { ...freePage, use: 'zero', refcount: 1, reserved: true });
  }

  /** `pfn_valid`: whether the page has a struct page. */
  pfnValid(pfn: bigint): boolean {
    const kind = pfn === BigInt(pfnNumber(pfn)) ? this.regions.get(pfnNumber(pfn)) : undefined;
    return kind === 'ram' || kind === 'reserved';
  }

  /** Whether any of `[start, end)` pfns is System RAM (`walk_system_ram_range` finds something). */
  isAnyRam(start: number, end: number): boolean {
    return this.regions.slice(start, end).some((run) => run.value === 'ram');
  }

  /** Whether the kernel can reach the page through its own mapping of memory. */
  inDirectMap(pfn: number): boolean {
    return this.regions.get(pfn) === 'ram';
  }

  /** What the memory type range registers say of `[start, end)` pfns: memory is write-back, windows of a bus are not. */
  isWriteBack(start: number, end: number): boolean {
    return this.regions.slice(start, end).every((run) => run.value !== 'mmio');
  }

  /** The state of a page, or `undefined` when it has no struct page. */
  page(pfn: number): PageState | undefined {
    const known = this.pages.get(pfn);
    if (known) return known;
    const kind = this.regions.get(pfn);
    return kind === 'ram' ? freePage : kind === 'reserved' ? reservedPage : undefined;
  }

  /** The pfn whose struct page holds the reference count of `pfn`: the first page of a compound block, else itself. */
  head(pfn: number): number {
    const allocation = this.pages.get(pfn)?.allocation;
    return allocation?.compound && !allocation.split ? (allocation.runs[0]?.pfn ?? pfn) : pfn;
  }

  /** `high_memory`: the address behind the last page of RAM in the linear mapping. */
  get highMemory(): bigint {
    return linear(this.regions.slice(0, Number.MAX_SAFE_INTEGER).reduce((last, run) => (run.value === 'ram' ? run.end : last), 0));
  }

  /** The live or freed allocation that `pfn` belongs to, if any. */
  owner(pfn: number): Allocation | undefined {
    return this.pages.get(pfn)?.allocation ?? this.devices.get(pfn);
  }

  /** The runs of `[start, end)` with their owner; `undefined` for memory that no allocation covers. */
  owners(start: number, end: number): Run<Allocation | undefined>[] {
    const owned: Run<Allocation | undefined>[] = [];
    for (const run of this.pages.slice(start, end)) owned.push({ ...run, value: run.value.allocation });
    for (const run of this.devices.slice(start, end)) owned.push(run);
    owned.sort((left, right) => left.start - right.start);
    const result: Run<Allocation | undefined>[] = [];
    let at = start;
    for (const run of owned) {
      if (run.start > at) result.push({ start: at, end: run.start, value: undefined });
      result.push(run);
      at = Math.max(at, run.end);
    }
    if (at < end) result.push({ start: at, end, value: undefined });
    return result;
  }

  /** What a page shows where nobody wrote. */
  fill(pfn: number): Fill {
    const state = this.pages.get(pfn);
    if (state?.use === 'zero' || state?.use === 'anonymous') return 'zero';
    const owner = this.owner(pfn);
    if (owner) return owner.fill;
    const kind = this.regions.get(pfn);
    return kind === 'ram' ? 'stale' : kind === 'mmio' ? 'device' : 'zero';
  }

  /** `length` bytes at a physical address, inside one page. */
  read(pfn: number, offset: number, length: number): { readonly bytes: Uint8Array; readonly initialised: boolean } {
    return this.contents.read(pfn, offset, length, this.fill(pfn));
  }

  /** Writes bytes at a physical address, inside one page. */
  write(pfn: number, offset: number, bytes: Uint8Array): void {
    this.contents.write(pfn, offset, bytes, this.fill(pfn));
  }

  /** The pages of `runs` as `[start, end)` pfn ranges. */
  static ranges(runs: readonly PfnRun[]): { readonly start: number; readonly end: number }[] {
    return runs.map((run) => ({ start: run.pfn, end: run.pfn + run.pages }));
  }
}
