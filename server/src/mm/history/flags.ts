/**
 * Vma flags of kernels before 3.7 whose bits mean something else today, and the masks that have them. Who uses them has made
 * sure of the version.
 */
import { atLeast, type KernelVersion } from '../../kernel/version.ts';
import { VM_DONTDUMP, VM_DONTEXPAND, VM_IO, VM_LOCKED, VM_LOCKED_MASK, VM_MIXEDMAP, VM_PFNMAP, VM_SPECIAL } from '../flags.ts';
import { hasIncomplete, hasPfnMap, hasUnpaged, hasVmReserved } from './eras.ts';

/** Up to 3.6. */
export const VM_RESERVED = 0x8_0000n;
/** 2.5.46 to 3.19: `remap_file_pages` changed the order of the pages. */
export const VM_NONLINEAR = 0x80_0000n;
/** 2.6.15-rc2 and -rc3. */
export const VM_UNPAGED = 0x200_0000n;
/** 2.6.15-rc4 and -rc5. */
export const VM_INCOMPLETE = 0x200_0000n;
/** 2.6.15 to 3.6. */
export const VM_INSERTPAGE = 0x200_0000n;
/** 2.6.29 to 3.6: `remap_pfn_range` was given the whole vma. */
export const VM_PFN_AT_MMAP = 0x4000_0000n;

/** VM_SPECIAL by version: VM_MIXEDMAP is one of it since 3.14, VM_RESERVED up to 3.6 (S1.4). */
export function specialFlags(version: KernelVersion): bigint {
  if (atLeast(version, 3, 14)) return VM_SPECIAL;
  if (!hasVmReserved(version)) return VM_SPECIAL & ~VM_MIXEDMAP;
  return VM_IO | VM_DONTEXPAND | VM_RESERVED | (hasPfnMap(version) ? VM_PFNMAP : 0n);
}

/** Vmas that mlock(2) leaves alone (S10.1): special ones, and none before 2.6.28. */
export function lockedOut(version: KernelVersion): bigint {
  return atLeast(version, 2, 6, 28) ? specialFlags(version) : 0n;
}

/** VM_LOCKED_MASK: VM_LOCKONFAULT is one of it since 4.4, and was VM_RESERVED before 3.7. */
export function maskOfLocked(version: KernelVersion): bigint {
  return atLeast(version, 4, 4) ? VM_LOCKED_MASK : VM_LOCKED;
}

/** What `remap_pfn_range` sets by version. */
export function remapFlags(version: KernelVersion): bigint {
  if (!hasVmReserved(version)) return VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP;
  return VM_IO | VM_RESERVED | (hasPfnMap(version) ? VM_PFNMAP : hasUnpaged(version) ? VM_UNPAGED : 0n);
}

/** What `vm_insert_page` sets by version; nothing in the first candidates that have it. */
export function insertPageFlag(version: KernelVersion): bigint {
  if (!hasVmReserved(version)) return VM_MIXEDMAP;
  return hasIncomplete(version) ? 0n : VM_INSERTPAGE;
}

/** Flags that mean raw frames or frames put in by the driver: fork copies the entries of such vmas (S7.4). */
export function copiedByFork(version: KernelVersion): bigint {
  if (!hasVmReserved(version)) return VM_PFNMAP | VM_MIXEDMAP;
  if (hasPfnMap(version)) return VM_PFNMAP | VM_NONLINEAR | (hasIncomplete(version) ? VM_INCOMPLETE : VM_INSERTPAGE);
  return VM_NONLINEAR | (hasUnpaged(version) ? VM_UNPAGED : VM_RESERVED);
}
