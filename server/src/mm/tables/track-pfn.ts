/**
 * x86's tracking of cache types for pfn mappings (`arch/x86/mm/pat/memtype.c`). Other architectures do nothing here.
 * Up to 6.15 a full `remap_pfn_range` is remembered by VM_PAT; from 6.16 by a shared context that the vma points to.
 */
import { atLeast } from '../../kernel/version.ts';
import { errno } from '../errno.ts';
import { VM_PAT } from '../flags.ts';
import { type CacheType, cacheTypeOf, withCacheType } from '../pgprot.ts';
import { at } from '../problem.ts';
import { hex, PAGE_SHIFT } from '../units.ts';
import type { Vma } from '../vma.ts';
import { resetVmaFlags } from './vma-tree.ts';

/** The reservations that vmas hold, by the context or, up to 6.15, by the vma. */
const reserved = new WeakMap<object, { readonly start: number; readonly end: number }>();

/** `is_new_memtype_allowed`: whether a request can live with the type that is already in force. */
function mayUse(wanted: CacheType, actual: CacheType): boolean {
  if (actual === 'write-back') return !['uncached-minus', 'write-combining', 'write-through'].includes(wanted);
  return !(wanted === 'write-through' && actual === 'write-combining');
}

/** Whether any of `[start, end)` pfns is RAM (`pat_pagerange_is_ram`: a range that is partly RAM counts as RAM too). */
function isRam(vma: Vma, start: number, end: number): boolean {
  return vma.vm_mm.system.memory.regions.slice(start, end).some((run) => run.value === 'ram');
}

/** `is_ISA_range`: the old window below 1 MiB is not tracked and counts as write-back. */
function isIsaRange(start: number, end: number): boolean {
  return start >= 0xa0 && end <= 0x100;
}

/** `lookup_memtype`: the type in force for one page; device memory that nobody reserved counts as uncached-minus. */
function lookupType(vma: Vma, pfn: number): CacheType {
  const system = vma.vm_mm.system;
  if (isIsaRange(pfn, pfn + 1)) return 'write-back';
  if (isRam(vma, pfn, pfn + 1)) return system.memoryTypes.ofRam(pfn);
  return system.memoryTypes.ofDevice(pfn) ?? 'uncached-minus';
}

/** The one type of a range, or `undefined` when its pages differ. */
function commonType(vma: Vma, start: number, end: number): CacheType | undefined {
  const first = lookupType(vma, start);
  const { memory, memoryTypes } = vma.vm_mm.system;
  const borders = new Set<number>(memoryTypes.borders(start, end));
  for (const run of memory.regions.slice(start, end)) borders.add(run.start).add(run.end);
  for (const border of borders) if (border > start && border < end && lookupType(vma, border) !== first) return undefined;
  return first;
}

/** What tracking answers: the protection to use, or a negative error number. */
export type Tracked = { readonly prot: bigint } | { readonly error: number };

/**
 * `track_pfn_remap` / `pfnmap_track`: `prot` with the cache type that the memory really gets. RAM keeps the type of the
 * kernel's own mapping, with a warning when another was asked for; device memory is reserved when the call covers the
 * whole vma. Any failure becomes EINVAL in `remap_pfn_range`.
 */
export function trackPfnRemap(vma: Vma, prot: bigint, pfn: number, pages: number, full: boolean): Tracked {
  const system = vma.vm_mm.system;
  const wanted = cacheTypeOf(prot);
  if (!full) {
    const type = commonType(vma, pfn, pfn + pages);
    return type ? { prot: withCacheType(prot, type) } : { error: -errno.EINVAL };
  }
  if (atLeast(system.version, 6, 16) && vma.pfnmap_track_ctx) return { error: -errno.EINVAL };
  const ram = isRam(vma, pfn, pfn + pages);
  let type = wanted;
  if (ram) {
    type = lookupType(vma, pfn);
    if (type !== wanted) reportRamType(vma, pfn, wanted, type);
  } else {
    const reserves = reserveType(vma, pfn, pfn + pages, wanted);
    if (!reserves) return { error: -errno.EINVAL };
    type = reserves;
  }
  const range = { start: pfn, end: pfn + pages };
  if (atLeast(system.version, 6, 16)) {
    vma.pfnmap_track_ctx = { references: 1 };
    if (!ram) reserved.set(vma.pfnmap_track_ctx, range);
  } else {
    resetVmaFlags(vma, vma.vm_flags | VM_PAT, 'track_pfn_remap');
    if (!ram) reserved.set(vma, range);
  }
  return { prot: withCacheType(prot, type) };
}

/** `memtype_reserve` and the check of its answer: the type of device memory from now on, or nothing on a conflict. */
function reserveType(vma: Vma, start: number, end: number, wanted: CacheType): CacheType | undefined {
  if (isIsaRange(start, end)) return 'write-back';
  const { memoryTypes } = vma.vm_mm.system;
  // Without an MTRR that says otherwise, device memory asked for as write-back becomes uncached-minus.
  const type = wanted === 'write-back' ? 'uncached-minus' : wanted;
  const inForce = memoryTypes.reservedTypes(start, end);
  const [first = type] = inForce;
  if (inForce.length > 1 || !mayUse(wanted, first)) return undefined;
  memoryTypes.reserve(start, end, first);
  return first;
}

function reportRamType(vma: Vma, pfn: number, wanted: CacheType, actual: CacheType): void {
  vma.vm_mm.system.report({
    kind: 'cache-type',
    message: `The mapping asks for ${wanted} caching of RAM that the kernel itself maps ${actual}. On x86 the request is replaced by ${actual}: the change of vm_page_prot has no effect.`,
    kernelLog: `x86/PAT: program:1 map pfn RAM range req ${wanted} for [mem ${hex(BigInt(pfn) << PAGE_SHIFT)}], got ${actual}`,
    where: { function: 'reserve_pfn_range', file: 'arch/x86/mm/pat/memtype.c' },
    rule: 'S12.2',
    ...at(vma),
    pfn: BigInt(pfn),
  });
}

/**
 * `track_pfn_insert` / `pfnmap_setup_cachemode_pfn`: takes over the type in force, which is uncached-minus for device memory
 * that nobody reserved. Never fails (4.10 and later).
 */
export function trackPfnInsert(vma: Vma, prot: bigint, pfn: number): bigint {
  return withCacheType(prot, lookupType(vma, pfn));
}

/** `untrack_pfn`: gives the reservation back when the last vma that shares it goes. */
export function untrackPfn(vma: Vma): void {
  const system = vma.vm_mm.system;
  const context = vma.pfnmap_track_ctx;
  vma.pfnmap_track_ctx = undefined;
  if (context) {
    context.references -= 1;
    if (context.references > 0) return;
  }
  const key = context ?? vma;
  const range = reserved.get(key);
  if (!range) return;
  reserved.delete(key);
  system.memoryTypes.free(range.start, range.end);
}

/** `track_pfn_copy`: what fork does for the child's vma. */
export function trackPfnCopy(child: Vma, parent: Vma): void {
  const range = reserved.get(parent);
  if (!range || parent.pfnmap_track_ctx) return;
  const system = child.vm_mm.system;
  system.memoryTypes.reserve(range.start, range.end, system.memoryTypes.ofDevice(range.start) ?? 'uncached-minus');
  reserved.set(child, range);
}

/** `untrack_pfn_clear`: the vma has moved away; another one now answers for the reservation. */
export function untrackPfnClear(from: Vma, to: Vma): void {
  const range = reserved.get(from);
  if (!range || from.pfnmap_track_ctx) return;
  reserved.delete(from);
  reserved.set(to, range);
  resetVmaFlags(from, from.vm_flags & ~VM_PAT, 'untrack_pfn_clear');
}
