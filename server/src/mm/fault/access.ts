/**
 * Reads and writes by a user program: what the processor does with the page table, and the fault that follows where it
 * cannot (`do_user_addr_fault`, arch/x86/mm/fault.c).
 */
import { atLeast, type KernelVersion } from '../../kernel/version.ts';
import { withMmapLock } from '../driver-call.ts';
import { errno } from '../errno.ts';
import {
  FAULT_FLAG_ALLOW_RETRY,
  FAULT_FLAG_DEFAULT,
  FAULT_FLAG_TRIED,
  FAULT_FLAG_USER,
  FAULT_FLAG_VMA_LOCK,
  FAULT_FLAG_WRITE,
  VM_FAULT_COMPLETED,
  VM_FAULT_ERROR,
  VM_FAULT_HWPOISON,
  VM_FAULT_HWPOISON_LARGE,
  VM_FAULT_OOM,
  VM_FAULT_RETRY,
  VM_FAULT_SIGBUS,
  VM_FAULT_SIGSEGV,
} from '../flags.ts';
import type { Mm, MmapLock } from '../mm.ts';
import { fail, type Outcome, ok, type SignalName, type UserResult, userAction } from '../outcome.ts';
import { isAccessible, isForUser, isWritable } from '../pgprot.ts';
import type { Allocation } from '../physical/allocation.ts';
import { at } from '../problem.ts';
import type { Pte } from '../tables/page-table.ts';
import { changePtes } from '../tables/set-ptes.ts';
import { addressOf, hex, offsetInPage, PAGE_BYTES, pageOf } from '../units.ts';
import type { Vma } from '../vma.ts';
import { newFault } from './context.ts';
import { accessForbidden, handle_mm_fault, handleFault } from './handle-mm-fault.ts';
import { checkReached } from './reached.ts';

/** How often the processor may fault on one access before the model calls it endless. */
const maximumFaults = 12;

/** What an access reached. */
export interface Reached {
  readonly bytes: Uint8Array;
  readonly pfn: bigint;
  /** What the memory is: its allocation, anonymous memory, the page of zeros. */
  readonly memory: Allocation | 'anonymous' | 'zero' | 'unknown';
}

/** An access and, when it succeeded, what it reached. */
export interface AccessResult extends UserResult {
  readonly reached?: Reached;
  /** Page faults taken on the way. */
  readonly faults: number;
}

type PageAccess =
  | { readonly kind: 'pte'; readonly pte: Pte; readonly faults: number }
  | { readonly kind: 'signal'; readonly signal: SignalName; readonly why: string; readonly faults: number };

/** Whether the processor makes the access through an entry with this protection without a fault. */
function isUsable(prot: bigint, write: boolean, user: boolean): boolean {
  return isAccessible(prot) && (!user || isForUser(prot)) && (!write || isWritable(prot));
}

/**
 * The entry through which the processor can make the access, or the signal that the program gets. `together`: another thread makes the
 * same access at the same moment, has found no entry either, and asks the driver once this one is done (S4.10).
 */
function reachPage(mm: Mm, address: bigint, write: boolean, user: boolean, together = false): PageAccess {
  const page = pageOf(address);
  let flags = FAULT_FLAG_DEFAULT | (user ? FAULT_FLAG_USER : 0) | (write ? FAULT_FLAG_WRITE : 0);
  let leaked = false;
  for (let faults = 0; faults < maximumFaults; faults++) {
    const pte = mm.table.get(page);
    if (pte && isUsable(pte.prot, write, user)) return { kind: 'pte', pte, faults };
    if (!user && mm.faultsDisabled > 0) {
      return { kind: 'signal', signal: 'SIGSEGV', why: 'Page faults are switched off, and no entry is there.', faults };
    }
    if (mm.mmapLock === 'write') deadlock(mm, address);
    const vma = mm.lookup(address);
    if (!vma) return { kind: 'signal', signal: 'SIGSEGV', why: `Nothing is mapped at ${hex(address)}.`, faults };
    if (accessForbidden(vma, write)) {
      return { kind: 'signal', signal: 'SIGSEGV', why: `The mapping does not allow ${write ? 'writes' : 'reads'}.`, faults };
    }
    // `access_error`: the entry is there and no write meets it. A write faults for ever.
    if (!write && user && pte && isAccessible(pte.prot)) {
      return { kind: 'signal', signal: 'SIGSEGV', why: 'The protection of the entry is that of the kernel alone.', faults };
    }
    const lock = faultLock(vma, user);
    const faultFlags = lock === 'vma' ? flags | FAULT_FLAG_VMA_LOCK : flags;
    const other = together && faults === 0 && !pte && vma.vm_ops ? newFault(vma, address, faultFlags) : undefined;
    const first = withMmapLock(mm, lock, () => handle_mm_fault(vma, address, faultFlags));
    const isAnswered = other && (first & (VM_FAULT_ERROR | VM_FAULT_RETRY)) === 0;
    const result = isAnswered ? withMmapLock(mm, lock, () => handleFault(other)) : first;
    // Both mean that the processor tries the access again; a negative error number has both bits.
    if (result & VM_FAULT_COMPLETED && atLeast(mm.system.version, 6, 0)) continue;
    if (result & VM_FAULT_RETRY) flags = (flags & ~FAULT_FLAG_ALLOW_RETRY) | FAULT_FLAG_TRIED;
    else if (user && result & VM_FAULT_OOM && retriesOutOfMemory(mm.system.version)) leaked = true;
    else if (result & VM_FAULT_ERROR) return { kind: 'signal', ...signalOf(vma, address, result), faults: faults + 1 };
  }
  const vma = mm.lookup(address);
  return mm.system.stop({
    kind: 'endless-fault',
    message: `The ${write ? 'write' : 'read'} at ${hex(address)} faults again and again: the handler says that it has mapped the page, but no usable entry is there afterwards. The program hangs and uses a processor fully until it is killed.`,
    ...(leaked ? { kernelLog: 'Huh VM_FAULT_OOM leaked out to the #PF handler. Retrying PF' } : {}),
    where: { function: 'do_user_addr_fault', file: 'arch/x86/mm/fault.c' },
    ...at(vma, address),
  });
}

/**
 * The lock under which a fault of a user program runs: the vma's own where the driver has `map_pages` (6.6 and later, S4.9),
 * else the mmap lock for reading.
 */
function faultLock(vma: Vma, user: boolean): MmapLock {
  return user && vma.vm_ops?.map_pages && atLeast(vma.vm_mm.system.version, 6, 6) ? 'vma' : 'read';
}

/** `pagefault_out_of_memory` (5.16 and later) kills nobody: the program faults again. */
function retriesOutOfMemory(version: KernelVersion): boolean {
  return atLeast(version, 5, 16);
}

/** `mm_fault_error`: what the program gets for a fault that failed. VM_FAULT_FALLBACK alone is a BUG. */
function signalOf(vma: Vma, address: bigint, result: number): { readonly signal: SignalName; readonly why: string } {
  if (result & VM_FAULT_OOM) return { signal: 'SIGKILL', why: 'The fault handler reports that memory ran out (VM_FAULT_OOM).' };
  if (result & (VM_FAULT_SIGBUS | VM_FAULT_HWPOISON | VM_FAULT_HWPOISON_LARGE)) {
    return { signal: 'SIGBUS', why: 'No page can be provided for the address (VM_FAULT_SIGBUS).' };
  }
  if (result & VM_FAULT_SIGSEGV) return { signal: 'SIGSEGV', why: 'The fault handler refuses the address (VM_FAULT_SIGSEGV).' };
  return vma.vm_mm.system.stop({
    kind: 'bug',
    message: 'A fault handler for pages returns VM_FAULT_FALLBACK. Only huge_fault may ask for smaller pages, so the kernel stops.',
    kernelLog: 'kernel BUG at arch/x86/mm/fault.c!',
    where: { function: 'do_user_addr_fault', file: 'arch/x86/mm/fault.c' },
    rule: 'S4.7',
    ...at(vma, address),
  });
}

function deadlock(mm: Mm, address: bigint): never {
  return mm.system.stop({
    kind: 'deadlock',
    message: `User memory at ${hex(address)} is accessed and faults while the mmap lock is held for writing. The fault needs the lock for reading, so the task waits for itself. Copy to and from user space before or after the mapping call, without the lock.`,
    where: { function: 'do_user_addr_fault', file: 'arch/x86/mm/fault.c' },
    rule: 'S13.3',
    killable: waitsKillably(mm.system.version),
    ...at(mm.lookup(address), address),
  });
}

/** `lock_mm_and_find_vma` waits for the mmap lock so that SIGKILL ends it: 6.5 and later, and 6.1.37 and later of that series. */
function waitsKillably(version: KernelVersion): boolean {
  return atLeast(version, 6, 5) || (atLeast(version, 6, 1, 37) && !atLeast(version, 6, 2));
}

/** One access inside one page; marks the entry dirty for a write. */
function accessPage(
  mm: Mm,
  address: bigint,
  write: Uint8Array | undefined,
  length: number,
  user: boolean,
  together = false,
): PageAccess & { readonly reached?: Reached } {
  const found = reachPage(mm, address, write !== undefined, user, together);
  if (found.kind === 'signal') return found;
  const memory = mm.system.memory;
  const pfn = found.pte.pfn;
  const offset = offsetInPage(address);
  const read = memory.read(pfn, offset, length);
  checkReached(mm, address, found.pte, write !== undefined, read.initialised);
  if (write) {
    memory.write(pfn, offset, write);
    const page = pageOf(address);
    changePtes(mm, page, page + 1, (run) => ({ ...run.value, dirty: true, young: true }), 'processor');
  }
  const use = memory.page(pfn)?.use;
  const owner = use === 'anonymous' || use === 'zero' ? use : (memory.owner(pfn) ?? 'unknown');
  return { ...found, reached: { bytes: write ?? read.bytes, pfn: BigInt(pfn), memory: owner } };
}

/**
 * A user program reads `length` bytes at `address`, or writes `write` there; the access must lie in one page.
 * `together`: another thread does the same at the same moment. Returns SIGSEGV, SIGBUS, a hang, or what was read.
 */
export function access(
  mm: Mm,
  address: bigint,
  kind: 'read' | 'write',
  options: { readonly length?: number; readonly bytes?: Uint8Array; readonly together?: boolean } = {},
): AccessResult {
  let reached: Reached | undefined;
  let faults = 0;
  const write = kind === 'write' ? (options.bytes ?? new Uint8Array(options.length ?? 1).fill(0x41)) : undefined;
  const wanted = write?.length ?? options.length ?? 1;
  const length = Math.min(wanted, PAGE_BYTES - offsetInPage(address));
  const result = userAction(mm.system, mm, () => {
    const done = accessPage(mm, address, write?.subarray(0, length), length, true, options.together);
    faults = done.faults;
    if (done.kind === 'signal') return { kind: 'signal', signal: done.signal, why: done.why };
    reached = done.reached;
    return ok();
  });
  return { ...result, faults, ...(reached ? { reached } : {}) };
}

/** The first page of a range that could not be reached, or the whole range. */
export interface RangeResult extends UserResult {
  /** Bytes from the start that were reached. */
  readonly done: bigint;
  readonly faults: number;
}

/** A user program touches every page of `[start, start + length)`; runs of present entries cost one step. */
export function accessRange(mm: Mm, start: bigint, length: bigint, kind: 'read' | 'write'): RangeResult {
  let page = pageOf(start);
  const end = pageOf(start + length - 1n) + 1;
  let faults = 0;
  const result = userAction(mm.system, mm, () => {
    while (page < end) {
      const present = mm.table.slice(page, end)[0];
      const usable = present && isUsable(present.value.prot, kind === 'write', true);
      if (present && usable && present.start === page) {
        const { initialised } = mm.system.memory.read(present.value.pfn, 0, 1);
        checkReached(mm, addressOf(page), present.value, kind === 'write', initialised);
        page = present.end;
        continue;
      }
      const done = reachPage(mm, addressOf(page), kind === 'write', true);
      faults += done.faults;
      if (done.kind === 'signal') return { kind: 'signal', signal: done.signal, why: done.why };
    }
    return ok();
  });
  const doneBytes = addressOf(page) - addressOf(pageOf(start));
  return { ...result, done: doneBytes, faults };
}

/**
 * `copy_to_user` and `copy_from_user` by the kernel on behalf of the process: faults are taken as for the program, but a
 * failure is a short copy instead of a signal. To be called from driver code; gives the bytes that were NOT copied. `way`: a number
 * of `get_user` and `put_user` is given up at once, a block is tried once more.
 */
export function copyUser(
  mm: Mm,
  address: bigint,
  buffer: Uint8Array,
  direction: 'to-user' | 'from-user',
  way: 'block' | 'number' = 'block',
): number {
  let done = 0;
  while (done < buffer.length) {
    const here = address + BigInt(done);
    const length = Math.min(buffer.length - done, PAGE_BYTES - offsetInPage(here));
    const part = buffer.subarray(done, done + length);
    const reach = () => accessPage(mm, here, direction === 'to-user' ? part : undefined, length, false);
    let result = reach();
    const again = way === 'block' && copiesAgain(mm.system.version, buffer.length, buffer.length - done);
    if (result.kind === 'signal' && again) result = reach();
    if (result.kind === 'signal') break;
    if (direction === 'from-user' && result.reached) part.set(result.reached.bytes);
    done += length;
  }
  return buffer.length - done;
}

/**
 * Whether x86 goes on byte by byte where a copy of `length` bytes fails with `left` to go, and faults once more (`copy_user_generic` on
 * a processor without fast short string moves): up to 6.3 always, later for words, but not for what is moved as one string.
 */
function copiesAgain(version: KernelVersion, length: number, left: number): boolean {
  return !atLeast(version, 6, 4) || (length < 64 && left >= 8);
}

/** `read(2)` or `write(2)` with a user buffer in the mapping: an ordinary access whose failure is EFAULT (S4.8, S10.7). */
export function accessBySystemCall(mm: Mm, address: bigint, length: number, direction: 'to-user' | 'from-user'): UserResult {
  return userAction(mm.system, mm, (): Outcome => {
    const left = copyUser(mm, address, new Uint8Array(length), direction);
    return left === length && length > 0 ? fail(errno.EFAULT) : ok(BigInt(length - left));
  });
}
