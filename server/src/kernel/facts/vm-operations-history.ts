/** The slots of vm_operations_struct in older kernels. Data only. */
import type { FactRow, Since, SlotRow } from '../row.ts';

const old = (
  slot: string,
  prototypes: Since<string>,
  rest: Partial<SlotRow> & Pick<SlotRow, 'handlerKind' | 'does' | 'source'>,
): SlotRow => ({
  kind: 'slot',
  container: 'vm_operations_struct',
  slot,
  prototypes,
  entryLock: 'none',
  obsolete: true,
  header: 'linux/mm.h',
  ...rest,
});
const underRead = { entryLock: 'mmap-read', requires: { lock: 'mmap_sem is held for read when the handler runs' } } as const;
/** Slots of the first vm_operations_struct, which went together. */
const early = (slot: string): SlotRow =>
  old(slot, 'an operation of the first kernels', {
    handlerKind: 'other',
    removed: '2.4.2',
    does: ['An operation of the first kernels, which nothing has taken the place of.'],
    notes: ['It is said to have gone in 2.4.2; the header of 2.4.0 lacks it already.'],
    source: ['LWN article 28746', 'include/linux/mm.h: 2.4.0'],
  });

export const vmOperationsHistory: readonly FactRow[] = [
  old(
    'nopage',
    {
      '2.4': 'struct page *(*nopage)(struct vm_area_struct *area, unsigned long address, int write_access)',
      '2.4.16': 'struct page *(*nopage)(struct vm_area_struct *area, unsigned long address, int unused)',
      '2.6.1': 'struct page *(*nopage)(struct vm_area_struct *area, unsigned long address, int *type)',
    },
    {
      ...underRead,
      handlerKind: 'nopage',
      removed: '2.6.26',
      replacedBy: 'fault (2.6.23 and later)',
      requires: {
        ...underRead.requires,
        page: 'the page that is returned holds a reference for the mapping (get_page); it is no device memory',
      },
      does: [
        'Called when a page of the vma is touched that is not mapped yet; the core maps the page that it returns.',
        'For a write to a private mapping the core copies the page and drops it.',
      ],
      returns: [
        ['a page', 'to be mapped; *type becomes VM_FAULT_MINOR or VM_FAULT_MAJOR where type is not NULL'],
        ['NOPAGE_SIGBUS, which is NULL', 'there is nothing at this address'],
        ['NOPAGE_OOM', 'there is no memory'],
        ['NOPAGE_REFAULT', 'the fault is to be tried again (2.6.20 to 2.6.22)'],
      ],
      asserts: [['BUG_ON', 'VM_PFNMAP is set (2.6.18 and later)']],
      notes: ['Without this handler, touching an unmapped page gives an anonymous page instead of SIGBUS.'],
      source: ['mm/memory.c do_no_page: 2.4.0, 2.4.22, 2.6.9, 2.6.18', 'include/linux/mm.h: 2.6.24; absent in 2.6.28', 'LWN article 28746'],
    },
  ),
  old('nopfn', 'unsigned long (*nopfn)(struct vm_area_struct *area, unsigned long address)', {
    ...underRead,
    handlerKind: 'nopfn',
    since: '2.6.19',
    removed: '2.6.27',
    replacedBy: 'fault with vm_insert_pfn()',
    requires: { ...underRead.requires, vma: 'VM_PFNMAP is set, and the mapping is not copy-on-write' },
    does: ['Called when a page of the vma is touched that is not mapped yet; the core maps the frame that it returns.'],
    returns: [
      ['a frame number', 'to be mapped'],
      ['NOPFN_SIGBUS', 'there is nothing at this address'],
      ['NOPFN_OOM', 'there is no memory'],
      ['NOPFN_REFAULT', 'the handler has mapped something itself (2.6.22 and later)'],
    ],
    asserts: [['BUG_ON', 'VM_PFNMAP is not set, or the mapping is copy-on-write']],
    source: ['mm/memory.c do_no_pfn: 2.6.20', 'include/linux/mm.h: 2.6.20 to 2.6.24; absent in 2.6.18 and 2.6.28'],
  }),
  old('nopage_dma', 'unsigned long (*nopage_dma)(struct vm_area_struct *vma, unsigned long address)', {
    ...underRead,
    aliases: ['nopage_dma'],
    handlerKind: 'nopfn',
    since: '2.6.5',
    removed: '2.6.5',
    replacedBy: 'nopfn (2.6.19), then fault with vmf_insert_pfn()',
    does: ['A handler that returns frame numbers, proposed in 2004. It was in no release.'],
    source: ['mail to the kernel list of 21 March 2004'],
  }),
  old(
    'populate',
    'int (*populate)(struct vm_area_struct *area, unsigned long address, unsigned long len, pgprot_t prot, unsigned long pgoff, int nonblock)',
    {
      handlerKind: 'populate',
      entryLock: 'mmap-write',
      since: '2.5.46',
      removed: '2.6.23',
      replacedBy: 'fault',
      requires: { lock: 'mmap_sem is held when the handler runs' },
      does: ['Maps a range at once, for MAP_POPULATE and remap_file_pages.'],
      returns: [
        ['0', 'the range is mapped'],
        ['a negative errno', 'it is not'],
      ],
      source: ['include/linux/mm.h: 2.6.9 to 2.6.22; absent in 2.6.24', 'LWN article 28746'],
    },
  ),
  old('pmd_fault', 'int (*pmd_fault)(struct vm_area_struct *vma, unsigned long address, pmd_t *pmd, unsigned int flags)', {
    ...underRead,
    handlerKind: 'huge_fault',
    since: '4.3',
    removed: '4.11',
    replacedBy: 'huge_fault',
    does: ['Called before fault to map a whole PMD (2 MiB on x86-64).'],
    returns: [
      ['VM_FAULT_NOPAGE', 'the handler has made the entry'],
      ['VM_FAULT_FALLBACK', 'the core goes on with small pages'],
    ],
    source: ['include/linux/mm.h: 4.4, 4.12'],
  }),
  old('split', 'int (*split)(struct vm_area_struct *area, unsigned long addr)', {
    handlerKind: 'may_split',
    entryLock: 'mmap-write',
    since: '4.15',
    removed: '5.11',
    replacedBy: 'may_split',
    requires: { lock: 'the mmap lock is held for write when the handler runs' },
    does: ['Asked before a vma is split at addr.'],
    returns: [
      ['0', 'the split is allowed'],
      ['a negative errno', 'the system call fails with it'],
    ],
    source: ['include/linux/mm.h: absent in 4.12, present in 4.15 and 5.10, absent in 5.11'],
  }),
  old('find_special_page', 'struct page *(*find_special_page)(struct vm_area_struct *vma, unsigned long addr)', {
    handlerKind: 'find_special_page',
    entryLock: 'mmap-read',
    since: '4.0',
    removed: '6.18',
    replacedBy: 'find_normal_page, with CONFIG_FIND_NORMAL_PAGE',
    requires: { lock: 'the lock of the page table is held when the handler runs' },
    does: ['Gives the struct page behind an entry that is marked as special. Xen grant mappings need it.'],
    source: ['include/linux/mm.h: absent in 3.16, present in 4.0 and 6.17, absent in 6.18'],
  }),
  old('remap_pages', 'int (*remap_pages)(struct vm_area_struct *vma, unsigned long addr, unsigned long size, pgoff_t pgoff)', {
    handlerKind: 'other',
    entryLock: 'mmap-read',
    since: '3.7',
    removed: '4.0',
    does: ['Changes the order of the pages for remap_file_pages.'],
    source: ['include/linux/mm.h: 3.8, 3.16; absent in 4.0'],
  }),
  old('migrate', 'int (*migrate)(struct vm_area_struct *vma, const nodemask_t *from, const nodemask_t *to, unsigned long flags)', {
    handlerKind: 'other',
    entryLock: 'mmap-read',
    since: '2.6.16~2.6.18',
    removed: '4.0',
    does: ['Moves the memory of a vma to other NUMA nodes.'],
    source: ['include/linux/mm.h: 2.6.18 to 3.16; absent in 4.0'],
  }),
  ...['protect', 'swapout', 'sync', 'unmap', 'wppage', 'advise'].map(early),
];
