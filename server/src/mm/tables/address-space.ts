/**
 * Finding room in the address space (`get_unmapped_area`, x86: from the top down).
 */
import { errno } from '../errno.ts';
import type { MmFile } from '../file.ts';
import { MAP_FIXED } from '../flags.ts';
import type { Mm } from '../mm.ts';
import { higher, isPageAligned, lower, MMAP_BASE, MMAP_MIN_ADDR, PAGE_SIZE, TASK_SIZE } from '../units.ts';

/** Where `length` bytes (page aligned) can go: the address, or a negative error number. */
export function get_unmapped_area(mm: Mm, file: MmFile | undefined, hint: bigint, length: bigint, pgoff: bigint, flags: number): bigint {
  if (length > TASK_SIZE) return BigInt(-errno.ENOMEM);
  const own = file?.ops.get_unmapped_area;
  if (own && file) {
    const found = mm.system.callback({ slot: 'get_unmapped_area', name: `${file.ops.table}.get_unmapped_area`, lock: mm.mmapLock }, () =>
      own(file, hint, length, pgoff, flags),
    );
    if (found < 0n) return found;
    if (found > TASK_SIZE - length) return BigInt(-errno.ENOMEM);
    return isPageAligned(found) ? found : BigInt(-errno.EINVAL);
  }
  if (flags & MAP_FIXED) {
    if (hint > TASK_SIZE - length) return BigInt(-errno.ENOMEM);
    return isPageAligned(hint) ? hint : BigInt(-errno.EINVAL);
  }
  if (hint !== 0n) {
    const wanted = higher(hint & ~(PAGE_SIZE - 1n), MMAP_MIN_ADDR);
    if (wanted <= TASK_SIZE - length && mm.overlapping(wanted, wanted + length).length === 0) return wanted;
  }
  return topDown(mm, length) ?? BigInt(-errno.ENOMEM);
}

function topDown(mm: Mm, length: bigint): bigint | undefined {
  let end = MMAP_BASE;
  for (let index = mm.vmas.length - 1; index >= 0; index--) {
    const vma = mm.vmas[index];
    if (!vma || vma.vm_start >= MMAP_BASE) continue;
    if (vma.vm_end + length <= end) return end - length;
    end = lower(vma.vm_start, end);
  }
  const start = end - length;
  return start >= MMAP_MIN_ADDR && start % PAGE_SIZE === 0n ? start : undefined;
}
