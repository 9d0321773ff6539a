/**
 * remap_file_pages(2) (mm/mmap.c). From 4.0 on it is emulated by mmap(2) of the other pages over the range.
 */
import { atLeast } from '../../kernel/version.ts';
import { errno } from '../errno.ts';
import {
  MAP_FIXED,
  MAP_LOCKED,
  MAP_POPULATE,
  MAP_SHARED,
  PROT_EXEC,
  PROT_READ,
  PROT_WRITE,
  VM_EXEC,
  VM_LOCKED,
  VM_READ,
  VM_SHARED,
  VM_WRITE,
} from '../flags.ts';
import { hasPopulate, populateRange } from '../history/populate.ts';
import type { Mm } from '../mm.ts';
import { fail, fromInt, ok, type UserResult, userAction } from '../outcome.ts';
import { PAGE_SHIFT, PAGE_SIZE, ulong } from '../units.ts';
import type { Vma } from '../vma.ts';
import { mmap } from './mmap.ts';

/**
 * remap_file_pages(2) with a protection of 0: `pgoff` (pages) of the mapped file appears at `[start, start + size)`. EINVAL for
 * mappings that are not shared, and before 4.0, where it takes an operation that drivers do not have: `remap_pages`, up to 2.6.22
 * `populate`, which they may. The mmap handler runs again, for a new vma.
 */
export function remap_file_pages(mm: Mm, start: bigint, size: bigint, pgoff: bigint): UserResult {
  if (hasPopulate(mm.system.version)) return userAction(mm.system, mm, () => fromInt(populateRange(mm, start, size, pgoff, false)));
  const address = start & ~(PAGE_SIZE - 1n);
  const length = size & ~(PAGE_SIZE - 1n);
  const vma = mm.lookup(address);
  const isRefused =
    ulong(address + length) <= address ||
    ulong(pgoff + (length >> PAGE_SHIFT)) < pgoff ||
    !vma?.vm_file ||
    (vma.vm_flags & VM_SHARED) === 0n ||
    !atLeast(mm.system.version, 4, 0) ||
    !isOneMapping(mm, vma, address + length);
  if (isRefused || !vma?.vm_file) return userAction(mm.system, mm, () => fail(errno.EINVAL));
  const flags = vma.vm_flags;
  const prot = (flags & VM_READ ? PROT_READ : 0) | (flags & VM_WRITE ? PROT_WRITE : 0) | (flags & VM_EXEC ? PROT_EXEC : 0);
  const result = mmap(mm, {
    file: vma.vm_file,
    address,
    length,
    prot,
    flags: MAP_SHARED | MAP_FIXED | MAP_POPULATE | (flags & VM_LOCKED ? MAP_LOCKED : 0),
    offset: pgoff << PAGE_SHIFT,
  });
  return result.outcome.kind === 'ok' ? { ...result, outcome: ok() } : result;
}

/** Whether vmas with the file and the flags of `first` reach to `end` without a hole. */
function isOneMapping(mm: Mm, first: Vma, end: bigint): boolean {
  let at = first.vm_end;
  while (at < end) {
    const next = mm.lookup(at);
    if (!next || next.vm_file !== first.vm_file || next.vm_flags !== first.vm_flags) return false;
    at = next.vm_end;
  }
  return true;
}
