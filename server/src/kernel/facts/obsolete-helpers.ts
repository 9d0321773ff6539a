/** Helpers of 2.4 drivers: reserved pages, addresses on the bus, and functions that every driver had a copy of. Data only. */
import type { CallRow, FactRow } from '../row.ts';
import { allocator, orNull } from './allocator-row.ts';

type Rest = Partial<CallRow> & Pick<CallRow, 'prototypes' | 'does' | 'source'>;
const helper = (name: string, rest: Rest): CallRow => ({ kind: 'call', name, obsolete: true, lock: 'none', ...rest });

const reservedPages = 'vm_insert_page(), remap_vmalloc_range() or dma_mmap_coherent(), which need no reserved pages';
const ownCopy = 'It was no function of the kernel: each driver had its copy.';

export const obsoleteHelpers: readonly FactRow[] = [
  helper('SetPageReserved', {
    replacedBy: reservedPages,
    header: 'linux/page-flags.h',
    prototypes: 'void SetPageReserved(struct page *page)',
    does: ['Sets PG_reserved, without which remap_page_range() and remap_pfn_range() skipped RAM up to 2.6.14.'],
    notes: ['The flag must be cleared before the page is freed, or the log says Bad page state.'],
    source: ['include/linux/page-flags.h'],
  }),
  helper('ClearPageReserved', {
    replacedBy: reservedPages,
    header: 'linux/page-flags.h',
    prototypes: 'void ClearPageReserved(struct page *page)',
    does: ['Clears PG_reserved.'],
    source: ['include/linux/page-flags.h'],
    confidence: 'partial',
  }),
  helper('mem_map_reserve', {
    form: 'macro',
    removed: '2.5.0~2.6.9',
    replacedBy: 'SetPageReserved',
    replacement: 'SetPageReserved',
    header: 'linux/wrapper.h',
    prototypes: '#define mem_map_reserve(page)',
    does: ['Sets PG_reserved. In 2.2 it took the number of the page.'],
    source: ['include/linux/wrapper.h: 2.4.0, 2.4.22'],
  }),
  helper('mem_map_unreserve', {
    form: 'macro',
    removed: '2.5.0~2.6.9',
    replacedBy: 'ClearPageReserved',
    replacement: 'ClearPageReserved',
    header: 'linux/wrapper.h',
    prototypes: '#define mem_map_unreserve(page)',
    does: ['Clears PG_reserved.'],
    source: ['include/linux/wrapper.h: 2.4.0, 2.4.22'],
  }),
  helper('vma_reserve', {
    form: 'macro',
    since: '2.4.0',
    removed: '2.4.0',
    replacedBy: 'VM_RESERVED in vma->vm_flags (up to 3.6)',
    header: 'linux/wrapper.h',
    lock: 'write',
    prototypes: '#define vma_reserve(vma)',
    does: ['Sets VM_RESERVED. It was proposed in 2000 and was in no release.'],
    source: ['include/linux/wrapper.h: absent in 2.4.0 and 2.4.22'],
  }),
  helper('kvirt_to_pa', {
    removed: '2.6.0',
    replacedBy: 'vmalloc_to_page() and page_to_pfn()',
    header: 'driver local',
    prototypes: 'unsigned long kvirt_to_pa(unsigned long adr)',
    does: ['Gives the physical address behind an address of vmalloc memory, by a walk through the page tables.'],
    notes: [ownCopy],
    source: ['drivers/media/video/bttv-driver.c, drivers/media/video/cpia.c, drivers/ieee1394/video1394.c: 2.4.22'],
  }),
  allocator(
    'rvmalloc',
    {
      kind: 'vmalloc',
      zeroed: true,
      result: 'pointer',
      pageRefcount: 'each page has a count of 1 and is reserved',
      mapWith: ['remap_page_range() for each page with kvirt_to_pa()'],
      freedBy: 'rvfree',
    },
    {
      removed: '2.6.0',
      obsolete: true,
      replacedBy: 'vmalloc_user() with remap_vmalloc_range()',
      header: 'driver local',
      prototypes: 'void *rvmalloc(signed long size)',
      does: ['Allocates vmalloc memory, clears it and reserves its pages.'],
      returns: orNull,
      notes: [ownCopy],
    },
  ),
  helper('rvfree', {
    removed: '2.6.0',
    replacedBy: 'vfree() for memory of vmalloc_user()',
    header: 'driver local',
    prototypes: 'void rvfree(void *mem, signed long size)',
    does: ['Gives back memory of rvmalloc(): clears the reserved flag of its pages and frees it.'],
    notes: [ownCopy],
    source: ['general knowledge'],
    confidence: 'partial',
  }),
  helper('virt_to_bus', {
    removed: '6.0',
    replacedBy: 'dma_map_single() and its relatives, dma_mmap_coherent() for mapping',
    header: 'asm/io.h',
    prototypes: 'unsigned long virt_to_bus(volatile void *address)',
    does: ['Gives the address that a device sees. It is no source of frame numbers.'],
    notes: ['It is gone on most architectures; a few keep it for old drivers.'],
    source: ['arch/x86/include/asm/io.h: absent in 6.1'],
    confidence: 'partial',
  }),
  helper('bus_to_virt', {
    removed: '6.0',
    replacedBy: 'the pointer that the driver has kept',
    header: 'asm/io.h',
    prototypes: 'void *bus_to_virt(unsigned long address)',
    does: ['Gives the kernel address of an address that a device sees.'],
    notes: ['It is gone on most architectures; a few keep it for old drivers.'],
    source: ['arch/x86/include/asm/io.h: absent in 6.1'],
    confidence: 'partial',
  }),
];
