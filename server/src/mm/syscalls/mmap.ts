/**
 * mmap(2) up to the driver (`do_mmap`, mm/mmap.c).
 */
import { atLeast, type KernelVersion } from '../../kernel/version.ts';
import { withMmapLock } from '../driver-call.ts';
import { errno, isErrorValue } from '../errno.ts';
import type { MmFile } from '../file.ts';
import {
  MAP_32BIT,
  MAP_ANONYMOUS,
  MAP_DENYWRITE,
  MAP_EXECUTABLE,
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_GROWSDOWN,
  MAP_HUGETLB,
  MAP_LOCKED,
  MAP_NONBLOCK,
  MAP_NORESERVE,
  MAP_POPULATE,
  MAP_PRIVATE,
  MAP_SHARED,
  MAP_SHARED_VALIDATE,
  MAP_STACK,
  MAP_SYNC,
  MAP_TYPE,
  PROT_WRITE,
  protToVmFlags,
  VM_EXEC,
  VM_GROWSDOWN,
  VM_LOCKED,
  VM_MAYEXEC,
  VM_MAYREAD,
  VM_MAYSHARE,
  VM_MAYWRITE,
  VM_NOHUGEPAGE,
  VM_NORESERVE,
  VM_SHARED,
  VM_SYNC,
} from '../flags.ts';
import { hasFault } from '../history/eras.ts';
import { hasPopulate, populateOnMmap } from '../history/populate.ts';
import type { Mm } from '../mm.ts';
import { fail, type Outcome, ok, type UserResult, userAction } from '../outcome.ts';
import type { System } from '../system.ts';
import { get_unmapped_area } from '../tables/address-space.ts';
import { isPageAligned, PAGE_SHIFT, pageAlign, ULONG_MAX, ulong } from '../units.ts';
import { vmaSize } from '../vma.ts';
import { mmap_region } from './mmap-region.ts';
import { mm_populate } from './populate.ts';

/** One mmap(2) call. `address`, `length` and `offset` are bytes; without a file the mapping is anonymous. */
export interface MmapRequest {
  readonly file?: MmFile;
  readonly address?: bigint;
  readonly length: bigint;
  readonly prot: number;
  readonly flags: number;
  readonly offset?: bigint;
}

/** `sysctl_max_map_count`. */
const maxMapCount = 65530;

/** `LEGACY_MAP_MASK`: the flags that MAP_SHARED_VALIDATE accepts of a device; plain MAP_SHARED ignores the others. */
const LEGACY_MAP_MASK =
  MAP_SHARED_VALIDATE |
  MAP_FIXED |
  MAP_ANONYMOUS |
  MAP_DENYWRITE |
  MAP_EXECUTABLE |
  MAP_GROWSDOWN |
  MAP_LOCKED |
  MAP_NORESERVE |
  MAP_POPULATE |
  MAP_NONBLOCK |
  MAP_STACK |
  MAP_HUGETLB |
  MAP_32BIT;

/**
 * mmap(2): the address, or the error of the first check that fails (section 2 of the semantics). MAP_POPULATE and
 * VM_LOCKED fault pages in afterwards, whatever comes of it. MAP_HUGETLB is for files of hugetlbfs (3.12 and later, `ksys_mmap_pgoff`),
 * and nobody has set huge pages aside for anonymous memory.
 */
export function mmap(mm: Mm, request: MmapRequest): UserResult {
  return userAction(mm.system, mm, (): Outcome => {
    const offset = ulong(request.offset ?? 0n);
    if (!isPageAligned(offset)) return fail(errno.EINVAL);
    if (request.flags & MAP_HUGETLB && atLeast(mm.system.version, 3, 12)) return fail(request.file ? errno.EINVAL : errno.ENOMEM);
    const address = withMmapLock(mm, 'write', () => do_mmap(mm, request, offset >> PAGE_SHIFT));
    if (isErrorValue(address)) return fail(Number(ulong(-address)));
    const vma = mm.lookup(address);
    if (!hasFault(mm.system.version)) populateByDriver(mm, request, address);
    const populate = hasFault(mm.system.version) && (request.flags & (MAP_POPULATE | MAP_NONBLOCK)) === MAP_POPULATE;
    if (vma && (populate || asksForLock(mm, request.flags))) {
      mm_populate(mm, address, pageAlign(request.length));
    }
    return ok(ulong(address));
  });
}

/** MAP_POPULATE up to 2.6.22: what the driver's `populate` makes of it, if it has one. */
function populateByDriver(mm: Mm, { flags, length }: MmapRequest, address: bigint): void {
  if (flags & MAP_POPULATE && hasPopulate(mm.system.version)) populateOnMmap(mm, address, length, (flags & MAP_NONBLOCK) !== 0);
}

/** Whether the pages are to be locked; they are brought in even where the driver's flags take VM_LOCKED away again. */
function asksForLock(mm: Mm, flags: number): boolean {
  return (flags & MAP_LOCKED) !== 0 || (mm.defFlags & VM_LOCKED) !== 0n;
}

/** `do_mmap`: the address, or a negative error number. `pgoff` counts pages; the mmap lock is held for writing. */
export function do_mmap(mm: Mm, request: MmapRequest, pgoff: bigint): bigint {
  const { file, prot } = request;
  let flags = request.flags;
  if (request.length === 0n) return BigInt(-errno.EINVAL);
  const keepsOld = (flags & MAP_FIXED_NOREPLACE) !== 0 && atLeast(mm.system.version, 4, 17);
  if (keepsOld) flags |= MAP_FIXED;
  const length = pageAlign(ulong(request.length));
  if (length === 0n) return BigInt(-errno.ENOMEM);
  if (ulong(pgoff + (length >> PAGE_SHIFT)) < pgoff) return BigInt(-errno.EOVERFLOW);
  if (mm.vmas.length > maxMapCount) return BigInt(-errno.ENOMEM);
  let vmFlags = protToVmFlags(prot) | flagsToVmFlags(flags, mm.system.version) | mm.defFlags | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;
  const address = get_unmapped_area(mm, file, request.address ?? 0n, length, pgoff, flags);
  if (address < 0n) return address;
  if (keepsOld && mm.overlapping(address, address + length).length > 0) return BigInt(-errno.EEXIST);
  if (flags & MAP_LOCKED && mm.memlockLimit === 0n) return BigInt(-errno.EPERM);
  if (vmFlags & VM_LOCKED && !mayLock(mm, length)) return BigInt(-errno.EAGAIN);
  const checked = file ? fileFlags(mm, file, prot, flags, vmFlags, pgoff, length) : anonymousFlags(flags, vmFlags);
  if (typeof checked === 'number') return BigInt(checked);
  vmFlags = checked;
  if (flags & MAP_NORESERVE) vmFlags |= VM_NORESERVE;
  const anonymousPgoff = vmFlags & VM_SHARED ? 0n : address >> PAGE_SHIFT;
  return mmap_region(mm, { file, start: address, end: address + length, flags: vmFlags, pgoff: file ? pgoff : anonymousPgoff });
}

/** `mlock_future_ok`: whether `length` more bytes may be locked. */
function mayLock(mm: Mm, length: bigint): boolean {
  if (mm.memlockLimit === undefined) return true;
  const locked = mm.vmas.filter((vma) => vma.vm_flags & VM_LOCKED).reduce((sum, vma) => sum + vmaSize(vma), 0n);
  return locked + length <= mm.memlockLimit;
}

/** `calc_vm_flag_bits`. MAP_SYNC came with 4.15; stacks are kept from huge pages from 6.7 on. */
function flagsToVmFlags(flags: number, version: KernelVersion): bigint {
  const stack = flags & MAP_STACK && atLeast(version, 6, 7) ? VM_NOHUGEPAGE : 0n;
  const sync = flags & MAP_SYNC && atLeast(version, 4, 15) ? VM_SYNC : 0n;
  return (flags & MAP_GROWSDOWN ? VM_GROWSDOWN : 0n) | (flags & MAP_LOCKED ? VM_LOCKED : 0n) | sync | stack;
}

/** `file_mmap_ok` for a character device (4.17 and later): the byte range must fit an unsigned long. */
function fileMmapOk(version: KernelVersion, file: MmFile, pgoff: bigint, length: bigint): boolean {
  if (file.unsignedOffset || !atLeast(version, 4, 17)) return true;
  return length <= ULONG_MAX && pgoff <= (ULONG_MAX - length) >> PAGE_SHIFT;
}

/** The checks for a file mapping, in the kernel's order: the vma flags, or a negative error number. */
function fileFlags(mm: Mm, file: MmFile, prot: number, flags: number, start: bigint, pgoff: bigint, length: bigint): bigint | number {
  const { version } = mm.system;
  let vmFlags = start;
  if (!fileMmapOk(version, file, pgoff, length)) return -errno.EOVERFLOW;
  const type = flags & MAP_TYPE;
  if (type === MAP_SHARED || (type === MAP_SHARED_VALIDATE && atLeast(version, 4, 15))) {
    const known = LEGACY_MAP_MASK | (file.ops.mmap_supported_flags ?? 0);
    if (type === MAP_SHARED_VALIDATE && flags & ~known) return -errno.EOPNOTSUPP;
    if (prot & PROT_WRITE && !file.mode.write) return -errno.EACCES;
    vmFlags |= VM_SHARED | VM_MAYSHARE;
    if (!file.mode.write) vmFlags &= ~(VM_MAYWRITE | VM_SHARED);
  } else if (type !== MAP_PRIVATE) {
    return -errno.EINVAL;
  }
  if (!file.mode.read) return -errno.EACCES;
  if (file.noexec) {
    if (vmFlags & VM_EXEC) return -errno.EPERM;
    vmFlags &= ~VM_MAYEXEC;
  }
  if (!hasHandler(mm.system, file)) return -errno.ENODEV;
  if (vmFlags & VM_GROWSDOWN) return -errno.EINVAL;
  return vmFlags;
}

/** `can_mmap_file`: one of `mmap` and, from 6.16 on, `mmap_prepare`; both are a mistake that the kernel warns about. */
function hasHandler(system: System, file: MmFile): boolean {
  const prepare = atLeast(system.version, 6, 16) && file.ops.mmap_prepare !== undefined;
  if (prepare && file.ops.mmap) {
    system.warnOnce({
      kind: 'warning',
      message: `${file.ops.table} has both mmap and mmap_prepare, so the file cannot be mapped. Keep one of them.`,
      kernelLog: 'WARNING: at include/linux/fs.h can_mmap_file',
      where: { function: 'can_mmap_file', file: 'include/linux/fs.h' },
      rule: 'S2.7',
    });
    return false;
  }
  return prepare || file.ops.mmap !== undefined;
}

function anonymousFlags(flags: number, vmFlags: bigint): bigint | number {
  const type = flags & MAP_TYPE;
  if (type === MAP_PRIVATE) return vmFlags;
  if (type !== MAP_SHARED) return -errno.EINVAL;
  return vmFlags & VM_GROWSDOWN ? -errno.EINVAL : vmFlags | VM_SHARED | VM_MAYSHARE;
}
