/**
 * The vma flags as numbers, for code that computes with them: the bits that mean the same on x86-64 from 3.7 on. Who needs
 * another version asks `flagValue()`; a test holds these against it.
 */

export const VM_READ = 0x1n;
export const VM_WRITE = 0x2n;
export const VM_EXEC = 0x4n;
export const VM_SHARED = 0x8n;
export const VM_MAYREAD = 0x10n;
export const VM_MAYWRITE = 0x20n;
export const VM_MAYEXEC = 0x40n;
export const VM_MAYSHARE = 0x80n;
export const VM_GROWSDOWN = 0x100n;
export const VM_PFNMAP = 0x400n;
export const VM_LOCKED = 0x2000n;
export const VM_IO = 0x4000n;
export const VM_SEQ_READ = 0x8000n;
export const VM_RAND_READ = 0x1_0000n;
export const VM_DONTCOPY = 0x2_0000n;
export const VM_DONTEXPAND = 0x4_0000n;
export const VM_LOCKONFAULT = 0x8_0000n;
export const VM_ACCOUNT = 0x10_0000n;
export const VM_NORESERVE = 0x20_0000n;
export const VM_HUGETLB = 0x40_0000n;
/** 4.15 and later. */
export const VM_SYNC = 0x80_0000n;
export const VM_ARCH_1 = 0x100_0000n;
/** x86: the whole vma was given to `remap_pfn_range` and holds a memory type reservation (3.7 to 6.15). */
export const VM_PAT = VM_ARCH_1;
export const VM_WIPEONFORK = 0x200_0000n;
export const VM_DONTDUMP = 0x400_0000n;
export const VM_SOFTDIRTY = 0x800_0000n;
export const VM_MIXEDMAP = 0x1000_0000n;
export const VM_HUGEPAGE = 0x2000_0000n;
export const VM_NOHUGEPAGE = 0x4000_0000n;
export const VM_MERGEABLE = 0x8000_0000n;

export const VM_ACCESS_FLAGS = VM_READ | VM_WRITE | VM_EXEC;
export const VM_LOCKED_MASK = VM_LOCKED | VM_LOCKONFAULT;
/** Vmas with any of these are neither merged nor locked in memory (3.14 and later). */
export const VM_SPECIAL = VM_IO | VM_DONTEXPAND | VM_PFNMAP | VM_MIXEDMAP;
/** What `remap_pfn_range` sets (3.7 and later). */
export const VM_REMAP_FLAGS = VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP;
