/** Vma flags that user space or the core sets and drivers leave alone. Data only. */
import type { FactRow } from '../row.ts';
import { vmaFlag } from './vma-flag-row.ts';

export const vmaFlagsSystem: readonly FactRow[] = [
  vmaFlag('VM_GROWSDOWN', 0x100n, 'A stack that grows downwards. MAP_GROWSDOWN on a file is refused with -EINVAL.', {
    smaps: 'gd',
    setBy: ['MAP_GROWSDOWN', 'exec'],
  }),
  vmaFlag('VM_UFFD_MISSING', 0x200n, 'userfaultfd reports missing pages of this vma.', {
    smaps: 'um',
    since: '4.3',
    setBy: ['userfaultfd'],
  }),
  vmaFlag('VM_MAYBE_GUARD', 0x800n, 'The vma may hold guard regions.', { smaps: 'gu', since: '6.19', setBy: ['MADV_GUARD_INSTALL'] }),
  vmaFlag('VM_UFFD_WP', 0x1000n, 'userfaultfd reports writes to write-protected pages of this vma.', {
    smaps: 'uw',
    since: '4.3',
    setBy: ['userfaultfd'],
  }),
  vmaFlag('VM_SEQ_READ', 0x8000n, 'The program will read in sequence.', { smaps: 'sr', setBy: ['MADV_SEQUENTIAL'] }),
  vmaFlag('VM_RAND_READ', 0x1_0000n, 'The program will read in no order, so reading ahead is of no use.', {
    smaps: 'rr',
    setBy: ['MADV_RANDOM'],
  }),
  vmaFlag('VM_LOCKONFAULT', 0x8_0000n, 'Pages are locked as they are faulted in.', {
    smaps: 'lf',
    smapsSince: '6.11',
    since: '4.4',
    setBy: ['mlock2 with MLOCK_ONFAULT'],
    notes: ['The bit is the one that VM_RESERVED had up to 3.6.', 'Before 6.11 smaps shows the flag as ??.'],
  }),
  vmaFlag('VM_ACCOUNT', 0x10_0000n, 'The private writable memory of the vma is charged against the overcommit limit.', {
    smaps: 'ac',
    since: '2.5.0',
    setBy: ['mmap', 'mprotect'],
    notes: ['The core sets and clears it; drivers must not set it.'],
  }),
  vmaFlag('VM_NORESERVE', 0x20_0000n, 'No memory is reserved for the mapping.', {
    smaps: 'nr',
    since: '2.6.26~2.6.28',
    setBy: ['MAP_NORESERVE'],
  }),
  vmaFlag('VM_HUGETLB', 0x40_0000n, 'A mapping of hugetlbfs.', { smaps: 'ht', since: '2.5.0', setBy: ['hugetlbfs'] }),
  vmaFlag('VM_SYNC', 0x80_0000n, 'Page faults are synchronous, for DAX files.', { smaps: 'sf', since: '4.15', setBy: ['MAP_SYNC'] }),
  vmaFlag('VM_WIPEONFORK', 0x200_0000n, 'The child of a fork gets zeroes. Only for private anonymous memory.', {
    smaps: 'wf',
    since: '4.14',
    setBy: ['MADV_WIPEONFORK'],
    notes: ['MADV_WIPEONFORK on a mapping with a file is refused with -EINVAL.'],
  }),
  vmaFlag('VM_SOFTDIRTY', 0x800_0000n, 'Soft-dirty tracking. mmap sets it on every new vma after the handler has run.', {
    smaps: 'sd',
    since: '3.11',
    setBy: ['mmap'],
    notes: ['It is 0 without CONFIG_MEM_SOFT_DIRTY.'],
  }),
  vmaFlag('VM_HUGEPAGE', { '2.6.38': 0x100_0000n, '3.7': 0x2000_0000n }, 'Transparent huge pages are wanted.', {
    smaps: 'hg',
    since: '2.6.38',
    setBy: ['MADV_HUGEPAGE'],
  }),
  vmaFlag('VM_NOHUGEPAGE', { '2.6.38': 0x200n, '3.7': 0x4000_0000n }, 'Transparent huge pages are not wanted.', {
    smaps: 'nh',
    since: '2.6.38',
    setBy: ['MADV_NOHUGEPAGE'],
  }),
  vmaFlag('VM_MERGEABLE', 0x8000_0000n, 'KSM may merge equal pages.', { smaps: 'mg', since: '2.6.32', setBy: ['MADV_MERGEABLE'] }),
  vmaFlag('VM_SHADOW_STACK', 1n << 37n, 'A shadow stack.', { smaps: 'ss', since: '6.6', setBy: ['map_shadow_stack'] }),
  vmaFlag('VM_UFFD_MINOR', { '5.13': 1n << 37n, '6.6': 1n << 38n, '6.13': 1n << 41n }, 'userfaultfd reports minor faults of this vma.', {
    smaps: 'ui',
    since: '5.13',
    setBy: ['userfaultfd'],
    source: ['include/linux/mm.h: 6.1 (bit 37), 6.12 (bit 38), 6.18 and 7.1 (bit 41)'],
    confidence: 'partial',
  }),
  vmaFlag('VM_DROPPABLE', 1n << 40n, 'The pages may be thrown away when memory is short.', {
    smaps: 'dp',
    since: '6.11',
    setBy: ['MAP_DROPPABLE'],
  }),
  vmaFlag('VM_SEALED', { '6.10': 1n << 63n, '6.17': 1n << 42n }, 'The mapping is sealed: it cannot be changed or taken away.', {
    smaps: 'sl',
    smapsSince: '6.11',
    since: '6.10',
    setBy: ['mseal'],
  }),
];
