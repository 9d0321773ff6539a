/**
 * `remap_vmalloc_range` (mm/vmalloc.c).
 */
import { errno } from '../errno.ts';
import { VM_DONTDUMP, VM_DONTEXPAND } from '../flags.ts';
import { hasVmReserved } from '../history/eras.ts';
import { VM_RESERVED } from '../history/flags.ts';
import { type Allocation, pfnAt } from '../physical/allocation.ts';
import { at } from '../problem.ts';
import { isPageAligned, PAGE_SHIFT, PAGE_SIZE, pageAlign, ulong } from '../units.ts';
import { type Vma, vmaSize } from '../vma.ts';
import { vm_insert_page } from './insert-page.ts';
import { vmFlagsSet } from './vm-flags.ts';

/**
 * `remap_vmalloc_range_partial(vma, uaddr, kaddr, pgoff, size)`: counted pages of an area made by `vmalloc_user`. The kernel address
 * lies `inside` bytes into `allocation`. Gives -EINVAL for unaligned addresses, an area that is none or not meant for
 * user space, or more than the area is long; else what `vm_insert_page` gives. The length counts as if the address were the start of
 * the area: from a later one the call runs into the guard page, where no page is. Sets VM_DONTEXPAND and VM_DONTDUMP at the end,
 * VM_RESERVED up to 3.6.
 */
export function remap_vmalloc_range_partial(
  vma: Vma,
  userAddress: bigint,
  allocation: Allocation | undefined,
  pgoff: bigint,
  size: bigint,
  inside = 0n,
): number {
  const offset = ulong(pgoff << PAGE_SHIFT);
  if (offset >> PAGE_SHIFT !== ulong(pgoff)) return -errno.EINVAL;
  const length = pageAlign(size);
  if (!isPageAligned(userAddress) || !isPageAligned(inside)) return -errno.EINVAL;
  if (!allocation || allocation.freed) return -errno.EINVAL;
  if (allocation.kind !== 'vmalloc-user') return -errno.EINVAL;
  const end = ulong(length + offset);
  if (end < length || end > BigInt(allocation.pages) << PAGE_SHIFT) return -errno.EINVAL;
  for (let done = 0n; done < length; done += PAGE_SIZE) {
    const pfn = pfnAt(allocation, Number((inside + offset + done) >> PAGE_SHIFT));
    const result = pfn === undefined ? insertNothing(vma, ulong(userAddress + done)) : vm_insert_page(vma, ulong(userAddress + done), pfn);
    if (result !== 0) return result;
  }
  const flags = hasVmReserved(vma.vm_mm.system.version) ? VM_RESERVED : VM_DONTEXPAND | VM_DONTDUMP;
  vmFlagsSet(vma, flags, 'remap_vmalloc_range');
  return 0;
}

/** `vmalloc_to_page` gives NULL for the guard page, and `vm_insert_page` follows it. */
function insertNothing(vma: Vma, address: bigint): never {
  return vma.vm_mm.system.stop({
    kind: 'oops',
    message: `remap_vmalloc_range is given an address inside of the area and a length that reaches past its end. It compares the length with the whole area, so it comes to the guard page, which has no page: the kernel follows a NULL pointer. Give the start of the area and the offset in pages.`,
    kernelLog: 'BUG: kernel NULL pointer dereference, address: 0000000000000008',
    where: { function: 'vm_insert_page', file: 'mm/memory.c' },
    ...at(vma, address),
  });
}

/** `remap_vmalloc_range(vma, addr, pgoff)`: the whole vma. `vm_pgoff` is not looked at. */
export function remap_vmalloc_range(vma: Vma, allocation: Allocation | undefined, pgoff: bigint, inside = 0n): number {
  return remap_vmalloc_range_partial(vma, vma.vm_start, allocation, pgoff, vmaSize(vma), inside);
}
