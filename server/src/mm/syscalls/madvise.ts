/**
 * madvise(2) (mm/madvise.c).
 */
import { atLeast, type KernelVersion } from '../../kernel/version.ts';
import { withMmapLock } from '../driver-call.ts';
import { errno } from '../errno.ts';
import {
  VM_DONTCOPY,
  VM_DONTDUMP,
  VM_HUGEPAGE,
  VM_IO,
  VM_LOCKED,
  VM_MAYSHARE,
  VM_MAYWRITE,
  VM_MERGEABLE,
  VM_NOHUGEPAGE,
  VM_PFNMAP,
  VM_RAND_READ,
  VM_READ,
  VM_SEQ_READ,
  VM_SHARED,
  VM_WIPEONFORK,
  VM_WRITE,
} from '../flags.ts';
import { hasPfnMap } from '../history/eras.ts';
import { specialFlags } from '../history/flags.ts';
import type { Mm } from '../mm.ts';
import { fromInt, ok, type UserResult, userAction } from '../outcome.ts';
import { lru_add_drain } from '../physical/mlock-batch.ts';
import { changePtes } from '../tables/set-ptes.ts';
import { modifyVmaRange } from '../tables/vma-merge.ts';
import { zapRange } from '../tables/zap.ts';
import { higher, isPageAligned, lower, pageAlign, pageOf, ulong } from '../units.ts';
import { fileOffset, resetVmaFlags, type Vma, vma_is_anonymous } from '../vma.ts';
import { faultInRange } from './populate.ts';

/** The advice that the model knows, by the kernel's name without `MADV_`, with its number. */
export const madvice = {
  NORMAL: 0,
  RANDOM: 1,
  SEQUENTIAL: 2,
  WILLNEED: 3,
  DONTNEED: 4,
  FREE: 8,
  REMOVE: 9,
  DONTFORK: 10,
  DOFORK: 11,
  MERGEABLE: 12,
  UNMERGEABLE: 13,
  HUGEPAGE: 14,
  NOHUGEPAGE: 15,
  DONTDUMP: 16,
  DODUMP: 17,
  WIPEONFORK: 18,
  KEEPONFORK: 19,
  COLD: 20,
  PAGEOUT: 21,
  POPULATE_READ: 22,
  POPULATE_WRITE: 23,
  DONTNEED_LOCKED: 24,
} as const;

export type Madvice = keyof typeof madvice;

/** The versions that brought the younger advice; the rest is older than 2.4. */
const since: Partial<Readonly<Record<Madvice, readonly [major: number, minor: number, patch?: number]>>> = {
  REMOVE: [2, 6, 16],
  DONTFORK: [2, 6, 16],
  DOFORK: [2, 6, 16],
  MERGEABLE: [2, 6, 32],
  UNMERGEABLE: [2, 6, 32],
  HUGEPAGE: [2, 6, 38],
  NOHUGEPAGE: [2, 6, 38],
  DONTDUMP: [3, 4],
  DODUMP: [3, 4],
  FREE: [4, 5],
  WIPEONFORK: [4, 14],
  KEEPONFORK: [4, 14],
  COLD: [5, 4],
  PAGEOUT: [5, 4],
  POPULATE_READ: [5, 14],
  POPULATE_WRITE: [5, 14],
  DONTNEED_LOCKED: [5, 18],
};

/** `madvise_behavior_valid`. */
function isKnown(version: KernelVersion, advice: Madvice): boolean {
  const [major, minor, patch] = since[advice] ?? [0, 0];
  return atLeast(version, major, minor, patch);
}

/**
 * madvise(2): EINVAL for an unaligned start or advice that the vma refuses, ENOMEM when part of the range is not mapped
 * (the rest is still done).
 */
export function madvise(mm: Mm, start: bigint, length: bigint, advice: Madvice): UserResult {
  return userAction(mm.system, mm, () => {
    if (!isKnown(mm.system.version, advice) || !isPageAligned(start)) return fromInt(-errno.EINVAL);
    const end = ulong(start + pageAlign(length));
    if (end < start || (length !== 0n && end === start)) return fromInt(-errno.EINVAL);
    if (end === start) return ok();
    return fromInt(withMmapLock(mm, lockFor(advice), () => walk(mm, start, end, advice)));
  });
}

/** Advice that only looks at or drops pages takes the lock for reading (`madvise_need_mmap_write`). */
function lockFor(advice: Madvice): 'read' | 'write' {
  const reading: readonly Madvice[] = [
    'REMOVE',
    'WILLNEED',
    'DONTNEED',
    'DONTNEED_LOCKED',
    'COLD',
    'PAGEOUT',
    'FREE',
    'POPULATE_READ',
    'POPULATE_WRITE',
  ];
  return reading.includes(advice) ? 'read' : 'write';
}

function walk(mm: Mm, start: bigint, end: bigint, advice: Madvice): number {
  let at = start;
  let unmapped = 0;
  for (const vma of mm.overlapping(start, end)) {
    const from = higher(vma.vm_start, start);
    if (from > at) unmapped = -errno.ENOMEM;
    at = lower(vma.vm_end, end);
    const result = advise(vma, from, at, advice);
    if (result !== 0) return result === -errno.ENOMEM && !advice.startsWith('POPULATE') ? -errno.EAGAIN : result;
  }
  return at < end ? -errno.ENOMEM : unmapped;
}

/** `madvise_vma_behavior`: advice for the part `[start, end)` of one vma. Gives 0 or a negative error number. */
function advise(vma: Vma, start: bigint, end: bigint, advice: Madvice): number {
  const flags = vma.vm_flags;
  const special = (flags & specialFlags(vma.vm_mm.system.version)) !== 0n;
  switch (advice) {
    case 'NORMAL':
      return change(vma, start, end, flags & ~(VM_RAND_READ | VM_SEQ_READ));
    case 'RANDOM':
      return change(vma, start, end, (flags & ~VM_SEQ_READ) | VM_RAND_READ);
    case 'SEQUENTIAL':
      return change(vma, start, end, (flags & ~VM_RAND_READ) | VM_SEQ_READ);
    case 'DONTFORK':
      return change(vma, start, end, flags | VM_DONTCOPY);
    case 'DOFORK':
      return flags & VM_IO ? -errno.EINVAL : change(vma, start, end, flags & ~VM_DONTCOPY);
    case 'WIPEONFORK':
      return vma.vm_file || flags & VM_SHARED ? -errno.EINVAL : change(vma, start, end, flags | VM_WIPEONFORK);
    case 'KEEPONFORK':
      return change(vma, start, end, flags & ~VM_WIPEONFORK);
    case 'DONTDUMP':
      return change(vma, start, end, flags | VM_DONTDUMP);
    case 'DODUMP':
      return special ? -errno.EINVAL : change(vma, start, end, flags & ~VM_DONTDUMP);
    case 'HUGEPAGE':
      return change(vma, start, end, (flags & ~VM_NOHUGEPAGE) | VM_HUGEPAGE);
    case 'NOHUGEPAGE':
      return change(vma, start, end, (flags & ~VM_HUGEPAGE) | VM_NOHUGEPAGE);
    case 'MERGEABLE':
      return mayHaveKsm(vma) ? change(vma, start, end, flags | VM_MERGEABLE) : 0;
    case 'UNMERGEABLE':
      return change(vma, start, end, flags & ~VM_MERGEABLE);
    case 'WILLNEED':
      return willNeed(vma, start, end);
    case 'COLD':
    case 'PAGEOUT':
      return flags & (VM_LOCKED | VM_PFNMAP) ? -errno.EINVAL : 0;
    case 'DONTNEED':
    case 'DONTNEED_LOCKED':
      return dontNeed(vma, start, end, rawFrames(vma) | (advice === 'DONTNEED' ? VM_LOCKED : 0n));
    case 'FREE':
      if (flags & (VM_PFNMAP | VM_LOCKED) || !vma_is_anonymous(vma)) return -errno.EINVAL;
      return free(vma, start, end);
    case 'REMOVE':
      return remove(vma);
    case 'POPULATE_READ':
      return populate(vma, start, end, false);
    case 'POPULATE_WRITE':
      return populate(vma, start, end, true);
  }
}

/** `madvise_willneed` of a file: its `fadvise` is asked without the mmap lock (5.4 and later), and its answer forgotten. */
function willNeed(vma: Vma, start: bigint, end: bigint): number {
  const { vm_file: file, vm_mm } = vma;
  const fadvise = file?.ops.fadvise;
  if (!file || !fadvise || !atLeast(vm_mm.system.version, 5, 4)) return 0;
  vm_mm.system.callback({ slot: 'fadvise', name: `${file.ops.table}.fadvise`, lock: 'none' }, () =>
    fadvise(file, fileOffset(vma, start), end - start),
  );
  return 0;
}

/** VM_PFNMAP; up to 2.6.14 nothing keeps entries of raw frames. */
function rawFrames(vma: Vma): bigint {
  return hasPfnMap(vma.vm_mm.system.version) ? VM_PFNMAP : 0n;
}

/** `vma_ksm_compatible`: private memory without a special flag. For other vmas the advice changes nothing. */
function mayHaveKsm(vma: Vma): boolean {
  return (vma.vm_flags & (VM_SHARED | VM_MAYSHARE | specialFlags(vma.vm_mm.system.version))) === 0n;
}

/** `madvise_update_vma`: other flags for a part, which may split or merge. */
function change(vma: Vma, start: bigint, end: bigint, flags: bigint): number {
  if (flags === vma.vm_flags) return 0;
  const changed = modifyVmaRange(vma, start, end, flags);
  if (typeof changed === 'number') return changed;
  resetVmaFlags(changed, flags, 'madvise');
  return 0;
}

/** MADV_DONTNEED: the entries go; in a VM_MIXEDMAP vma that includes the pages a driver inserted (S10.2). */
function dontNeed(vma: Vma, start: bigint, end: bigint, forbidden: bigint): number {
  if (vma.vm_flags & forbidden) return -errno.EINVAL;
  zapRange(vma, start, end, { by: 'madvise' });
  return 0;
}

/** MADV_FREE: the pages stay until memory runs short, unless they are written again; until then they count as clean. */
function free(vma: Vma, start: bigint, end: bigint): number {
  changePtes(
    vma.vm_mm,
    pageOf(start),
    pageOf(end),
    ({ value }) => (value.special ? value : { ...value, dirty: false, young: false }),
    'madvise_free',
  );
  return 0;
}

/** MADV_REMOVE punches a hole in a shared file that is (up to 6.6; not in 6.1.192), or may become, writable; device files have no `fallocate`. */
function remove(vma: Vma): number {
  if (vma.vm_flags & VM_LOCKED || !vma.vm_file) return -errno.EINVAL;
  const { version } = vma.vm_mm.system;
  const stable = version.major === 6 && version.minor === 1 && version.patch >= 100;
  const needed = VM_SHARED | (atLeast(version, 6, 7) || stable ? VM_MAYWRITE : VM_WRITE);
  if ((vma.vm_flags & needed) !== needed) return -errno.EACCES;
  return -errno.ENODEV;
}

/** MADV_POPULATE_READ and MADV_POPULATE_WRITE: vmas that get_user_pages refuses give EINVAL. */
function populate(vma: Vma, start: bigint, end: bigint, write: boolean): number {
  if (vma.vm_flags & (VM_IO | VM_PFNMAP) || (vma.vm_flags & (write ? VM_WRITE : VM_READ)) === 0n) return -errno.EINVAL;
  const result = faultInRange(vma, start, end, write, true);
  lru_add_drain(vma.vm_mm.system);
  return result;
}
