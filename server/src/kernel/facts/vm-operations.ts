/** The slots of vm_operations_struct and of vm_special_mapping. Data only. */
import type { FactRow, Since, SlotRow } from '../row.ts';

type Rest = Partial<SlotRow> & Pick<SlotRow, 'handlerKind' | 'source'>;

const underWrite = 'the mmap lock is held for write when the handler runs';
const underRead =
  'the mmap lock is held for read when the handler runs; since 6.7 perhaps only the lock of the vma, if vm_ops has map_pages';
const vmOperation = (slot: string, prototypes: Since<string>, rest: Rest): SlotRow => ({
  kind: 'slot',
  container: 'vm_operations_struct',
  slot,
  prototypes,
  entryLock: 'mmap-write',
  header: 'linux/mm.h',
  requires: { lock: underWrite },
  ...rest,
});
const faultOperation = (slot: string, prototypes: Since<string>, rest: Rest): SlotRow =>
  vmOperation(slot, prototypes, { entryLock: 'mmap-read', ...rest, requires: { lock: underRead, ...rest.requires } });

export const vmOperations: readonly FactRow[] = [
  vmOperation('open', 'void (*open)(struct vm_area_struct *vma)', {
    handlerKind: 'open',
    does: [
      'Called for the new vma whenever a vma is duplicated: by fork, by a split (munmap, mprotect, mremap or madvise of a part), and by an mremap that moves.',
      'It is not called for the first mapping: the mmap handler takes its own reference, often by calling the open handler itself.',
    ],
    notes: [
      'It cannot fail.',
      'At a fork it runs after the page table entries are copied up to 6.8, and before that in 6.12 and in stable updates of 6.1.',
    ],
    source: ['mm/vma.c __split_vma: 6.12', 'kernel/fork.c dup_mmap: 6.1.0, 6.1.192, 6.8.1, 6.12', 'mm/mremap.c copy_vma: 6.12'],
  }),
  vmOperation('close', 'void (*close)(struct vm_area_struct *vma)', {
    handlerKind: 'close',
    requires: {
      lock: 'the mmap lock is held when the handler runs: for write, or for read where munmap has downgraded it (4.20 and later)',
    },
    does: [
      'Called once for each vma that goes away, after its page table entries are gone and before the file is released.',
      'Every piece of a split vma gets its own call, so calls of close balance those of open and the first mapping.',
    ],
    notes: [
      'It is not called when the mmap handler fails; the handler gives back what it has taken.',
      'Memory that is mapped as raw frames may be freed in the last close, not before.',
      'Where MAP_FIXED replaces a mapping, close of the old vma runs before the new mmap handler (6.12).',
      'A vma with close is not merged away. Files of sysfs and kernfs refuse vm_ops with close.',
    ],
    source: ['mm/vma.c remove_vma, vms_clean_up_area: 6.12', 'mm/internal.h vma_close: 6.12', 'fs/kernfs/file.c: 6.12'],
  }),
  faultOperation(
    'fault',
    {
      '2.6.23': 'int (*fault)(struct vm_area_struct *vma, struct vm_fault *vmf)',
      '4.11': 'int (*fault)(struct vm_fault *vmf)',
      '4.17': 'vm_fault_t (*fault)(struct vm_fault *vmf)',
    },
    {
      handlerKind: 'fault',
      since: '2.6.23',
      requires: {
        page: 'vmf->page is set and holds a reference for the mapping (get_page), or the handler maps something itself and returns VM_FAULT_NOPAGE',
      },
      does: [
        'Called when a page of the vma is touched that is not mapped yet.',
        'For a write to a private mapping the core takes a new page first, calls the handler, copies the contents and drops the page of the driver: the copy is mapped.',
      ],
      returns: [
        ['0', 'vmf->page is set; the core locks it, maps it and keeps the reference'],
        ['VM_FAULT_LOCKED', 'the same, with the page locked already'],
        ['VM_FAULT_NOPAGE', 'the handler has mapped something itself'],
        ['VM_FAULT_SIGBUS', 'there is nothing at this offset'],
        ['VM_FAULT_OOM', 'there is no memory'],
        ['VM_FAULT_RETRY', 'the lock was dropped (only with FAULT_FLAG_ALLOW_RETRY)'],
      ],
      notes: [
        'vmf->pgoff is vm_pgoff plus the page within the vma, so the program decides on it: compare it with the size of the buffer.',
        'A negative errno is no result: its bits are taken for VM_FAULT flags. vmf_error() translates.',
        'Returning 0 without setting vmf->page makes the kernel follow a NULL pointer.',
        'Several threads may be in the handler for the same page at once.',
        'Without a fault handler, touching an unmapped page gives SIGBUS since 4.3, and an anonymous page before.',
        'The address is vmf->address since 4.10, vmf->virtual_address before.',
      ],
      source: ['include/linux/mm.h: 2.6.24, 4.9, 4.12, 4.15, 4.19 to 7.1', 'mm/memory.c __do_fault, vmf_can_call_fault: 6.12'],
    },
  ),
  faultOperation(
    'huge_fault',
    {
      '4.11': 'int (*huge_fault)(struct vm_fault *vmf, enum page_entry_size pe_size)',
      '4.17': 'vm_fault_t (*huge_fault)(struct vm_fault *vmf, enum page_entry_size pe_size)',
      '6.6': 'vm_fault_t (*huge_fault)(struct vm_fault *vmf, unsigned int order)',
    },
    {
      handlerKind: 'huge_fault',
      since: '4.11',
      does: ['Called before fault to map a whole PMD or PUD (2 MiB or 1 GiB on x86-64).'],
      returns: [
        ['VM_FAULT_NOPAGE', 'the handler has made the entry'],
        ['VM_FAULT_FALLBACK', 'the core goes on with smaller pages'],
        ['VM_FAULT_SIGBUS', 'there is nothing at this offset'],
      ],
      source: ['include/linux/mm.h: 4.4, 4.12, 4.19, 6.1, 6.5, 6.6'],
    },
  ),
  faultOperation(
    'map_pages',
    {
      '3.15': 'void (*map_pages)(struct vm_area_struct *vma, struct vm_fault *vmf)',
      '4.8': 'void (*map_pages)(struct fault_env *fe, pgoff_t start_pgoff, pgoff_t end_pgoff)',
      '4.10': 'void (*map_pages)(struct vm_fault *vmf, pgoff_t start_pgoff, pgoff_t end_pgoff)',
      '5.12': 'vm_fault_t (*map_pages)(struct vm_fault *vmf, pgoff_t start_pgoff, pgoff_t end_pgoff)',
    },
    {
      handlerKind: 'map_pages',
      since: '3.15',
      requires: { context: 'it must not sleep' },
      does: ['Maps pages around a read fault that are in memory already.'],
      notes: ['With it, the core since 6.7 may call the fault handler under the lock of the vma alone.'],
      source: ['include/linux/mm.h: 3.16, 4.9, 5.11, 5.14; the form of 4.8 is general knowledge', 'mm/memory.c vmf_can_call_fault: 6.12'],
    },
  ),
  faultOperation(
    'page_mkwrite',
    {
      '2.6.18': 'int (*page_mkwrite)(struct vm_area_struct *vma, struct page *page)',
      '2.6.30': 'int (*page_mkwrite)(struct vm_area_struct *vma, struct vm_fault *vmf)',
      '4.11': 'int (*page_mkwrite)(struct vm_fault *vmf)',
      '4.17': 'vm_fault_t (*page_mkwrite)(struct vm_fault *vmf)',
    },
    {
      handlerKind: 'page_mkwrite',
      since: '2.6.18',
      does: ['Called when a read-only page of a shared mapping is written for the first time. Deferred I/O of frame buffers uses it.'],
      returns: [
        ['VM_FAULT_LOCKED', 'the page is locked and becomes writable'],
        ['0', 'the core locks the page; when page->mapping is NULL it starts the fault again, for ever'],
        ['VM_FAULT_SIGBUS', 'the write is refused'],
      ],
      notes: ["page->mapping of a driver's page is NULL, so the handler locks the page and returns VM_FAULT_LOCKED."],
      source: ['include/linux/mm.h: 2.6.18, 2.6.28, 2.6.32, 4.19', 'mm/memory.c do_page_mkwrite: 6.12'],
    },
  ),
  faultOperation(
    'pfn_mkwrite',
    {
      '4.1': 'int (*pfn_mkwrite)(struct vm_area_struct *vma, struct vm_fault *vmf)',
      '4.11': 'int (*pfn_mkwrite)(struct vm_fault *vmf)',
      '4.17': 'vm_fault_t (*pfn_mkwrite)(struct vm_fault *vmf)',
    },
    {
      handlerKind: 'pfn_mkwrite',
      since: '4.1',
      does: ['What page_mkwrite is for pages, for raw frames of a shared mapping with VM_PFNMAP or VM_MIXEDMAP.'],
      returns: [
        ['0', 'the entry becomes writable'],
        ['VM_FAULT_NOPAGE', 'the handler has dealt with it'],
        ['VM_FAULT_SIGBUS', 'the write is refused'],
      ],
      source: ['include/linux/mm.h: absent in 4.0, present in 4.4', 'mm/memory.c wp_pfn_shared: 6.12'],
    },
  ),
  faultOperation('access', 'int (*access)(struct vm_area_struct *vma, unsigned long addr, void *buf, int len, int write)', {
    handlerKind: 'access',
    since: '2.6.27',
    requires: { lock: 'the mmap lock is held for read when the handler runs' },
    does: ['Reads or writes the memory for ptrace and /proc/PID/mem, where get_user_pages cannot: with VM_IO or VM_PFNMAP.'],
    returns: [
      ['a positive number', 'so many bytes are done'],
      ['0 or a negative errno', 'the access ends'],
    ],
    notes: ['Without it the access fails with -EIO. generic_access_phys() does it for mappings of physical memory.'],
    source: ['include/linux/mm.h: absent in 2.6.24, present in 2.6.28', 'mm/memory.c __access_remote_vm: 6.12'],
  }),
  vmOperation('may_split', 'int (*may_split)(struct vm_area_struct *vma, unsigned long addr)', {
    handlerKind: 'may_split',
    since: '5.11',
    does: ['Asked before a vma is split at addr, and before an mremap moves it.'],
    returns: [
      ['0', 'the split is allowed'],
      ['a negative errno', 'the system call fails with it'],
    ],
    source: ['include/linux/mm.h: absent in 5.10, present in 5.11', 'mm/vma.c, mm/mremap.c: 6.12'],
  }),
  vmOperation(
    'mremap',
    {
      '4.3': 'int (*mremap)(struct vm_area_struct *vma)',
      '5.11': 'int (*mremap)(struct vm_area_struct *vma, unsigned long flags)',
      '5.13': 'int (*mremap)(struct vm_area_struct *vma)',
    },
    {
      handlerKind: 'mremap',
      since: '4.3',
      does: ['Called for the new vma after an mremap has moved the page table entries.'],
      returns: [
        ['0', 'the move is accepted'],
        ['a negative errno', 'the move is undone and mremap fails with it'],
      ],
      notes: ['-EINVAL forbids moving. VM_DONTEXPAND alone does not: a move to another address without growing is still allowed.'],
      source: ['include/linux/mm.h: 4.4, 5.11, 5.14', 'mm/mremap.c move_vma: 6.12'],
    },
  ),
  vmOperation('mprotect', 'int (*mprotect)(struct vm_area_struct *vma, unsigned long start, unsigned long end, unsigned long newflags)', {
    handlerKind: 'mprotect',
    since: '5.11',
    does: ['Asked before mprotect changes the protection, after the test against the VM_MAY* flags.'],
    returns: [
      ['0', 'the change is allowed'],
      ['a negative errno', 'mprotect fails with it'],
    ],
    source: ['include/linux/mm.h: absent in 5.10, present in 5.11', 'mm/mprotect.c: 6.12'],
  }),
  vmOperation(
    'mapped',
    'int (*mapped)(unsigned long start, unsigned long end, pgoff_t pgoff, const struct file *file, void **vm_private_data)',
    {
      handlerKind: 'mapped',
      since: '7.0~7.1',
      does: [
        'Called once when a mapping made through mmap_prepare is complete. It is the place for the first reference, as open is not called.',
      ],
      returns: [
        ['0', 'the mapping stays'],
        ['a negative errno', 'the vma is unmapped and mmap fails with it'],
      ],
      source: ['include/linux/mm.h: absent in 6.19, present in 7.1', 'mm/util.c mmap_action_finish: 7.1'],
    },
  ),
  faultOperation('name', 'const char *(*name)(struct vm_area_struct *vma)', {
    handlerKind: 'name',
    since: '3.12~3.16',
    does: ['Gives the name of the mapping in /proc/PID/maps.'],
    source: ['include/linux/mm.h: absent in 3.10, present in 3.16'],
  }),
  vmOperation('pagesize', 'unsigned long (*pagesize)(struct vm_area_struct *vma)', {
    handlerKind: 'other',
    since: '4.17~4.18',
    requires: {},
    entryLock: 'none',
    does: ['Gives the size of a page in bytes, as /proc/PID/smaps shows it.'],
    source: ['include/linux/mm.h: absent in 4.15, present in 4.19'],
  }),
  vmOperation('set_policy', 'int (*set_policy)(struct vm_area_struct *vma, struct mempolicy *new)', {
    handlerKind: 'other',
    since: '2.6.7',
    does: ['Sets the NUMA policy of the range.'],
    source: ['include/linux/mm.h: 2.6.9 to 7.1'],
    confidence: 'partial',
  }),
  vmOperation(
    'get_policy',
    {
      '2.6.7': 'struct mempolicy *(*get_policy)(struct vm_area_struct *vma, unsigned long addr)',
      '6.7': 'struct mempolicy *(*get_policy)(struct vm_area_struct *vma, unsigned long addr, pgoff_t *ilx)',
    },
    {
      handlerKind: 'other',
      since: '2.6.7',
      entryLock: 'mmap-read',
      requires: { lock: 'the mmap lock is held for read when the handler runs' },
      does: ['Gives the NUMA policy of an address.'],
      source: ['include/linux/mm.h: 2.6.9 to 7.1'],
      confidence: 'partial',
    },
  ),
  faultOperation('find_normal_page', 'struct page *(*find_normal_page)(struct vm_area_struct *vma, unsigned long addr)', {
    handlerKind: 'find_special_page',
    since: '6.18',
    requires: { lock: 'the lock of the page table is held when the handler runs' },
    does: ['Gives the struct page behind an entry that is marked as special. Xen grant mappings need it.'],
    source: ['include/linux/mm.h: 6.17, 6.18'],
  }),
  {
    ...faultOperation(
      'fault',
      'vm_fault_t (*fault)(const struct vm_special_mapping *sm, struct vm_area_struct *vma, struct vm_fault *vmf)',
      {
        handlerKind: 'fault',
        since: '4.17',
        does: ['The fault handler of a special mapping, such as the vDSO.'],
        source: ['include/linux/mm_types.h: 6.1, 6.12; before 4.17 it returned an int'],
        confidence: 'partial',
      },
    ),
    container: 'vm_special_mapping',
    header: 'linux/mm_types.h',
  },
  {
    ...vmOperation('mremap', 'int (*mremap)(const struct vm_special_mapping *sm, struct vm_area_struct *new_vma)', {
      handlerKind: 'mremap',
      since: '4.8',
      does: ['Called for the new vma when mremap has moved a special mapping.'],
      source: ['include/linux/mm_types.h: 6.1, 6.12'],
      confidence: 'partial',
    }),
    container: 'vm_special_mapping',
    header: 'linux/mm_types.h',
  },
  {
    ...vmOperation('close', 'void (*close)(const struct vm_special_mapping *sm, struct vm_area_struct *vma)', {
      handlerKind: 'close',
      since: '6.2~6.12',
      does: ['Called when a special mapping goes away.'],
      source: ['include/linux/mm_types.h: absent in 6.1, present in 6.12'],
    }),
    container: 'vm_special_mapping',
    header: 'linux/mm_types.h',
  },
  {
    ...faultOperation('migrate_to_ram', 'vm_fault_t (*migrate_to_ram)(struct vm_fault *vmf)', {
      handlerKind: 'fault',
      since: '5.3',
      does: ['Called when a processor touches a page that lies in private device memory: the driver brings it back to RAM.'],
      returns: [
        ['0', 'the page is in RAM'],
        ['VM_FAULT_SIGBUS', 'it cannot be brought back'],
      ],
      source: ['include/linux/memremap.h: 6.1, 6.12'],
      confidence: 'partial',
    }),
    container: 'dev_pagemap_ops',
    header: 'linux/memremap.h',
  },
];
