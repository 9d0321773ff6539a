/** Conversions between addresses, frames and pages, and page references. Data only. */
import type { CallRow, FactRow } from '../row.ts';

type Rest = Partial<CallRow> & Pick<CallRow, 'prototypes' | 'does' | 'header'>;
const conversion = (name: string, rest: Rest): CallRow => ({
  kind: 'call',
  name,
  form: 'macro',
  lock: 'none',
  source: ['general knowledge; headers of the architectures'],
  confidence: 'partial',
  ...rest,
});
const linear = 'an address of the linear map: from kmalloc(), __get_free_pages() or page_address()';
const notLinear: CallRow['asserts'] = [
  ['VIRTUAL_BUG_ON or WARN_ON', 'the address lies outside the linear map (with CONFIG_DEBUG_VIRTUAL)'],
];
const elsewhere =
  'It is wrong for vmalloc memory, for ioremap() and dma_alloc_coherent() pointers, for variables of a module, and for the stack with CONFIG_VMAP_STACK.';

const reference = (name: string, does: string, rest: Partial<CallRow> & Pick<CallRow, 'prototypes'>): CallRow => ({
  kind: 'call',
  name,
  header: 'linux/mm.h',
  lock: 'none',
  does: [does],
  notes: ['A fault handler that gives vmf->page takes one reference for each call; the unmapping gives it back.'],
  source: ['mm/memory.c: 6.12', 'include/linux/mm.h'],
  confidence: 'partial',
  ...rest,
});
const caching = (name: string, type: string): CallRow => ({
  kind: 'call',
  name,
  since: '2.6.25',
  header: 'linux/set_memory.h',
  lock: 'none',
  prototypes: `int ${name}(unsigned long addr, int numpages)`,
  does: [
    `Makes the kernel's own mapping of RAM ${type} on x86, so that a mapping of a program with the same type does not disagree with it.`,
  ],
  returns: [
    ['0', 'the mapping is changed'],
    ['a negative errno', 'it is not'],
  ],
  notes: ['set_memory_wb() undoes it, before the pages are freed.'],
  source: ['general knowledge'],
  confidence: 'partial',
});

export const addressCalls: readonly FactRow[] = [
  {
    kind: 'call',
    name: 'vmalloc_to_page',
    since: '2.4.19',
    header: 'linux/mm.h',
    prototypes: 'struct page *vmalloc_to_page(const void *addr)',
    lock: 'none',
    requires: { page: 'an address of a vmalloc() or vmap() area or of a module' },
    does: ['Gives the page behind one address of vmalloc memory. It takes no reference: a fault handler calls get_page().'],
    returns: [
      ['a page', 'that lies behind the address'],
      ['NULL', 'nothing is mapped there'],
    ],
    asserts: [
      ['VIRTUAL_BUG_ON', 'the address is neither vmalloc memory nor of a module (with CONFIG_DEBUG_VIRTUAL)'],
      ['WARN_ON_ONCE', 'a page table is bad'],
    ],
    notes: ['Each page of vmalloc memory lies elsewhere: a buffer of several pages cannot be mapped from its first frame on.'],
    source: ['mm/vmalloc.c: 6.12', 'header trees: absent in 2.4.16, present in 2.4.22', 'LWN article 28746'],
  },
  {
    kind: 'call',
    name: 'vmalloc_to_pfn',
    since: '2.6.10~2.6.11',
    header: 'linux/mm.h',
    prototypes: 'unsigned long vmalloc_to_pfn(const void *addr)',
    lock: 'none',
    requires: { page: 'an address of vmalloc memory that is mapped' },
    does: ['Gives the frame number behind one address of vmalloc memory. Where nothing is mapped the result means nothing.'],
    source: ['header trees: absent in 2.6.9, present in 2.6.11'],
  },
  conversion('virt_to_phys', {
    header: 'asm/io.h',
    prototypes: 'phys_addr_t virt_to_phys(const volatile void *address)',
    requires: { page: linear },
    does: ['Gives the physical address of an address in the linear map, by arithmetic.'],
    asserts: notLinear,
    notes: [elsewhere],
  }),
  conversion('__pa', {
    header: 'asm/page.h',
    prototypes: '#define __pa(x)',
    requires: { page: linear },
    does: ['Does what virt_to_phys() does, for pointers and integers.'],
    asserts: notLinear,
    notes: [elsewhere],
  }),
  conversion('virt_to_page', {
    header: 'asm/page.h',
    prototypes: 'struct page *virt_to_page(const void *kaddr)',
    requires: { page: linear },
    does: ['Gives the page of an address in the linear map, by arithmetic.'],
    asserts: notLinear,
    notes: [elsewhere, 'For vmalloc memory there is vmalloc_to_page().'],
  }),
  conversion('virt_to_pfn', {
    header: 'asm/page.h',
    prototypes: 'unsigned long virt_to_pfn(const void *kaddr)',
    requires: { page: linear },
    does: ['Gives the frame number of an address in the linear map, by arithmetic.'],
    asserts: notLinear,
    notes: [elsewhere],
  }),
  conversion('page_to_pfn', {
    header: 'asm/page.h',
    prototypes: 'unsigned long page_to_pfn(struct page *page)',
    does: ['Gives the frame number of a page.'],
  }),
  conversion('pfn_to_page', {
    header: 'asm/page.h',
    prototypes: 'struct page *pfn_to_page(unsigned long pfn)',
    requires: { page: 'pfn_valid() holds for the frame' },
    does: ['Gives the page of a frame. Frames of device memory have none, and the result means nothing.'],
  }),
  conversion('pfn_valid', {
    header: 'asm/page.h',
    prototypes: 'int pfn_valid(unsigned long pfn)',
    does: ['Tells whether a frame has a struct page. That does not make it RAM, nor a page that may be counted.'],
  }),
  conversion('page_to_phys', {
    header: 'asm/io.h',
    prototypes: 'phys_addr_t page_to_phys(struct page *page)',
    does: ['Gives the physical address of a page.'],
  }),
  reference('get_page', 'Takes a reference on a page.', {
    prototypes: 'void get_page(struct page *page)',
    replacedBy: 'folio_get() for folios',
    asserts: [['VM_BUG_ON_PAGE', 'the page has no reference']],
  }),
  reference('put_page', 'Gives a reference on a page back. The last one frees it.', {
    prototypes: 'void put_page(struct page *page)',
    replacedBy: 'folio_put() for folios',
  }),
  reference('folio_get', 'Takes a reference on a folio.', {
    since: '5.16',
    prototypes: 'void folio_get(struct folio *folio)',
    asserts: [['VM_BUG_ON_FOLIO', 'the folio has no reference']],
  }),
  reference('folio_put', 'Gives a reference on a folio back. The last one frees it.', {
    since: '5.16',
    prototypes: 'void folio_put(struct folio *folio)',
  }),
  {
    kind: 'call',
    name: 'split_page',
    since: '2.6.16',
    header: 'linux/mm.h',
    lock: 'none',
    prototypes: 'void split_page(struct page *page, unsigned int order)',
    does: ['Gives each page of an allocation of a higher order a count of its own, so that vm_insert_page() takes it.'],
    requires: { page: 'it was allocated without __GFP_COMP' },
    source: ['mm/page_alloc.c, mm/memory.c: 6.12'],
    confidence: 'partial',
  },
  caching('set_memory_uc', 'uncached'),
  caching('set_memory_wc', 'write-combining'),
  caching('set_memory_wb', 'cached again'),
];
