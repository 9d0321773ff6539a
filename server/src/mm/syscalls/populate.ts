/**
 * Faulting pages in ahead of time (`mm_populate`, mm/gup.c): MAP_POPULATE, MAP_LOCKED, mlock.
 */
import { atLeast, type KernelVersion } from '../../kernel/version.ts';
import { withMmapLock } from '../driver-call.ts';
import { errno } from '../errno.ts';
import { handle_mm_fault } from '../fault/handle-mm-fault.ts';
import {
  FAULT_FLAG_WRITE,
  VM_ACCESS_FLAGS,
  VM_FAULT_ERROR,
  VM_FAULT_HWPOISON,
  VM_FAULT_HWPOISON_LARGE,
  VM_FAULT_OOM,
  VM_IO,
  VM_LOCKONFAULT,
  VM_PFNMAP,
  VM_SHARED,
  VM_WRITE,
} from '../flags.ts';
import { hasPfnMap } from '../history/eras.ts';
import type { Mm } from '../mm.ts';
import { isWritable } from '../pgprot.ts';
import { lru_add_drain } from '../physical/mlock-batch.ts';
import { at } from '../problem.ts';
import { addressOf, hex, higher, lower, pageOf } from '../units.ts';
import type { Vma } from '../vma.ts';

/** Vmas whose pages are not touched ahead: before 3.7 those that get_user_pages refuses, 4.4 and later those locked on fault. */
function skippedBy(version: KernelVersion): bigint {
  return VM_IO | (hasPfnMap(version) ? VM_PFNMAP : 0n) | (atLeast(version, 4, 4) ? VM_LOCKONFAULT : 0n);
}

/** How often one page is tried before the walk counts as endless. */
const attempts = 12;

/**
 * Touches every page of `[start, start + length)` once; vmas with VM_IO, VM_PFNMAP or VM_LOCKONFAULT are skipped. Gives 0, or the
 * negative error number of the first page that cannot be had, which ends the walk.
 */
export function mm_populate(mm: Mm, start: bigint, length: bigint): number {
  return withMmapLock(mm, 'read', () => {
    for (const vma of mm.overlapping(start, start + length)) {
      if (vma.vm_flags & skippedBy(mm.system.version)) continue;
      const result = populateVma(vma, higher(vma.vm_start, start), lower(vma.vm_end, start + length));
      if (result !== 0) return result;
    }
    return 0;
  });
}

/** `populate_vma_page_range`: touches `[start, end)` of a vma, for writing where that makes private copies. 0, or a negative error number. */
export function populateVma(vma: Vma, start: bigint, end: bigint): number {
  const { system } = vma.vm_mm;
  if (vma.vm_flags & skippedBy(system.version)) return 0;
  if ((vma.vm_flags & VM_ACCESS_FLAGS) === 0n) return -errno.EFAULT;
  const result = faultInRange(vma, start, end, (vma.vm_flags & (VM_WRITE | VM_SHARED)) === VM_WRITE);
  lru_add_drain(system);
  return result;
}

/** `vm_fault_to_errno`; poisoned memory has an error of its own for who asks with FOLL_HWPOISON. */
function errorOfFault(result: number, tellsPoison: boolean): number {
  if (result & VM_FAULT_OOM) return -errno.ENOMEM;
  return tellsPoison && result & (VM_FAULT_HWPOISON | VM_FAULT_HWPOISON_LARGE) ? -errno.EHWPOISON : -errno.EFAULT;
}

/**
 * Makes the pages of `[start, end)` present, and writable for `write`. Runs that are fine already cost one step. `tellsPoison` is
 * FOLL_HWPOISON.
 */
export function faultInRange(vma: Vma, start: bigint, end: bigint, write: boolean, tellsPoison = false): number {
  const mm = vma.vm_mm;
  const last = pageOf(end);
  let page = pageOf(start);
  let begun = page;
  let tries = 0;
  while (page < last) {
    const run = mm.table.slice(page, last)[0];
    if (run && run.start === page && (!write || isWritable(run.value.prot))) {
      page = run.end;
      tries = 0;
      continue;
    }
    const result = handle_mm_fault(vma, addressOf(page), write ? FAULT_FLAG_WRITE : 0);
    // get_user_pages tells of the pages before; the next call, which begins with this one, gets the error.
    if (result & VM_FAULT_ERROR && page > begun) {
      begun = page;
      continue;
    }
    if (result & VM_FAULT_ERROR) return errorOfFault(result, tellsPoison);
    tries += 1;
    if (tries > attempts) endless(vma, addressOf(page));
  }
  return 0;
}

function endless(vma: Vma, address: bigint): never {
  return vma.vm_mm.system.stop({
    kind: 'endless-fault',
    message: `The kernel faults on ${hex(address)} again and again to make the page present: the handler says that it has mapped the page, but no usable entry is there afterwards. The task hangs until it is killed.`,
    where: { function: '__get_user_pages', file: 'mm/gup.c' },
    ...at(vma, address),
  });
}
