/**
 * The vm_flags with which mmap(2) can call a handler, for every protection, sharing and open mode of the file: what
 * `do_mmap` lets through and makes of it (mm/mmap.c, read in 2.6.18 to 6.12). Bits that depend on limits or tuning
 * (VM_LOCKED, VM_ACCOUNT, VM_NORESERVE) are left out: no handler may rely on them.
 */

import { VM_EXEC, VM_MAYEXEC, VM_MAYREAD, VM_MAYSHARE, VM_MAYWRITE, VM_READ, VM_SHARED, VM_WRITE } from '../kernel/vma-bits.ts';

/** One way to call mmap(2), and the flags that the handler then sees. */
export interface MmapRequest {
  readonly flags: bigint;
  /** Subset of `rwx`. */
  readonly prot: string;
  readonly shared: boolean;
  /** How the file was opened: O_RDONLY or O_RDWR; O_WRONLY files cannot be mapped. */
  readonly open: 'r' | 'rw';
}

const protections = ['rw', 'r', 'rwx', 'rx', 'w', 'wx', 'x', ''];

/** Every request that reaches the handler, ordinary ones first. */
const mmapRequests: readonly MmapRequest[] = [true, false].flatMap((shared) =>
  (['rw', 'r'] as const).flatMap((open) =>
    protections.flatMap((prot): readonly MmapRequest[] => {
      // PROT_WRITE and MAP_SHARED on a file that is not open for writing: EACCES.
      if (shared && open === 'r' && prot.includes('w')) return [];
      return [{ flags: flagsOf(prot, shared, open), prot, shared, open }];
    }),
  ),
);

/** The distinct flags of all requests. */
export const initialFlags: readonly bigint[] = [...new Set(mmapRequests.map(({ flags }) => flags))];

/** How to call mmap(2) so that the handler sees `flags`. */
export function requestFor(flags: bigint): MmapRequest | undefined {
  return mmapRequests.find((request) => request.flags === flags);
}

/** `(flags & (VM_SHARED | VM_MAYWRITE)) == VM_MAYWRITE`: `is_cow_mapping` of include/linux/mm.h. */
export function isCowMapping(flags: bigint): boolean {
  return (flags & (VM_SHARED | VM_MAYWRITE)) === VM_MAYWRITE;
}

function flagsOf(prot: string, shared: boolean, open: 'r' | 'rw'): bigint {
  let flags = VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;
  if (prot.includes('r')) flags |= VM_READ;
  if (prot.includes('w')) flags |= VM_WRITE;
  if (prot.includes('x')) flags |= VM_EXEC;
  if (!shared) return flags;
  flags |= VM_SHARED | VM_MAYSHARE;
  return open === 'rw' ? flags : flags & ~(VM_SHARED | VM_MAYWRITE);
}
