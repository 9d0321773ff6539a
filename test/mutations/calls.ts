/** What surrounds the mapping call: flags, locks, counts, results, private mappings, sizes told to those who check. */
import { drop, equivalent, flip, type MutatedFunction, mistake, wrap } from './mutant.ts';

const length = 'mmap-no-size-check';

export const callMutations: readonly MutatedFunction[] = [
  {
    file: 'coherent-buffer.c',
    function: 'sampler_mmap',
    mutations: [
      drop('vm_flags_clear(vma, VM_MAYWRITE);', 'maywrite-not-cleared'),
      mistake('vm_flags_clear(vma, VM_MAYWRITE);', 'vm_flags_clear(vma, VM_MAYEXEC);', 'maywrite-not-cleared'),
      mistake('s->bytes', 'vma->vm_end - vma->vm_start', length),
      drop('if (ret) return ret;', 'mmap-ignored-return', 'remap-error-continue'),
      flip('if (ret) return ret;', 'remap-error-continue', 'mmap-ignored-return'),
    ],
  },
  {
    file: 'iomap-helper.c',
    function: 'fifo_mmap',
    mutations: [
      mistake('resource_size(fifo->res)', 'vma->vm_end - vma->vm_start', length),
      mistake('resource_size(fifo->res)', 'max_t(unsigned long, vma->vm_end - vma->vm_start, resource_size(fifo->res))', length),
      wrap('resource_size(fifo->res)', '(vma->vm_pgoff + vma_pages(vma)) << PAGE_SHIFT', length),
      drop('if (err) return err;', 'mmap-ignored-return', 'remap-error-continue'),
      flip('if (err) return err;', 'remap-error-continue', 'mmap-ignored-return'),
    ],
  },
  {
    file: 'read-only-log.c',
    function: 'bootlog_mmap',
    mutations: [
      drop('vm_flags_clear(vma, VM_MAYWRITE | VM_MAYEXEC);', 'maywrite-not-cleared'),
      mistake('vm_flags_clear(vma, VM_MAYWRITE | VM_MAYEXEC);', 'vm_flags_clear(vma, VM_MAYEXEC);', 'maywrite-not-cleared'),
      mistake('vm_flags_clear(vma, VM_MAYWRITE | VM_MAYEXEC);', 'vm_flags_clear(vma, VM_WRITE | VM_EXEC);', 'maywrite-not-cleared'),
      mistake('vm_flags_clear(vma, VM_MAYWRITE | VM_MAYEXEC);', 'vm_flags_set(vma, VM_MAYREAD);', 'maywrite-not-cleared'),
    ],
  },
  {
    file: 'ioctl-remap.c',
    function: 'mailbox_ioctl',
    mutations: [
      drop('mmap_write_lock(mm);', 'remap-unlocked', 'find-vma-unlocked'),
      mistake('mmap_write_lock(mm);', 'mmap_read_lock(mm);', 'remap-unlocked'),
      drop('!vma', 'find-vma-unchecked'),
      equivalent(
        mistake('vma_lookup(mm, arg)', 'find_vma(mm, arg)'),
        'The next vma is one of this driver too, which its operations tell, and it is mapped from its own start.',
      ),
      mistake('goto unlock;', '{ mmap_write_unlock(mm); return ret; } mmap_write_unlock(mm);', 'remap-unlocked'),
    ],
  },
  {
    file: 'counted-buffer.c',
    function: 'tape_mmap',
    mutations: [
      drop('tape_vm_open(vma);', 'open-not-called-first'),
      drop('if (ret) return ret;', 'mmap-ignored-return', 'remap-error-continue'),
      flip('if (ret) return ret;', 'remap-error-continue', 'mmap-ignored-return'),
    ],
  },
  {
    file: 'counted-buffer.c',
    function: 'tape_vm_open',
    mutations: [drop('kref_get(&tape->ref);', 'close-without-open')],
  },
  {
    file: 'map-counter.c',
    function: 'display_mmap',
    mutations: [
      drop('atomic_inc(&display->mappings);', 'open-not-called-first'),
      mistake('display->bytes', 'vma->vm_end - vma->vm_start', length),
      drop('if (ret) return ret;', 'mmap-ignored-return', 'remap-error-continue'),
    ],
  },
  {
    file: 'map-counter.c',
    function: 'display_vm_open',
    mutations: [drop('atomic_inc(&display->mappings);', 'close-without-open')],
  },
  {
    file: 'pieces.c',
    function: 'banks_mmap',
    mutations: [
      drop('is_cow_mapping(vma->vm_flags)', 'remap-cow-partial'),
      flip('is_cow_mapping(vma->vm_flags)', 'remap-cow-partial'),
      mistake('is_cow_mapping(vma->vm_flags)', '(vma->vm_flags & (VM_SHARED | VM_WRITE)) == VM_WRITE', 'remap-cow-partial'),
      mistake('vma->vm_start + BANK_BYTES', 'vma->vm_start', 'remap-twice'),
      drop('if (ret) return ret;', 'mmap-ignored-return', 'remap-error-continue'),
    ],
  },
];
