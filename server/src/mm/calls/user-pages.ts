/**
 * get_user_pages as driver code calls it: for memory of the program, for a device that reads or writes it (mm/gup.c).
 */
import { withMmapLock } from '../driver-call.ts';
import { type GupFlags, putUserPage, userPages } from '../fault/user-pages.ts';
import type { Mm } from '../mm.ts';
import { isAccessible, isWritable } from '../pgprot.ts';
import type { System } from '../system.ts';
import { hex, pageOf } from '../units.ts';

/** What a call got: the number of pages or a negative error number, and their pfns. */
export interface UserPages {
  readonly result: number;
  readonly pfns: readonly bigint[];
}

function walk(mm: Mm, start: bigint, count: number, flags: GupFlags): UserPages {
  const { pfns, error } = userPages(mm, start, count, flags);
  return { result: error ?? pfns.length, pfns };
}

/** Reports a call that must not be made without the lock, or must not be made with it. */
function reportLock(mm: Mm, by: string): void {
  mm.system.report({
    kind: 'lock-not-held',
    message: `${by} looks at a page table without the mmap lock: the vmas can change under it. Take the lock for reading, or call the _unlocked or _fast variant.`,
    where: { function: by, file: 'mm/gup.c' },
    rule: 'S10.4',
  });
}

/** `get_user_pages`, `pin_user_pages` and their `_remote` variants: under the mmap lock that the caller holds. */
export function getUserPages(mm: Mm, start: bigint, count: number, flags: GupFlags): UserPages {
  if (mm.mmapLock === 'none' || mm.mmapLock === 'vma') reportLock(mm, flags.pin ? 'pin_user_pages' : 'get_user_pages');
  return walk(mm, start, count, flags);
}

/**
 * `get_user_pages_fast`, `get_user_pages_unlocked` and the `pin_` variants: pages with usable entries need no lock; for others
 * the mmap lock is taken for reading, which never ends inside a handler that holds it for writing.
 */
export function getUserPagesFast(mm: Mm, start: bigint, count: number, flags: GupFlags): UserPages {
  if (mm.mmapLock === 'write' && !allPresent(mm, start, count, flags.write === true)) {
    return mm.system.stop({
      kind: 'deadlock',
      message: `${flags.pin ? 'pin' : 'get'}_user_pages_fast needs the mmap lock for ${hex(start)}, which the same task already holds for writing. The task hangs for ever.`,
      where: { function: 'internal_get_user_pages_fast', file: 'mm/gup.c' },
      rule: 'S13.3',
    });
  }
  return withMmapLock(mm, mm.mmapLock === 'write' ? 'write' : 'read', () => walk(mm, start, count, flags));
}

function allPresent(mm: Mm, start: bigint, count: number, write: boolean): boolean {
  for (let page = pageOf(start); page < pageOf(start) + count; page++) {
    const pte = mm.table.get(page);
    if (!pte || pte.special || !isAccessible(pte.prot) || (write && !isWritable(pte.prot))) return false;
  }
  return true;
}

/** `put_page`, `unpin_user_pages` and `unpin_user_pages_dirty_lock` on what a call with these flags got. */
export function releaseUserPages(system: System, pfns: readonly bigint[], flags: GupFlags, dirty: boolean): void {
  for (const pfn of pfns) putUserPage(system, Number(pfn), flags, dirty);
}
