/**
 * When a vma takes over the range beside it, and how a range gets borders of its own (mm/vma.c; mm/mmap.c before 6.12).
 */
import { atLeast } from '../../kernel/version.ts';
import { fput, type MmFile } from '../file.ts';
import { VM_PFNMAP, VM_SOFTDIRTY } from '../flags.ts';
import { specialFlags } from '../history/flags.ts';
import type { Mm } from '../mm.ts';
import { PAGE_SHIFT } from '../units.ts';
import { type Vma, viewVma, vma_pages } from '../vma.ts';
import { splitVma } from './vma-tree.ts';

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
function mergeRight(mm: Mm, range: MergeRange): Vma | undefined {
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
  if (range.flags & specialFlags(mm.system.version)) return undefined;
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
  const mergeable = (flags & specialFlags(mm.system.version)) === 0n && (vma.vm_flags & VM_PFNMAP) === 0n;
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
