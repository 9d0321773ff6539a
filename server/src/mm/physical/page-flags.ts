/**
 * The flags of struct pages that a mapping sets or looks at: reserved, slab, head and tail, LRU, dirty, locked
 * (include/linux/page-flags.h). What uses them lives elsewhere.
 */
import { atLeast } from '../../kernel/version.ts';
import type { System } from '../system.ts';
import { hex, PAGE_SIZE } from '../units.ts';
import { isCompound, type PageState } from './page-state.ts';
import { vmBugOnPage } from './vm-bug-on.ts';

/** The flags by kernel name without `PG_`; `head` and `tail` are what `PageHead` and `PageTail` say. */
export type PageFlag = 'locked' | 'dirty' | 'lru' | 'slab' | 'reserved' | 'head' | 'tail';

/** The flags of page `pfn`; none for memory without a struct page. */
export function pageFlags(system: System, pfn: number): readonly PageFlag[] {
  const state = system.memory.page(pfn);
  if (!state) return [];
  const compound = isInCompound(state);
  const head = system.memory.head(pfn);
  const counted = head === pfn ? state : (system.memory.page(head) ?? state);
  const flags: readonly (readonly [PageFlag, boolean])[] = [
    ['locked', counted.locked],
    ['dirty', counted.dirty],
    ['lru', state.use === 'anonymous'],
    ['slab', state.slab],
    ['reserved', state.reserved],
    ['head', compound && head === pfn],
    ['tail', compound && head !== pfn],
  ];
  return flags.flatMap(([flag, isSet]) => (isSet ? [flag] : []));
}

/** An object of a page or more: the slab allocator takes several of them from one block. */
function isInLargeSlab({ slab, allocation }: PageState): boolean {
  return slab && allocation !== undefined && allocation.bytes >= PAGE_SIZE;
}

/** `PageCompound`: the page is in use, as a part of a compound block. */
function isInCompound(state: PageState): boolean {
  return state.use === 'allocated' && isCompound(state);
}

function change(system: System, start: number, end: number, fields: Partial<PageState>): void {
  system.memory.pages.update(start, end, (run) => ({ ...run.value, ...fields }));
}

/**
 * `folio_mark_dirty`: a page of an address space is dirtied by what the space's `a_ops` say. Those of a device file are empty, and
 * from 5.14 on nobody looks whether they are: the kernel jumps to address 0.
 */
function dirtyByMapping(system: System, start: number, end: number): void {
  if (!atLeast(system.version, 5, 14)) return;
  for (const [pfn, { ownOps }] of system.memory.withMapping) {
    if (pfn < start || pfn >= end || ownOps) continue;
    system.stop({
      kind: 'oops',
      message: `Page ${hex(pfn)} becomes dirty. Its page->mapping leads to the address space of the device file, whose a_ops have no function for that, so the kernel calls a NULL pointer. Give the address space an a_ops table with noop_dirty_folio, or leave page->mapping alone.`,
      kernelLog: 'BUG: kernel NULL pointer dereference, address: 0000000000000000',
      where: { function: 'folio_mark_dirty', file: 'mm/page-writeback.c' },
      pfn: BigInt(pfn),
    });
  }
}

/** `set_page_dirty` on pages `[start, end)`; a compound block has the flag on its first page. */
export function markDirty(system: System, start: number, end: number): void {
  if (system.memory.withMapping.size > 0) dirtyByMapping(system, start, end);
  for (const run of system.memory.pages.slice(start, end)) {
    if (run.value.dirty) continue;
    const head = system.memory.head(run.start);
    if (head === run.start) change(system, run.start, run.end, { dirty: true });
    else change(system, head, head + 1, { dirty: true });
  }
}

/** `trylock_page`: whether the page was free to be locked; it is locked now. */
export function trylock_page(system: System, pfn: number): boolean {
  const head = system.memory.head(pfn);
  if (system.memory.page(head)?.locked) return false;
  change(system, head, head + 1, { locked: true });
  return true;
}

/** `lock_page`: with one running path, a page that is locked already is never unlocked, so the task hangs. */
export function lock_page(system: System, pfn: number, by = 'lock_page'): void {
  if (trylock_page(system, pfn)) return;
  system.stop({
    kind: 'deadlock',
    message: `${by} waits for page ${hex(pfn)}, which this task has locked itself. The task hangs for ever.`,
    where: { function: 'folio_lock', file: 'include/linux/pagemap.h' },
    pfn: BigInt(pfn),
  });
}

/**
 * `unlock_page`: a page that is not locked is a VM_BUG_ON, which only CONFIG_DEBUG_VM notices. Without it the flag is cleared again, and
 * from 6.7 on turned over, so that the page is locked for ever (`folio_xor_flags_has_waiters`).
 */
export function unlock_page(system: System, pfn: number): void {
  const head = system.memory.head(pfn);
  if (system.memory.page(head)?.locked) change(system, head, head + 1, { locked: false });
  else {
    vmBugOnPage(system, pfn, {
      assertion: 'VM_BUG_ON_FOLIO(!folio_test_locked(folio))',
      where: { function: 'folio_unlock', file: 'mm/filemap.c' },
      message: 'is unlocked, but it is not locked.',
    });
    if (atLeast(system.version, 6, 7)) change(system, head, head + 1, { locked: true });
  }
}

/** `SetPageReserved(page)`, `ClearPageReserved(page)`: the mark of one page, which must not be part of a compound block (PF_NO_COMPOUND, 4.5). */
export function markReserved(system: System, pfn: number, reserved: boolean): void {
  const state = system.memory.page(pfn);
  if (!state) return;
  if ((isInCompound(state) || isInLargeSlab(state)) && atLeast(system.version, 4, 5)) {
    vmBugOnPage(system, pfn, {
      assertion: 'VM_BUG_ON_PAGE(1 && PageCompound(page))',
      where: { function: reserved ? 'SetPageReserved' : 'ClearPageReserved', file: 'include/linux/page-flags.h' },
      message:
        'is part of a compound block: one of kmalloc, or allocated with __GFP_COMP. Its pages cannot be marked as reserved one by one.',
    });
  }
  change(system, pfn, pfn + 1, { reserved });
}
