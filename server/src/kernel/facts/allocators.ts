/** Where memory comes from, and how that memory may be mapped: slab, pages, vmalloc, and storage that nobody allocates. Data only. */
import type { AllocatorRow, FactRow } from '../row.ts';
import { allocator, orNull } from './allocator-row.ts';

type Memory = AllocatorRow['memory'];

const slab: Memory = {
  kind: 'slab',
  zeroed: false,
  result: 'pointer',
  pageRefcount: 'the page belongs to the slab and is shared with neighbours; it is not for counting',
  mapWith: ['a copy in pages of its own; remap_pfn_range() maps whole pages only, and shows the neighbours'],
  freedBy: 'kfree',
};
const zeroedSlab: Memory = { ...slab, zeroed: true };
const singlePage: Memory = {
  kind: 'linear',
  zeroed: false,
  result: 'address',
  pageRefcount: 'the page has a count of 1',
  mapWith: ['vm_insert_page()', 'vmf->page', 'remap_pfn_range() with the frame of the page'],
  freedBy: 'free_page',
};
const pages: Memory = {
  kind: 'pages',
  zeroed: false,
  result: 'page',
  pageRefcount: 'the first page has a count of 1; the others have one of their own only with __GFP_COMP or after split_page()',
  mapWith: ['vm_insert_page()', 'vmf->page', 'vm_map_pages()'],
  freedBy: '__free_pages',
};
const vmalloc: Memory = {
  kind: 'vmalloc',
  zeroed: false,
  result: 'pointer',
  pageRefcount: 'each page has a count of 1',
  mapWith: [
    'vm_insert_page() with vmalloc_to_page()',
    'vmf->page with vmalloc_to_page() and get_page()',
    'vm_map_pages() with an array of the pages',
  ],
  freedBy: 'vfree',
};
const userVmalloc: Memory = { ...vmalloc, zeroed: true, mapWith: ['remap_vmalloc_range()', ...vmalloc.mapWith] };
const either: Memory = {
  kind: 'slab-or-vmalloc',
  zeroed: false,
  result: 'pointer',
  pageRefcount: 'it depends on where the memory comes from',
  mapWith: ['nothing: whether it is slab or vmalloc memory is known at run time only (is_vmalloc_addr())'],
  freedBy: 'kvfree',
};
const slabHeader = { header: 'linux/slab.h', returns: orNull } as const;
const pageHeader = { header: 'linux/gfp.h' } as const;
const vmallocHeader = { header: 'linux/vmalloc.h', returns: orNull } as const;
const leak = 'It is not cleared: whoever maps it without clearing it gives away old contents of the memory.';

export const allocators: readonly FactRow[] = [
  allocator('kmalloc', slab, {
    ...slabHeader,
    prototypes: 'void *kmalloc(size_t size, gfp_t flags)',
    does: ['Allocates slab memory, contiguous in physical memory.'],
    notes: [
      'The start need not be page aligned. Since 5.4 sizes that are a power of two are aligned to their size.',
      'The rest of the last page belongs to others.',
      leak,
    ],
  }),
  allocator('kzalloc', zeroedSlab, {
    ...slabHeader,
    since: '2.6.14',
    prototypes: 'void *kzalloc(size_t size, gfp_t flags)',
    does: ['Allocates cleared slab memory.'],
  }),
  allocator('kcalloc', zeroedSlab, {
    ...slabHeader,
    prototypes: 'void *kcalloc(size_t n, size_t size, gfp_t flags)',
    does: ['Allocates a cleared array in slab memory. A product that overflows gives NULL.'],
  }),
  allocator('kmalloc_array', slab, {
    ...slabHeader,
    since: '3.4',
    prototypes: 'void *kmalloc_array(size_t n, size_t size, gfp_t flags)',
    does: ['Allocates an array in slab memory. A product that overflows gives NULL.'],
  }),
  allocator(
    'devm_kmalloc',
    { ...slab, freedBy: 'devm_kfree' },
    {
      ...slabHeader,
      header: 'linux/device.h',
      since: '3.13',
      prototypes: 'void *devm_kmalloc(struct device *dev, size_t size, gfp_t gfp)',
      does: ['Allocates slab memory that goes with the device. It does not start at a page, and is freed while mappings may still exist.'],
    },
  ),
  allocator(
    'devm_kzalloc',
    { ...zeroedSlab, freedBy: 'devm_kfree' },
    {
      ...slabHeader,
      header: 'linux/device.h',
      since: '2.6.21',
      prototypes: 'void *devm_kzalloc(struct device *dev, size_t size, gfp_t gfp)',
      does: [
        'Allocates cleared slab memory that goes with the device. It does not start at a page, and is freed while mappings may still exist.',
      ],
    },
  ),
  allocator(
    '__get_free_pages',
    { ...singlePage, pageRefcount: pages.pageRefcount, freedBy: 'free_pages' },
    {
      ...pageHeader,
      prototypes: 'unsigned long __get_free_pages(gfp_t gfp_mask, unsigned int order)',
      does: ['Allocates 2 to the power of order pages, contiguous in physical memory.'],
      returns: [
        ['an address', 'the first page'],
        ['0', 'there is no memory'],
      ],
      notes: [leak],
    },
  ),
  allocator('__get_free_page', singlePage, {
    ...pageHeader,
    form: 'macro',
    prototypes: 'unsigned long __get_free_page(gfp_t gfp_mask)',
    does: ['Allocates one page.'],
    returns: [
      ['an address', 'the page'],
      ['0', 'there is no memory'],
    ],
    notes: [leak],
  }),
  allocator(
    'get_zeroed_page',
    { ...singlePage, zeroed: true },
    {
      ...pageHeader,
      prototypes: 'unsigned long get_zeroed_page(gfp_t gfp_mask)',
      does: ['Allocates one cleared page.'],
      returns: [
        ['an address', 'the page'],
        ['0', 'there is no memory'],
      ],
    },
  ),
  allocator(
    'alloc_page',
    { ...pages, pageRefcount: singlePage.pageRefcount, freedBy: '__free_page' },
    {
      ...pageHeader,
      form: 'macro',
      prototypes: 'struct page *alloc_page(gfp_t gfp_mask)',
      does: ['Allocates one page. It is cleared with __GFP_ZERO.'],
      returns: orNull,
      notes: [leak],
    },
  ),
  allocator('alloc_pages', pages, {
    ...pageHeader,
    prototypes: 'struct page *alloc_pages(gfp_t gfp_mask, unsigned int order)',
    does: ['Allocates 2 to the power of order pages. They are cleared with __GFP_ZERO.'],
    returns: orNull,
    notes: [leak, 'Of pages without __GFP_COMP only the first can be inserted: vm_insert_page() refuses a count of 0 with -EINVAL.'],
  }),
  allocator('alloc_pages_node', pages, {
    ...pageHeader,
    prototypes: 'struct page *alloc_pages_node(int nid, gfp_t gfp_mask, unsigned int order)',
    does: ['Allocates pages on a NUMA node, as alloc_pages() does.'],
    returns: orNull,
    notes: [leak],
  }),
  allocator(
    'alloc_pages_exact',
    { ...singlePage, result: 'pointer', pageRefcount: 'each page has a count of 1', freedBy: 'free_pages_exact' },
    {
      ...pageHeader,
      since: '2.6.25~2.6.28',
      prototypes: 'void *alloc_pages_exact(size_t size, gfp_t gfp_mask)',
      does: ['Allocates as many contiguous pages as the size needs, each with a count of its own.'],
      returns: orNull,
      notes: [leak],
    },
  ),
  allocator('vmalloc', vmalloc, {
    ...vmallocHeader,
    prototypes: 'void *vmalloc(unsigned long size)',
    does: ['Allocates memory that is contiguous for the kernel only; each page lies elsewhere.'],
    notes: ['remap_vmalloc_range() refuses it: that needs vmalloc_user().', leak],
  }),
  allocator(
    'vzalloc',
    { ...vmalloc, zeroed: true },
    {
      ...vmallocHeader,
      since: '2.6.37',
      prototypes: 'void *vzalloc(unsigned long size)',
      does: ['Allocates cleared vmalloc memory.'],
      notes: ['remap_vmalloc_range() refuses it: that needs vmalloc_user().'],
    },
  ),
  allocator('vmalloc_user', userVmalloc, {
    ...vmallocHeader,
    since: '2.6.18',
    prototypes: 'void *vmalloc_user(unsigned long size)',
    does: ['Allocates cleared vmalloc memory that is meant for user space: remap_vmalloc_range() takes it.'],
    source: ['mm/vmalloc.c: 6.12', 'include/linux/vmalloc.h: 2.6.18 to 7.1'],
  }),
  allocator('vmalloc_32_user', userVmalloc, {
    ...vmallocHeader,
    since: '2.6.18',
    prototypes: 'void *vmalloc_32_user(unsigned long size)',
    does: ['Does what vmalloc_user() does, with pages below 4 GiB.'],
    source: ['mm/vmalloc.c: 6.12', 'include/linux/vmalloc.h: 2.6.18 to 7.1'],
  }),
  allocator('vmalloc_32', vmalloc, {
    ...vmallocHeader,
    prototypes: 'void *vmalloc_32(unsigned long size)',
    does: ['Allocates vmalloc memory below 4 GiB.'],
    notes: ['remap_vmalloc_range() refuses it: that needs vmalloc_32_user().', leak],
    source: ['include/linux/vmalloc.h: 2.4.0 to 7.1'],
  }),
  allocator('kvmalloc', either, {
    ...slabHeader,
    since: '4.12',
    prototypes: 'void *kvmalloc(size_t size, gfp_t flags)',
    does: ['Allocates slab memory, or vmalloc memory where that is not possible.'],
    notes: [leak],
  }),
  allocator(
    'kvzalloc',
    { ...either, zeroed: true },
    {
      ...slabHeader,
      since: '4.12',
      prototypes: 'void *kvzalloc(size_t size, gfp_t flags)',
      does: ['Allocates cleared slab memory, or vmalloc memory where that is not possible.'],
    },
  ),
  allocator(
    'kvcalloc',
    { ...either, zeroed: true },
    {
      ...slabHeader,
      since: '4.18',
      prototypes: 'void *kvcalloc(size_t n, size_t size, gfp_t flags)',
      does: ['Allocates a cleared array in slab memory, or in vmalloc memory where that is not possible.'],
    },
  ),
  allocator(
    'vmap',
    { ...vmalloc, pageRefcount: "the pages are the caller's", mapWith: ['vm_map_pages() with the same array of pages'], freedBy: 'vunmap' },
    {
      ...vmallocHeader,
      prototypes: 'void *vmap(struct page **pages, unsigned int count, unsigned long flags, pgprot_t prot)',
      does: ['Makes pages that the caller has contiguous for the kernel. It allocates no memory.'],
    },
  ),
  allocator(
    'module / static data',
    {
      kind: 'module',
      zeroed: false,
      result: 'none',
      pageRefcount: "the pages are not the driver's to count",
      mapWith: ['nothing: copy it into pages of its own'],
    },
    {
      header: undefined,
      prototypes: 'char buffer[N] in .data or .bss',
      does: [
        'Variables of a module lie in vmalloc memory, those of the kernel in its image. Either way a page is shared with other variables.',
      ],
    },
  ),
  allocator(
    'stack variable',
    { kind: 'stack', zeroed: false, result: 'none', pageRefcount: "the pages are not the driver's to count", mapWith: ['nothing, ever'] },
    {
      header: undefined,
      prototypes: 'automatic variable',
      does: ['Lies on the kernel stack, in vmalloc memory with CONFIG_VMAP_STACK, and is gone when the function returns.'],
    },
  ),
];
