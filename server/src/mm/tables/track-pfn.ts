/**
 * x86's tracking of cache types for pfn mappings (`arch/x86/mm/pat/memtype.c`). Other architectures do nothing here.
 * Up to 6.15 a full `remap_pfn_range` is remembered by VM_PAT; from 6.16 by a shared context that the vma points to.
 */
import { atLeast, type KernelVersion } from '../../kernel/version.ts';
import { vmFlagsSet } from '../calls/vm-flags.ts';
import { errno } from '../errno.ts';
import { isCowMapping, VM_PAT, VM_PFNMAP } from '../flags.ts';
import { hasVmReserved } from '../history/eras.ts';
import { VM_PFN_AT_MMAP } from '../history/flags.ts';
import { type CacheType, cacheTypeOf, withCacheType } from '../pgprot.ts';
import { at } from '../problem.ts';
import type { System } from '../system.ts';
import { hex, PAGE_SHIFT, pageOf, pfnNumber } from '../units.ts';
import { resetVmaFlags, type Vma, vma_pages } from '../vma.ts';
import { isNewTypeAllowed } from './memory-types.ts';

/** Whether any of `[start, end)` pfns is RAM (`pat_pagerange_is_ram`: a range that is partly RAM counts as RAM too). */
function isRam(vma: Vma, start: number, end: number): boolean {
  return vma.vm_mm.system.memory.isAnyRam(start, end);
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

/** What a vma that holds a reservation has: VM_PAT, up to 3.6 VM_PFN_AT_MMAP. */
function trackFlag(version: KernelVersion): bigint {
  return hasVmReserved(version) ? VM_PFN_AT_MMAP : VM_PAT;
}

/** Up to 2.6.28 every mapping gets the cache type that it asks for. */
function tracksMemoryTypes(version: KernelVersion): boolean {
  return atLeast(version, 2, 6, 29);
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
  if (!tracksMemoryTypes(system.version)) return { prot };
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
  if (atLeast(system.version, 6, 16)) {
    vma.pfnmap_track_ctx = { references: 1, start: pfn, end: pfn + pages, reserved: !ram };
  } else {
    const flag = trackFlag(system.version);
    if (atLeast(system.version, 6, 3)) vmFlagsSet(vma, flag, 'track_pfn_remap');
    else resetVmaFlags(vma, vma.vm_flags | flag, 'track_pfn_remap');
  }
  return { prot: withCacheType(prot, type) };
}

/** `memtype_reserve` and the check of its answer: the type of device memory from now on, or nothing on a conflict. */
function reserveType(vma: Vma, start: number, end: number, wanted: CacheType): CacheType | undefined {
  if (isIsaRange(start, end)) return 'write-back';
  const { memory, memoryTypes } = vma.vm_mm.system;
  const type = wanted === 'write-back' && !memory.isWriteBack(start, end) ? 'uncached-minus' : wanted;
  const [first = type, second] = memoryTypes.reservedTypes(start, end);
  if (second) {
    const [from, to] = [start, end].map((pfn) => (BigInt(pfn) << PAGE_SHIFT).toString(16));
    const conflict = patLog(`conflicting memory types ${from}-${to} ${first}<->${second}`);
    const failure = `x86/PAT: memtype_reserve failed ${range(start, end)}, track ${type}, req ${wanted}`;
    const message = `The memory is mapped ${first} in one part and ${second} in another already, so that it cannot be mapped as one.`;
    report(vma, start, `${conflict}\n${failure}`, message);
    return undefined;
  }
  if (!isNewTypeAllowed(wanted, first)) {
    const failure = patLog(`map pfn expected mapping type ${wanted} for ${range(start, end)}, got ${first}`);
    report(vma, start, failure, `The mapping asks for ${wanted} caching of memory that is mapped ${first} already. On x86 the call fails.`);
    return undefined;
  }
  memoryTypes.reserve(start, end, first);
  return first;
}

/** `memtype_free`: the kernel says so when no reservation is exactly this range, or ends with it. */
export function freeMemtype(system: System, start: number, end: number): void {
  if (isIsaRange(start, end) || system.memory.isAnyRam(start, end) || system.memoryTypes.free(start, end)) return;
  system.log.add({ kind: 'kernel-message', text: patLog(`freeing invalid memtype ${range(start, end)}`) });
}

function reportRamType(vma: Vma, pfn: number, wanted: CacheType, actual: CacheType): void {
  const message = `The mapping asks for ${wanted} caching of RAM that the kernel itself maps ${actual}. On x86 the request is replaced by ${actual}: the change of vm_page_prot has no effect.`;
  report(vma, pfn, patLog(`map pfn RAM range req ${wanted} for ${range(pfn, pfn + 1)}, got ${actual}`), message);
}

function patLog(text: string): string {
  return `x86/PAT: program:1 ${text}`;
}

/** Pfns as the kernel writes them, in bytes. */
function range(start: number, end: number): string {
  return `[mem ${hex(BigInt(start) << PAGE_SHIFT)}-${hex((BigInt(end) << PAGE_SHIFT) - 1n)}]`;
}

function report(vma: Vma, pfn: number, kernelLog: string, message: string): void {
  vma.vm_mm.system.report({
    kind: 'cache-type',
    message,
    kernelLog,
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
  return tracksMemoryTypes(vma.vm_mm.system.version) ? withCacheType(prot, lookupType(vma, pfn)) : prot;
}

/** 6.9, and the stable trees that took the fix: a private copy at the start of the vma is not taken for the device memory. */
function knowsCopies(version: KernelVersion): boolean {
  const stable = version.major === 6 && ((version.minor === 1 && version.patch >= 85) || (version.minor === 6 && version.patch >= 26));
  return atLeast(version, 6, 9) || stable;
}

/** The first pfn of a tracked vma, and the protection of its entry where that is still there (`get_pat_info`, up to 6.15). */
function patInfo(vma: Vma): { readonly pfn: number; readonly prot: bigint | undefined } | undefined {
  const first = vma.vm_mm.table.get(pageOf(vma.vm_start));
  if (first && (first.special || !knowsCopies(vma.vm_mm.system.version))) return { pfn: first.pfn, prot: first.prot };
  // A private copy hides the device memory; remap_pfn_range left the pfn in vm_pgoff.
  if (isCowMapping(vma.vm_flags)) return { pfn: pfnNumber(vma.vm_pgoff), prot: undefined };
  vma.vm_mm.system.warnOnce({
    kind: 'warning',
    message: 'The kernel wants to give the cache type of the mapping back, but the first entry, which names the memory, is gone.',
    kernelLog: 'WARNING: at arch/x86/mm/pat/memtype.c get_pat_info',
    where: { function: 'get_pat_info', file: 'arch/x86/mm/pat/memtype.c' },
    rule: 'S11.5',
    ...at(vma),
  });
  return undefined;
}

/**
 * `untrack_pfn`, before the entries go. Up to 6.15 the range that the vma covers now is given back, at the first zap in any part
 * of it, and VM_PAT is cleared: after a partial unmap that is not the range that was reserved (S11.5).
 */
export function untrackPfn(vma: Vma): void {
  const system = vma.vm_mm.system;
  if (atLeast(system.version, 6, 16) || (vma.vm_flags & trackFlag(vma.vm_mm.system.version)) === 0n) return;
  const info = patInfo(vma);
  if (!info) return;
  const end = info.pfn + Number(vma_pages(vma));
  freeMemtype(vma.vm_mm.system, info.pfn, end);
  // A mark of the kernel's own, which goes without a word: mostly the vma goes with it.
  vma.vm_flags &= ~trackFlag(vma.vm_mm.system.version);
}

/** What `remap_pfn_range` gives back when it fails after tracking. Pfns and pages are those of the call. */
export function untrackRemap(vma: Vma, pfn: number, pages: number): void {
  releaseTrackContext(vma);
  if ((vma.vm_flags & trackFlag(vma.vm_mm.system.version)) === 0n || atLeast(vma.vm_mm.system.version, 6, 16)) return;
  freeMemtype(vma.vm_mm.system, pfn, pfn + pages);
  resetVmaFlags(vma, vma.vm_flags & ~trackFlag(vma.vm_mm.system.version), 'untrack_pfn');
}

/** `vma_pfnmap_track_ctx_release` (6.16 and later): the last vma of a context gives the whole reservation back. */
export function releaseTrackContext(vma: Vma): void {
  const context = vma.pfnmap_track_ctx;
  vma.pfnmap_track_ctx = undefined;
  if (!context) return;
  context.references -= 1;
  if (context.references === 0 && context.reserved) vma.vm_mm.system.memoryTypes.free(context.start, context.end);
}

/**
 * `track_pfn_copy` (up to 6.15): reserves the range again for the child's vma. Gives 0, or -EINVAL where the first page of a
 * private mapping has been copied, which makes fork fail (S7.6).
 */
export function trackPfnCopy(child: Vma, parent: Vma): number {
  const flag = trackFlag(parent.vm_mm.system.version);
  if (atLeast(parent.vm_mm.system.version, 6, 16) || (parent.vm_flags & flag) === 0n || !(parent.vm_flags & VM_PFNMAP)) return 0;
  const info = patInfo(parent);
  if (info?.prot === undefined) {
    resetVmaFlags(child, child.vm_flags & ~trackFlag(child.vm_mm.system.version), 'track_pfn_copy');
    return -errno.EINVAL;
  }
  const end = info.pfn + Number(vma_pages(parent));
  const { memoryTypes } = parent.vm_mm.system;
  if (!isRam(parent, info.pfn, end)) memoryTypes.reserve(info.pfn, end, cacheTypeOf(info.prot));
  child.vm_flags |= flag;
  return 0;
}

/** 6.15, and the stable trees that took the fix: the vma of a child holds no reservation until its entries are copied (`dup_mmap`). */
export function forgetTracking(child: Vma): void {
  const { version } = child.vm_mm.system;
  const { major, minor, patch } = version;
  const stable = major === 6 && ((minor === 1 && patch >= 134) || (minor === 6 && patch >= 87) || (minor === 12 && patch >= 23));
  if (stable || atLeast(version, 6, 15)) child.vm_flags &= ~trackFlag(version);
}

/** `untrack_pfn_clear` (up to 6.15): the vma has moved away; the new one, which has VM_PAT too, answers for the reservation. */
export function untrackPfnClear(from: Vma): void {
  const flag = trackFlag(from.vm_mm.system.version);
  if (from.vm_flags & flag) resetVmaFlags(from, from.vm_flags & ~flag, 'untrack_pfn_clear');
}
