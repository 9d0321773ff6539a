/**
 * Reaching user memory from elsewhere: get_user_pages (direct I/O, DMA), ptrace and /proc/PID/mem, process_vm_readv
 * (mm/gup.c, mm/memory.c, mm/process_vm_access.c).
 */
import { callVmOp, withMmapLock } from '../driver-call.ts';
import { errno } from '../errno.ts';
import { type GupFlags, putUserPage, userPage, userPages } from '../fault/user-pages.ts';
import type { Mm } from '../mm.ts';
import { fail, fromInt, type Outcome, ok, type UserResult, userAction } from '../outcome.ts';
import { at } from '../problem.ts';
import { hex, offsetInPage, PAGE_BYTES } from '../units.ts';

/** A get_user_pages call: the pfns that were got, each with a reference. */
export interface GupResult extends UserResult {
  readonly pfns: readonly bigint[];
}

/**
 * get_user_pages on `pages` pages from `address`: the value is how many were got; with none, the error of the first.
 * EFAULT for VM_IO and VM_PFNMAP mappings, where a `fast` call gets private copies; pages put in by vm_insert_page work.
 */
export function get_user_pages(mm: Mm, address: bigint, pages: number, flags: GupFlags = {}): GupResult {
  let pfns: readonly bigint[] = [];
  const result = userAction(mm.system, mm, () =>
    withMmapLock(mm, 'read', (): Outcome => {
      const got = userPages(mm, address, pages, flags);
      pfns = got.pfns;
      return got.error === undefined ? ok(BigInt(pfns.length)) : fromInt(got.error);
    }),
  );
  return { ...result, pfns };
}

/** Gives the references of `get_user_pages` with these flags back (`put_page`, `unpin_user_pages`). */
export function putUserPages(mm: Mm, pfns: readonly bigint[], flags: GupFlags = {}): void {
  for (const pfn of pfns) putUserPage(mm.system, Number(pfn), flags, flags.write);
}

/** Bytes read by another process. */
export interface RemoteAccess extends UserResult {
  readonly bytes: Uint8Array;
}

/**
 * `access_remote_vm` as ptrace calls it. Where get_user_pages fails, `vm_ops->access` is used; with neither, EIO.
 * The value is the number of bytes done.
 */
export function accessRemote(mm: Mm, address: bigint, buffer: Uint8Array, write: boolean): RemoteAccess {
  const result = userAction(mm.system, mm, () => {
    const done = access_remote_vm(mm, address, buffer, { write, force: true });
    return done > 0 ? ok(BigInt(done)) : fail(errno.EIO);
  });
  return { ...result, bytes: buffer };
}

/** `access_remote_vm`: the number of bytes up to the first that cannot be reached; FOLL_FORCE is not among the flags by itself. */
export function access_remote_vm(mm: Mm, address: bigint, buffer: Uint8Array, flags: GupFlags): number {
  return withMmapLock(mm, 'read', () => {
    let done = 0;
    while (done < buffer.length) {
      const here = address + BigInt(done);
      const part = buffer.subarray(done, done + Math.min(buffer.length - done, PAGE_BYTES - offsetInPage(here)));
      const bytes = accessOnePage(mm, here, part, flags) ?? accessByHandler(mm, here, buffer.subarray(done), flags.write === true);
      if (bytes <= 0) break;
      done += bytes;
    }
    return done;
  });
}

/** `mem_rw` (fs/proc/base.c): a page at a time, and what could not be reached at the end is tried once more. */
export function accessMem(mm: Mm, address: bigint, buffer: Uint8Array, write: boolean): RemoteAccess {
  const result = userAction(mm.system, mm, () => {
    let done = 0;
    while (done < buffer.length) {
      const bytes = access_remote_vm(mm, address + BigInt(done), buffer.subarray(done, done + PAGE_BYTES), { write, force: true });
      if (bytes === 0) break;
      done += bytes;
    }
    return done > 0 ? ok(BigInt(done)) : fail(errno.EIO);
  });
  return { ...result, bytes: buffer };
}

/** `copy_from_user_page` and `copy_to_user_page` use the kernel's own mapping, which memory that was set aside at boot is not in. */
function accessOnePage(mm: Mm, address: bigint, part: Uint8Array, flags: GupFlags): number | undefined {
  const got = userPage(mm, address, { ...flags, remote: true });
  if ('error' in got) return undefined;
  const memory = mm.system.memory;
  if (!memory.inDirectMap(got.pfn)) {
    mm.system.stop({
      kind: 'oops',
      message: `Another process reaches for page ${hex(got.pfn)} behind ${hex(address)}. The page is memory that was set aside at boot, which the kernel's own mapping of memory leaves out: the kernel oopses. Map such memory without struct pages, by remap_pfn_range or vmf_insert_pfn.`,
      kernelLog: 'BUG: unable to handle page fault',
      where: { function: '__access_remote_vm', file: 'mm/memory.c' },
      ...at(mm.lookup(address), address),
      pfn: BigInt(got.pfn),
    });
  }
  if (flags.write) memory.write(got.pfn, offsetInPage(address), part);
  else part.set(memory.read(got.pfn, offsetInPage(address), part.length).bytes);
  putUserPage(mm.system, got.pfn, {}, flags.write);
  return part.length;
}

function accessByHandler(mm: Mm, address: bigint, buffer: Uint8Array, write: boolean): number {
  const vma = mm.lookup(address);
  const callback = vma?.vm_ops?.access;
  if (!vma || !callback || !mm.system.config.ioremapProt) return 0;
  return callVmOp(vma, 'access', () => callback(vma, address, buffer, write));
}

/**
 * process_vm_readv and process_vm_writev: get_user_pages only, so EFAULT for VM_IO and VM_PFNMAP mappings, and for pages that the kernel's
 * own mapping leaves out, which the copy recovers from.
 */
export function processVmAccess(mm: Mm, address: bigint, buffer: Uint8Array, write: boolean): RemoteAccess {
  const flags: GupFlags = { write, remote: true, pin: true };
  const result = userAction(mm.system, mm, () =>
    withMmapLock(mm, 'read', (): Outcome => {
      let done = 0;
      // Pages that the call of get_user_pages got which is under way; the next one begins with the page that it could not get.
      let gotByCall = 0;
      while (done < buffer.length) {
        const here = address + BigInt(done);
        const got = userPage(mm, here, flags);
        if ('error' in got && gotByCall > 0) {
          gotByCall = 0;
          continue;
        }
        gotByCall += 1;
        if (!('error' in got) && !mm.system.memory.inDirectMap(got.pfn)) putUserPage(mm.system, got.pfn, flags);
        if ('error' in got || !mm.system.memory.inDirectMap(got.pfn)) return done > 0 ? ok(BigInt(done)) : fail(errno.EFAULT);
        const part = buffer.subarray(done, done + Math.min(buffer.length - done, PAGE_BYTES - offsetInPage(here)));
        if (write) mm.system.memory.write(got.pfn, offsetInPage(here), part);
        else part.set(mm.system.memory.read(got.pfn, offsetInPage(here), part.length).bytes);
        putUserPage(mm.system, got.pfn, flags, write);
        done += part.length;
      }
      return ok(BigInt(done));
    }),
  );
  return { ...result, bytes: buffer };
}
