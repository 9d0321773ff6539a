/** Questions about a vma, and the calls that change its flags. Data only. */
import type { CallRow, FactRow } from '../row.ts';
import { writeLock } from './phrases.ts';

type Rest = Partial<CallRow> & Pick<CallRow, 'prototypes' | 'does' | 'source'>;
const call = (name: string, rest: Rest): CallRow => ({ kind: 'call', name, header: 'linux/mm.h', lock: 'none', ...rest });

const flagsSource = ['include/linux/mm.h: 6.3, 6.12, 7.1'];
const flagsCall = (name: string, rest: Omit<Rest, 'source'>): CallRow =>
  call(name, {
    since: '6.3',
    lock: 'write',
    replacedBy: 'vma_desc_set_flags() in mmap_prepare handlers (7.1)',
    source: flagsSource,
    ...rest,
    requires: { lock: `${writeLock}; since 6.4 the lock of the vma is taken as well`, ...rest.requires },
    asserts: [['VM_BUG_ON', 'the lock is not held for write']],
    notes: [
      'In a fault handler the lock is held for read only, so that the check trips or the call deadlocks: set flags in the mmap handler.',
      'For kernels before 6.3, define it in the driver: there the flags are assigned directly.',
      ...(rest.notes ?? []),
    ],
  });

export const vmaCalls: readonly FactRow[] = [
  call('is_cow_mapping', {
    since: '5.12~5.14',
    replacedBy: 'vma_desc_is_cow_mapping() in mmap_prepare handlers (6.19 and later)',
    prototypes: 'bool is_cow_mapping(vm_flags_t flags)',
    does: ['Tells whether a mapping is copy-on-write: private, and writable now or after an mprotect.'],
    returns: [
      ['true', 'VM_SHARED is not set and VM_MAYWRITE is'],
      ['false', 'otherwise'],
    ],
    notes: [
      'A shared mapping of a file that is open read-only has neither VM_SHARED nor VM_MAYWRITE, so it is not copy-on-write.',
      'Before, it was internal to the core; drivers compare the flags themselves.',
    ],
    source: ['include/linux/mm.h: absent in 5.11, present in 5.14', 'mm/memory.c: 6.12'],
  }),
  call('vma_is_anonymous', {
    since: '4.3',
    prototypes: 'bool vma_is_anonymous(struct vm_area_struct *vma)',
    does: ['Tells whether vma->vm_ops is NULL.'],
    returns: [
      ['true', 'the vma has no vm_ops'],
      ['false', 'it has'],
    ],
    notes: ['A driver that sets vma->vm_ops to NULL makes the vma anonymous: untouched pages are zero pages.'],
    source: ['include/linux/mm.h: 4.4 to 6.12'],
  }),
  call('vma_set_anonymous', {
    since: '4.18',
    lock: 'write',
    prototypes: 'void vma_set_anonymous(struct vm_area_struct *vma)',
    requires: { lock: writeLock },
    does: ['Sets vma->vm_ops to NULL, which makes the vma anonymous. A private mapping of /dev/zero does so.'],
    source: ['include/linux/mm.h: absent in 4.15, present in 4.19'],
  }),
  call('vma_set_file', {
    since: '5.11',
    lock: 'write',
    prototypes: 'void vma_set_file(struct vm_area_struct *vma, struct file *file)',
    requires: { lock: writeLock },
    does: ['Makes the vma a mapping of another file: takes a reference on the new one and drops that on the old one.'],
    notes: ['Before 5.11 drivers call fput() on vma->vm_file and assign get_file() of the new one.'],
    source: ['mm/util.c: absent in 5.10, present in 5.11 and 6.12'],
  }),
  call('vma_pages', {
    since: '2.6.0~2.6.9',
    replacedBy: 'vma_desc_pages() in mmap_prepare handlers (6.19 and later)',
    prototypes: 'unsigned long vma_pages(const struct vm_area_struct *vma)',
    does: ['Gives the length of the vma in pages.'],
    source: ['include/linux/mm.h: 6.12'],
    confidence: 'partial',
  }),
  call('vma_desc_size', {
    since: '6.19',
    prototypes: 'unsigned long vma_desc_size(const struct vm_area_desc *desc)',
    does: ['Gives the length of the mapping to come in bytes.'],
    source: ['include/linux/mm.h: absent in 6.18, present in 6.19'],
  }),
  call('vma_desc_pages', {
    since: '6.19',
    prototypes: 'unsigned long vma_desc_pages(const struct vm_area_desc *desc)',
    does: ['Gives the length of the mapping to come in pages.'],
    source: ['include/linux/mm.h: absent in 6.18, present in 6.19'],
  }),
  call('vm_flags_init', {
    since: '6.3',
    replacedBy: 'vma_desc_set_flags() in mmap_prepare handlers (7.1)',
    prototypes: 'void vm_flags_init(struct vm_area_struct *vma, vm_flags_t flags)',
    requires: { vma: 'nobody else can see the vma yet' },
    does: ['Assigns all flags of a new vma.'],
    source: flagsSource,
  }),
  flagsCall('vm_flags_set', {
    prototypes: 'void vm_flags_set(struct vm_area_struct *vma, vm_flags_t flags)',
    does: ['Adds flags to the vma.'],
  }),
  flagsCall('vm_flags_clear', {
    prototypes: 'void vm_flags_clear(struct vm_area_struct *vma, vm_flags_t flags)',
    does: ['Takes flags from the vma.'],
  }),
  flagsCall('vm_flags_mod', {
    prototypes: 'void vm_flags_mod(struct vm_area_struct *vma, vm_flags_t set, vm_flags_t clear)',
    does: ['Adds flags to the vma and takes others from it. A flag that is in both is cleared.'],
  }),
  flagsCall('vm_flags_reset', {
    prototypes: 'void vm_flags_reset(struct vm_area_struct *vma, vm_flags_t flags)',
    requires: { lock: 'the mmap lock is held for write, and since 6.4 the lock of the vma as well' },
    does: ['Assigns all flags of the vma.'],
  }),
  flagsCall('vm_flags_reset_once', {
    removed: '7.0~7.1',
    prototypes: 'void vm_flags_reset_once(struct vm_area_struct *vma, vm_flags_t flags)',
    requires: { lock: 'the mmap lock is held for write, and since 6.4 the lock of the vma as well' },
    does: ['Assigns all flags of the vma in one store.'],
  }),
];
