/**
 * Faulting pages in ahead of time (`mm_populate`, mm/gup.c): MAP_POPULATE, MAP_LOCKED, mlock.
 */
import { withMmapLock } from '../driver-call.ts';
import { handle_mm_fault } from '../fault/handle-mm-fault.ts';
import { FAULT_FLAG_WRITE, VM_ACCESS_FLAGS, VM_FAULT_ERROR, VM_IO, VM_PFNMAP, VM_SHARED, VM_WRITE } from '../flags.ts';
import type { Mm } from '../mm.ts';
import { addressOf, higher, lower, pageOf } from '../units.ts';

/** Touches every page of `[start, start + length)` once; vmas with VM_IO or VM_PFNMAP are skipped, errors end it silently. */
export function mm_populate(mm: Mm, start: bigint, length: bigint): void {
  withMmapLock(mm, 'read', () => {
    for (const vma of mm.overlapping(start, start + length)) {
      if (vma.vm_flags & (VM_IO | VM_PFNMAP) || (vma.vm_flags & VM_ACCESS_FLAGS) === 0n) continue;
      const write = (vma.vm_flags & (VM_WRITE | VM_SHARED)) === VM_WRITE;
      const first = pageOf(higher(vma.vm_start, start));
      const end = pageOf(lower(vma.vm_end, start + length));
      for (let page = first; page < end; page++) {
        if (mm.table.get(page)) continue;
        if (handle_mm_fault(vma, addressOf(page), write ? FAULT_FLAG_WRITE : 0) & VM_FAULT_ERROR) return;
      }
    }
  });
}
