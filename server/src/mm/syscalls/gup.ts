/**
 * Reaching user memory from elsewhere: get_user_pages (direct I/O, DMA), ptrace and /proc/PID/mem, process_vm_readv
 * (mm/gup.c, mm/memory.c, mm/process_vm_access.c).
 */
import { callVmOp, withMmapLock } from '../driver-call.ts';
import { errno } from '../errno.ts';
import { handle_mm_fault } from '../fault/handle-mm-fault.ts';
import {
  FAULT_FLAG_REMOTE,
  FAULT_FLAG_WRITE,
  isCowMapping,
  VM_FAULT_ERROR,
  VM_FAULT_OOM,
  VM_IO,
  VM_MAYREAD,
  VM_PFNMAP,
  VM_READ,
  VM_WRITE,
} from '../flags.ts';
import type { Mm } from '../mm.ts';
import { fail, fromInt, type Outcome, ok, type UserResult, userAction } from '../outcome.ts';
import { isWritable } from '../pgprot.ts';
import { changeCounts, get_page, put_page } from '../physical/counts.ts';
import { zeroPfn } from '../physical/memory.ts';
import { isNormalRun } from '../tables/vm-normal-page.ts';
import { offsetInPage, PAGE_BYTES, pageOf } from '../units.ts';
import type { Vma } from '../vma.ts';

/** FOLL_WRITE, FOLL_FORCE, FOLL_REMOTE. */
export interface GupFlags {
  readonly write?: boolean;
  readonly force?: boolean;
  readonly remote?: boolean;
}

/** How often one page is faulted before get_user_pages gives up. */
const attempts = 8;

/** `check_vma_flags`: EFAULT for VM_IO and VM_PFNMAP, and where the access is not allowed. */
function check_vma_flags(vma: Vma, flags: GupFlags): number {
  if (vma.vm_flags & (VM_IO | VM_PFNMAP)) return -errno.EFAULT;
  if (flags.write) {
    if ((vma.vm_flags & VM_WRITE) === 0n && !(flags.force && isCowMapping(vma.vm_flags))) return -errno.EFAULT;
  } else if ((vma.vm_flags & VM_READ) === 0n && !(flags.force && vma.vm_flags & VM_MAYREAD)) return -errno.EFAULT;
  return 0;
}

/** `follow_page_pte` and `faultin_page`: the page at `address` with a reference taken, or a negative error number. */
function getUserPage(mm: Mm, address: bigint, flags: GupFlags): { readonly pfn: number } | { readonly error: number } {
  const vma = mm.lookup(address);
  if (!vma) return { error: -errno.EFAULT };
  const refused = check_vma_flags(vma, flags);
  if (refused !== 0) return { error: refused };
  const page = pageOf(address);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const pte = mm.table.get(page);
    const forced = flags.force && pte?.dirty && isCowMapping(vma.vm_flags);
    if (pte && (!flags.write || isWritable(pte.prot) || forced)) {
      if (pte.pfn === zeroPfn && pte.special) return { pfn: zeroPfn };
      if (!isNormalRun(vma, { start: page, end: page + 1, value: pte })) return { error: -errno.EEXIST };
      get_page(mm.system, BigInt(pte.pfn));
      return { pfn: pte.pfn };
    }
    const fault = (flags.write ? FAULT_FLAG_WRITE : 0) | (flags.remote ? FAULT_FLAG_REMOTE : 0);
    const result = handle_mm_fault(vma, address, fault);
    if (result & VM_FAULT_ERROR) return { error: result & VM_FAULT_OOM ? -errno.ENOMEM : -errno.EFAULT };
  }
  return { error: -errno.EFAULT };
}

/** A get_user_pages call: the pfns that were got, each with a reference. */
export interface GupResult extends UserResult {
  readonly pfns: readonly bigint[];
}

/**
 * get_user_pages on `pages` pages from `address`: the value is how many were got; with none, the error of the first.
 * EFAULT for VM_IO and VM_PFNMAP mappings; pages put in by vm_insert_page work.
 */
export function get_user_pages(mm: Mm, address: bigint, pages: number, flags: GupFlags = {}): GupResult {
  const pfns: bigint[] = [];
  const result = userAction(mm.system, mm, () =>
    withMmapLock(mm, 'read', (): Outcome => {
      for (let index = 0; index < pages; index++) {
        const got = getUserPage(mm, address + BigInt(index * PAGE_BYTES), flags);
        if ('error' in got) return pfns.length > 0 ? ok(BigInt(pfns.length)) : fromInt(got.error);
        pfns.push(BigInt(got.pfn));
      }
      return ok(BigInt(pfns.length));
    }),
  );
  return { ...result, pfns };
}

/** Gives the references of `get_user_pages` back (`put_page`, `unpin_user_pages`). */
export function putUserPages(mm: Mm, pfns: readonly bigint[]): void {
  for (const pfn of pfns) if (pfn !== BigInt(zeroPfn)) put_page(mm.system, pfn, 'put_page');
}

/** Bytes read by another process. */
export interface RemoteAccess extends UserResult {
  readonly bytes: Uint8Array;
}

/**
 * `access_remote_vm`: ptrace and /proc/PID/mem. Where get_user_pages fails, `vm_ops->access` is used; with neither, EIO.
 * The value is the number of bytes done.
 */
export function accessRemote(mm: Mm, address: bigint, buffer: Uint8Array, write: boolean): RemoteAccess {
  const result = userAction(mm.system, mm, () =>
    withMmapLock(mm, 'read', (): Outcome => {
      let done = 0;
      while (done < buffer.length) {
        const here = address + BigInt(done);
        const part = buffer.subarray(done, done + Math.min(buffer.length - done, PAGE_BYTES - offsetInPage(here)));
        const bytes = accessOnePage(mm, here, part, write) ?? accessByHandler(mm, here, buffer.subarray(done), write);
        if (bytes <= 0) break;
        done += bytes;
      }
      return done > 0 ? ok(BigInt(done)) : fail(errno.EIO);
    }),
  );
  return { ...result, bytes: buffer };
}

function accessOnePage(mm: Mm, address: bigint, part: Uint8Array, write: boolean): number | undefined {
  const got = getUserPage(mm, address, { write, force: true, remote: true });
  if ('error' in got) return undefined;
  const memory = mm.system.memory;
  if (write) memory.write(got.pfn, offsetInPage(address), part);
  else part.set(memory.read(got.pfn, offsetInPage(address), part.length).bytes);
  if (got.pfn !== zeroPfn) changeCounts(mm.system, { start: got.pfn, end: got.pfn + 1 }, { refcount: -1, mapcount: 0 }, 'put_page');
  return part.length;
}

function accessByHandler(mm: Mm, address: bigint, buffer: Uint8Array, write: boolean): number {
  const vma = mm.lookup(address);
  const callback = vma?.vm_ops?.access;
  if (!vma || !callback || !mm.system.config.ioremapProt) return 0;
  return callVmOp(vma, 'access', () => callback(vma, address, buffer, write));
}

/** process_vm_readv and process_vm_writev: get_user_pages only, so EFAULT for VM_IO and VM_PFNMAP mappings. */
export function processVmAccess(mm: Mm, address: bigint, buffer: Uint8Array, write: boolean): RemoteAccess {
  const result = userAction(mm.system, mm, () =>
    withMmapLock(mm, 'read', (): Outcome => {
      let done = 0;
      while (done < buffer.length) {
        const here = address + BigInt(done);
        const got = getUserPage(mm, here, { write, remote: true });
        if ('error' in got) return done > 0 ? ok(BigInt(done)) : fail(errno.EFAULT);
        const part = buffer.subarray(done, done + Math.min(buffer.length - done, PAGE_BYTES - offsetInPage(here)));
        if (write) mm.system.memory.write(got.pfn, offsetInPage(here), part);
        else part.set(mm.system.memory.read(got.pfn, offsetInPage(here), part.length).bytes);
        putUserPages(mm, [BigInt(got.pfn)]);
        done += part.length;
      }
      return ok(BigInt(done));
    }),
  );
  return { ...result, bytes: buffer };
}
