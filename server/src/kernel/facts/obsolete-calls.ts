/** Mapping calls of older kernels that were replaced. Data only. */
import type { CallRow, FactRow } from '../row.ts';
import { faultLock, readLock, writeLock } from './phrases.ts';

type Rest = Partial<CallRow> & Pick<CallRow, 'prototypes' | 'does' | 'source'>;
const call = (name: string, rest: Rest): CallRow => ({ kind: 'call', name, obsolete: true, header: 'linux/mm.h', ...rest });

const frameErrors: CallRow['returns'] = [
  ['0', 'the frame is mapped'],
  ['-EBUSY', 'something is mapped there already: another thread was faster, and the fault is done'],
  ['-EFAULT', 'the address lies outside the vma'],
  ['-ENOMEM', 'there is no memory for a page table'],
  ['-EINVAL', 'the memory type conflicts (x86, up to 4.9)'],
  ['-EACCES', 'the program may not map this frame (4.15 updates, 4.19)'],
];
const frameAsserts: CallRow['asserts'] = [
  ['BUG_ON', 'neither VM_PFNMAP nor VM_MIXEDMAP is set'],
  ['BUG_ON', 'both VM_PFNMAP and VM_MIXEDMAP are set'],
  ['BUG_ON', 'VM_PFNMAP is set and the mapping is copy-on-write (private, may become writable)'],
  ['BUG_ON', 'VM_MIXEDMAP is set and the frame is RAM (pfn_valid)'],
];
const translate =
  'A fault handler translates the result: 0 and -EBUSY to VM_FAULT_NOPAGE, -ENOMEM to VM_FAULT_OOM, everything else to VM_FAULT_SIGBUS.';

export const obsoleteCalls: readonly FactRow[] = [
  call('remap_page_range', {
    removed: '2.6.11',
    replacedBy: 'remap_pfn_range(), which takes a frame number instead of a physical address',
    prototypes: {
      '2.4': 'int remap_page_range(unsigned long from, unsigned long phys_addr, unsigned long size, pgprot_t prot)',
      '2.5.3':
        'int remap_page_range(struct vm_area_struct *vma, unsigned long from, unsigned long phys_addr, unsigned long size, pgprot_t prot)',
    },
    lock: 'write',
    argsUnit: 'bytes',
    refcounts: false,
    requires: {
      lock: writeLock,
      page: 'phys_addr is a physical address in bytes; only frames without a struct page and reserved pages are mapped',
      range: 'from is page aligned; whether the range lies inside the vma is not checked',
    },
    does: [
      'Fills the page table entries of a range. RAM that is not reserved is skipped: nothing is mapped there, and the result is still 0, so that the program sees zero pages.',
      'Nothing is counted, and no flag of the vma is set: drivers set VM_IO and VM_RESERVED themselves.',
    ],
    returns: [
      ['0', 'done, even if every page was skipped'],
      ['-ENOMEM', 'there is no memory for a page table; what is mapped stays'],
    ],
    asserts: [
      ['BUG', 'size is 0, or from + size wraps'],
      ['BUG_ON', 'an entry of the range is present already (2.6.9; 2.4 replaces it)'],
    ],
    notes: ['In 2.4 it works on the program that runs; the vma became the first argument in 2.5.3.'],
    source: ['mm/memory.c remap_page_range, remap_pte_range: 2.4.0, 2.4.22, 2.6.9', 'LWN article 28746'],
  }),
  call('io_remap_page_range', {
    removed: '2.6.13~2.6.18',
    replacedBy: 'io_remap_pfn_range(), which takes a frame number instead of a physical address',
    header: 'asm/pgtable.h',
    prototypes: {
      '2.4': 'int io_remap_page_range(unsigned long from, unsigned long phys_addr, unsigned long size, pgprot_t prot)',
      '2.5.3':
        'int io_remap_page_range(struct vm_area_struct *vma, unsigned long from, unsigned long phys_addr, unsigned long size, pgprot_t prot)',
    },
    lock: 'write',
    argsUnit: 'bytes',
    refcounts: false,
    requires: { lock: writeLock, page: 'phys_addr is a physical address in bytes' },
    does: ['Maps device memory: remap_page_range() by another name, except on sparc, where the bus space is a further argument.'],
    returns: [
      ['0', 'done'],
      ['-ENOMEM', 'there is no memory for a page table'],
    ],
    notes: ['In 2.6.11 and 2.6.12 it is a macro over remap_pfn_range().'],
    source: ['include/asm-i386/pgtable.h, include/asm-sparc64/pgtable.h: 2.4.0, 2.4.22, 2.6.9, 2.6.11, 2.6.12; absent in 2.6.18'],
  }),
  call('vm_insert_pfn', {
    since: '2.6.21',
    removed: '4.20',
    replacedBy: 'vmf_insert_pfn(), whose result is that of a fault handler',
    replacement: 'vmf_insert_pfn',
    prototypes: 'int vm_insert_pfn(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn)',
    lock: 'read',
    argsUnit: 'pfn',
    refcounts: false,
    requires: {
      lock: faultLock,
      vma: 'the driver has set VM_PFNMAP, and the mapping is not copy-on-write',
      range: 'addr lies inside the vma (checked since 2.6.28 or earlier)',
    },
    does: ['Maps one frame with vma->vm_page_prot. Nothing is counted.'],
    returns: frameErrors,
    asserts: frameAsserts,
    notes: [translate],
    source: ['mm/memory.c: 2.6.22, 2.6.28, 3.10, 4.4, 4.15', 'include/linux/mm.h: absent in 2.6.20 and 4.20'],
  }),
  call('vm_insert_pfn_prot', {
    since: '4.5',
    removed: '4.20',
    replacedBy: 'vmf_insert_pfn_prot(), whose result is that of a fault handler',
    replacement: 'vmf_insert_pfn_prot',
    prototypes: 'int vm_insert_pfn_prot(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn, pgprot_t pgprot)',
    lock: 'read',
    argsUnit: 'pfn',
    refcounts: false,
    requires: { lock: faultLock, vma: 'as for vm_insert_pfn()' },
    does: ['Does what vm_insert_pfn() does, with a protection of its own.'],
    returns: frameErrors,
    asserts: frameAsserts,
    notes: [translate],
    source: ['mm/memory.c: 4.15', 'include/linux/mm.h: absent in 4.4, present in 4.9'],
  }),
  call('vm_insert_mixed', {
    since: '2.6.26',
    removed: '4.20',
    replacedBy: 'vmf_insert_mixed(), whose result is that of a fault handler',
    replacement: 'vmf_insert_mixed',
    prototypes: {
      '2.6.26': 'int vm_insert_mixed(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn)',
      '4.5': 'int vm_insert_mixed(struct vm_area_struct *vma, unsigned long addr, pfn_t pfn)',
    },
    lock: 'read',
    argsUnit: 'pfn',
    requires: { lock: faultLock, vma: 'VM_MIXEDMAP is set' },
    does: ['Maps one frame, RAM or not: uncounted where the architecture can mark entries as special, counted elsewhere if it is RAM.'],
    returns: frameErrors,
    asserts: [['BUG_ON', 'VM_MIXEDMAP is not set']],
    notes: [translate],
    source: ['mm/memory.c: 2.6.28, 3.10, 4.4, 4.15'],
  }),
  call('vmf_insert_mixed_prot', {
    since: '5.6~5.7',
    removed: '6.4',
    replacedBy: 'vmf_insert_mixed() or vmf_insert_pfn_prot()',
    prototypes: 'vm_fault_t vmf_insert_mixed_prot(struct vm_area_struct *vma, unsigned long addr, pfn_t pfn, pgprot_t pgprot)',
    lock: 'read',
    argsUnit: 'pfn',
    refcounts: false,
    returnsVmFault: true,
    requires: { lock: faultLock, vma: 'VM_MIXEDMAP is set' },
    does: ['Does what vmf_insert_mixed() does, with a protection of its own.'],
    returns: [['as vmf_insert_mixed()', 'for the same reasons']],
    source: ['include/linux/mm.h: absent in 5.4, present in 5.7 to 6.3, absent in 6.4'],
  }),
  call('zap_page_range', {
    removed: '6.3',
    replacedBy: 'zap_vma_ptes() for mappings of raw frames',
    prototypes: {
      '2.4': 'void zap_page_range(struct mm_struct *mm, unsigned long address, unsigned long size)',
      '2.6.0':
        'unsigned long zap_page_range(struct vm_area_struct *vma, unsigned long address, unsigned long size, struct zap_details *details)',
      '4.12': 'void zap_page_range(struct vm_area_struct *vma, unsigned long address, unsigned long size)',
    },
    lock: 'read',
    requires: { lock: readLock },
    does: ['Takes the mapping of a range away.'],
    notes: ['It is exported in stable updates of 6.1 only.'],
    source: ['mm/memory.c: 6.1', 'include/linux/mm.h: 2.4.0 to 6.2'],
    confidence: 'partial',
  }),
  call('install_page', {
    since: '2.5.46',
    removed: '2.6.23',
    replacedBy: 'vm_insert_page(), which takes a reference of its own',
    prototypes: 'int install_page(struct mm_struct *mm, struct vm_area_struct *vma, unsigned long addr, struct page *page, pgprot_t prot)',
    lock: 'write',
    refcounts: true,
    takesReference: false,
    requires: { lock: writeLock, page: 'a page of the page cache (page->mapping is set); the reference of the caller goes to the mapping' },
    does: ['Maps one page in place of what was there, and counts it in rss and mapcount. It takes no reference.'],
    returns: [
      ['0', 'the page is mapped'],
      ['-ENOMEM', 'there is no memory for a page table'],
      ['-EINVAL', 'the page is not of the page cache, as pages of drivers are not, or lies behind the end of the file'],
    ],
    source: ['mm/fremap.c: 2.6.9', 'include/linux/mm.h: 2.6.9 to 2.6.22; absent in 2.6.24', 'LWN article 28746'],
  }),
  call('pci_mmap_page_range', {
    removed: '6.0',
    replacedBy: 'pci_mmap_resource_range(), for which vm_pgoff is an offset into the BAR',
    header: 'asm/pci.h',
    prototypes: {
      '2.4': 'int pci_mmap_page_range(struct pci_dev *dev, struct vm_area_struct *vma, enum pci_mmap_state mmap_state, int write_combine)',
      '4.12':
        'int pci_mmap_page_range(struct pci_dev *dev, int bar, struct vm_area_struct *vma, enum pci_mmap_state mmap_state, int write_combine)',
    },
    lock: 'write',
    requires: { lock: writeLock, range: 'vm_pgoff is an address on the bus in pages; nothing is compared' },
    does: ['Maps PCI memory, in the way of the architecture.'],
    returns: [
      ['0', 'the memory is mapped'],
      ['a negative errno', 'it is not'],
    ],
    source: ['include/linux/pci.h: 4.12 to 5.10; absent in 6.1'],
    confidence: 'partial',
  }),
  call('dma_mmap_writecombine', {
    form: 'macro',
    since: '2.6.0',
    removed: '5.2~5.4',
    replacedBy: 'dma_mmap_wc',
    replacement: 'dma_mmap_wc',
    header: 'linux/dma-mapping.h',
    prototypes:
      'int dma_mmap_writecombine(struct device *dev, struct vm_area_struct *vma, void *cpu_addr, dma_addr_t dma_addr, size_t size)',
    lock: 'write',
    boundsChecked: true,
    requires: { lock: writeLock },
    does: ['Maps write-combining DMA memory: the name of dma_mmap_wc() up to 4.5, and a second name of it afterwards.'],
    returns: [['as dma_mmap_wc()', 'for the same reasons']],
    source: ['include/linux/dma-mapping.h: 4.9, 5.2; absent in 5.4'],
    confidence: 'partial',
  }),
  call('remap_file_pages', {
    since: '2.5.46',
    header: 'sys/mman.h',
    prototypes: 'a system call with an address, a size, a protection, an offset in pages and flags',
    does: ['A system call that changed the order of the pages of a mapping. Since 4.0 it makes several mappings instead.'],
    notes: ['Drivers had vm_ops->populate and VM_CAN_NONLINEAR for it.'],
    source: ['include/linux/mm.h: 3.19, 4.0'],
    confidence: 'partial',
  }),
];
