/** Calls that look up vmas, frames or user pages. Data only. */
import type { CallRow, FactRow } from '../row.ts';
import { readLock } from './phrases.ts';

type Rest = Partial<CallRow> & Pick<CallRow, 'prototypes' | 'does' | 'source'>;
const call = (name: string, rest: Rest): CallRow => ({
  kind: 'call',
  name,
  header: 'linux/mm.h',
  lock: 'read',
  ...rest,
  requires: { lock: readLock, ...rest.requires },
});

const noVma = ['NULL', 'there is none'] as const;
const gupResults: CallRow['returns'] = [
  ['a number', 'so many pages were got; it may be fewer than asked for'],
  ['-EFAULT', 'nothing is mapped there, the vma has VM_IO or VM_PFNMAP, or the access is not allowed'],
  ['-ENOMEM', 'there is no memory'],
];

export const lookupCalls: readonly FactRow[] = [
  call('find_vma', {
    replacedBy: 'vma_lookup',
    prototypes: 'struct vm_area_struct *find_vma(struct mm_struct *mm, unsigned long addr)',
    does: ['Gives the first vma that ends behind addr. It may begin behind addr as well: compare addr with vm_start.'],
    returns: [['a vma', 'that ends behind addr'], noVma],
    asserts: [['mmap_assert_locked', 'the lock is not held (5.15 and later)']],
    source: ['include/linux/mm.h: 2.4.0 to 7.1'],
  }),
  call('vma_lookup', {
    since: '5.14',
    prototypes: 'struct vm_area_struct *vma_lookup(struct mm_struct *mm, unsigned long addr)',
    does: ['Gives the vma that contains addr.'],
    returns: [['a vma', 'that contains addr'], noVma],
    source: ['include/linux/mm.h: absent in 5.11, present in 5.14'],
  }),
  call('find_vma_intersection', {
    prototypes: 'struct vm_area_struct *find_vma_intersection(struct mm_struct *mm, unsigned long start_addr, unsigned long end_addr)',
    does: ['Gives the first vma that overlaps the range.'],
    returns: [['a vma', 'that overlaps'], noVma],
    source: ['include/linux/mm.h: 2.4.0 to 7.1'],
  }),
  call('get_user_pages', {
    since: '2.4.17~2.4.22',
    replacedBy: 'pin_user_pages() where a device reads or writes the pages',
    prototypes: {
      '2.4.17':
        'int get_user_pages(struct task_struct *tsk, struct mm_struct *mm, unsigned long start, int nr_pages, int write, int force, struct page **pages, struct vm_area_struct **vmas)',
      '4.6':
        'long get_user_pages(unsigned long start, unsigned long nr_pages, int write, int force, struct page **pages, struct vm_area_struct **vmas)',
      '4.9':
        'long get_user_pages(unsigned long start, unsigned long nr_pages, unsigned int gup_flags, struct page **pages, struct vm_area_struct **vmas)',
      '6.5': 'long get_user_pages(unsigned long start, unsigned long nr_pages, unsigned int gup_flags, struct page **pages)',
    },
    requires: { context: 'it may sleep and fault; in an mmap handler it does not see the vma that is being made' },
    does: ['Finds the pages of a range of the program, faulting them in, and takes a reference on each; put_page() gives them back.'],
    returns: gupResults,
    notes: ['It works on pages of a vma with VM_MIXEDMAP.'],
    source: ['include/linux/mm.h: 2.6.9 to 6.12', 'mm/gup.c check_vma_flags: 6.12'],
  }),
  call('pin_user_pages', {
    since: '5.6',
    prototypes: {
      '5.6':
        'long pin_user_pages(unsigned long start, unsigned long nr_pages, unsigned int gup_flags, struct page **pages, struct vm_area_struct **vmas)',
      '6.5': 'long pin_user_pages(unsigned long start, unsigned long nr_pages, unsigned int gup_flags, struct page **pages)',
    },
    does: ['Does what get_user_pages() does, for pages that a device reads or writes; unpin_user_page() gives them back.'],
    returns: gupResults,
    source: ['include/linux/mm.h: absent in 5.4, present in 5.7, 6.1, 6.12'],
  }),
  call('get_user_pages_fast', {
    since: '2.6.27',
    replacedBy: 'pin_user_pages_fast() where a device reads or writes the pages',
    prototypes: {
      '2.6.27': 'int get_user_pages_fast(unsigned long start, int nr_pages, int write, struct page **pages)',
      '5.2': 'int get_user_pages_fast(unsigned long start, int nr_pages, unsigned int gup_flags, struct page **pages)',
    },
    lock: 'notHeld',
    requires: { lock: 'the mmap lock is not held, as the call may take it; in an mmap handler it can deadlock' },
    does: ['Does what get_user_pages() does, without a lock where that is possible.'],
    returns: gupResults,
    source: ['include/linux/mm.h; the prototypes are general knowledge'],
    confidence: 'partial',
  }),
  call('follow_pfnmap_start', {
    since: '6.12',
    prototypes: 'int follow_pfnmap_start(struct follow_pfnmap_args *args)',
    exported: 'EXPORT_SYMBOL_GPL',
    requires: { lock: `${readLock}, or the lock of the mapped file's i_mmap`, vma: 'VM_IO or VM_PFNMAP is set' },
    does: [
      'Reads the frame, the protection and the right to write of an address of a raw frame mapping, huge entries included. The lock of the page table stays held until follow_pfnmap_end().',
    ],
    returns: [
      ['0', 'args is filled; call follow_pfnmap_end()'],
      ['-EINVAL', 'the address lies outside the vma, the flags are missing, or nothing is mapped'],
    ],
    source: ['mm/memory.c: 6.12'],
  }),
  call('follow_pfnmap_end', {
    since: '6.12',
    prototypes: 'void follow_pfnmap_end(struct follow_pfnmap_args *args)',
    exported: 'EXPORT_SYMBOL_GPL',
    does: ['Ends what follow_pfnmap_start() has begun: the lock of the page table is dropped, and the frame may change from now on.'],
    source: ['mm/memory.c: 6.12'],
  }),
  call('follow_pfn', {
    since: '2.6.31',
    removed: '6.10',
    replacedBy: 'follow_pfnmap_start() and follow_pfnmap_end()',
    obsolete: true,
    prototypes: 'int follow_pfn(struct vm_area_struct *vma, unsigned long address, unsigned long *pfn)',
    exported: 'EXPORT_SYMBOL',
    requires: { vma: 'VM_IO or VM_PFNMAP is set' },
    does: ['Reads the frame number that is mapped at an address. Neither a lock nor a reference holds it afterwards.'],
    returns: [
      ['0', '*pfn is set'],
      ['-EINVAL', 'the flags are missing, or nothing is mapped'],
    ],
    notes: [
      'The result may be stale at once: without an MMU notifier the memory may be freed while it is used (the class of CVE-2021-22543).',
      'It does not look at the right to write.',
    ],
    source: ['mm/memory.c: 2.6.32 to 6.8', 'include/linux/mm.h: absent in 2.6.28 and 6.12'],
  }),
  call('follow_pte', {
    since: '5.11',
    removed: '6.12',
    replacedBy: 'follow_pfnmap_start() and follow_pfnmap_end()',
    obsolete: true,
    prototypes: {
      '5.11': 'int follow_pte(struct mm_struct *mm, unsigned long address, pte_t **ptepp, spinlock_t **ptlp)',
      '6.10': 'int follow_pte(struct vm_area_struct *vma, unsigned long address, pte_t **ptepp, spinlock_t **ptlp)',
    },
    does: ['Finds the page table entry of an address and locks it; pte_unmap_unlock() gives it back.'],
    returns: [
      ['0', '*ptepp is set and locked'],
      ['-EINVAL', 'nothing is mapped'],
    ],
    source: ['include/linux/mm.h: 5.11, 6.1, 6.8; absent in 6.12; the prototype of 6.10 is general knowledge'],
    confidence: 'partial',
  }),
  call('follow_phys', {
    since: '2.6.27',
    removed: '6.10',
    replacedBy: 'follow_pfnmap_start() and follow_pfnmap_end()',
    obsolete: true,
    prototypes:
      'int follow_phys(struct vm_area_struct *vma, unsigned long address, unsigned int flags, unsigned long *prot, resource_size_t *phys)',
    does: ['Reads the physical address and the protection that are mapped at an address.'],
    returns: [
      ['0', '*phys and *prot are set'],
      ['-EINVAL', 'nothing is mapped, or not with the rights in flags'],
    ],
    source: ['include/linux/mm.h: absent in 2.6.28, present in 2.6.32 to 6.8'],
    confidence: 'partial',
  }),
  call('generic_access_phys', {
    since: '2.6.27',
    prototypes: 'int generic_access_phys(struct vm_area_struct *vma, unsigned long addr, void *buf, int len, int write)',
    exported: 'EXPORT_SYMBOL_GPL',
    requires: { vma: 'VM_IO or VM_PFNMAP is set' },
    does: ['A ready access handler for mappings of physical memory: lets a debugger and /proc/PID/mem reach device memory.'],
    returns: [
      ['a positive number', 'so many bytes are done'],
      ['-EINVAL', 'nothing is mapped, or a write meets a read-only entry'],
      ['-ENOMEM', 'the memory cannot be mapped into the kernel'],
    ],
    notes: ['It exists with CONFIG_HAVE_IOREMAP_PROT only.'],
    source: ['mm/memory.c: 6.12'],
  }),
];
