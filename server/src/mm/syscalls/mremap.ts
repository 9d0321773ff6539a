/**
 * mremap(2) (mm/mremap.c).
 */
import { atLeast, type KernelVersion } from '../../kernel/version.ts';
import { callVmOp, maySplit, openVma, withMmapLock } from '../driver-call.ts';
import { errno } from '../errno.ts';
import { get_file } from '../file.ts';
import {
  MAP_FIXED,
  MREMAP_DONTUNMAP,
  MREMAP_FIXED,
  MREMAP_MAYMOVE,
  VM_DONTEXPAND,
  VM_LOCKED,
  VM_MAYSHARE,
  VM_PFNMAP,
  VM_SHARED,
} from '../flags.ts';
import { hasPfnMap } from '../history/eras.ts';
import { maskOfLocked } from '../history/flags.ts';
import type { Mm } from '../mm.ts';
import { fail, type Outcome, ok, type UserResult, userAction } from '../outcome.ts';
import { get_unmapped_area } from '../tables/address-space.ts';
import { dropHugeEntry, splitHugeAt } from '../tables/huge-entries.ts';
import { untrackPfnClear } from '../tables/track-pfn.ts';
import { mergeNewRange, moveVmaEnds } from '../tables/vma-merge.ts';
import { duplicateVma } from '../tables/vma-tree.ts';
import { isPageAligned, MMAP_BASE, PAGE_SHIFT, pageAlign, pageOf, TASK_SIZE, ulong } from '../units.ts';
import { linearPageIndex, type Vma, viewVma, vma_is_anonymous } from '../vma.ts';
import { do_munmap, downgraded } from './munmap.ts';
import { mm_populate } from './populate.ts';

/** One mremap(2) call; addresses and lengths are bytes. */
export interface MremapRequest {
  readonly address: bigint;
  readonly oldLength: bigint;
  readonly newLength: bigint;
  readonly flags: number;
  readonly newAddress?: bigint;
}

/**
 * mremap(2): the address after the change. Shrinking always works; growing gives EFAULT with VM_DONTEXPAND or VM_PFNMAP;
 * moving calls `may_split` for parts, `open` for the new vma, `mremap` for its consent and `close` for the old one.
 */
export function mremap(mm: Mm, request: MremapRequest): UserResult {
  return userAction(mm.system, mm, (): Outcome => {
    const result = withMmapLock(mm, 'write', () => do_mremap(mm, request));
    if (result < 0n) return fail(Number(-result));
    const oldLength = pageAlign(request.oldLength);
    const newLength = pageAlign(request.newLength);
    const vma = mm.lookup(result);
    if (vma && vma.vm_flags & VM_LOCKED && newLength > oldLength) mm_populate(mm, result + oldLength, newLength - oldLength);
    return ok(result);
  });
}

/** MREMAP_DONTUNMAP came with 5.7. */
function allFlags(version: KernelVersion): number {
  return MREMAP_FIXED | MREMAP_MAYMOVE | (atLeast(version, 5, 7) ? MREMAP_DONTUNMAP : 0);
}

function do_mremap(mm: Mm, request: MremapRequest): bigint {
  const { address, flags } = request;
  const invalid = BigInt(-errno.EINVAL);
  if (flags & ~allFlags(mm.system.version)) return invalid;
  if (flags & MREMAP_FIXED && !(flags & MREMAP_MAYMOVE)) return invalid;
  if (flags & MREMAP_DONTUNMAP && (!(flags & MREMAP_MAYMOVE) || request.oldLength !== request.newLength)) return invalid;
  if (!isPageAligned(address)) return invalid;
  const oldLength = pageAlign(request.oldLength);
  const newLength = pageAlign(request.newLength);
  if (newLength === 0n) return invalid;
  if (!mm.lookup(address)) return BigInt(-errno.EFAULT);
  if (flags & (MREMAP_FIXED | MREMAP_DONTUNMAP)) return mremap_to(mm, { ...request, oldLength, newLength });
  if (oldLength >= newLength) {
    if (oldLength === newLength) return address;
    const result = do_munmap(mm, address + newLength, oldLength - newLength, downgraded(mm.system));
    return result === 0 ? address : BigInt(result);
  }
  return grow(mm, address, oldLength, newLength, flags);
}

/** The rest of mremap for a longer mapping: in place where the room behind it is free, else by moving. */
function grow(mm: Mm, address: bigint, oldLength: bigint, newLength: bigint, flags: number): bigint {
  const vma = vma_to_resize(mm, address, oldLength, newLength, flags);
  if (typeof vma === 'number') return BigInt(vma);
  const room = vma.vm_end + newLength - oldLength;
  // Above the area for mappings lies the vdso, which older kernels put above the stack: there only the stack's gap is in the way.
  const ceiling = vma.vm_end <= MMAP_BASE && atLeast(mm.system.version, 6, 12) ? MMAP_BASE : TASK_SIZE;
  const free = room <= ceiling && mm.overlapping(vma.vm_end, room).length === 0;
  if (oldLength === vma.vm_end - address && free) {
    if (growsByMerge(vma)) return extend(vma, room) ? address : BigInt(-errno.ENOMEM);
    const before = viewVma(vma);
    moveVmaEnds(vma, vma.vm_start, room, vma.vm_pgoff);
    mm.system.log.add({ kind: 'vma-changed', vma: viewVma(vma), before, reason: 'mremap' });
    return address;
  }
  if (!(flags & MREMAP_MAYMOVE)) return BigInt(-errno.ENOMEM);
  const target = get_unmapped_area(mm, vma.vm_file, 0n, newLength, linearPageIndex(vma, address), 0);
  return target < 0n ? target : move_vma(vma, address, oldLength, newLength, target, flags);
}

/** Whether growing in place means to merge with the new range: 6.0 and later, and up to 6.6 only without `close`. */
function growsByMerge(vma: Vma): boolean {
  const { version } = vma.vm_mm.system;
  return atLeast(version, 6, 0) && (atLeast(version, 6, 7) || vma.vm_ops?.close === undefined);
}

/** `vma_merge_extend`: `undefined` for vmas with a VM_SPECIAL flag, which are never merged, even with themselves. */
function extend(vma: Vma, end: bigint): Vma | undefined {
  const pgoff = linearPageIndex(vma, vma.vm_end);
  const range = { start: vma.vm_end, end, flags: vma.vm_flags, pgoff, file: vma.vm_file, anonVma: vma.anon_vma };
  return mergeNewRange(vma.vm_mm, range, 'none');
}

/** `vma_to_resize` (`check_prep_vma` from 6.17): the vma, or a negative error number. */
function vma_to_resize(mm: Mm, address: bigint, oldLength: bigint, newLength: bigint, flags: number): Vma | number {
  const vma = mm.lookup(address);
  if (!vma) return -errno.EFAULT;
  if (oldLength === 0n && !(vma.vm_flags & (VM_SHARED | VM_MAYSHARE))) return -errno.EINVAL;
  if (flags & MREMAP_DONTUNMAP && mayNotStay(vma)) return -errno.EINVAL;
  if (oldLength > vma.vm_end - address) return -errno.EFAULT;
  if (newLength === oldLength) return vma;
  const pgoff = linearPageIndex(vma, address);
  if (ulong(pgoff + (newLength >> PAGE_SHIFT)) < ulong(pgoff)) return -errno.EINVAL;
  if (vma.vm_flags & (VM_DONTEXPAND | (hasPfnMap(mm.system.version) ? VM_PFNMAP : 0n))) return -errno.EFAULT;
  return vma;
}

/** Vmas that MREMAP_DONTUNMAP refuses: up to 5.12 all that are not private anonymous memory, later special ones. */
function mayNotStay(vma: Vma): boolean {
  if (!atLeast(vma.vm_mm.system.version, 5, 13)) return !vma_is_anonymous(vma) || (vma.vm_flags & VM_SHARED) !== 0n;
  return (vma.vm_flags & (VM_DONTEXPAND | VM_PFNMAP)) !== 0n;
}

/** `mremap_to`: MREMAP_FIXED and MREMAP_DONTUNMAP. The target range is unmapped first. */
function mremap_to(mm: Mm, request: MremapRequest): bigint {
  const { address, newLength, flags } = request;
  const target = request.newAddress ?? 0n;
  let oldLength = request.oldLength;
  if (!isPageAligned(target)) return BigInt(-errno.EINVAL);
  if (newLength > TASK_SIZE || target > TASK_SIZE - newLength) return BigInt(-errno.EINVAL);
  if (address + oldLength > target && target + newLength > address) return BigInt(-errno.EINVAL);
  if (flags & MREMAP_FIXED) {
    const result = do_munmap(mm, target, newLength);
    if (result !== 0) return BigInt(result);
  }
  if (oldLength > newLength) {
    const result = do_munmap(mm, address + newLength, oldLength - newLength);
    if (result !== 0) return BigInt(result);
    oldLength = newLength;
  }
  const vma = vma_to_resize(mm, address, oldLength, newLength, flags);
  if (typeof vma === 'number') return BigInt(vma);
  const fixed = flags & MREMAP_FIXED ? MAP_FIXED : 0;
  const found = get_unmapped_area(mm, vma.vm_file, target, newLength, linearPageIndex(vma, address), fixed);
  return found < 0n ? found : move_vma(vma, address, oldLength, newLength, found, flags);
}

/** `move_vma`: a new vma with the old one's page tables; on a veto of `vm_ops->mremap` everything goes back. */
function move_vma(vma: Vma, address: bigint, oldLength: bigint, newLength: bigint, target: bigint, flags: number): bigint {
  const mm = vma.vm_mm;
  const end = address + oldLength;
  // A copy, which takes nothing away, is asked about as well.
  const borders = [...(address === vma.vm_start ? [] : [address]), ...(end === vma.vm_end ? [] : [end])];
  for (const border of atLeast(mm.system.version, 5, 11) ? borders : []) {
    const refused = maySplit(vma, border);
    if (refused !== 0) return BigInt(refused);
  }
  const copy = copy_vma(vma, target, newLength, linearPageIndex(vma, address));
  move_page_tables(mm, address, target, oldLength);
  const callback = atLeast(mm.system.version, 4, 3) ? vma.vm_ops?.mremap : undefined;
  const error = callback ? callVmOp(vma, 'mremap', () => callback(copy)) : 0;
  if (error !== 0) {
    move_page_tables(mm, target, address, oldLength);
    if (copy.vm_flags & VM_PFNMAP) untrackPfnClear(copy);
    do_munmap(mm, target, newLength);
    return BigInt(error);
  }
  if (vma.vm_flags & VM_PFNMAP) untrackPfnClear(vma);
  if (flags & MREMAP_DONTUNMAP) {
    vma.vm_flags &= ~maskOfLocked(mm.system.version);
    // `unlink_anon_vmas`, 5.19 and later: nothing private is left.
    const isWhole = vma.vm_start === address && vma.vm_end === address + oldLength;
    if (isWhole && atLeast(mm.system.version, 5, 19)) vma.anon_vma = undefined;
    return target;
  }
  do_munmap(mm, address, oldLength);
  return target;
}

/**
 * `copy_vma`: the neighbour at the target grows, or a new vma is made and `open` called for it. A vma without operations in which
 * nothing was written takes its new address as its offset.
 */
function copy_vma(vma: Vma, target: bigint, length: bigint, oldPgoff: bigint): Vma {
  const mm = vma.vm_mm;
  const pgoff = vma_is_anonymous(vma) && vma.anon_vma === undefined ? target >> PAGE_SHIFT : oldPgoff;
  const range = { start: target, end: target + length, flags: vma.vm_flags, pgoff, file: vma.vm_file, anonVma: vma.anon_vma };
  const merged = mergeNewRange(mm, range, 'none');
  if (merged) return merged;
  const copy = duplicateVma(vma, mm);
  copy.vm_start = target;
  copy.vm_end = target + length;
  copy.vm_pgoff = pgoff;
  if (copy.vm_file) get_file(copy.vm_file);
  openVma(copy);
  mm.link(copy);
  mm.system.log.add({ kind: 'vma-created', vma: viewVma(copy), reason: 'mremap' });
  return copy;
}

/** `move_page_tables`: entries change their address and nothing else. */
function move_page_tables(mm: Mm, from: bigint, to: bigint, length: bigint): void {
  const shift = pageOf(to) - pageOf(from);
  splitHugeAt(mm, from, 'move_page_tables');
  splitHugeAt(mm, from + length, 'move_page_tables');
  for (const run of mm.table.slice(pageOf(from), pageOf(from + length))) {
    const { huge = 1 } = run.value;
    for (let page = run.start; shift % huge !== 0 && page < run.end; page += huge) dropHugeEntry(mm, page, 'move_page_tables');
  }
  const runs = mm.table.slice(pageOf(from), pageOf(from + length));
  for (const run of runs) mm.table.clear(run.start, run.end);
  for (const run of runs) mm.table.set(run.start + shift, run.end + shift, run.value);
  if (runs.length > 0) mm.system.log.add({ kind: 'ptes-moved', mm: mm.id, from, to, length });
}
