/**
 * What the model knows about a struct page: use, counts, owner. One value serves a whole run of equal pages.
 */
import type { RunRule } from '../extents.ts';
import type { Allocation } from './allocation.ts';

export type PageUse =
  /** In an allocation of the driver, or of the kernel. */
  | 'allocated'
  /** Anonymous memory of a process. */
  | 'anonymous'
  /** The shared page of zeros. */
  | 'zero'
  | 'free';

/** The state of one struct page. */
export interface PageState {
  readonly use: PageUse;
  /** `_refcount`; for pages of a compound block only the first page's counts. */
  readonly refcount: number;
  /** Number of ptes that map the page as a normal page. */
  readonly mapcount: number;
  readonly allocation?: Allocation;
  readonly reserved: boolean;
  readonly slab: boolean;
  /** `PG_locked`: whoever wants the page waits. */
  readonly locked: boolean;
  readonly dirty: boolean;
  /** An anonymous page that only one process can reach (`PageAnonExclusive`). */
  readonly exclusive: boolean;
}

/** A page that nobody has asked for. */
export const freePage: PageState = {
  use: 'free',
  refcount: 0,
  mapcount: 0,
  reserved: false,
  slab: false,
  locked: false,
  dirty: false,
  exclusive: false,
};

/** A page of `allocation` that its owner alone holds. Spelled out like `withCounts`: very many are made. */
export function takenPage(allocation: Allocation): PageState {
  return {
    use: 'allocated',
    refcount: 1,
    mapcount: 0,
    allocation,
    reserved: false,
    slab: false,
    locked: false,
    dirty: false,
    exclusive: false,
  };
}

/** Whether the page is, or was when it was allocated, a part of one folio that nobody has split since. */
export function isCompound(state: PageState): state is PageState & { readonly allocation: Allocation } {
  return state.allocation?.compound === true && !state.allocation.split;
}

/** The state with other counts. */
export function withCounts(state: PageState, refcount: number, mapcount: number): PageState {
  const { use, allocation, reserved, slab, locked, dirty, exclusive } = state;
  if (!allocation) return { ...state, refcount, mapcount };
  return { use, refcount, mapcount, allocation, reserved, slab, locked, dirty, exclusive };
}

/** A page of memory that was set aside at boot. */
export const reservedPage: PageState = { ...freePage, use: 'allocated', refcount: 1, reserved: true };

/** Whether two states differ in their allocation at most. */
function looksLike(left: PageState, right: PageState): boolean {
  return (
    left.use === right.use &&
    left.refcount === right.refcount &&
    left.mapcount === right.mapcount &&
    left.reserved === right.reserved &&
    left.slab === right.slab &&
    left.locked === right.locked &&
    left.dirty === right.dirty &&
    left.exclusive === right.exclusive
  );
}

/** Whether `right` goes on where `left` ends after `pages` pages, with the same said about the driver. */
function goesOn(left: Allocation | undefined, pages: number, right: Allocation | undefined): boolean {
  if (left === right) return true;
  return left?.following?.(pages) === right && left?.freed === right?.freed && left?.givenUp === right?.givenUp;
}

/** Runs of pages join when every field is equal; blocks of one page that follow each other count as equal. */
export const pageRuns: RunRule<PageState> = {
  at: (state, offset) => {
    const allocation = offset === 0 ? undefined : state.allocation?.following?.(offset);
    return allocation ? { ...state, allocation } : state;
  },
  join: (left, leftLength, right) => (looksLike(left, right) && goesOn(left.allocation, leftLength, right.allocation) ? left : undefined),
};
