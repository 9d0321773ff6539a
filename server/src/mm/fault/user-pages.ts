/**
 * The walk of get_user_pages: one page of an address space, faulted in where it is missing, with a reference or a pin
 * (mm/gup.c). Who asks, and what becomes of a failure, is the business of the callers.
 */
import { atLeast } from '../../kernel/version.ts';
import { errno } from '../errno.ts';
import {
  FAULT_FLAG_REMOTE,
  FAULT_FLAG_UNSHARE,
  FAULT_FLAG_WRITE,
  isCowMapping,
  VM_FAULT_ERROR,
  VM_FAULT_OOM,
  VM_IO,
  VM_MAYREAD,
  VM_MAYSHARE,
  VM_PFNMAP,
  VM_READ,
  VM_SHARED,
  VM_WRITE,
} from '../flags.ts';
import { hasPfnMap } from '../history/eras.ts';
import { isUncountedByGup } from '../history/reserved-pages.ts';
import type { Mm } from '../mm.ts';
import { isAccessible, isWritable } from '../pgprot.ts';
import { changeCounts, get_page, referenceCount } from '../physical/counts.ts';
import { zeroPfn } from '../physical/memory.ts';
import { markDirty } from '../physical/page-flags.ts';
import { at } from '../problem.ts';
import type { System } from '../system.ts';
import type { Pte } from '../tables/page-table.ts';
import { isNormalRun } from '../tables/vm-normal-page.ts';
import { addressOf, hex, pageOf } from '../units.ts';
import type { Vma } from '../vma.ts';
import { handle_mm_fault } from './handle-mm-fault.ts';

/** FOLL_WRITE, FOLL_FORCE, FOLL_REMOTE, FOLL_PIN (5.6 and later), FOLL_LONGTERM; `fast` is a `_fast` call. */
export interface GupFlags {
  readonly write?: boolean;
  readonly force?: boolean;
  readonly remote?: boolean;
  readonly pin?: boolean;
  readonly longterm?: boolean;
  readonly fast?: boolean;
}

/** What FOLL_PIN adds to the reference count of a page, so that pins can be told from references. */
export const GUP_PIN_COUNTING_BIAS = 1024;

/** How often one page is faulted before the walk counts as endless. */
const attempts = 12;

/** `check_vma_flags`: EFAULT for VM_IO and VM_PFNMAP, and where the access is not allowed. */
function check_vma_flags(vma: Vma, flags: GupFlags): number {
  if (vma.vm_flags & (VM_IO | (hasPfnMap(vma.vm_mm.system.version) ? VM_PFNMAP : 0n))) return -errno.EFAULT;
  if (flags.write) {
    if (flags.longterm && tracksWrites(vma)) return -errno.EFAULT;
    if ((vma.vm_flags & VM_WRITE) === 0n && !(flags.force && isCowMapping(vma.vm_flags))) return -errno.EFAULT;
  } else if ((vma.vm_flags & VM_READ) === 0n && !(flags.force && vma.vm_flags & VM_MAYREAD)) return -errno.EFAULT;
  return 0;
}

/** `vma_needs_dirty_tracking` (6.5 and later): long pins could change pages behind the back of `page_mkwrite`. */
function tracksWrites(vma: Vma): boolean {
  if (!atLeast(vma.vm_mm.system.version, 6, 5)) return false;
  const shared = (vma.vm_flags & (VM_SHARED | VM_WRITE)) === (VM_SHARED | VM_WRITE);
  return shared && (vma.vm_ops?.page_mkwrite !== undefined || vma.vm_ops?.pfn_mkwrite !== undefined);
}

/** `can_follow_write_pte`: with FOLL_FORCE an exclusive private copy may be written although the entry is read-only. */
function canFollowWrite(vma: Vma, pte: Pte, flags: GupFlags): boolean {
  if (isWritable(pte.prot)) return true;
  if (!flags.force || vma.vm_flags & (VM_SHARED | VM_MAYSHARE | VM_WRITE)) return false;
  const state = vma.vm_mm.system.memory.page(pte.pfn);
  return state?.use === 'anonymous' && state.exclusive;
}

/** A page with what was taken on it, or a negative error number. */
export type UserPage = { readonly pfn: number } | { readonly error: number };

/**
 * `follow_page_pte` and `faultin_page`: the page at `address`. Gives -EFAULT outside vmas, for VM_IO and VM_PFNMAP, and where a
 * fault fails, -ENOMEM for VM_FAULT_OOM, -EEXIST for a special entry of a VM_MIXEDMAP vma.
 */
export function userPage(mm: Mm, address: bigint, flags: GupFlags): UserPage {
  const vma = mm.lookup(address);
  if (!vma) return { error: -errno.EFAULT };
  const refused = check_vma_flags(vma, flags);
  if (refused !== 0) return { error: refused };
  const page = pageOf(address);
  for (let attempt = 0; attempt < attempts; attempt++) {
    const pte = mm.table.get(page);
    // FOLL_FORCE follows entries without rights too (`gup_can_follow_protnone`).
    if (pte && (isAccessible(pte.prot) || flags.force) && (!flags.write || canFollowWrite(vma, pte, flags))) {
      if (mustUnshare(mm.system, pte, flags, isCowMapping(vma.vm_flags))) {
        handle_mm_fault(vma, address, FAULT_FLAG_UNSHARE);
        continue;
      }
      if (pte.pfn === zeroPfn && pte.special) {
        if (!flags.pin) take(mm.system, zeroPfn, flags);
        return { pfn: zeroPfn };
      }
      if (isUncountedByGup(mm, pte.pfn)) return { pfn: pte.pfn };
      if (!isNormalRun(vma, { start: page, end: page + 1, value: pte })) return { error: -errno.EEXIST };
      take(mm.system, pte.pfn, flags);
      return { pfn: pte.pfn };
    }
    const fault = (flags.write ? FAULT_FLAG_WRITE : 0) | (flags.remote ? FAULT_FLAG_REMOTE : 0);
    const result = handle_mm_fault(vma, address, fault);
    if (result & VM_FAULT_ERROR) return { error: result & VM_FAULT_OOM ? -errno.ENOMEM : -errno.EFAULT };
  }
  return mm.system.stop({
    kind: 'endless-fault',
    message: `get_user_pages faults on ${hex(address)} again and again: the handler says that it has mapped the page, but no usable entry is there afterwards. The task hangs until it is killed.`,
    where: { function: '__get_user_pages', file: 'mm/gup.c' },
    ...at(vma, address),
  });
}

/**
 * `gup_must_unshare` (5.19 and later): a pin for reading wants a private page that no other process has; a long one, from 6.2 on, a
 * private page in every mapping that may have some.
 */
function mustUnshare({ version, memory }: System, pte: Pte, flags: GupFlags, isCow: boolean): boolean {
  if (!flags.pin || flags.write || isWritable(pte.prot) || !atLeast(version, 5, 19)) return false;
  const state = memory.page(pte.pfn);
  if (state?.use === 'anonymous') return !state.exclusive;
  return flags.longterm === true && isCow && atLeast(version, 6, 2);
}

/**
 * `gup_fast_pte_range` (2.6.27 and later): the page behind an entry that allows the access, whatever the vma is, so also a private copy in a
 * VM_PFNMAP vma. `undefined` where the slow walk has to decide.
 */
function userPageFast(mm: Mm, address: bigint, flags: GupFlags): UserPage | undefined {
  const { system } = mm;
  const pte = mm.table.get(pageOf(address));
  if (!pte || !atLeast(system.version, 2, 6, 27)) return undefined;
  if (pte.special || !isAccessible(pte.prot) || (flags.write && !isWritable(pte.prot))) return undefined;
  if (!system.memory.pfnValid(BigInt(pte.pfn)) || referenceCount(system, pte.pfn) <= 0 || mustUnshare(system, pte, flags, true))
    return undefined;
  if (!isFastAllowed(system, pte.pfn, flags)) return undefined;
  take(system, pte.pfn, flags);
  return { pfn: pte.pfn };
}

/**
 * `gup_fast_folio_allowed` (6.10 and later; 6.5 and later for long pins that write): a page that belongs to no file and to no process, as
 * drivers allocate them, is left to the slow walk, which looks at the vma; a part of a larger block is not, unless the pin is such a one.
 */
function isFastAllowed({ version, memory }: System, pfn: number, flags: GupFlags): boolean {
  const isLongWrite = flags.pin === true && flags.longterm === true && flags.write === true && atLeast(version, 6, 5);
  const head = memory.head(pfn);
  if (!isLongWrite && (!atLeast(version, 6, 10) || head !== pfn || memory.head(pfn + 1) === pfn)) return true;
  return memory.page(pfn)?.use === 'anonymous' || memory.withMapping.has(pfn);
}

/** The pages that a walk got, and why it ended early. */
export interface UserPages {
  readonly pfns: readonly bigint[];
  /** A negative error number, where not even the first page was got. */
  readonly error?: number;
}

/** `count` pages from `address` on; a `fast` call looks at the entries alone until one does not do. */
export function userPages(mm: Mm, address: bigint, count: number, flags: GupFlags): UserPages {
  const pfns: bigint[] = [];
  let isFast = flags.fast === true;
  for (let page = pageOf(address); pfns.length < count; page++) {
    const easy = isFast ? userPageFast(mm, addressOf(page), flags) : undefined;
    isFast = easy !== undefined;
    const got = easy ?? userPage(mm, addressOf(page), flags);
    if ('error' in got) return pfns.length > 0 ? { pfns } : { pfns, error: got.error };
    pfns.push(BigInt(got.pfn));
  }
  return { pfns };
}

/** Whether a pin counts more than a reference: 5.6 and later, for pages that are no part of a larger block. */
function pinWeight(system: System, pfn: number, flags: GupFlags): number {
  const large = system.memory.page(pfn)?.allocation?.compound === true;
  return flags.pin && !large && atLeast(system.version, 5, 6) ? GUP_PIN_COUNTING_BIAS : 1;
}

function take(system: System, pfn: number, flags: GupFlags): void {
  const weight = pinWeight(system, pfn, flags);
  if (weight === 1) get_page(system, BigInt(pfn));
  else changeCounts(system, { start: pfn, end: pfn + 1 }, { refcount: weight, mapcount: 0 }, 'pin_user_pages');
}

/** `put_page` or `unpin_user_page`: gives back what `userPage` took with these flags; `dirty` marks the page as written. */
export function putUserPage(system: System, pfn: number, flags: GupFlags = {}, dirty = false): void {
  // The page of zeros is pinned without a count (6.5 and later); a plain reference is one like any other.
  if (pfn === zeroPfn && flags.pin) return;
  if (dirty) markDirty(system, pfn, pfn + 1);
  const by = flags.pin ? 'unpin_user_page' : 'put_page';
  changeCounts(system, { start: pfn, end: pfn + 1 }, { refcount: -pinWeight(system, pfn, flags), mapcount: 0 }, by);
}
