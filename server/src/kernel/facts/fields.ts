/** Members of structs that a mapping driver reads or writes. Data only. */
import type { FactRow, FieldRow, Since } from '../row.ts';

const member = (
  container: string,
  field: string,
  prototypes: Since<string>,
  rest: Partial<FieldRow> & Pick<FieldRow, 'source'>,
): FieldRow => ({
  kind: 'field',
  container,
  field,
  prototypes,
  header: 'linux/mm_types.h',
  ...rest,
});
const vma = (field: string, prototypes: Since<string>, rest: Partial<FieldRow> & Pick<FieldRow, 'source'>): FieldRow =>
  member('vm_area_struct', field, prototypes, rest);
const rangeRules: Partial<FieldRow> = {
  does: ['The range of the mapping: page aligned, vm_start is less than vm_end, and vm_end is the first byte behind it.'],
  asserts: [['WARN_ON_ONCE', 'a handler changed vm_start (5.4 to 7.1; 5.4 went on with the new value, 6.1 failed with -EINVAL)']],
  notes: ['Drivers only read it. A split and an mremap change it, so a saved copy goes stale.'],
};

export const fields: readonly FactRow[] = [
  member('mm_struct', 'mmap_sem', 'struct rw_semaphore mmap_sem', {
    removed: '5.8',
    replacedBy: 'mmap_read_lock() and mmap_write_lock(); the member is called mmap_lock',
    replacement: 'mmap_lock',
    obsolete: true,
    does: [
      'Protects the tree of vmas, the members of the vmas and, for readers, the handling of faults. It is held for write when f_op->mmap runs and for read when a fault handler runs.',
    ],
    notes: ['Taking it again in a handler deadlocks: a writer blocks itself, and two readers block when a writer waits between them.'],
    source: ['include/linux/mmap_lock.h: absent in 5.7, present in 5.8', 'mm/memory.c do_no_page: 2.4.22'],
  }),
  member('mm_struct', 'mmap_lock', 'struct rw_semaphore mmap_lock', {
    since: '5.8',
    does: ['The new name of mmap_sem. Use mmap_read_lock(), mmap_write_lock() and their relatives rather than the member.'],
    source: ['include/linux/mmap_lock.h: 5.8'],
  }),
  vma(
    'vm_flags',
    { '2.4': 'unsigned long vm_flags', '6.3': 'const vm_flags_t vm_flags' },
    {
      replacedBy: 'vm_flags_set(), vm_flags_clear(), vm_flags_mod(), vm_flags_init() and vm_flags_reset() for writing (6.3 and later)',
      requires: { lock: 'writing needs the mmap lock held for write' },
      does: ['The VM_* flags of the vma.'],
      notes: [
        'Since 6.3 the member is const, so that old drivers fail to compile with an assignment of a read-only member.',
        'Since 6.19 a bitmap of type vma_flags_t lies beside it in a union.',
      ],
      source: ['include/linux/mm_types.h: 6.2, 6.3, 6.12, 7.1'],
    },
  ),
  vma('vm_pgoff', 'unsigned long vm_pgoff', {
    replacedBy: 'desc->pgoff in mmap_prepare handlers',
    does: ['The offset that mmap was called with, in pages. The program chooses it.'],
    notes: [
      'mmap refuses an offset for which vm_pgoff plus the number of pages wraps (-EOVERFLOW). But vm_pgoff << PAGE_SHIFT may wrap, and so may vm_pgoff plus a first frame number.',
      'remap_pfn_range() overwrites it with the frame number in a copy-on-write mapping.',
      'After a split, the upper vma has the larger vm_pgoff.',
    ],
    source: ['mm/mmap.c do_mmap: 6.12'],
  }),
  vma('vm_page_prot', 'pgprot_t vm_page_prot', {
    replacedBy: 'desc->page_prot in mmap_prepare handlers',
    does: ['The protection and the cache mode of the page table entries that are made for the vma.'],
    notes: ['The core computes it anew after f_op->mmap (vma_set_page_prot) and keeps the cache bits. Change it before entries are made.'],
    source: ['mm/mmap.c: 6.12'],
  }),
  vma('vm_private_data', 'void *vm_private_data', {
    replacedBy: 'desc->private_data in mmap_prepare handlers',
    does: ["The driver's own pointer. fork and a split copy the pointer, so count references in vm_ops->open and vm_ops->close."],
    source: ['include/linux/mm_types.h'],
    confidence: 'partial',
  }),
  vma(
    'vm_ops',
    { '2.4': 'struct vm_operations_struct *vm_ops', '2.6.32': 'const struct vm_operations_struct *vm_ops' },
    {
      pointsTo: 'vm_operations_struct',
      replacedBy: 'desc->vm_ops in mmap_prepare handlers',
      does: ['The handlers of the vma: open, close, fault and others. NULL makes it an anonymous vma.'],
      notes: [
        'Since 4.18 a new vma of a file starts with empty handlers instead of NULL: pages that the driver has not mapped give SIGBUS. Before, private mappings got zero pages there; shared ones too up to 4.1, and SIGBUS from 4.2 or 4.3 on.',
        'A test for NULL in a driver is therefore never true since 4.18.',
      ],
      source: ['include/linux/mm.h vma_init: absent in 4.15, present in 4.19', 'mm/memory.c: 4.0, 4.4, 6.12'],
    },
  ),
  vma('vm_file', 'struct file *vm_file', {
    replacedBy: 'desc->vm_file in mmap_prepare handlers',
    does: [
      'The file that is mapped. The vma holds one reference: closing the descriptor does not release the file while it is mapped.',
      'f_op->release therefore runs after the last munmap, and the module stays loaded as long.',
    ],
    notes: ['Change it with vma_set_file() only.'],
    source: ['mm/vma.c remove_vma: 6.12'],
  }),
  vma('vm_start', 'unsigned long vm_start', { ...rangeRules, source: ['mm/mmap.c: 5.4, 6.1.0, 6.12'] }),
  vma('vm_end', 'unsigned long vm_end', { ...rangeRules, source: ['mm/mmap.c: 5.4, 6.1.0, 6.12'] }),
  member('page', 'PG_reserved', 'the page flag behind PageReserved(), SetPageReserved() and ClearPageReserved()', {
    header: 'linux/page-flags.h',
    does: [
      'Up to 2.6.14 remap_page_range() and remap_pfn_range() map RAM only with this flag, and unmapping leaves reserved pages uncounted.',
      'Since 2.6.15 no mapping function needs it.',
    ],
    notes: [
      'Setting it on vmalloc or kmalloc memory is a habit of 2.4. In a new driver it points at a mapping that should be made in another way.',
    ],
    source: ['mm/memory.c: 2.4.22, 2.6.9, 2.6.18'],
  }),
  member('file_operations', 'owner', 'struct module *owner', {
    header: 'linux/fs.h',
    does: [
      'The module that the handlers belong to. An open file pins it, and a vma pins the file, so rmmod fails while something is mapped.',
    ],
    notes: ['Without it, the code of the handlers may go away under live mappings.'],
    source: ['include/linux/fs.h'],
    confidence: 'partial',
  }),
];
