/** Masks of several vma flags. Data only. */
import type { FactRow } from '../row.ts';

export const vmaFlagMasks: readonly FactRow[] = [
  {
    kind: 'flag',
    name: 'VM_SPECIAL',
    family: 'vma',
    since: '2.6.9',
    header: 'linux/mm.h',
    mask: {
      '2.6': ['VM_IO', 'VM_DONTEXPAND', 'VM_RESERVED', 'VM_PFNMAP'],
      '3.7': ['VM_IO', 'VM_DONTEXPAND', 'VM_PFNMAP'],
      '3.14': ['VM_IO', 'VM_DONTEXPAND', 'VM_PFNMAP', 'VM_MIXEDMAP'],
    },
    does: ['Mask: not mergeable, not mlockable, MADV_DODUMP refused, no khugepaged.'],
    notes: ['2.6.9: VM_IO | VM_DONTCOPY | VM_DONTEXPAND | VM_RESERVED.'],
    source: ['include/linux/mm.h (versions listed in values)', 'fs/proc/task_mmu.c show_smap_vma_flags 3.8, 7.1'],
  },
  {
    kind: 'flag',
    name: 'VM_STACK_FLAGS',
    family: 'vma',
    header: 'linux/mm.h',
    values: { '2.4': undefined },
    does: ['Stack vma flags (diff context).'],
    notes: ['Value: arch dependent.'],
    source: ['include/linux/mm.h (versions listed in values)', 'fs/proc/task_mmu.c show_smap_vma_flags 3.8, 7.1'],
  },
];
