/** Vma flags that are gone, or that have a bit on some architectures only. Data only. */
import type { FactRow } from '../row.ts';
import { vmaFlag } from './vma-flag-row.ts';

export const vmaFlagsHistory: readonly FactRow[] = [
  vmaFlag(
    'VM_RESERVED',
    0x8_0000n,
    'In 2.4 the vma is skipped when memory is swapped out; in 2.6 its size counts as reserved and it is not dumped.',
    {
      removed: '3.7',
      replacedBy: 'VM_DONTEXPAND | VM_DONTDUMP',
      obsolete: true,
      setBy: ['remap_pfn_range (2.6.11 to 3.6)', 'driver'],
      notes: ['From 3.7 on the name is not declared, so code that uses it does not compile.'],
    },
  ),
  vmaFlag('VM_INSERTPAGE', 0x200_0000n, 'vm_insert_page was used on the vma. The only effect is that fork copies its page table entries.', {
    since: '2.6.15-rc6',
    removed: '3.7',
    replacedBy: 'VM_MIXEDMAP',
    obsolete: true,
    setBy: ['vm_insert_page'],
  }),
  vmaFlag('VM_NODUMP', 0x400_0000n, 'The memory is left out of core dumps.', {
    since: '3.4',
    removed: '3.7',
    replacedBy: 'VM_DONTDUMP',
    replacement: 'VM_DONTDUMP',
    obsolete: true,
    setBy: ['MADV_DONTDUMP'],
  }),
  vmaFlag('VM_ALWAYSDUMP', 0x400_0000n, 'The memory is always part of core dumps.', { since: '2.6.20', removed: '3.4', obsolete: true }),
  vmaFlag('VM_CAN_NONLINEAR', 0x800_0000n, 'The fault handler supports remap_file_pages.', {
    since: '2.6.23',
    removed: '3.7',
    obsolete: true,
    setBy: ['driver', 'filesystems'],
  }),
  vmaFlag('VM_NONLINEAR', 0x80_0000n, 'The order of the pages was changed with remap_file_pages.', {
    smaps: 'nl',
    since: '2.5.46',
    removed: '4.0',
    obsolete: true,
    setBy: ['remap_file_pages'],
  }),
  vmaFlag('VM_PFN_AT_MMAP', 0x4000_0000n, 'remap_pfn_range mapped the whole vma at mmap time; x86 PAT tracks such vmas as one piece.', {
    since: '2.6.29',
    removed: '3.7',
    obsolete: true,
    setBy: ['remap_pfn_range'],
  }),
  vmaFlag('VM_ARCH_1', 0x100_0000n, 'A bit that every architecture uses in its own way; on x86 it is VM_PAT up to 6.15.', {
    smaps: 'ar',
    since: '3.7',
  }),
  vmaFlag('VM_PAT', 0x100_0000n, 'On x86, remap_pfn_range over the whole vma has reserved a memory type that unmapping must give back.', {
    smaps: 'ar',
    since: '3.7',
    removed: '6.16',
    replacedBy: 'vma->pfnmap_track_ctx, which only the core touches',
    setBy: ['remap_pfn_range'],
    confidence: 'partial',
  }),
  vmaFlag('VM_DENYWRITE', 0x800n, 'Writing to the file of a running program fails with -ETXTBSY.', {
    smaps: 'dw',
    removed: '5.15',
    obsolete: true,
    setBy: ['exec'],
  }),
  vmaFlag('VM_EXECUTABLE', 0x1000n, 'A mapping of the running program itself.', { removed: '3.7', obsolete: true, setBy: ['exec'] }),
  vmaFlag('VM_SHM', 0x400n, 'A System V shared memory segment; the flag had no effect.', {
    removed: '2.6.13~2.6.15-rc4',
    obsolete: true,
    notes: ['VM_PFNMAP took over the bit in 2.6.15-rc4.'],
  }),
  vmaFlag('VM_UNPAGED', 0x200_0000n, 'The vma is not made of normal pages. A forerunner of VM_PFNMAP that was in no release.', {
    since: '2.6.15-rc2',
    removed: '2.6.15-rc4',
    replacedBy: 'VM_PFNMAP',
    obsolete: true,
    setBy: ['remap_pfn_range'],
    source: ['LWN articles of 2005', 'commit 6aab341e0a28'],
    confidence: 'partial',
  }),
  vmaFlag('VM_INCOMPLETE', 0x200_0000n, 'A raw frame mapping was built piece by piece; the kernel warned and asked for PG_reserved.', {
    since: '2.6.15-rc4',
    removed: '2.6.15-rc6',
    replacedBy: 'vm_insert_page',
    obsolete: true,
    setBy: ['remap_pfn_range'],
    notes: ['It was in release candidates of 2.6.15 and in no release.'],
    source: ['LWN articles of 2005'],
    confidence: 'partial',
  }),
  vmaFlag('VM_GROWSUP', { '2.4': 0x200n, '2.6.38': undefined }, 'A stack that grows upwards, on parisc and formerly ia64.', {
    notes: ['On other architectures it is 0 since 2.6.38.'],
  }),
  vmaFlag('VM_MAPPED_COPY', { '2.6.12': 0x100_0000n, '2.6.38': undefined }, 'A private copy made by a kernel without an MMU.', {
    since: '2.6.12',
  }),
  vmaFlag('VM_SAO', { '2.6.27': 0x2000_0000n, '3.7': undefined }, 'Strong access ordering on powerpc.', { since: '2.6.27' }),
];
