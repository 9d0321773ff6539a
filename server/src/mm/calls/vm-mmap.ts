/**
 * Mappings that kernel code makes in the address space of the running program: `vm_mmap`, `vm_munmap`, `vm_brk` (mm/util.c,
 * mm/mmap.c). They take the mmap lock for writing themselves, so no handler that runs under it may call them.
 */
import { withMmapLock } from '../driver-call.ts';
import { errno } from '../errno.ts';
import { MAP_ANONYMOUS, MAP_FIXED, MAP_PRIVATE, PROT_READ, PROT_WRITE } from '../flags.ts';
import type { Mm } from '../mm.ts';
import { do_mmap, type MmapRequest } from '../syscalls/mmap.ts';
import { do_munmap } from '../syscalls/munmap.ts';
import { isPageAligned, PAGE_SHIFT, pageAlign, ulong } from '../units.ts';

function lockForWriting<Result>(mm: Mm, by: string, run: () => Result): Result {
  if (mm.mmapLock === 'read' || mm.mmapLock === 'write') {
    return mm.system.stop({
      kind: 'deadlock',
      message: `${by} waits for the mmap lock, which the same task already holds. The task hangs for ever.`,
      where: { function: by, file: 'mm/util.c' },
      rule: 'S13.1',
    });
  }
  return withMmapLock(mm, 'write', run);
}

/** `vm_mmap(file, addr, len, prot, flag, offset)`: the address, or a negative error number; offset in bytes. */
export function vm_mmap(mm: Mm, request: MmapRequest): bigint {
  const offset = ulong(request.offset ?? 0n);
  if (ulong(offset + pageAlign(request.length)) < offset || !isPageAligned(offset)) return BigInt(-errno.EINVAL);
  return lockForWriting(mm, 'vm_mmap', () => do_mmap(mm, request, offset >> PAGE_SHIFT));
}

/** `vm_munmap(start, len)`. */
export function vm_munmap(mm: Mm, start: bigint, length: bigint): number {
  return lockForWriting(mm, 'vm_munmap', () => do_munmap(mm, start, length));
}

/** `vm_brk(addr, len)`: private anonymous memory at exactly this place. Gives 0 or a negative error number. */
export function vm_brk(mm: Mm, address: bigint, length: bigint): number {
  const bytes = pageAlign(length);
  if (bytes < length) return -errno.ENOMEM;
  if (bytes === 0n) return 0;
  const flags = MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED;
  const result = lockForWriting(mm, 'vm_brk', () => do_mmap(mm, { address, length: bytes, prot: PROT_READ | PROT_WRITE, flags }, 0n));
  return result < 0n ? Number(result) : 0;
}
