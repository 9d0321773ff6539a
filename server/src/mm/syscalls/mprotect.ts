/**
 * mprotect(2) (mm/mprotect.c).
 */
import { atLeast } from '../../kernel/version.ts';
import { callVmOp, withMmapLock } from '../driver-call.ts';
import { errno } from '../errno.ts';
import {
  protToVmFlags,
  VM_ACCESS_FLAGS,
  VM_ACCOUNT,
  VM_LOCKED,
  VM_MIXEDMAP,
  VM_NORESERVE,
  VM_PFNMAP,
  VM_SHARED,
  VM_WRITE,
} from '../flags.ts';
import type { Mm } from '../mm.ts';
import { fromInt, type UserResult, userAction } from '../outcome.ts';
import { _PAGE_RW, pgprot_modify, vm_get_page_prot } from '../pgprot.ts';
import { type Pte, pfnRange } from '../tables/page-table.ts';
import { pfn_modify_allowed } from '../tables/pfn-modify-allowed.ts';
import { changePtes } from '../tables/set-ptes.ts';
import { mergeLeft, modifyVmaRange } from '../tables/vma-merge.ts';
import { vma_set_page_prot } from '../tables/vma-tree.ts';
import { splitByUse } from '../tables/zap.ts';
import { isPageAligned, lower, PAGE_SIZE, pageAlign, pageOf, ulong } from '../units.ts';
import { isSpecial, resetVmaFlags, type Vma, vma_is_anonymous } from '../vma.ts';
import { populateVma } from './populate.ts';

/**
 * mprotect(2). EINVAL for an unaligned start, ENOMEM over holes, EACCES where a right is not in VM_MAYREAD, VM_MAYWRITE or
 * VM_MAYEXEC; else what `vm_ops->mprotect` (5.11 and later) and `may_split` say. The mmap handler is not asked.
 */
export function mprotect(mm: Mm, start: bigint, length: bigint, prot: number): UserResult {
  return userAction(mm.system, mm, () => withMmapLock(mm, 'write', () => fromInt(do_mprotect(mm, start, length, prot))));
}

function do_mprotect(mm: Mm, start: bigint, length: bigint, prot: number): number {
  if (!isPageAligned(start)) return -errno.EINVAL;
  if (length === 0n) return 0;
  const end = ulong(start + pageAlign(length));
  if (end <= start) return -errno.ENOMEM;
  let at = start;
  while (at < end) {
    const vma = mm.lookup(at);
    if (!vma) return -errno.ENOMEM;
    const until = lower(vma.vm_end, end);
    const flags = (vma.vm_flags & ~VM_ACCESS_FLAGS) | protToVmFlags(prot);
    if (flags & ~(flags >> 4n) & VM_ACCESS_FLAGS) return -errno.EACCES;
    if (!mayBecomeNone(vma, at, until, flags)) return -errno.EACCES;
    const callback = atLeast(mm.system.version, 5, 11) ? vma.vm_ops?.mprotect : undefined;
    const from = at;
    const times = comesBack(vma, at, until, flags) ? 2 : 1;
    for (let time = 0; time < times; time++) {
      const refused = callback ? callVmOp(vma, 'mprotect', () => callback(vma, from, until, flags)) : 0;
      if (refused !== 0) return refused;
      const result = mprotect_fixup(vma, at, until, flags);
      if (result !== 0) return result;
    }
    at = until;
  }
  return 0;
}

/**
 * 6.12 and later: the walk goes back to the vma before to merge with it, finds that `close` forbids to remove this one
 * (`can_merge_remove_vma`), and from there comes to this one again.
 */
function comesBack(vma: Vma, start: bigint, end: bigint, flags: bigint): boolean {
  const isWhole = start === vma.vm_start && end === vma.vm_end;
  if (!atLeast(vma.vm_mm.system.version, 6, 12) || !isWhole || !vma.vm_ops?.close || flags === vma.vm_flags || isSpecial(vma)) return false;
  const range = { start, end, flags, pgoff: vma.vm_pgoff, file: vma.vm_file, anonVma: vma.anon_vma };
  return mergeLeft(vma.vm_mm, range) !== undefined;
}

/** `prot_none_walk` (4.19 and later, L1TF): whether the entries of a PFN mapping may lose all rights. */
function mayBecomeNone(vma: Vma, start: bigint, end: bigint, flags: bigint): boolean {
  if ((vma.vm_flags & (VM_PFNMAP | VM_MIXEDMAP)) === 0n || (flags & VM_ACCESS_FLAGS) !== 0n) return true;
  const prot = vm_get_page_prot(flags);
  const { system, table } = vma.vm_mm;
  return table.slice(pageOf(start), pageOf(end)).every((run) => {
    const pages = pfnRange(run);
    return pfn_modify_allowed(system, BigInt(pages.start), BigInt(pages.end - pages.start) * PAGE_SIZE, prot);
  });
}

/** `mprotect_fixup`: splits or merges, sets flags and protection, changes the entries. */
function mprotect_fixup(vma: Vma, start: bigint, end: bigint, flags: bigint): number {
  if (flags === vma.vm_flags) return 0;
  const charged = flags & VM_WRITE && !(vma.vm_flags & (VM_ACCOUNT | VM_WRITE | VM_SHARED | VM_NORESERVE)) ? VM_ACCOUNT : 0n;
  const accounted = flags & ~(flags & VM_WRITE || !releasesAccount(vma) ? 0n : VM_ACCOUNT);
  const before = vma.vm_flags;
  const changed = modifyVmaRange(vma, start, end, accounted | charged);
  if (typeof changed === 'number') return changed;
  resetVmaFlags(changed, accounted | charged, 'mprotect');
  vma_set_page_prot(changed);
  change_protection(changed, start, end);
  if (isNewlyWritten(before, flags) && atLeast(vma.vm_mm.system.version, 4, 2)) populateVma(changed, start, end);
  return 0;
}

/** Private memory that is locked and becomes writable: its copies are made now, so that no later write has to wait for one. */
function isNewlyWritten(before: bigint, flags: bigint): boolean {
  return (before & (VM_WRITE | VM_SHARED | VM_LOCKED)) === VM_LOCKED && (flags & VM_WRITE) !== 0n;
}

/** Anonymous memory that was never written is charged no longer once it cannot be written (6.6 and later). */
function releasesAccount(vma: Vma): boolean {
  return vma_is_anonymous(vma) && vma.anon_vma === undefined && atLeast(vma.vm_mm.system.version, 6, 6);
}

/**
 * `change_protection`: the entries get the vma's new protection and keep their cache type. A private entry stays read-only
 * so that the first write still copies, unless its page is anonymous and belongs to this process alone; up to 6.1 it must be
 * dirty too. A shared entry that is dirty becomes writable although the driver wants to be told: it was told before.
 */
function change_protection(vma: Vma, start: bigint, end: bigint): void {
  const mm = vma.vm_mm;
  const shared = (vma.vm_flags & VM_SHARED) !== 0n;
  const needsDirty = shared || !atLeast(mm.system.version, 6, 2);
  const change = (pte: Pte, exclusive: boolean): Pte => {
    const may = (shared || exclusive) && (pte.dirty || !needsDirty);
    const upgrade = may && vma.vm_flags & VM_WRITE ? _PAGE_RW : 0n;
    return { ...pte, prot: pgprot_modify(pte.prot, vma.vm_page_prot) | upgrade };
  };
  for (const run of mm.table.slice(pageOf(start), pageOf(end))) {
    const parts = run.value.special || vma.vm_flags & VM_SHARED ? [{ run, anonymous: false }] : splitByUse(vma, run);
    for (const part of parts) {
      const exclusive = part.anonymous && allExclusive(vma, part.run.value.pfn, part.run.end - part.run.start);
      changePtes(mm, part.run.start, part.run.end, (each) => change(each.value, exclusive), 'mprotect');
    }
  }
}

function allExclusive(vma: Vma, pfn: number, pages: number): boolean {
  return vma.vm_mm.system.memory.pages.slice(pfn, pfn + pages).every((run) => run.value.exclusive);
}
