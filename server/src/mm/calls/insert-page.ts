/**
 * `vm_insert_page` and the calls that insert several counted pages (mm/memory.c, mm/vmalloc.c), for 3.7 and later.
 */
import { atLeast } from '../../kernel/version.ts';
import { errno } from '../errno.ts';
import { isCowMapping, VM_FAULT_NOPAGE, VM_FAULT_SIGBUS, VM_IO, VM_MAYWRITE, VM_PFNMAP, VM_WRITE } from '../flags.ts';
import { _PAGE_RW } from '../pgprot.ts';
import { referenceCount } from '../physical/counts.ts';
import { zeroPfn } from '../physical/memory.ts';
import { at, inMemoryC } from '../problem.ts';
import type { Pte } from '../tables/page-table.ts';
import { changePtes, mapNormalPage, newPte, setPtes } from '../tables/set-ptes.ts';
import { hex, PAGE_SIZE, pageOf, pfnNumber, ulong } from '../units.ts';
import type { VmFault } from '../vm-ops.ts';
import { type Vma, vma_pages } from '../vma.ts';
import { insertFault, requireMixedMap } from './shared.ts';

/** `vm_mixed_zeropage_allowed` (6.11 and later): whether the page of zeros may be mapped without being counted. */
export function mixedZeroPageAllowed(vma: Vma): boolean {
  const { system } = vma.vm_mm;
  if (system.config.debugVm && (vma.vm_flags & VM_PFNMAP) !== 0n) {
    system.warnOnce({
      kind: 'warning',
      message: 'The page of zeros is inserted into a VM_PFNMAP mapping, whose pages are not counted at all.',
      kernelLog: 'WARNING: at mm/memory.c vm_mixed_zeropage_allowed',
      where: inMemoryC('vm_mixed_zeropage_allowed'),
      ...at(vma),
    });
  }
  if (isCowMapping(vma.vm_flags) || (vma.vm_flags & (VM_WRITE | VM_MAYWRITE)) === 0n) return true;
  return vma.vm_ops?.pfn_mkwrite !== undefined && (vma.vm_flags & VM_IO) !== 0n;
}

/** `validate_page_before_insert`: 0, or the error for a page that may not be inserted. A page is known by its pfn. */
function validatePage(vma: Vma, pfn: bigint): number {
  const system = vma.vm_mm.system;
  if (!system.memory.pfnValid(pfn)) {
    return system.stop({
      kind: 'oops',
      message: `The page given to vm_insert_page has no struct page (pfn ${hex(pfn)}): the kernel follows a bad pointer. Device memory is mapped with io_remap_pfn_range or vmf_insert_pfn.`,
      kernelLog: 'BUG: unable to handle page fault for address: ffffea0000000008',
      where: inMemoryC('validate_page_before_insert'),
      ...at(vma),
      pfn,
    });
  }
  const page = pfnNumber(pfn);
  const state = system.memory.page(page);
  if (referenceCount(system, page) === 0) return -errno.EINVAL;
  if (page === zeroPfn && atLeast(system.version, 6, 11)) return mixedZeroPageAllowed(vma) ? 0 : -errno.EINVAL;
  if (state?.use === 'anonymous') return -errno.EINVAL;
  // The mark of the slab allocator is looked at since 5.1; before, its pages are taken for the driver's own.
  if (state?.slab && atLeast(system.version, 5, 1)) return -errno.EINVAL;
  return 0;
}

/** `insert_page`: one counted page at `address`; -EBUSY when an entry is there already. Does not look at the vma's flags. */
function insertPage(vma: Vma, address: bigint, pfn: bigint, by: string): number {
  const invalid = validatePage(vma, pfn);
  if (invalid !== 0) return invalid;
  const mm = vma.vm_mm;
  const page = pageOf(address);
  if (mm.table.get(page)) return -errno.EBUSY;
  const number = pfnNumber(pfn);
  if (number === zeroPfn && atLeast(mm.system.version, 6, 11)) {
    setPtes(mm, page, page + 1, newPte(number, vma.vm_page_prot, { special: true }), by);
  } else {
    mapNormalPage(mm, page, newPte(number, vma.vm_page_prot), 'file', 1, by);
  }
  return 0;
}

/**
 * `vm_insert_page(vma, addr, page)`: one page, counted: reference, map count and RSS go up. Gives -EFAULT outside the vma,
 * -EINVAL for pages that are free, anonymous or of the slab allocator, -EBUSY over a present entry. BUGs without
 * VM_MIXEDMAP when the mmap lock is not held for writing or the vma has VM_PFNMAP. Sets VM_MIXEDMAP.
 */
export function vm_insert_page(vma: Vma, address: bigint, pfn: bigint): number {
  if (address < vma.vm_start || address >= vma.vm_end) return -errno.EFAULT;
  // Up to 6.10 the count is looked at before the flags.
  if (!atLeast(vma.vm_mm.system.version, 6, 11) && referenceCount(vma.vm_mm.system, pfnNumber(pfn)) === 0) return -errno.EINVAL;
  requireMixedMap(vma, 'vm_insert_page');
  return insertPage(vma, address, pfn, 'vm_insert_page');
}

/**
 * `vm_insert_pages(vma, addr, pages, num)` (5.7 and later). `left` is how many pages were not mapped. An error leaves the
 * pages before it mapped.
 */
export function vm_insert_pages(vma: Vma, address: bigint, pfns: readonly bigint[]): { readonly result: number; readonly left: number } {
  const last = ulong(address + BigInt(pfns.length) * PAGE_SIZE - 1n);
  if (address < vma.vm_start || last >= vma.vm_end) return { result: -errno.EFAULT, left: pfns.length };
  requireMixedMap(vma, 'vm_insert_pages');
  for (const [index, pfn] of pfns.entries()) {
    const result = insertPage(vma, address + BigInt(index) * PAGE_SIZE, pfn, 'vm_insert_pages');
    if (result !== 0) return { result, left: pfns.length - index };
  }
  return { result: 0, left: 0 };
}

/** `__vm_map_pages`: the whole vma from page `offset` of the array on. */
function mapPages(vma: Vma, pfns: readonly bigint[], offset: bigint): number {
  const count = BigInt(pfns.length);
  if (offset >= count) return -errno.ENXIO;
  if (vma_pages(vma) > count - offset) return -errno.ENXIO;
  let address = vma.vm_start;
  for (let index = Number(offset); address < vma.vm_end; index++, address += PAGE_SIZE) {
    const pfn = pfns[index];
    const result = pfn === undefined ? -errno.ENXIO : vm_insert_page(vma, address, pfn);
    if (result < 0) return result;
  }
  return 0;
}

/** `vm_map_pages(vma, pages, num)` (5.2 and later): fills the vma from `pages[vm_pgoff]` on; -ENXIO when it does not fit. */
export function vm_map_pages(vma: Vma, pfns: readonly bigint[]): number {
  return mapPages(vma, pfns, vma.vm_pgoff);
}

/** `vm_map_pages_zero`: as `vm_map_pages`, but `vm_pgoff` is ignored. */
export function vm_map_pages_zero(vma: Vma, pfns: readonly bigint[]): number {
  return mapPages(vma, pfns, 0n);
}

/** `vmf_insert_page` (4.17 and later): `vm_insert_page` with the result as `VM_FAULT_*` bits. */
export function vmf_insert_page(vma: Vma, address: bigint, pfn: bigint): number {
  return insertFault(vm_insert_page(vma, address, pfn));
}

/**
 * `vmf_insert_page_mkwrite(vmf, page, write)` (6.15 and later): a counted page, writable and dirty when `write` is set, also where
 * it was mapped before. VM_MIXEDMAP is not asked for.
 */
export function vmf_insert_page_mkwrite(vmf: VmFault, pfn: bigint, write: boolean): number {
  const { vma, address } = vmf;
  if (address < vma.vm_start || address >= vma.vm_end) return VM_FAULT_SIGBUS;
  const result = insertFault(insertPage(vma, address, pfn, 'vmf_insert_page_mkwrite'));
  const page = pageOf(address);
  if (result !== VM_FAULT_NOPAGE || !write || vma.vm_mm.table.get(page)?.pfn !== pfnNumber(pfn)) return result;
  const writable = vma.vm_flags & VM_WRITE ? _PAGE_RW : 0n;
  const change = (pte: Pte): Pte => ({ ...pte, prot: pte.prot | writable, dirty: true });
  changePtes(vma.vm_mm, page, page + 1, (run) => change(run.value), 'vmf_insert_page_mkwrite');
  return result;
}
