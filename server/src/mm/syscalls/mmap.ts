/**
 * mmap(2) up to the driver (`do_mmap`, mm/mmap.c).
 */
import { withMmapLock } from '../driver-call.ts';
import { errno, isErrorValue } from '../errno.ts';
import type { MmFile } from '../file.ts';
import {
  MAP_FIXED,
  MAP_FIXED_NOREPLACE,
  MAP_GROWSDOWN,
  MAP_LOCKED,
  MAP_NONBLOCK,
  MAP_NORESERVE,
  MAP_POPULATE,
  MAP_PRIVATE,
  MAP_SHARED,
  MAP_SHARED_VALIDATE,
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
  VM_NORESERVE,
  VM_SHARED,
} from '../flags.ts';
import type { Mm } from '../mm.ts';
import { fail, type Outcome, ok, type UserResult, userAction } from '../outcome.ts';
import { get_unmapped_area } from '../tables/address-space.ts';
import { isPageAligned, PAGE_SHIFT, pageAlign, ULONG_MAX, ulong } from '../units.ts';
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

/** `MAP_*` flags that old kernels know; others need MAP_SHARED_VALIDATE. */
const legacyMapMask = 0x1f_f1ff & ~MAP_SYNC & ~0x10_0000;

/**
 * mmap(2): the address, or the error of the first check that fails (section 2 of the semantics). MAP_POPULATE and
 * VM_LOCKED fault pages in afterwards, whatever comes of it.
 */
export function mmap(mm: Mm, request: MmapRequest): UserResult {
  return userAction(mm.system, mm, (): Outcome => {
    const offset = ulong(request.offset ?? 0n);
    if (!isPageAligned(offset)) return fail(errno.EINVAL);
    const address = withMmapLock(mm, 'write', () => do_mmap(mm, request, offset >> PAGE_SHIFT));
    if (isErrorValue(address)) return fail(Number(ulong(-address)));
    const vma = mm.lookup(address);
    const populate = (request.flags & (MAP_POPULATE | MAP_NONBLOCK)) === MAP_POPULATE;
    if (vma && (populate || (protOfLocked(mm, request.flags) && vma.vm_flags & VM_LOCKED))) {
      mm_populate(mm, address, pageAlign(request.length));
    }
    return ok(ulong(address));
  });
}

function protOfLocked(mm: Mm, flags: number): boolean {
  return (flags & MAP_LOCKED) !== 0 || (mm.defFlags & VM_LOCKED) !== 0n;
}

function do_mmap(mm: Mm, request: MmapRequest, pgoff: bigint): bigint {
  const { file, prot } = request;
  let flags = request.flags;
  if (request.length === 0n) return BigInt(-errno.EINVAL);
  if (flags & MAP_FIXED_NOREPLACE) flags |= MAP_FIXED;
  const length = pageAlign(ulong(request.length));
  if (length === 0n) return BigInt(-errno.ENOMEM);
  if (ulong(pgoff + (length >> PAGE_SHIFT)) < pgoff) return BigInt(-errno.EOVERFLOW);
  if (mm.vmas.length > maxMapCount) return BigInt(-errno.ENOMEM);
  let vmFlags = protToVmFlags(prot) | flagsToVmFlags(flags) | mm.defFlags | VM_MAYREAD | VM_MAYWRITE | VM_MAYEXEC;
  const address = get_unmapped_area(mm, file, request.address ?? 0n, length, pgoff, flags);
  if (address < 0n) return address;
  if (flags & MAP_FIXED_NOREPLACE && mm.overlapping(address, address + length).length > 0) return BigInt(-errno.EEXIST);
  const checked = file ? fileFlags(file, prot, flags, vmFlags, pgoff, length) : anonymousFlags(flags, vmFlags);
  if (typeof checked === 'number') return BigInt(checked);
  vmFlags = checked;
  if (flags & MAP_NORESERVE) vmFlags |= VM_NORESERVE;
  const anonymousPgoff = vmFlags & VM_SHARED ? 0n : address >> PAGE_SHIFT;
  return mmap_region(mm, { file, start: address, end: address + length, flags: vmFlags, pgoff: file ? pgoff : anonymousPgoff });
}

/** `calc_vm_flag_bits`. */
function flagsToVmFlags(flags: number): bigint {
  return (flags & MAP_GROWSDOWN ? VM_GROWSDOWN : 0n) | (flags & MAP_LOCKED ? VM_LOCKED : 0n);
}

/** `file_mmap_ok` for a character device (4.17 and later): the byte range must fit an unsigned long. */
function fileMmapOk(file: MmFile, pgoff: bigint, length: bigint): boolean {
  if (file.unsignedOffset) return true;
  return length <= ULONG_MAX && pgoff <= (ULONG_MAX - length) >> PAGE_SHIFT;
}

/** The checks for a file mapping, in the kernel's order: the vma flags, or a negative error number. */
function fileFlags(file: MmFile, prot: number, flags: number, start: bigint, pgoff: bigint, length: bigint): bigint | number {
  let vmFlags = start;
  if (!fileMmapOk(file, pgoff, length)) return -errno.EOVERFLOW;
  const type = flags & MAP_TYPE;
  if (type === MAP_SHARED || type === MAP_SHARED_VALIDATE) {
    if (type === MAP_SHARED_VALIDATE && flags & ~(legacyMapMask | MAP_FIXED | MAP_TYPE)) return -errno.EOPNOTSUPP;
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
  const handlers = [file.ops.mmap, file.ops.mmap_prepare].filter((each) => each !== undefined).length;
  if (handlers !== 1) return -errno.ENODEV;
  if (vmFlags & VM_GROWSDOWN) return -errno.EINVAL;
  return vmFlags;
}

function anonymousFlags(flags: number, vmFlags: bigint): bigint | number {
  const type = flags & MAP_TYPE;
  if (type === MAP_PRIVATE) return vmFlags;
  if (type !== MAP_SHARED) return -errno.EINVAL;
  return vmFlags & VM_GROWSDOWN ? -errno.EINVAL : vmFlags | VM_SHARED | VM_MAYSHARE;
}
