/**
 * `remap_pfn_range` from 2.6.10 to 3.6 (mm/memory.c): the flags that it sets, what a private mapping asks for, and the release
 * candidates of 2.6.15 that took three ways to today's.
 */
import { atLeast } from '../../kernel/version.ts';
import { BUG_ON, checkInsideVma, checkOwnership } from '../calls/shared.ts';
import { vmFlagsSet } from '../calls/vm-flags.ts';
import { errno } from '../errno.ts';
import { isCowMapping, VM_IO } from '../flags.ts';
import { at, inMemoryC } from '../problem.ts';
import { mapNormalPage, newPte, setPtes } from '../tables/set-ptes.ts';
import { trackPfnRemap } from '../tables/track-pfn.ts';
import { addressOf, hex, PAGE_SHIFT, pageAlign, pageOf, pfnNumber, ulong } from '../units.ts';
import { assignVmaField, resetVmaFlags, type Vma } from '../vma.ts';
import { hasIncomplete, hasPfnMap, hasPteSpecial } from './eras.ts';
import { remapFlags, VM_INCOMPLETE, VM_PFN_AT_MMAP, VM_RESERVED } from './flags.ts';
import { remapSkipping } from './remap-page-range.ts';

const by = 'remap_pfn_range';

/** What a call asks for: bytes, a pfn, a protection. `end` is rounded up to a page. */
interface Remap {
  readonly vma: Vma;
  readonly address: bigint;
  readonly end: bigint;
  readonly pfn: bigint;
  readonly prot: bigint;
}

/**
 * `remap_pfn_range(vma, addr, pfn, size, prot)` up to 3.6. Gives 0, or -EINVAL for a part of a COW mapping (2.6.15 and later) and
 * for a conflict of cache types (2.6.29 and later). BUGs as later versions do.
 */
export function remapPfnRangeUpTo36(vma: Vma, address: bigint, pfn: bigint, size: bigint, prot: bigint): number {
  const { version } = vma.vm_mm.system;
  const remap: Remap = { vma, address, end: ulong(address + pageAlign(size)), pfn, prot };
  const isFull = address === vma.vm_start && remap.end === vma.vm_end;
  if (hasIncomplete(version) && !isFull) return incomplete_pfn_remap(remap);
  const refused = prepare(remap, isFull);
  if (refused !== 0) return refused;
  const before = vma.vm_flags;
  vmFlagsSet(vma, remapFlags(version) | (isFull && atLeast(version, 2, 6, 29) ? VM_PFN_AT_MMAP : 0n), by);
  const pages = Number((remap.end - address) >> PAGE_SHIFT);
  const tracked = trackPfnRemap(vma, prot, pfnNumber(pfn), pages, isFull);
  if ('error' in tracked) {
    resetVmaFlags(vma, before, by);
    return -errno.EINVAL;
  }
  BUG_ON(
    address >= remap.end,
    vma,
    by,
    `remap_pfn_range is asked for ${hex(size)} bytes at ${hex(address)}: the end does not lie behind the start, so the kernel stops.`,
    'S5.2',
    address,
  );
  if (!hasPfnMap(version)) return remapSkipping(vma, address, remap.end, pfnNumber(pfn), prot, by);
  return fill(remap, tracked.prot);
}

/**
 * The COW rule. Only the whole of a COW mapping can be mapped, because its private copies are known by their pfn, which is not
 * the linear one; `vm_pgoff` therefore becomes the first pfn (S5.6). 2.6.29 to 3.6 do so for every vma that is mapped whole.
 */
function prepare({ vma, pfn }: Remap, isFull: boolean): number {
  const { version } = vma.vm_mm.system;
  if (!hasPfnMap(version)) return 0;
  const isCow = isCowMapping(vma.vm_flags);
  if (isCow && !isFull) return -errno.EINVAL;
  const names = isCow || hasIncomplete(version) || (isFull && atLeast(version, 2, 6, 29));
  if (names) assignVmaField(vma, 'vm_pgoff', ulong(pfn));
  return 0;
}

function fill({ vma, address, end, pfn }: Remap, prot: bigint): number {
  const { table, system } = vma.vm_mm;
  const start = pageOf(address);
  const present = table.slice(start, pageOf(end))[0];
  const stop = present ? present.start : pageOf(end);
  checkInsideVma(vma, address, end, by);
  checkOwnership(vma, address, pfnNumber(pfn), stop - start, by);
  if (stop > start) setPtes(vma.vm_mm, start, stop, newPte(pfnNumber(pfn), prot, { special: hasPteSpecial(system.version) }), by);
  BUG_ON(
    present !== undefined,
    vma,
    'remap_pte_range',
    `remap_pfn_range finds an entry at ${hex(addressOf(stop))} already: the same user address is remapped twice, so the kernel stops.`,
    'S5.1',
    addressOf(stop),
  );
  return 0;
}

/**
 * `incomplete_pfn_remap` (2.6.15-rc4 and -rc5): a part of a vma. Warns, sets VM_INCOMPLETE, and maps reserved RAM as counted
 * pages. -EINVAL outside the vma, and for every other memory.
 */
function incomplete_pfn_remap({ vma, address, end, pfn, prot }: Remap): number {
  const { system } = vma.vm_mm;
  system.warnOnce({
    kind: 'warning',
    message: `remap_pfn_range maps ${hex(address)} to ${hex(end)}, a part of the vma. This kernel wants a vma to be mapped whole, and warns.`,
    kernelLog: 'program does an incomplete pfn remapping',
    where: inMemoryC('incomplete_pfn_remap'),
    ...at(vma, address),
  });
  vmFlagsSet(vma, VM_INCOMPLETE | VM_IO | VM_RESERVED, by);
  const first = pfnNumber(pfn);
  if (address < vma.vm_start || end > vma.vm_end || !system.memory.page(first)?.reserved) return -errno.EINVAL;
  for (let page = pageOf(address); page < pageOf(end); page++) {
    const frame = first + page - pageOf(address);
    if (!system.memory.pfnValid(BigInt(frame))) return -errno.EINVAL;
    if (vma.vm_mm.table.get(page)) return -errno.EBUSY;
    mapNormalPage(vma.vm_mm, page, newPte(frame, prot), 'file', 1, by);
  }
  return 0;
}
