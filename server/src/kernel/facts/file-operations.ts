/** The slots of file_operations and proc_ops that take part in a mapping. Data only. */
import type { FactRow } from '../row.ts';
import { mmapSlot, prepareSlot } from './slot-row.ts';

const unmappedArea = (slot: string) =>
  `unsigned long (*${slot})(struct file *file, unsigned long addr, unsigned long len, unsigned long pgoff, unsigned long flags)`;
const unmappedAreaFact = {
  handlerKind: 'get_unmapped_area',
  does: ['Chooses the address of a new mapping. There is no vma yet.'],
  returns: [
    ['an address', 'page aligned'],
    ['a negative errno', 'mmap fails with it'],
  ],
} as const;

export const fileOperations: readonly FactRow[] = [
  mmapSlot('file_operations', 'mmap', 'int (*mmap)(struct file *file, struct vm_area_struct *vma)', {
    replacedBy: 'file_operations.mmap_prepare (6.16 and later)',
    header: 'linux/fs.h',
    does: ['Called for every new mapping of the file. The vma has its range, flags and protection, but is in no tree yet.'],
    notes: [
      'It may set vm_ops, vm_private_data, the flags, vm_page_prot and vm_pgoff, and vm_file through vma_set_file().',
      'It must not change vm_start or vm_end, nor add VM_MAYWRITE where it was missing; 6.12 warns about both.',
      'vm_ops->open is not called for this first mapping; a handler that counts its mappings counts this one itself.',
      'Without mmap and mmap_prepare, mmap fails with -ENODEV. Since 6.16 mmap is deprecated in favour of mmap_prepare; with both set, the core warns and mmap fails with -ENODEV.',
      'Every value but 0 counts as an error. A positive one would reach the program as an address.',
    ],
    source: ['include/linux/fs.h: 2.4.0 to 7.1', 'mm/mmap.c __mmap_region: 6.12', 'include/linux/fs.h can_mmap_file: 7.1'],
  }),
  prepareSlot('file_operations', 'mmap_prepare', 'int (*mmap_prepare)(struct vm_area_desc *desc)', {
    since: '6.16',
    header: 'linux/fs.h',
    does: ['Called before the vma exists, to say what the mapping shall be.'],
    notes: [
      'No page table entry can be made here; mmap_action_remap() and its relatives (6.19 and later) describe what the core shall map afterwards.',
      'The mapping may still fail, or be merged with a neighbour, in which case no vma is created and the action does not run. So it must have no effect that needs undoing.',
      'desc->action has a success_hook and an error_hook. For references of a mapping there is vm_ops->mapped (7.1).',
    ],
    source: ['include/linux/fs.h: 6.17, 7.1; absent in 6.14', 'mm/vma.c call_mmap_prepare: 7.1'],
  }),
  mmapSlot('file_operations', 'mmap_capabilities', 'unsigned int (*mmap_capabilities)(struct file *file)', {
    handlerKind: 'mmap_capabilities',
    entryLock: 'none',
    since: '4.0',
    header: 'linux/fs.h',
    requires: {},
    does: ['Says which kinds of mapping the file supports, on kernels without an MMU. It maps nothing.'],
    returns: [['NOMMU_MAP_* bits', 'the kinds that are supported']],
    source: ['include/linux/fs.h: 6.12'],
  }),
  mmapSlot('file_operations', 'mremap', 'int (*mremap)(struct file *file, struct vm_area_struct *vma)', {
    handlerKind: 'mremap',
    since: '3.19~4.0',
    removed: '4.3',
    replacedBy: 'vm_operations_struct.mremap',
    obsolete: true,
    header: 'linux/fs.h',
    does: ['Called for the new vma when mremap has moved a mapping.'],
    returns: [],
    source: ['include/linux/fs.h: present in 4.0, absent in 4.15'],
    confidence: 'partial',
  }),
  mmapSlot('file_operations', 'get_unmapped_area', unmappedArea('get_unmapped_area'), {
    ...unmappedAreaFact,
    header: 'linux/fs.h',
    source: ['include/linux/fs.h'],
    confidence: 'partial',
  }),
  mmapSlot('proc_ops', 'proc_mmap', 'int (*proc_mmap)(struct file *file, struct vm_area_struct *vma)', {
    since: '5.6',
    header: 'linux/proc_fs.h',
    does: ['The mmap handler of a file in /proc.'],
    notes: ['From 5.6 on proc_create() takes a proc_ops; before, it took a file_operations.'],
    source: ['include/linux/proc_fs.h: absent in 5.4, present in 5.7 to 7.1'],
  }),
  mmapSlot('proc_ops', 'proc_get_unmapped_area', unmappedArea('proc_get_unmapped_area'), {
    ...unmappedAreaFact,
    since: '5.6',
    header: 'linux/proc_fs.h',
    source: ['include/linux/proc_fs.h: 6.1, 6.12'],
  }),
];
