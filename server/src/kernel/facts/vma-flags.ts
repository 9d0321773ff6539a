/** Vma flags that matter to a driver, with bits on x86-64 and their letters in /proc/PID/smaps. Data only. */
import type { FactRow } from '../row.ts';
import { vmaFlag } from './vma-flag-row.ts';

export const vmaFlags: readonly FactRow[] = [
  vmaFlag('VM_READ', 0x1n, 'The memory may be read now.', { smaps: 'rd', setBy: ['PROT_READ'] }),
  vmaFlag('VM_WRITE', 0x2n, 'The memory may be written now.', { smaps: 'wr', setBy: ['PROT_WRITE'] }),
  vmaFlag('VM_EXEC', 0x4n, 'The memory may be executed now.', { smaps: 'ex', setBy: ['PROT_EXEC'] }),
  vmaFlag('VM_SHARED', 0x8n, 'The mapping is MAP_SHARED and its file is open for writing.', {
    smaps: 'sh',
    setBy: ['MAP_SHARED on a file that is open for writing'],
    notes: [
      'For MAP_SHARED of a file that is open read-only, do_mmap clears VM_SHARED and VM_MAYWRITE and leaves VM_MAYSHARE. A handler that refuses every mapping without VM_SHARED therefore refuses legitimate read-only shared mappings; test VM_MAYSHARE, or ask is_cow_mapping().',
    ],
  }),
  vmaFlag('VM_MAYREAD', 0x10n, 'mprotect may set VM_READ.', { smaps: 'mr', setBy: ['mmap'] }),
  vmaFlag('VM_MAYWRITE', 0x20n, 'mprotect may set VM_WRITE.', {
    smaps: 'mw',
    setBy: ['mmap'],
    notes: [
      'A handler that makes a mapping read-only for good refuses VM_WRITE and clears VM_MAYWRITE as well; otherwise mprotect gives the right back.',
      'mmap sets all three VM_MAY* flags, then drops VM_MAYWRITE for MAP_SHARED on a file that is not open for writing. MAP_PRIVATE keeps VM_MAYWRITE even on a read-only file.',
    ],
  }),
  vmaFlag('VM_MAYEXEC', 0x40n, 'mprotect may set VM_EXEC.', {
    smaps: 'me',
    setBy: ['mmap'],
    notes: ['It is cleared for files of a noexec mount.'],
  }),
  vmaFlag('VM_MAYSHARE', 0x80n, 'The program asked for MAP_SHARED, whatever the open mode of the file.', {
    smaps: 'ms',
    setBy: ['MAP_SHARED'],
  }),
  vmaFlag(
    'VM_PFNMAP',
    0x400n,
    'The page table entries are raw frame numbers: no struct page is looked at, nothing is counted. get_user_pages fails with -EFAULT, and mremap cannot grow the mapping.',
    { smaps: 'pf', since: '2.6.15-rc4', setBy: ['remap_pfn_range', 'driver (before vmf_insert_pfn)'] },
  ),
  vmaFlag('VM_LOCKED', 0x2000n, 'The memory is locked by mlock.', {
    smaps: 'lo',
    setBy: ['mlock', 'MAP_LOCKED'],
    notes: ['mmap_region clears it for vmas with a VM_SPECIAL flag, so mlock has no effect on most driver mappings.'],
  }),
  vmaFlag(
    'VM_IO',
    0x4000n,
    'The memory is device memory or behaves like it: get_user_pages, core dumps, mlock and MADV_DOFORK leave it alone.',
    {
      smaps: 'io',
      setBy: ['remap_pfn_range (2.6.11 and later)', 'driver'],
      notes: ['Drivers of 2.4 had to set it themselves; those that forgot it were the subject of CVE-2004-1057.'],
    },
  ),
  vmaFlag('VM_DONTCOPY', 0x2_0000n, 'fork does not copy the vma: the child has a hole there, and touching it is a SIGSEGV.', {
    smaps: 'dc',
    setBy: ['driver', 'MADV_DONTFORK'],
  }),
  vmaFlag(
    'VM_DONTEXPAND',
    0x4_0000n,
    'mremap may not make the vma larger. As one of the VM_SPECIAL flags it also prevents merging and mlock.',
    {
      smaps: 'de',
      setBy: ['remap_pfn_range (3.7 and later)', 'remap_vmalloc_range', 'driver'],
      notes: [
        'Every vma whose fault handler does not compare vmf->pgoff with the buffer needs it, or mremap lets the program fault beyond the buffer (the class of CVE-2008-0007).',
      ],
    },
  ),
  vmaFlag('VM_DONTDUMP', 0x400_0000n, 'The memory is left out of core dumps.', {
    smaps: 'dd',
    since: '3.7',
    setBy: ['remap_pfn_range', 'remap_vmalloc_range', 'MADV_DONTDUMP', 'driver'],
  }),
  vmaFlag('VM_MIXEDMAP', 0x1000_0000n, 'The vma may hold counted pages and raw frames side by side.', {
    smaps: 'mm',
    since: '2.6.26',
    setBy: ['vm_insert_page (3.7 and later)', 'driver (before vmf_insert_mixed, or before vm_insert_page in a fault handler)'],
    notes: ['It is one of the VM_SPECIAL flags since 3.14; from then on such vmas are neither merged nor locked.'],
  }),
  vmaFlag('VM_ALLOW_ANY_UNCACHED', 1n << 39n, 'KVM on arm64 may let the guest choose any uncached memory type for this device mapping.', {
    since: '6.9',
    setBy: ['vfio-pci'],
  }),
];
