/**
 * The cache types that x86's page attribute table code has reserved for physical ranges (arch/x86/mm/pat/memtype_interval.c), and
 * the kernel's own mapping of RAM. Other architectures do not track this.
 */
import { Extents, uniformRuns } from '../extents.ts';
import type { CacheType } from '../pgprot.ts';

/** One reservation of pfns `[start, end)`; reservations of one type may overlap. */
interface Memtype {
  readonly start: number;
  readonly end: number;
  readonly type: CacheType;
}

/** `is_new_memtype_allowed`: whether a request can live with the type that is already in force. */
export function isNewTypeAllowed(wanted: CacheType, actual: CacheType): boolean {
  if (actual === 'write-back') return !['uncached-minus', 'write-combining', 'write-through'].includes(wanted);
  return !(wanted === 'write-through' && actual === 'write-combining');
}

/** Reserved types by pfn (`memtype_reserve`, `memtype_free`), and changed kernel mappings (`set_memory_uc` and so on). */
export class MemoryTypes {
  /** In ascending order of their start. */
  #reserved: readonly Memtype[] = [];
  readonly #kernelMapping = new Extents<CacheType>(uniformRuns((left, right) => left === right));

  /** The type that the kernel's own mapping gives a RAM page; write-back unless changed. */
  ofRam(pfn: number): CacheType {
    return this.#kernelMapping.get(pfn) ?? 'write-back';
  }

  /** `set_memory_uc`, `set_memory_wc`, `set_memory_wb` on `[start, end)` pfns. */
  setKernelMapping(start: number, end: number, type: CacheType): void {
    this.#kernelMapping.set(start, end, type);
  }

  /** The reserved type of a device page, if any (`memtype_lookup`). */
  ofDevice(pfn: number): CacheType | undefined {
    return this.#overlapping(pfn, pfn + 1)[0]?.type;
  }

  /** The different types reserved inside `[start, end)`, in ascending order of address. */
  reservedTypes(start: number, end: number): readonly CacheType[] {
    return [...new Set(this.#overlapping(start, end).map((each) => each.type))];
  }

  /** Adds a reservation of `type` for `[start, end)`. */
  reserve(start: number, end: number, type: CacheType): void {
    this.#reserved = [...this.#reserved, { start, end, type }].sort((left, right) => left.start - right.start);
  }

  /**
   * `memtype_erase`: takes the reservation of exactly `[start, end)` back, else cuts the tail `[start, end)` off one that ends
   * there, else does nothing and gives false (S11.5).
   */
  free(start: number, end: number): boolean {
    const exact = this.#reserved.findIndex((each) => each.start === start && each.end === end);
    if (exact >= 0) {
      this.#reserved = this.#reserved.toSpliced(exact, 1);
      return true;
    }
    const longer = this.#reserved.findIndex((each) => each.start < start && each.end === end);
    const old = this.#reserved[longer];
    if (!old) return false;
    this.#reserved = this.#reserved.with(longer, { ...old, end: start });
    return true;
  }

  /** Pfns inside `[start, end)` at which the type may change. */
  borders(start: number, end: number): number[] {
    const runs = [...this.#overlapping(start, end), ...this.#kernelMapping.slice(start, end)];
    return runs.flatMap((run) => [run.start, run.end]);
  }

  #overlapping(start: number, end: number): readonly Memtype[] {
    return this.#reserved.filter((each) => each.start < end && start < each.end);
  }
}
