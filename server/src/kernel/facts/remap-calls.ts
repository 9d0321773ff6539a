/** Calls that map physical memory or vmalloc memory into a whole vma. Data only. */
import type { FactRow } from '../row.ts';

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
    replacedBy: 'in mmap_prepare handlers: mmap_action_remap (6.19+)',
    header: 'linux/mm.h',
    prototypes: 'int remap_pfn_range(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn, unsigned long size, pgprot_t prot)',
    lock: 'write',
    exported: 'EXPORT_SYMBOL',
    argsUnit: 'pfn',
    setsFlags: remapFlags,
    refcounts: false,
    requires: {
      lock: 'mmap lock held for write (mmap_sem before 5.8); it modifies vma flags, so never from a ->fault handler',
      vma: 'vma must not yet have ptes in the range; usually called once per vma from f_op->mmap',
      page: 'raw pfn; nothing is refcounted; caller must guarantee the memory outlives every mapping (split/fork copies included). RAM is allowed since 2.6.15 without PG_reserved',
      range:
        'addr page aligned; size rounded up by PAGE_ALIGN(size) internally; NO check that [addr,addr+size) lies inside the vma and none that pfn+size is valid',
      context: 'process context, may sleep (GFP_KERNEL page tables)',
    },
    does: [
      'Sets VM_IO|VM_PFNMAP|VM_DONTEXPAND|VM_DONTDUMP (3.7+); VM_IO|VM_RESERVED|VM_PFNMAP (2.6.15-3.6); VM_IO|VM_RESERVED (2.6.11-2.6.14).',
      'Writes special ptes (pte_mkspecial): no get_page, no _mapcount, no RSS.',
      'COW mapping (private + VM_MAYWRITE): requires the whole vma range and overwrites vma->vm_pgoff = pfn.',
      "x86 PAT: if the call covers the whole vma, reserves the memtype (VM_PAT, or vma->pfnmap_track_ctx since 6.16); prot's cache bits may be changed to the type already in force.",
    ],
    returns: [
      ['0', 'ok'],
      ['-EINVAL', 'COW mapping and (addr != vm_start or end != vm_end)'],
      ['-EINVAL', 'addr not page aligned (check added in 5.10: absent 5.8, present 5.10)'],
      [
        '-EINVAL',
        'x86 PAT: memtype conflict (track_pfn_remap failure, any errno, becomes -EINVAL); 6.16+ also when the vma already has a pfnmap_track_ctx, i.e. two full-vma calls',
      ],
      ['-EACCES', 'pfn_modify_allowed() refuses (x86 L1TF PROT_NONE mitigation, 4.19+)'],
      ['-ENOMEM', 'page table allocation'],
    ],
    asserts: [
      ['BUG_ON', 'addr >= end, i.e. size == 0 or overflow'],
      ['BUG_ON', 'a pte in the range is already present (!pte_none): remapping the same address twice crashes the kernel'],
      ['WARN_ON_ONCE', 'unaligned addr (6.1, 6.12, 7.1)'],
      ['VM_WARN_ON_ONCE', '6.19+/7.1: remap flags not all set when the inner worker runs'],
    ],
    notes: [
      'On error, 6.1.y/6.12+ (6.11, stable backports; CVE-2024-47674) zap the partial range before returning; older kernels leave partial ptes for the mmap(2) error path to unmap.',
      '2.6.11-2.6.14 still skip valid non-reserved RAM pages silently (no pte, returns 0).',
      'Order of checks: up to 4.15 the COW test came before PAT tracking; 5.13-6.18 PAT first, then COW test inside; 7.1 COW test+flags first (remap_pfn_range_prepare_vma).',
      'vm_flags are set BEFORE ptes are written, so even a failed call leaves VM_PFNMAP etc. set on the vma.',
      'Cannot be mixed with vm_insert_page on the same vma on the same page type: vm_insert_page has BUG_ON(VM_PFNMAP) unless VM_MIXEDMAP already set.',
      'pfn is unsigned long: on 32-bit PAE a phys_addr_t must be shifted before truncation.',
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
    requires: { lock: 'mmap lock held for write (mmap_sem before 5.8)', range: 'as remap_pfn_range' },
    does: [
      'remap_pfn_range without x86 PAT tracking; caller has validated the cache bits.',
      'Zaps the partial range on error (6.1.y, 6.12).',
    ],
    returns: [['as remap_pfn_range', 'minus the PAT -EINVAL']],
    asserts: [['BUG_ON', 'as remap_pfn_range']],
    notes: ['Not exported to modules in 6.12 (no EXPORT_SYMBOL); out-of-tree modules cannot link it.'],
    source: ['header trees: absent 5.11, present 5.14..6.18 include/linux/mm.h; static in 6.19/7.1 mm/memory.c'],
  },
  {
    kind: 'call',
    name: 'io_remap_pfn_range',
    since: '2.6.12',
    replacedBy: 'in mmap_prepare handlers: mmap_action_ioremap (6.19+)',
    header: 'linux/mm.h',
    prototypes:
      'int io_remap_pfn_range(struct vm_area_struct *vma, unsigned long addr, unsigned long pfn, unsigned long size, pgprot_t prot)',
    lock: 'write',
    argsUnit: 'pfn',
    refcounts: false,
    setsFlags: remapFlags,
    requires: { lock: 'mmap lock held for write (mmap_sem before 5.8)', page: 'device memory pfn; on sparc the pfn carries the iospace' },
    does: ['remap_pfn_range with pgprot_decrypted(prot) (5.10+ generic version); arch override allowed.'],
    returns: [['as remap_pfn_range', '']],
    notes: [
      'Use this, not remap_pfn_range, for MMIO: with memory encryption (SEV/TDX) plain remap_pfn_range maps MMIO with the encryption bit set.',
      'Before 5.10 a per-arch macro, plain alias on most arches.',
    ],
    source: ['include/linux/mm.h 6.12, 7.1; asm-i386/asm-sparc64 2.6.12, 2.6.18'],
  },
  {
    kind: 'call',
    name: 'vm_iomap_memory',
    since: '3.9',
    replacedBy: 'mmap_action_simple_ioremap (7.1)',
    header: 'linux/mm.h',
    prototypes: 'int vm_iomap_memory(struct vm_area_struct *vma, phys_addr_t start, unsigned long len)',
    lock: 'write',
    boundsChecked: true,
    refcounts: false,
    setsFlags: remapFlags,
    requires: {
      lock: 'mmap lock held for write (mmap_sem before 5.8)',
      page: 'physical start and length in BYTES of the device region',
      range: 'does the whole bounds check itself: vma->vm_pgoff is a page offset INTO the region, vma size must fit the rest',
    },
    does: [
      'Adds vm_pgoff to the base, then io_remap_pfn_range(vma, vma->vm_start, pfn, vm_len, vma->vm_page_prot).',
      'Region is rounded outward to pages: an unaligned start maps the bytes before it too.',
    ],
    returns: [
      ['-EINVAL', 'start + len wraps'],
      ['-EINVAL', 'pfn + pages wraps'],
      ['-EINVAL', 'vm_pgoff > pages'],
      ['-EINVAL', 'vma longer than pages - vm_pgoff'],
      ['other', 'from io_remap_pfn_range'],
    ],
    notes: [
      'Safe replacement for hand-written bounds + remap_pfn_range.',
      'Wrong when vm_pgoff is a cookie/index (uio clears or avoids it).',
      'For MAP_PRIVATE writable, vm_pgoff is overwritten with the pfn by remap_pfn_range.',
    ],
    source: ['mm/memory.c 6.12, 7.1 (__simple_ioremap_prep)'],
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
    setsFlags: vmallocFlags,
    requires: {
      lock: 'mmap lock held for write (mmap_sem before 5.8)',
      page: "addr page aligned, START of an area allocated with vmalloc_user/vmalloc_32_user (VM_USERMAP) or a vmap'ed DMA-coherent area (VM_DMA_COHERENT); plain vmalloc() memory is refused",
      range: 'bounds checked against the area, with overflow check (5.7+ era)',
    },
    does: [
      'vm_insert_page per page (so VM_MIXEDMAP, refcounts).',
      'Then sets VM_DONTEXPAND|VM_DONTDUMP (3.7+) or VM_RESERVED (2.6.18-3.6).',
    ],
    returns: [
      ['-EINVAL', 'pgoff shift overflow, unaligned address, no vm area, area without VM_USERMAP/VM_DMA_COHERENT, range past the area'],
      ['other', 'from vm_insert_page'],
    ],
    asserts: [['BUG_ON', 'as vm_insert_page']],
    notes: [
      'Pgoff is NOT taken from the vma: pass vma->vm_pgoff explicitly if offsets are supported.',
      'Do not vfree while mapped: the page refs keep the pages alive, but the buffer content is then a private orphan.',
    ],
    source: ['mm/vmalloc.c 2.6.18, 6.12'],
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
    setsFlags: vmallocFlags,
    requires: { lock: 'mmap lock held for write (mmap_sem before 5.8)', page: 'as remap_vmalloc_range' },
    does: ['As remap_vmalloc_range for part of the vma.'],
    returns: [['-EINVAL', 'as remap_vmalloc_range']],
    notes: ['Pgoff parameter absent in 5.4 header, present in 6.12.', 'EXPORT_SYMBOL in 3.16..5.0, not exported in 5.2 and later.'],
    source: ['mm/vmalloc.c 6.12; vmalloc.h 3.16, 4.4, 5.4; absent 3.10'],
  },
];
