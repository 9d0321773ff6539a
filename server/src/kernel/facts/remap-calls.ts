/** Calls that map physical memory or vmalloc memory into a whole vma. Data only. */
import type { FactRow } from '../row.ts';
import { writeLock } from './phrases.ts';

/** What `remap_pfn_range()` sets on the vma, and so does everything that goes through it. */
const remapFlags = {
  '2.6.11': ['VM_IO', 'VM_RESERVED'],
  '2.6.15': ['VM_IO', 'VM_RESERVED', 'VM_PFNMAP'],
  '3.7': ['VM_IO', 'VM_PFNMAP', 'VM_DONTEXPAND', 'VM_DONTDUMP'],
};

/** `remap_vmalloc_range()` inserts pages one by one, and marks the vma. */
const vmallocFlags = {
  '2.6.18': ['VM_RESERVED', 'VM_INSERTPAGE'],
  '3.7': ['VM_DONTEXPAND', 'VM_DONTDUMP', 'VM_MIXEDMAP'],
};

export const remapCalls: readonly FactRow[] = [
  {
    kind: 'call',
    name: 'remap_pfn_range',
    since: '2.6.10',
    replacedBy: 'mmap_action_remap() in mmap_prepare handlers (6.19 and later)',
    header: 'linux/mm.h',
    prototypes: 'int remap_pfn_range(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn, unsigned long size, pgprot_t prot)',
    lock: 'write',
    exported: 'EXPORT_SYMBOL',
    argsUnit: 'pfn',
    setsFlags: remapFlags,
    refcounts: false,
    requires: {
      lock: `${writeLock}; as it changes the flags of the vma, it is never called from a fault handler`,
      vma: 'nothing is mapped in the range yet; the usual place is one call in the mmap handler',
      page: 'the memory outlives every mapping, including those that fork and split make, because nothing is counted; RAM is allowed since 2.6.15 without PG_reserved',
      range:
        'addr is page aligned; size is rounded up to pages; whether the range lies inside the vma, and whether the frames are valid, is not checked',
      context: 'it may sleep',
    },
    does: [
      'Fills the page table entries of the range with raw frame numbers. No page is counted: no get_page, no mapcount, no rss.',
      'Sets VM_IO, VM_PFNMAP, VM_DONTEXPAND and VM_DONTDUMP on the vma (3.7 and later). The flags are set before the entries, so a failed call leaves them.',
      'In a copy-on-write mapping (private, may become writable) it takes only the whole vma, and overwrites vm_pgoff with the frame number.',
      'On x86, a call over the whole vma reserves the memory type of the range; the cache bits of prot may become those that are in force already.',
    ],
    returns: [
      ['0', 'everything is mapped'],
      ['-EINVAL', 'the mapping is copy-on-write and the range is not the whole vma'],
      ['-EINVAL', 'addr is not page aligned (checked since 5.10)'],
      ['-EINVAL', 'the memory type conflicts with another mapping (x86), or, since 6.16, the whole vma was mapped once already'],
      ['-EACCES', 'an unprivileged program asks for PROT_NONE on high frames (x86, 4.19 and later)'],
      ['-ENOMEM', 'there is no memory for a page table'],
    ],
    asserts: [
      ['BUG_ON', 'size is 0, or addr + size wraps'],
      ['BUG_ON', 'an entry of the range is present already: mapping the same address twice stops the kernel'],
      ['WARN_ON_ONCE', 'addr is not page aligned (6.1 and later)'],
      ['VM_WARN_ON_ONCE', 'the flags are not all set when the entries are written (6.19 and later)'],
    ],
    notes: [
      'When it fails half-way, 6.11 and later and the stable updates of 6.1 take the part away again (CVE-2024-47674). Older kernels leave it to the error path of mmap.',
      'From 2.6.11 to 2.6.14 it skips RAM that is not reserved: nothing is mapped there, and it still returns 0.',
      'It does not go together with vm_insert_page() on one vma, which stops the kernel when VM_PFNMAP is set and VM_MIXEDMAP is not.',
      'pfn is an unsigned long: on 32-bit machines with larger physical addresses, shift before converting.',
    ],
    source: ['mm/memory.c remap_pfn_range: 2.6.11, 2.6.18, 2.6.28, 3.10, 4.4, 4.15, 6.1, 6.12, 6.17, 7.1'],
  },
  {
    kind: 'call',
    name: 'remap_pfn_range_notrack',
    since: '5.13',
    removed: '6.19',
    replacedBy: 'remap_pfn_range',
    replacement: 'remap_pfn_range',
    header: 'linux/mm.h',
    prototypes:
      'int remap_pfn_range_notrack(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn, unsigned long size, pgprot_t prot)',
    lock: 'write',
    argsUnit: 'pfn',
    setsFlags: remapFlags,
    refcounts: false,
    requires: { lock: writeLock, range: 'as for remap_pfn_range()' },
    does: ['Does what remap_pfn_range() does, without reserving a memory type on x86: the caller has made sure of the cache bits.'],
    returns: [
      ['0', 'everything is mapped'],
      ['-EINVAL', 'the mapping is copy-on-write and the range is not the whole vma, or addr is not page aligned'],
      ['-ENOMEM', 'there is no memory for a page table'],
    ],
    asserts: [['BUG_ON', 'as in remap_pfn_range()']],
    notes: ['It is not exported, so modules cannot use it. Since 6.19 it is internal to the core.'],
    source: ['include/linux/mm.h: absent in 5.11, present in 5.14 to 6.18', 'mm/memory.c: 6.12, 6.19, 7.1'],
  },
  {
    kind: 'call',
    name: 'io_remap_pfn_range',
    since: '2.6.12',
    replacedBy: 'mmap_action_ioremap() in mmap_prepare handlers (6.19 and later)',
    header: 'linux/mm.h',
    prototypes:
      'int io_remap_pfn_range(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn, unsigned long size, pgprot_t prot)',
    lock: 'write',
    argsUnit: 'pfn',
    refcounts: false,
    setsFlags: remapFlags,
    requires: { lock: writeLock, page: 'the frames of a device; on sparc, pfn carries the bus space as well' },
    does: [
      'Maps device memory: remap_pfn_range() with the encryption bit taken out of prot (5.10 and later). An architecture may have its own.',
    ],
    returns: [['as remap_pfn_range()', 'for the same reasons']],
    asserts: [['BUG_ON', 'as in remap_pfn_range()']],
    notes: [
      'Use it for device memory instead of remap_pfn_range(), which would map it as encrypted on machines with memory encryption (SEV, TDX).',
      'Before 5.10 it was a macro of each architecture, on most of them another name of remap_pfn_range(), declared in asm/pgtable.h.',
    ],
    source: ['include/linux/mm.h: 6.12, 7.1', 'include/asm-i386, include/asm-sparc64: 2.6.12, 2.6.18'],
  },
  {
    kind: 'call',
    name: 'vm_iomap_memory',
    since: '3.9',
    replacedBy: 'mmap_action_simple_ioremap() in mmap_prepare handlers (7.1)',
    header: 'linux/mm.h',
    prototypes: 'int vm_iomap_memory(struct vm_area_struct *vma, phys_addr_t start, unsigned long len)',
    lock: 'write',
    argsUnit: 'bytes',
    boundsChecked: true,
    refcounts: false,
    setsFlags: remapFlags,
    requires: {
      lock: writeLock,
      page: 'start and len are the physical address and the length of the device region in bytes',
      range: 'vm_pgoff is an offset into the region; the vma is compared with what is left behind it',
    },
    does: [
      'Maps the part of a device region that vm_pgoff and the length of the vma ask for, after checking that it lies inside.',
      'The region is widened to whole pages: with an unaligned start, the bytes before it are mapped too.',
    ],
    returns: [
      ['0', 'everything is mapped'],
      ['-EINVAL', 'start + len wraps, vm_pgoff lies behind the region, or the vma is longer than the rest of it'],
      ['as io_remap_pfn_range()', 'when that call fails'],
    ],
    notes: [
      'It takes the place of a bounds check and a remap_pfn_range() written by hand.',
      'It is wrong where vm_pgoff is a number or a cookie instead of an offset.',
      'In a copy-on-write mapping vm_pgoff becomes the frame number, as with remap_pfn_range().',
      'Stable updates of 3.8, 3.4 and 2.6.32 have it as well.',
    ],
    source: ['mm/memory.c vm_iomap_memory: 6.12; __simple_ioremap_prep: 7.1'],
  },
  {
    kind: 'call',
    name: 'remap_vmalloc_range',
    since: '2.6.18',
    header: 'linux/vmalloc.h',
    prototypes: 'int remap_vmalloc_range(struct vm_area_struct *vma, void *addr, unsigned long pgoff)',
    lock: 'write',
    boundsChecked: true,
    refcounts: true,
    takesReference: true,
    setsFlags: vmallocFlags,
    requires: {
      lock: writeLock,
      page: 'addr is the page-aligned start of an area from vmalloc_user() or vmalloc_32_user(), or of a remapped DMA area; memory from plain vmalloc() is refused',
      range: 'the range is compared with the area; overflows are noticed since 5.7',
    },
    does: [
      'Inserts the pages of a vmalloc area with vm_insert_page(), so each is counted and VM_MIXEDMAP is set.',
      'Then sets VM_DONTEXPAND and VM_DONTDUMP (3.7 and later), or VM_RESERVED (up to 3.6).',
    ],
    returns: [
      ['0', 'everything is mapped'],
      ['-EINVAL', 'addr is unaligned or no vmalloc area, the area is not meant for user space, or the range goes beyond it'],
      ['as vm_insert_page()', 'when that call fails'],
    ],
    asserts: [['BUG_ON', 'as in vm_insert_page()']],
    notes: [
      'pgoff is not taken from the vma: pass vma->vm_pgoff where offsets are supported.',
      'After a vfree() the mapped pages live on, but nobody else sees what is written to them.',
    ],
    source: ['mm/vmalloc.c remap_vmalloc_range: 2.6.18, 6.12'],
  },
  {
    kind: 'call',
    name: 'remap_vmalloc_range_partial',
    since: '3.11',
    replacedBy: 'remap_vmalloc_range',
    header: 'linux/vmalloc.h',
    prototypes: {
      '3.11': 'int remap_vmalloc_range_partial(struct vm_area_struct *vma, unsigned long uaddr, void *kaddr, unsigned long size)',
      '5.8':
        'int remap_vmalloc_range_partial(struct vm_area_struct *vma, unsigned long uaddr, void *kaddr, unsigned long pgoff, unsigned long size)',
    },
    lock: 'write',
    refcounts: true,
    takesReference: true,
    setsFlags: vmallocFlags,
    requires: { lock: writeLock, page: 'as for remap_vmalloc_range()', range: 'the area is checked, the vma is not' },
    does: ['Does what remap_vmalloc_range() does, for a part of the vma.'],
    returns: [
      ['0', 'everything is mapped'],
      ['-EINVAL', 'for the reasons of remap_vmalloc_range()'],
    ],
    notes: ['It is exported from 3.16 to 5.0 only.'],
    source: ['mm/vmalloc.c: 6.12', 'include/linux/vmalloc.h: absent in 3.10, present in 3.16, 4.4, 5.4'],
  },
];
