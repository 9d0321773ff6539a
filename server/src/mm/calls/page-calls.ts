/**
 * Calls that change how the kernel sees pages: the reserved mark, and cache types of the kernel's own mappings
 * (include/linux/page-flags.h, arch/x86/mm/pat/, arch/x86/mm/ioremap.c).
 */
import type { CacheType } from '../pgprot.ts';
import { markReserved } from '../physical/page-flags.ts';
import type { System } from '../system.ts';
import { isNewTypeAllowed } from '../tables/memory-types.ts';
import { freeMemtype } from '../tables/track-pfn.ts';
import { PAGE_SHIFT, PAGE_SIZE } from '../units.ts';

/** `SetPageReserved(page)`: needed by no mapping call since 2.6.15; a page that is freed with it is a bad page. */
export function SetPageReserved(system: System, pfn: bigint): void {
  markReserved(system, Number(pfn), true);
}

/** `ClearPageReserved(page)`. */
export function ClearPageReserved(system: System, pfn: bigint): void {
  markReserved(system, Number(pfn), false);
}

/** `set_memory_uc`, `set_memory_wc`, `set_memory_wb`: the cache type of the kernel's own mapping of RAM. */
export function set_memory_type(system: System, pfn: bigint, pages: number, type: CacheType): void {
  system.memoryTypes.setKernelMapping(Number(pfn), Number(pfn) + pages, type);
}

function pfnsOf(physical: bigint, bytes: bigint): { readonly start: number; readonly end: number } {
  return { start: Number(physical >> PAGE_SHIFT), end: Number((physical + bytes + PAGE_SIZE - 1n) >> PAGE_SHIFT) };
}

/** `__ioremap_check_ram`: RAM whose pages are all marked as reserved is none that the allocator may give to somebody else. */
function areReserved({ memory }: System, start: number, end: number): boolean {
  for (let pfn = start; pfn < end; pfn++) if (memory.page(pfn)?.reserved !== true) return false;
  return true;
}

/**
 * `ioremap` and its variants: reserves the cache type of a physical range (bytes), to which later user mappings must fit.
 * False, for NULL, when the range wraps, is empty, has several types already, or is RAM that is not marked as reserved, which the kernel warns about.
 */
export function ioremap(system: System, physical: bigint, bytes: bigint, type: CacheType = 'uncached-minus'): boolean {
  if (bytes === 0n || physical + bytes > 1n << 52n) return false;
  const { start, end } = pfnsOf(physical, bytes);
  if (system.memory.isAnyRam(start, end)) {
    if (areReserved(system, start, end)) return true;
    system.warnOnce({
      kind: 'warning',
      message: 'ioremap is called for RAM. The kernel refuses and the call gives NULL. Use phys_to_virt or memremap.',
      kernelLog: 'WARNING: at arch/x86/mm/ioremap.c __ioremap_caller',
      where: { function: '__ioremap_caller', file: 'arch/x86/mm/ioremap.c' },
      pfn: BigInt(start),
    });
    return false;
  }
  const own = type === 'write-back' && !system.memory.isWriteBack(start, end) ? 'uncached-minus' : type;
  const [first = own, second] = system.memoryTypes.reservedTypes(start, end);
  if (second || !isNewTypeAllowed(type, first)) return false;
  system.memoryTypes.reserve(start, end, first);
  return true;
}

/** `iounmap`: gives the reservation of `ioremap` back, which somebody else's may have taken (S11.5). */
export function iounmap(system: System, physical: bigint, bytes: bigint): void {
  const { start, end } = pfnsOf(physical, bytes);
  freeMemtype(system, start, end);
}
