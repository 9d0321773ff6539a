/**
 * Changes of the set of vmas: splitting, merging, removing, and the protection that follows from the flags
 * (mm/vma.c; mm/mmap.c before 6.12).
 */
import { atLeast } from '../../kernel/version.ts';
import { callVmOp, maySplit, openVma } from '../driver-call.ts';
import { fput, get_file, type MmFile } from '../file.ts';
import { VM_PFNMAP, VM_SHARED, VM_SOFTDIRTY, VM_SPECIAL, VM_WRITE } from '../flags.ts';
import type { Mm } from '../mm.ts';
import { pgprot_modify, vm_get_page_prot } from '../pgprot.ts';
import { PAGE_SHIFT } from '../units.ts';
import { vma_dummy_vm_ops } from '../vm-ops.ts';
import { type Vma, viewVma, vma_pages } from '../vma.ts';

/** Sets the flags of a vma the way the core does, with the event. */
export function resetVmaFlags(vma: Vma, flags: bigint, by: string): void {
  const set = flags & ~vma.vm_flags;
  const cleared = vma.vm_flags & ~flags;
  vma.vm_flags = flags;
  if (set | cleared) vma.vm_mm.system.log.add({ kind: 'flags-changed', vma: vma.id, set, cleared, by });
}

/** `vma_wants_writenotify`: a shared writable mapping whose first writes must fault, because the driver asks to be told. */
function wantsWriteNotify(vma: Vma): boolean {
  if ((vma.vm_flags & (VM_WRITE | VM_SHARED)) !== (VM_WRITE | VM_SHARED)) return false;
  return vma.vm_ops?.page_mkwrite !== undefined || vma.vm_ops?.pfn_mkwrite !== undefined;
}

/** `vma_set_page_prot`: the protection for the flags, with the cache type that was set. */
export function vma_set_page_prot(vma: Vma): void {
  const flags = wantsWriteNotify(vma) ? vma.vm_flags & ~VM_SHARED : vma.vm_flags;
  vma.vm_page_prot = pgprot_modify(vma.vm_page_prot, vm_get_page_prot(flags));
}

/** `vm_area_dup`: a copy of a vma, in no tree. */
export function duplicateVma(vma: Vma, mm: Mm): Vma {
  const copy = mm.system.newVma({
    vm_mm: mm,
    vm_start: vma.vm_start,
    vm_end: vma.vm_end,
    vm_pgoff: vma.vm_pgoff,
    vm_flags: vma.vm_flags,
    vm_page_prot: vma.vm_page_prot,
    vm_ops: vma.vm_ops,
    vm_file: vma.vm_file,
  });
  copy.vm_private_data = vma.vm_private_data;
  copy.anon_vma = vma.anon_vma;
  if (vma.pfnmap_track_ctx) {
    vma.pfnmap_track_ctx.references += 1;
    copy.pfnmap_track_ctx = vma.pfnmap_track_ctx;
  }
  return copy;
}

/**
 * `__split_vma`: cuts `vma` at `address`; the new vma is the part below (`newBelow`) or above. `may_split` is asked
 * first, `open` is called for the new vma. Gives 0 or a negative error number.
 */
export function splitVma(vma: Vma, address: bigint, newBelow: boolean): number {
  const refused = maySplit(vma, address);
  if (refused !== 0) return refused;
  const mm = vma.vm_mm;
  const added = duplicateVma(vma, mm);
  const pages = (address - vma.vm_start) >> PAGE_SHIFT;
  if (newBelow) {
    added.vm_end = address;
  } else {
    added.vm_start = address;
    added.vm_pgoff += pages;
  }
  if (added.vm_file) get_file(added.vm_file);
  openVma(added);
  mm.unlink(vma);
  if (newBelow) {
    vma.vm_start = address;
    vma.vm_pgoff += pages;
  } else {
    vma.vm_end = address;
  }
  mm.link(vma);
  mm.link(added);
  mm.system.log.add({ kind: 'vma-split', vma: viewVma(vma), added: viewVma(added), at: address });
  return 0;
}

/** `vma_close`: `vm_ops->close`, once; the vma has no operations of the driver afterwards. */
export function closeVma(vma: Vma): void {
  const close = vma.vm_ops?.close;
  if (!close) return;
  callVmOp(vma, 'close', () => close(vma));
  vma.vm_ops = vma_dummy_vm_ops;
}

/** `remove_vma`: close, then the file reference, then the vma is gone. */
export function removeVma(vma: Vma, reason: 'munmap' | 'exit' | 'mmap-failed'): void {
  const view = viewVma(vma);
  if (reason !== 'mmap-failed') closeVma(vma);
  vma.vm_mm.system.log.add({ kind: 'vma-removed', vma: view, reason });
  if (vma.vm_file) fput(vma.vm_mm.system, vma.vm_file);
}

/** What a range would be like as a vma, to see whether a neighbour can take it over. */
export interface MergeRange {
  readonly start: bigint;
  readonly end: bigint;
  readonly flags: bigint;
  readonly pgoff: bigint;
  readonly file: MmFile | undefined;
  readonly anonVma: number | undefined;
}

/**
 * `is_mergeable_vma`: equal flags but for VM_SOFTDIRTY, equal file, compatible anonymous memory. Up to 6.3 a vma with
 * `close` is never merged; later `close` only forbids merges that would remove the vma.
 */
function isMergeable(vma: Vma, range: MergeRange): boolean {
  if (((vma.vm_flags ^ range.flags) & ~VM_SOFTDIRTY) !== 0n) return false;
  if (vma.vm_file !== range.file) return false;
  if (!atLeast(vma.vm_mm.system.version, 6, 4) && vma.vm_ops?.close) return false;
  return vma.anon_vma === undefined || range.anonVma === undefined || vma.anon_vma === range.anonVma;
}

/** The vma that ends at `range.start` and could grow over it. */
export function mergeLeft(mm: Mm, range: MergeRange): Vma | undefined {
  const previous = mm.previous(range.start);
  const fits =
    previous && previous.vm_end === range.start && previous.vm_pgoff + vma_pages(previous) === range.pgoff && isMergeable(previous, range);
  return fits ? previous : undefined;
}

/** The vma that starts at `range.end` and could grow over it. */
export function mergeRight(mm: Mm, range: MergeRange): Vma | undefined {
  const next = mm.find(range.end);
  const pages = (range.end - range.start) >> PAGE_SHIFT;
  return next && next.vm_start === range.end && next.vm_pgoff === range.pgoff + pages && isMergeable(next, range) ? next : undefined;
}

/** Moves the ends of a vma that is in the tree. */
export function moveVmaEnds(vma: Vma, start: bigint, end: bigint, pgoff: bigint): void {
  vma.vm_mm.unlink(vma);
  vma.vm_start = start;
  vma.vm_end = end;
  vma.vm_pgoff = pgoff;
  vma.vm_mm.link(vma);
}

/** Takes a vma out because a neighbour grew over it: no `close`, but its file reference goes. */
function dropMerged(vma: Vma): void {
  const mm = vma.vm_mm;
  mm.unlink(vma);
  mm.system.log.add({ kind: 'vma-removed', vma: viewVma(vma), reason: 'merged' });
  if (vma.vm_file) fput(mm.system, vma.vm_file);
}

/**
 * `vma_merge_new_range`: lets a neighbour grow over a range that has no vma yet. Gives the grown vma, or `undefined` when
 * none fits; ranges with a VM_SPECIAL flag are never merged.
 */
export function mergeNewRange(mm: Mm, range: MergeRange, handler: 'not-called' | 'called' | 'none'): Vma | undefined {
  if (range.flags & VM_SPECIAL) return undefined;
  const left = mergeLeft(mm, range);
  const right = mergeRight(mm, range);
  const grown = left ?? right;
  if (!grown) return undefined;
  if (
    left &&
    right &&
    !right.vm_ops?.close &&
    (left.anon_vma === undefined || right.anon_vma === undefined || left.anon_vma === right.anon_vma)
  ) {
    const end = right.vm_end;
    left.anon_vma ??= right.anon_vma;
    dropMerged(right);
    moveVmaEnds(left, left.vm_start, end, left.vm_pgoff);
  } else if (left) {
    moveVmaEnds(left, left.vm_start, range.end, left.vm_pgoff);
  } else {
    moveVmaEnds(grown, range.start, grown.vm_end, range.pgoff);
  }
  mm.system.log.add({ kind: 'vma-merged', vma: viewVma(grown), start: range.start, end: range.end, handler });
  return grown;
}

/**
 * `vma_modify_flags`: gives `[start, end)` of `vma` other flags' boundaries: merges it into a neighbour that has these flags, or splits it off.
 * Gives the vma that covers the range, or a negative error number. The flags themselves are set by the caller.
 */
export function modifyVmaRange(vma: Vma, start: bigint, end: bigint, flags: bigint): Vma | number {
  const mm = vma.vm_mm;
  const pgoff = vma.vm_pgoff + ((start - vma.vm_start) >> PAGE_SHIFT);
  const range: MergeRange = { start, end, flags, pgoff, file: vma.vm_file, anonVma: vma.anon_vma };
  const mergeable = (flags & VM_SPECIAL) === 0n && (vma.vm_flags & VM_PFNMAP) === 0n;
  if (mergeable) {
    const whole = start === vma.vm_start && end === vma.vm_end;
    if (whole && !vma.vm_ops?.close) {
      const left = mergeLeft(mm, range);
      const right = mergeRight(mm, range);
      if (left || right) {
        dropMerged(vma);
        const merged = mergeNewRange(mm, range, 'none');
        if (merged) return merged;
      }
    }
    if (!whole && start === vma.vm_start) {
      const left = mergeLeft(mm, range);
      if (left) return giveTo(left, vma, range, { leftEnd: end });
    }
    if (!whole && end === vma.vm_end) {
      const right = mergeRight(mm, range);
      if (right) return giveTo(right, vma, range, { rightStart: start });
    }
  }
  if (start > vma.vm_start) {
    const result = splitVma(vma, start, true);
    if (result !== 0) return result;
  }
  if (end < vma.vm_end) {
    const result = splitVma(vma, end, false);
    if (result !== 0) return result;
  }
  return vma;
}

/** A neighbour takes over one end of a vma. */
function giveTo(neighbour: Vma, vma: Vma, range: MergeRange, how: { readonly leftEnd?: bigint; readonly rightStart?: bigint }): Vma {
  const mm = vma.vm_mm;
  const pages = (range.end - range.start) >> PAGE_SHIFT;
  if (how.leftEnd !== undefined) {
    moveVmaEnds(vma, range.end, vma.vm_end, vma.vm_pgoff + pages);
    moveVmaEnds(neighbour, neighbour.vm_start, how.leftEnd, neighbour.vm_pgoff);
  } else {
    moveVmaEnds(vma, vma.vm_start, range.start, vma.vm_pgoff);
    moveVmaEnds(neighbour, range.start, neighbour.vm_end, neighbour.vm_pgoff - pages);
  }
  neighbour.anon_vma ??= vma.anon_vma;
  mm.system.log.add({ kind: 'vma-merged', vma: viewVma(neighbour), start: range.start, end: range.end, handler: 'none' });
  return neighbour;
}
