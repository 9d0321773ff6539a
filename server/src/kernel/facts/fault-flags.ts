/** The results of fault handlers (VM_FAULT_*) and the circumstances of a fault (FAULT_FLAG_*). Data only. */
import type { FactRow, FlagRow, Since } from '../row.ts';

type Rest = Partial<FlagRow>;
const source = ['include/linux/mm_types.h: 6.1, 6.12 (include/linux/mm.h before 4.17)'];

/** A bit of vm_fault_t, of int before 4.17. */
const result = (name: string, values: Since<bigint | undefined>, does: string, rest: Rest = {}): FlagRow => ({
  kind: 'flag',
  name: `VM_FAULT_${name}`,
  family: 'vm-fault',
  since: '2.6.23',
  header: 'linux/mm_types.h',
  values,
  does: [does],
  source,
  ...rest,
});

/** A bit of vmf->flags. The bits moved down by one in 4.0, when the flag of nonlinear mappings went. */
const circumstance = (name: string, bit: bigint, since: string, does: string): FlagRow => ({
  kind: 'flag',
  name: `FAULT_FLAG_${name}`,
  family: 'fault-flag',
  since,
  header: 'linux/mm_types.h',
  values: movedBits.has(name) ? { [since]: bit * 2n, '4.0': bit } : bit,
  setBy: ['the core'],
  does: [does],
  source,
  confidence: 'partial',
});
const movedBits = new Set(['MKWRITE', 'ALLOW_RETRY', 'RETRY_NOWAIT', 'KILLABLE', 'TRIED', 'USER']);

export const faultFlags: readonly FactRow[] = [
  result('OOM', 0x1n, 'There is no memory: the program is killed, or the fault is tried again.'),
  result('SIGBUS', 0x2n, 'There is nothing at this offset: the program gets SIGBUS, and a copy_to_user() gets -EFAULT.'),
  result('MAJOR', { '2.6.1': 2n, '2.6.13': 3n, '2.6.23': 4n }, 'The page had to be read from a device; it counts as a major fault.', {
    since: '2.6.1',
  }),
  result('WRITE', 0x8n, 'The core made the page writable. It is no result for a driver.', { removed: '6.2', obsolete: true }),
  result('HWPOISON', 0x10n, 'The page is broken: the program gets SIGBUS with BUS_MCEERR_AR.', { since: '2.6.32' }),
  result('HWPOISON_LARGE', 0x20n, 'A huge page is broken; the upper bits give its size.', { since: '2.6.37' }),
  result('SIGSEGV', 0x40n, 'The access is not allowed: the program gets SIGSEGV.', { since: '3.19', confidence: 'partial' }),
  result('NOPAGE', 0x100n, 'The handler has put the entry into the page table itself; the core has nothing left to do.'),
  result('LOCKED', 0x200n, 'vmf->page is locked; the core unlocks it after mapping it.'),
  result('RETRY', 0x400n, 'The lock was dropped: the core starts the fault again.', { since: '2.6.37' }),
  result('FALLBACK', 0x800n, 'A huge fault is not possible here: the core tries smaller pages.', {
    since: '3.12~3.16',
    confidence: 'partial',
  }),
  result('DONE_COW', 0x1000n, 'The handler has filled the copy of a copy-on-write fault (vmf->cow_page) itself.', {
    since: '4.10',
    confidence: 'partial',
  }),
  result('NEEDDSYNC', 0x2000n, 'The file must be synchronised before the entry becomes writable (DAX with MAP_SYNC).', { since: '4.15' }),
  result('COMPLETED', 0x4000n, 'The fault is done and the lock is dropped. It is no result for a driver.', {
    since: '6.0',
    confidence: 'partial',
  }),
  result(
    'MINOR',
    { '2.6.1': 1n, '2.6.13': 2n, '2.6.23': 0n },
    'A fault without input or output. nopage handlers stored it through their last argument.',
    {
      since: '2.6.1',
      removed: '4.7~5.1',
      obsolete: true,
      confidence: 'partial',
    },
  ),
  {
    kind: 'flag',
    name: 'VM_FAULT_ERROR',
    family: 'vm-fault',
    since: '2.6.23',
    header: 'linux/mm_types.h',
    mask: {
      '2.6.23': ['VM_FAULT_OOM', 'VM_FAULT_SIGBUS'],
      '2.6.32': ['VM_FAULT_OOM', 'VM_FAULT_SIGBUS', 'VM_FAULT_HWPOISON'],
      '2.6.37': ['VM_FAULT_OOM', 'VM_FAULT_SIGBUS', 'VM_FAULT_HWPOISON', 'VM_FAULT_HWPOISON_LARGE'],
      '3.19': ['VM_FAULT_OOM', 'VM_FAULT_SIGBUS', 'VM_FAULT_SIGSEGV', 'VM_FAULT_HWPOISON', 'VM_FAULT_HWPOISON_LARGE', 'VM_FAULT_FALLBACK'],
    },
    does: ['The results that mean that nothing was mapped.'],
    source,
  },
  circumstance('WRITE', 0x1n, '2.6.23', 'The access that faulted was a write.'),
  circumstance('MKWRITE', 0x2n, '2.6.30', 'A present read-only entry is about to become writable.'),
  circumstance('ALLOW_RETRY', 0x4n, '2.6.37', 'The handler may drop the lock and return VM_FAULT_RETRY.'),
  circumstance('RETRY_NOWAIT', 0x8n, '2.6.39', 'The handler must not wait with the lock dropped.'),
  circumstance('KILLABLE', 0x10n, '3.0', 'A fatal signal may interrupt the wait.'),
  circumstance('TRIED', 0x20n, '3.7', 'The fault is tried for the second time.'),
  circumstance('USER', 0x40n, '3.12', 'The access came from user mode.'),
  circumstance('REMOTE', 0x80n, '4.6', "The fault is on another program's memory: ptrace, /proc/PID/mem or get_user_pages_remote."),
  circumstance('INSTRUCTION', 0x100n, '4.6', 'The access was an instruction fetch.'),
  circumstance('INTERRUPTIBLE', 0x200n, '5.7', 'Any signal may interrupt the wait.'),
  circumstance('UNSHARE', 0x400n, '5.19', 'A copy of a shared anonymous page is wanted without making it writable.'),
  circumstance('ORIG_PTE_VALID', 0x800n, '5.19', 'vmf->orig_pte holds the entry that was found.'),
  circumstance('VMA_LOCK', 0x1000n, '6.4', 'The fault runs under the lock of the vma instead of the mmap lock.'),
];
