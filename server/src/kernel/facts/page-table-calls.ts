/** Page table entries, and the calls that change or read them directly. Data only. */
import type { CallRow, FactRow } from '../row.ts';
import { readLock, writeLock } from './phrases.ts';

type Rest = Partial<CallRow> & Pick<CallRow, 'prototypes' | 'does' | 'source'>;
const call = (name: string, rest: Rest): CallRow => ({ kind: 'call', name, header: 'linux/mm.h', ...rest });

const byHand = 'Entries made by hand are not counted, not tracked and set no flags of the vma, so the core takes them for something else.';
const track = (name: string, rest: Pick<CallRow, 'prototypes' | 'does'> & Partial<CallRow>): CallRow =>
  call(name, {
    since: '3.7',
    removed: '6.16',
    header: 'linux/pgtable.h',
    lock: 'write',
    notes: ['It is internal to the core; on other architectures than x86 it does nothing.'],
    source: ['arch/x86/mm/pat/memtype.c: 6.12', 'mm/memory.c: 6.14, 6.17'],
    ...rest,
  });
const pteFunction = 'fn gets the entry, the address and data since 5.3; before, it got a page table token as well.';

export const pageTableCalls: readonly FactRow[] = [
  call('get_locked_pte', {
    since: '2.6.15',
    replacedBy: 'vmf_insert_pfn() or vm_insert_page()',
    prototypes: 'pte_t *get_locked_pte(struct mm_struct *mm, unsigned long addr, spinlock_t **ptl)',
    lock: 'read',
    requires: { lock: readLock, context: 'no sleeping until pte_unmap_unlock()' },
    does: ['Gives the page table entry of an address, locked; missing page tables are made.'],
    returns: [
      ['an entry', 'mapped and locked'],
      ['NULL', 'there is no memory'],
    ],
    asserts: [['VM_BUG_ON', 'a huge page is mapped there']],
    notes: ['It is not exported, so only code that is built in can call it.', byHand],
    source: ['mm/memory.c __get_locked_pte: 6.12', 'include/linux/mm.h: absent in 2.6.12, present in 2.6.18'],
    confidence: 'partial',
  }),
  call('pte_unmap_unlock', {
    form: 'macro',
    since: '2.6.15',
    prototypes: '#define pte_unmap_unlock(pte, ptl)',
    requires: { lock: 'the lock of the page table is held' },
    does: ['Gives back an entry of get_locked_pte() or pte_offset_map_lock().'],
    source: ['mm/memory.c: 6.12'],
  }),
  call('set_pte_at', {
    form: 'macro',
    since: '2.6.12',
    replacedBy: 'vmf_insert_pfn() or vm_insert_page(); the core uses set_ptes() since 6.6',
    header: 'linux/pgtable.h',
    prototypes: 'void set_pte_at(struct mm_struct *mm, unsigned long addr, pte_t *ptep, pte_t pte)',
    requires: { lock: 'the lock of the page table is held' },
    does: ['Writes a page table entry. Nothing is counted, and no processor forgets the old entry.'],
    notes: ['An entry of a raw frame must be marked with pte_mkspecial(), or unmapping gives back a reference that nobody took.', byHand],
    source: ['mm/memory.c: 2.6.18, 6.12'],
  }),
  call('set_pte', {
    form: 'macro',
    replacedBy: 'vmf_insert_pfn() or vm_insert_page()',
    header: 'linux/pgtable.h',
    prototypes: 'void set_pte(pte_t *ptep, pte_t pte)',
    requires: { lock: 'the lock of the page table is held' },
    does: ['Writes a page table entry. Nothing is counted, and no processor forgets the old entry.'],
    notes: ['Up to 2.6.11 it is what set_pte_at() became.', byHand],
    source: ['mm/memory.c: 2.6.9'],
  }),
  call('pte_mkspecial', {
    form: 'macro',
    since: '2.6.26~2.6.27',
    header: 'asm/pgtable.h',
    prototypes: 'pte_t pte_mkspecial(pte_t pte)',
    lock: 'none',
    does: ['Marks an entry as special: no struct page is looked up for it.'],
    source: ['mm/memory.c: 6.12'],
    confidence: 'partial',
  }),
  call('apply_to_page_range', {
    since: '2.6.21~2.6.22',
    replacedBy: 'vmf_insert_pfn() or vm_insert_page() for mappings of programs',
    prototypes: 'int apply_to_page_range(struct mm_struct *mm, unsigned long addr, unsigned long size, pte_fn_t fn, void *data)',
    lock: 'write',
    exported: 'EXPORT_SYMBOL_GPL',
    requires: { lock: `${writeLock}, where mm belongs to a program; fn runs with the lock of the page table` },
    does: ['Makes the page tables of a range and calls fn for each entry.'],
    returns: [
      ['0', 'fn has seen every entry'],
      ['-EINVAL', 'size is 0 or the range wraps, or a huge page is met'],
      ['-ENOMEM', 'there is no memory for page tables'],
      ["fn's result", 'it is not 0, which ends the walk'],
    ],
    asserts: [
      ['WARN_ON', 'size is 0, or the range wraps'],
      ['WARN_ON_ONCE', 'a huge or a bad entry is met'],
    ],
    notes: [pteFunction, 'It sets no flags: for a mapping of a program the driver sets VM_PFNMAP itself and marks the entries as special.'],
    source: ['mm/memory.c: 6.12'],
  }),
  call('apply_to_existing_page_range', {
    since: '5.5',
    prototypes: 'int apply_to_existing_page_range(struct mm_struct *mm, unsigned long addr, unsigned long size, pte_fn_t fn, void *data)',
    lock: 'write',
    requires: { lock: `${writeLock}, where mm belongs to a program` },
    does: ['Calls fn for each entry of a range that has a page table.'],
    returns: [
      ['0', 'fn has seen every entry'],
      ['-EINVAL', 'size is 0 or the range wraps, or a huge page is met'],
      ["fn's result", 'it is not 0, which ends the walk'],
    ],
    notes: [pteFunction],
    source: ['include/linux/mm.h: absent in 5.4, present in 5.7'],
  }),
  call('vm_normal_page', {
    since: '2.6.15',
    replacedBy: 'vm_normal_folio() in the core',
    prototypes: 'struct page *vm_normal_page(struct vm_area_struct *vma, unsigned long addr, pte_t pte)',
    lock: 'read',
    requires: { lock: 'the lock of the page table is held, or the mmap lock' },
    does: [
      'Decides whether an entry maps a counted page. An entry that is marked as special does not.',
      'Where entries cannot be marked: with VM_PFNMAP it does only if a write has copied it, which shows in a frame that is not vm_pgoff plus the offset; with VM_MIXEDMAP it does if the frame has a struct page.',
    ],
    returns: [
      ['NULL', 'a raw frame; there is nothing to count'],
      ['a page', 'that is counted'],
    ],
    asserts: [['print_bad_pte', 'an entry is special in a vma without VM_PFNMAP and VM_MIXEDMAP; the log says Bad page map']],
    source: ['mm/memory.c: 6.12'],
  }),
  call('pfn_modify_allowed', {
    since: '4.19',
    header: 'linux/pgtable.h',
    prototypes: 'bool pfn_modify_allowed(unsigned long pfn, pgprot_t prot)',
    lock: 'none',
    does: [
      'Tells whether a program may have an entry without rights for a frame. On x86 it may not for high device memory, unless it is privileged (L1TF).',
    ],
    returns: [
      ['true', 'it may'],
      ['false', 'remap_pfn_range() fails with -EACCES, and vmf_insert_pfn() gives VM_FAULT_SIGBUS'],
    ],
    source: ['mm/memory.c: 4.15.18, 6.12'],
  }),
  track('track_pfn_remap', {
    prototypes:
      'int track_pfn_remap(struct vm_area_struct *vma, pgprot_t *prot, unsigned long pfn, unsigned long addr, unsigned long size)',
    does: [
      'Makes the cache mode of a mapping agree with the others on x86. For RAM the type of the kernel wins, with a warning in the log. Device memory is reserved for the whole vma; for a part the type in force is taken.',
    ],
    returns: [
      ['0', '*prot holds the mode'],
      ['-EINVAL', 'the types conflict'],
    ],
  }),
  track('track_pfn_insert', {
    lock: 'read',
    prototypes: 'void track_pfn_insert(struct vm_area_struct *vma, pgprot_t *prot, pfn_t pfn)',
    does: ['Puts the cache mode in force into the protection of one frame on x86.'],
  }),
  track('untrack_pfn', {
    lock: 'read',
    prototypes: {
      '3.7': 'void untrack_pfn(struct vm_area_struct *vma, unsigned long pfn, unsigned long size)',
      '6.3': 'void untrack_pfn(struct vm_area_struct *vma, unsigned long pfn, unsigned long size, bool mm_wr_locked)',
    },
    does: ['Gives back what track_pfn_remap() has reserved.'],
  }),
  track('pfnmap_track', {
    since: '6.16',
    removed: undefined,
    lock: 'none',
    prototypes: 'int pfnmap_track(unsigned long pfn, unsigned long size, pgprot_t *prot)',
    does: [
      'Reserves a cache mode for device memory on x86. What it reserves is counted and shared by all vmas that come from one mapping.',
    ],
    returns: [
      ['0', '*prot holds the mode'],
      ['-EINVAL', 'the types conflict'],
    ],
  }),
];
