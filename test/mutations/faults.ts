/** Fault handlers: bounds, references of pages, and what their mmap handlers must have said of the vma. */
import { drop, equivalent, flip, type MutatedFunction, mistake, wrap } from './mutant.ts';

const bounds = ['fault-no-bounds', 'missing-dontexpand'] as const;

export const faultMutations: readonly MutatedFunction[] = [
  {
    file: 'fault-array.c',
    function: 'logbook_fault',
    mutations: [
      drop('vmf->pgoff >= log->nr_pages', ...bounds),
      flip('vmf->pgoff >= log->nr_pages', ...bounds),
      wrap('vmf->pgoff >= log->nr_pages', '(u16)vmf->pgoff >= log->nr_pages', ...bounds),
      mistake('vmf->pgoff >= log->nr_pages', 'vmf->pgoff - vmf->vma->vm_pgoff >= log->nr_pages', ...bounds),
      drop('get_page(page);', 'fault-no-get-page'),
    ],
  },
  {
    file: 'fault-vmalloc.c',
    function: 'shadow_fault',
    mutations: [
      drop('offset >= shadow->bytes', ...bounds),
      flip('offset >= shadow->bytes', ...bounds),
      wrap('offset >= shadow->bytes', '(u32)offset >= shadow->bytes', ...bounds),
      mistake('offset >= shadow->bytes', 'vmf->pgoff >= shadow->bytes', ...bounds),
      drop('get_page(page);', 'fault-no-get-page'),
    ],
  },
  {
    file: 'fault-pfn.c',
    function: 'vram_fault',
    mutations: [
      drop('vmf->pgoff >= vram->nr_pages', ...bounds),
      flip('vmf->pgoff >= vram->nr_pages', ...bounds),
      wrap('vmf->pgoff >= vram->nr_pages', '(u32)vmf->pgoff >= vram->nr_pages', ...bounds),
    ],
  },
  {
    file: 'fault-pfn.c',
    function: 'vram_mmap',
    mutations: [
      drop('is_cow_mapping(vma->vm_flags)', 'insert-pfn-cow'),
      flip('is_cow_mapping(vma->vm_flags)', 'insert-pfn-cow'),
      mistake('is_cow_mapping(vma->vm_flags)', '(vma->vm_flags & (VM_SHARED | VM_WRITE)) == VM_WRITE', 'insert-pfn-cow'),
      drop('vm_flags_set(vma, VM_PFNMAP | VM_IO | VM_DONTEXPAND);', 'insert-pfn-flags'),
      mistake('vm_flags_set(vma, VM_PFNMAP | VM_IO | VM_DONTEXPAND);', 'vm_flags_set(vma, VM_IO | VM_DONTEXPAND);', 'insert-pfn-flags'),
    ],
  },
  {
    file: 'mixed-fault.c',
    function: 'cache_fault',
    mutations: [
      drop('index >= cache->nr_pages', ...bounds),
      flip('index >= cache->nr_pages', ...bounds),
      wrap('index >= cache->nr_pages', '(u8)index >= cache->nr_pages', ...bounds),
    ],
  },
  {
    file: 'mixed-fault.c',
    function: 'cache_mmap',
    mutations: [
      drop('vm_flags_set(vma, VM_MIXEDMAP | VM_DONTEXPAND);', 'fault-mixedmap-unset'),
      mistake(
        'vm_flags_set(vma, VM_MIXEDMAP | VM_DONTEXPAND);',
        'vm_flags_set(vma, VM_PFNMAP | VM_DONTEXPAND);',
        'fault-mixedmap-unset',
        'mixed-pfnmap-insert-page',
      ),
      equivalent(
        mistake('vm_flags_set(vma, VM_MIXEDMAP | VM_DONTEXPAND);', 'vm_flags_set(vma, VM_MIXEDMAP);'),
        'The fault handler compares the offset itself, so that a mapping that grows reads nothing more.',
      ),
    ],
  },
];
