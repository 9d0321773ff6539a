/**
 * What the model knows about a struct page: use, counts, owner. One value serves a whole run of equal pages.
 */
import { type RunRule, uniformRuns } from '../extents.ts';
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

/** A page of memory that was set aside at boot. */
export const reservedPage: PageState = { ...freePage, use: 'allocated', refcount: 1, reserved: true };

/** Runs of pages join when every field is equal. */
export const pageRuns: RunRule<PageState> = uniformRuns(
  (left, right) =>
    left.use === right.use &&
    left.refcount === right.refcount &&
    left.mapcount === right.mapcount &&
    left.allocation === right.allocation &&
    left.reserved === right.reserved &&
    left.slab === right.slab &&
    left.locked === right.locked &&
    left.dirty === right.dirty &&
    left.exclusive === right.exclusive,
);
