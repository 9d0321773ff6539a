/**
 * The turning points of driver mappings before 3.7, by name, so that the rest of the model asks for what changed and not for
 * a number. Knows versions and nothing else.
 */
import { atLeast, type KernelVersion } from '../../kernel/version.ts';

/**
 * Up to 2.6.14 PG_reserved decides: a reserved page, and memory without a struct page, is in no count; every other page is.
 * What looks at entries then asks the page, not the vma.
 */
export function reservedDecides(version: KernelVersion): boolean {
  return !atLeast(version, 2, 6, 15, 1);
}

/** 2.6.15-rc1: no page of a VM_RESERVED vma is given back. */
export function keepsReservedVmas(version: KernelVersion): boolean {
  return atLeast(version, 2, 6, 15, 1) && !atLeast(version, 2, 6, 15, 2);
}

/** 2.6.15-rc2 and -rc3: VM_UNPAGED vmas have raw frames, and private copies that are known by being anonymous. */
export function hasUnpaged(version: KernelVersion): boolean {
  return atLeast(version, 2, 6, 15, 2) && !atLeast(version, 2, 6, 15, 4);
}

/** 2.6.15-rc4 and later: VM_PFNMAP, and `vm_normal_page`. */
export function hasPfnMap(version: KernelVersion): boolean {
  return atLeast(version, 2, 6, 15, 4);
}

/** 2.6.15-rc4 and -rc5: mapping a part of a vma makes it VM_INCOMPLETE. */
export function hasIncomplete(version: KernelVersion): boolean {
  return hasPfnMap(version) && !atLeast(version, 2, 6, 15, 6);
}

/** 2.6.26 and later on x86: a bit of the entry says that no page is counted (S5.6); before, the pfn has to tell. */
export function hasPteSpecial(version: KernelVersion): boolean {
  return atLeast(version, 2, 6, 26);
}

/** Up to 3.6: VM_RESERVED keeps vmas from being merged, locked, dumped; in 2.4 also from being swapped out. */
export function hasVmReserved(version: KernelVersion): boolean {
  return !atLeast(version, 3, 7);
}

/** 2.6.23 and later: `fault`, and results that are bits. */
export function hasFault(version: KernelVersion): boolean {
  return atLeast(version, 2, 6, 23);
}
