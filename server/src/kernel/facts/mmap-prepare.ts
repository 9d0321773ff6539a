/** The mmap_prepare way of mapping: descriptor, actions and the calls around it. Data only. */
import type { CallRow, FactRow } from '../row.ts';
import { handlerLock } from './phrases.ts';
import { insertFlags, remapFlags } from './set-flags.ts';

const later =
  'It only notes what to do: the core maps after the vma is in place. If that fails, the vma is unmapped again, which calls vm_ops->close.';

type Rest = Partial<CallRow> & Pick<CallRow, 'prototypes' | 'does'>;
const action = (name: string, rest: Rest): CallRow => ({
  kind: 'call',
  name,
  since: '6.19',
  header: 'linux/mm.h',
  requires: { context: 'it is called from an mmap_prepare handler only' },
  source: ['include/linux/mm.h, mm/memory.c: 7.1', 'include/linux/mm.h: 6.19'],
  ...rest,
  notes: [later, ...(rest.notes ?? [])],
});
const remapAction = (name: string, rest: Rest): CallRow =>
  action(name, {
    argsUnit: 'pfn',
    setsFlags: remapFlags,
    refcounts: false,
    returns: [
      [
        'nothing',
        'mmap itself fails later: with -EFAULT where the range leaves the mapping, with -EINVAL where a copy-on-write mapping is not mapped as a whole',
      ],
    ],
    asserts: [['WARN_ON_ONCE', 'the range leaves the mapping']],
    ...rest,
  });
const pagesAction = (name: string, rest: Rest): CallRow =>
  action(name, {
    since: '7.1',
    setsFlags: insertFlags,
    refcounts: true,
    takesReference: true,
    ...rest,
    notes: ['The array of pages must stay valid until mmap returns.'],
  });
const forwarded = (name: string, rest: Rest): CallRow => ({
  kind: 'call',
  name,
  since: '6.16',
  header: 'linux/fs.h',
  lock: 'write',
  requires: { lock: handlerLock },
  returns: [
    ['0', 'the handler has accepted the mapping'],
    ['a negative errno', 'it has refused'],
  ],
  notes: ['A driver that passes a mapping on does not call file->f_op->mmap itself, which is NULL where the file has mmap_prepare.'],
  source: ['include/linux/fs.h: 6.14 (call_mmap), 6.17, 6.19, 7.1'],
  ...rest,
});

export const mmapPrepare: readonly FactRow[] = [
  {
    kind: 'type',
    name: 'struct vm_area_desc',
    since: '6.16',
    header: 'linux/mm_types.h',
    prototypes: {
      '6.16': 'struct vm_area_desc: mm, start, end, pgoff, file, vm_flags, page_prot, vm_ops, private_data',
      '6.19':
        'struct vm_area_desc: mm, start, end, pgoff, file, vm_file, vm_flags and vma_flags in a union, page_prot, vm_ops, private_data, action',
      '7.1': 'struct vm_area_desc: mm, start, end, pgoff, file, vm_file, vma_flags, page_prot, vm_ops, private_data, action',
    },
    does: [
      'What an mmap_prepare handler gets instead of a vma: the mapping to come.',
      'The handler may change pgoff, vm_file (file up to 6.18), the flags and page_prot, and sets vm_ops and private_data. The rest is for reading.',
    ],
    notes: ['Nobody may keep a pointer to it: it is gone when the handler returns.'],
    source: ['include/linux/mm_types.h: 6.17, 6.19, 7.1'],
  },
  {
    kind: 'type',
    name: 'struct mmap_action',
    since: '6.19',
    header: 'linux/mm_types.h',
    prototypes: {
      '6.19': 'struct mmap_action with enum mmap_action_type: MMAP_NOTHING, MMAP_REMAP_PFN, MMAP_IO_REMAP_PFN',
      '7.1':
        'struct mmap_action with enum mmap_action_type: MMAP_NOTHING, MMAP_REMAP_PFN, MMAP_IO_REMAP_PFN, MMAP_SIMPLE_IO_REMAP, MMAP_MAP_KERNEL_PAGES',
    },
    does: [
      'What the core shall map once the vma is in place: one action for each mapping.',
      'success_hook runs on the vma with its write lock held. error_hook may replace the error, but cannot make it a success.',
    ],
    notes: [
      'When the action fails, the new vma is unmapped like any other, so vm_ops->close runs, unlike after a failed mmap handler (7.1).',
    ],
    source: ['include/linux/mm_types.h: 6.19, 7.1', 'mm/util.c mmap_action_finish: 7.1'],
  },
  {
    kind: 'call',
    name: 'vma_desc_set_flags',
    form: 'macro',
    since: '7.0~7.1',
    header: 'linux/mm.h',
    prototypes: '#define vma_desc_set_flags(desc, ...)',
    does: ['Adds flags, given as VMA_IO_BIT and the like, to the mapping to come.'],
    notes: [
      'From 6.16 to 6.19 the handler adds VM_* flags to desc->vm_flags itself.',
      'Beside it there are vma_desc_clear_flags(), vma_desc_test(), vma_desc_test_any() and vma_desc_test_all().',
    ],
    source: ['include/linux/mm.h: absent in 6.19, present in 7.1'],
  },
  remapAction('mmap_action_remap', {
    prototypes: 'void mmap_action_remap(struct vm_area_desc *desc, unsigned long start, unsigned long start_pfn, unsigned long size)',
    does: ['Has the core map frames as remap_pfn_range() does, with the page_prot that desc has at this moment: set it before.'],
  }),
  remapAction('mmap_action_remap_full', {
    prototypes: 'void mmap_action_remap_full(struct vm_area_desc *desc, unsigned long start_pfn)',
    does: ['Has the core map frames over the whole mapping as remap_pfn_range() does. The object behind it is not compared.'],
  }),
  remapAction('mmap_action_ioremap', {
    prototypes: 'void mmap_action_ioremap(struct vm_area_desc *desc, unsigned long start, unsigned long start_pfn, unsigned long size)',
    does: ['Has the core map device memory as io_remap_pfn_range() does.'],
  }),
  remapAction('mmap_action_ioremap_full', {
    prototypes: 'void mmap_action_ioremap_full(struct vm_area_desc *desc, unsigned long start_pfn)',
    does: ['Has the core map device memory over the whole mapping as io_remap_pfn_range() does. The object behind it is not compared.'],
  }),
  remapAction('mmap_action_simple_ioremap', {
    since: '7.1',
    argsUnit: 'bytes',
    boundsChecked: true,
    prototypes: 'void mmap_action_simple_ioremap(struct vm_area_desc *desc, phys_addr_t start_phys_addr, unsigned long size)',
    does: ['Has the core map a part of a device region as vm_iomap_memory() does, with the same checks.'],
    returns: [['nothing', 'mmap itself fails later with -EINVAL where the mapping does not fit into the region']],
    source: ['include/linux/mm.h, mm/memory.c: 7.1', 'include/linux/mm.h: absent in 6.19'],
  }),
  pagesAction('mmap_action_map_kernel_pages', {
    boundsChecked: true,
    prototypes:
      'void mmap_action_map_kernel_pages(struct vm_area_desc *desc, unsigned long start, struct page **pages, unsigned long nr_pages)',
    does: ['Has the core insert pages as vm_insert_pages() does.'],
    returns: [['nothing', 'mmap itself fails later with -EFAULT where the range leaves the mapping']],
  }),
  pagesAction('mmap_action_map_kernel_pages_full', {
    prototypes: 'void mmap_action_map_kernel_pages_full(struct vm_area_desc *desc, struct page **pages)',
    does: ['Has the core insert pages over the whole mapping: the array must hold as many as vma_desc_pages() says, which nobody checks.'],
  }),
  {
    kind: 'call',
    name: 'remap_pfn_range_prepare',
    since: '6.19',
    header: 'mm/internal.h',
    prototypes: 'void remap_pfn_range_prepare(struct vm_area_desc *desc, unsigned long pfn)',
    argsUnit: 'pfn',
    does: ['The first half of mmap_action_remap(): checks copy-on-write and sets the flags. It is internal to the core.'],
    source: ['mm/memory.c: 7.1'],
  },
  {
    kind: 'call',
    name: 'remap_pfn_range_complete',
    since: '6.19',
    header: 'mm/internal.h',
    prototypes:
      'int remap_pfn_range_complete(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn, unsigned long size, pgprot_t prot)',
    lock: 'write',
    argsUnit: 'pfn',
    does: ['The second half of mmap_action_remap(): fills the page table entries. It is internal to the core.'],
    source: ['mm/memory.c: 7.1'],
  },
  forwarded('vfs_mmap', {
    prototypes: 'int vfs_mmap(struct file *file, struct vm_area_struct *vma)',
    does: ['Calls the mmap handler of a file, or its mmap_prepare handler where it has that one, for a driver that passes a mapping on.'],
  }),
  forwarded('vfs_mmap_prepare', {
    prototypes: 'int vfs_mmap_prepare(struct file *file, struct vm_area_desc *desc)',
    does: ['Calls the mmap_prepare handler of a file, for a driver that passes a mapping on.'],
  }),
  forwarded('compat_vma_mmap', {
    aliases: ['compat_vma_mmap_prepare'],
    prototypes: 'int compat_vma_mmap(struct file *file, struct vm_area_struct *vma)',
    does: ['Runs an mmap_prepare handler for a caller that has a vma already. From 6.16 to 6.18 it is called compat_vma_mmap_prepare().'],
  }),
  forwarded('call_mmap', {
    since: '4.11~4.12',
    removed: '6.16',
    replacedBy: 'vfs_mmap',
    replacement: 'vfs_mmap',
    prototypes: 'int call_mmap(struct file *file, struct vm_area_struct *vma)',
    does: ['Calls the mmap handler of a file, for a driver that passes a mapping on.'],
    notes: [],
    source: ['include/linux/fs.h: absent in 4.10, present in 4.12 to 6.14'],
  }),
];
