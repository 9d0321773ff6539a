/**
 * `vm_ops->populate` (2.5.46 to 2.6.22) and `install_page`: mapping a range ahead of time, for MAP_POPULATE and for
 * remap_file_pages(2), which could show the pages of a file in another order (mm/fremap.c).
 */
import { atLeast, type KernelVersion } from '../../kernel/version.ts';
import { callVmOp, withMmapLock } from '../driver-call.ts';
import { errno } from '../errno.ts';
import { VM_SHARED } from '../flags.ts';
import type { Mm } from '../mm.ts';
import { mapNormalPage, newPte, setPtes } from '../tables/set-ptes.ts';
import { zapRange } from '../tables/zap.ts';
import { addressOf, PAGE_SIZE, pageAlign, pageOf, pfnNumber, ulong } from '../units.ts';
import { linearPageIndex, resetVmaFlags, type Vma } from '../vma.ts';
import { VM_NONLINEAR } from './flags.ts';
import { isCountedPage } from './reserved-pages.ts';

/** Whether the core calls `populate`. */
export function hasPopulate(version: KernelVersion): boolean {
  return atLeast(version, 2, 5, 46) && !atLeast(version, 2, 6, 23);
}

/**
 * remap_file_pages(2) up to 2.6.22: `pgoff` (pages) of the file appears at `[start, start + size)`, through the `populate`
 * handler. A shared mapping, and such a handler, or EINVAL; so has MAP_POPULATE, whose failure nobody sees. VM_NONLINEAR is
 * set when the place is not the linear one.
 */
export function populateRange(mm: Mm, start: bigint, size: bigint, pgoff: bigint, nonblock: boolean): number {
  const address = start & ~(PAGE_SIZE - 1n);
  const length = size & ~(PAGE_SIZE - 1n);
  return withMmapLock(mm, 'write', () => {
    const vma = mm.lookup(address);
    const handler = vma?.vm_ops?.populate;
    if (ulong(address + length) <= address || !vma || (vma.vm_flags & VM_SHARED) === 0n || !handler) return -errno.EINVAL;
    if (address + length > vma.vm_end) return -errno.EINVAL;
    if (pgoff !== linearPageIndex(vma, address)) resetVmaFlags(vma, vma.vm_flags | VM_NONLINEAR, 'remap_file_pages');
    return callVmOp(vma, 'populate', () => handler(vma, address, length, vma.vm_page_prot, pgoff, nonblock));
  });
}

/** MAP_POPULATE and `mlock` up to 2.6.22 on a fresh mapping. */
export function populateOnMmap(mm: Mm, start: bigint, length: bigint, nonblock: boolean): void {
  const vma = mm.lookup(start);
  if (vma) populateRange(mm, start, pageAlign(length), linearPageIndex(vma, start), nonblock);
}

/**
 * `install_page(mm, vma, addr, page, prot)` (2.5.46 to 2.6.22): maps the page in place of what was there and counts it in RSS
 * and map count. The reference is the caller's. -EINVAL for a page that belongs to no file (no `page->mapping`), which
 * is so for the pages of drivers (2.6.9; earlier 2.6 not read).
 */
export function install_page(vma: Vma, address: bigint, page: bigint, prot: bigint): number {
  const mm = vma.vm_mm;
  const { system } = mm;
  const pfn = pfnNumber(page);
  if (checksFile(system.version) && !system.memory.withMapping.has(pfn)) return -errno.EINVAL;
  const at = pageOf(address);
  zapRange(vma, addressOf(at), addressOf(at + 1), { by: 'install_page' });
  const pte = newPte(pfn, prot);
  if (isCountedPage(system, pfn)) mapNormalPage(mm, at, pte, 'file', 0, 'install_page');
  else setPtes(mm, at, at + 1, pte, 'install_page');
  return 0;
}

/** The page must lie inside the file that it belongs to. */
function checksFile(version: KernelVersion): boolean {
  return atLeast(version, 2, 6, 9);
}
