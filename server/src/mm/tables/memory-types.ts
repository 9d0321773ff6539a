/**
 * The cache types that x86's page attribute table code has reserved for physical ranges, and the kernel's own mapping
 * of RAM. Other architectures do not track this.
 */
import { Extents, uniformRuns } from '../extents.ts';
import type { CacheType } from '../pgprot.ts';

interface Reservation {
  readonly type: CacheType;
  readonly count: number;
}

/** Reserved types by pfn (`memtype_reserve`, `memtype_free`), and changed kernel mappings (`set_memory_uc` and so on). */
export class MemoryTypes {
  readonly #reserved = new Extents<Reservation>(uniformRuns((left, right) => left.type === right.type && left.count === right.count));
  readonly #kernelMapping = new Extents<CacheType>(uniformRuns((left, right) => left === right));

  /** The type that the kernel's own mapping gives a RAM page; write-back unless changed. */
  ofRam(pfn: number): CacheType {
    return this.#kernelMapping.get(pfn) ?? 'write-back';
  }

  /** `set_memory_uc`, `set_memory_wc`, `set_memory_wb` on `[start, end)` pfns. */
  setKernelMapping(start: number, end: number, type: CacheType): void {
    this.#kernelMapping.set(start, end, type);
  }

  /** The reserved type of a device page, if any. */
  ofDevice(pfn: number): CacheType | undefined {
    return this.#reserved.get(pfn)?.type;
  }

  /** The different types reserved inside `[start, end)`, in ascending order of address. */
  reservedTypes(start: number, end: number): readonly CacheType[] {
    return [...new Set(this.#reserved.slice(start, end).map((run) => run.value.type))];
  }

  /** Adds a reservation of `type` for `[start, end)`. */
  reserve(start: number, end: number, type: CacheType): void {
    for (const gap of this.#reserved.gaps(start, end)) this.#reserved.set(gap.start, gap.end, { type, count: 0 });
    this.#reserved.update(start, end, (run) => ({ ...run.value, count: run.value.count + 1 }));
  }

  /** Takes one reservation of `[start, end)` back. */
  free(start: number, end: number): void {
    this.#reserved.update(start, end, (run) => (run.value.count > 1 ? { ...run.value, count: run.value.count - 1 } : undefined));
  }

  /** Pfns inside `[start, end)` at which the type may change. */
  borders(start: number, end: number): number[] {
    const runs = [...this.#reserved.slice(start, end), ...this.#kernelMapping.slice(start, end)];
    return runs.flatMap((run) => [run.start, run.end]);
  }
}
