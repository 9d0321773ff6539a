/**
 * Everything visible that the model does, as plain data, in order. Events carry runs: neighbouring changes of the same
 * kind join into one event as they arrive. The simulation builds its trace from these; the model never reads them.
 */
import type { MmProblem } from './problem.ts';

/** What a vma looks like at one moment. */
export interface VmaView {
  readonly id: number;
  readonly mm: number;
  readonly start: bigint;
  readonly end: bigint;
  /** Pages. */
  readonly pgoff: bigint;
  readonly flags: bigint;
  readonly pageProt: bigint;
  /** Name of the ops table; absent when `vm_ops` is NULL. */
  readonly ops?: string;
  readonly file?: string;
}

/** A run of ptes: page `n` of the run holds `pfn + n`, or `pfn` throughout when `samePage` is set. */
export interface PteRunView {
  readonly start: bigint;
  readonly end: bigint;
  readonly pfn: bigint;
  readonly samePage: boolean;
  readonly special: boolean;
  readonly writable: boolean;
  readonly dirty: boolean;
  readonly young: boolean;
  readonly prot: bigint;
}

export type MmEvent =
  | { readonly kind: 'vma-created'; readonly vma: VmaView; readonly reason: 'mmap' | 'fork' | 'mremap' }
  /** fork leaves the vma out, because of its flags. */
  | { readonly kind: 'vma-not-copied'; readonly vma: VmaView; readonly child: number }
  | { readonly kind: 'vma-changed'; readonly vma: VmaView; readonly before: VmaView; readonly reason: string }
  | { readonly kind: 'vma-split'; readonly vma: VmaView; readonly added: VmaView; readonly at: bigint }
  /** A neighbour grew over the range `[start, end)`; for mmap, the driver's handler is not called or its vma is dropped. */
  | {
      readonly kind: 'vma-merged';
      readonly vma: VmaView;
      readonly start: bigint;
      readonly end: bigint;
      readonly handler: 'not-called' | 'called' | 'none';
    }
  | { readonly kind: 'vma-removed'; readonly vma: VmaView; readonly reason: 'munmap' | 'mmap-failed' | 'exit' | 'merged' }
  | { readonly kind: 'flags-changed'; readonly vma: number; readonly set: bigint; readonly cleared: bigint; readonly by: string }
  /** A mapping call leaves pages out without an error; `why` is a clause. */
  | { readonly kind: 'pages-skipped'; readonly vma: number; readonly pfn: bigint; readonly pages: number; readonly why: string }
  | { readonly kind: 'ptes-set'; readonly mm: number; readonly run: PteRunView; readonly by: string }
  | { readonly kind: 'ptes-cleared'; readonly mm: number; readonly run: PteRunView; readonly by: string }
  /** Protection, dirty or write bit of present ptes changed; `run` is the new state. */
  | { readonly kind: 'ptes-changed'; readonly mm: number; readonly run: PteRunView; readonly by: string }
  | { readonly kind: 'ptes-moved'; readonly mm: number; readonly from: bigint; readonly to: bigint; readonly length: bigint }
  /** Each of `pages` pages from `pfn` on changed by the deltas; `refcount` and `mapcount` are what the last one has now. */
  | {
      readonly kind: 'page-counts';
      readonly pfn: bigint;
      readonly pages: number;
      readonly refcountDelta: number;
      readonly mapcountDelta: number;
      readonly refcount: number;
      readonly mapcount: number;
      readonly by: string;
    }
  | { readonly kind: 'page-allocated'; readonly pfn: bigint; readonly pages: number; readonly label: string; readonly by: string }
  /** `driverHeld`: the driver had not given the page up itself. */
  | { readonly kind: 'page-freed'; readonly pfn: bigint; readonly pages: number; readonly by: string; readonly driverHeld: boolean }
  | { readonly kind: 'page-copied'; readonly from: bigint; readonly to: bigint; readonly address: bigint }
  | { readonly kind: 'callback-entered'; readonly slot: string; readonly name: string; readonly vma?: VmaView; readonly lock: string }
  | { readonly kind: 'callback-left'; readonly slot: string; readonly name: string; readonly result?: bigint }
  | {
      readonly kind: 'fault';
      readonly mm: number;
      readonly vma: number;
      readonly address: bigint;
      readonly access: 'read' | 'write';
      readonly path: string;
    }
  | { readonly kind: 'file-opened'; readonly file: number; readonly name: string }
  | { readonly kind: 'file-closed'; readonly file: number; readonly references: number }
  | { readonly kind: 'file-released'; readonly file: number }
  | { readonly kind: 'process-created'; readonly mm: number; readonly parent?: number }
  | { readonly kind: 'process-exited'; readonly mm: number }
  /** A line of the kernel's log that speaks of nothing the driver did wrong. */
  | { readonly kind: 'kernel-message'; readonly text: string }
  | { readonly kind: 'problem'; readonly problem: MmProblem };

/** How many of the latest events a new one is tried to be joined with: what one round of a loop over pages makes. */
const window = 6;

/** Events that come in runs; a new event joins an earlier one only across these. */
const inRuns: ReadonlySet<MmEvent['kind']> = new Set(['ptes-set', 'ptes-cleared', 'page-counts', 'page-allocated', 'page-freed']);

/** The events since the last `drain`. */
export class EventLog {
  #events: MmEvent[] = [];

  /** Adds an event, joining it with one of the latest events where it continues that run. */
  add(event: MmEvent): void {
    for (let back = 1; back <= Math.min(window, this.#events.length); back++) {
      const index = this.#events.length - back;
      const earlier = this.#events[index];
      if (earlier && extend(earlier, event)) return;
      if (earlier && !inRuns.has(earlier.kind)) break;
    }
    this.#events.push(event);
  }

  /** Takes all events out of the log, in order. */
  drain(): readonly MmEvent[] {
    const events = this.#events;
    this.#events = [];
    return events;
  }
}

/** An event of the log, which nobody else has seen yet: its run may grow. */
type Growing<Event> = { -readonly [Key in keyof Event]: Event[Key] };

/** Makes `left` cover `right` too, where that only goes on with the same over the next pages. */
function extend(left: MmEvent, right: MmEvent): boolean {
  if ((left.kind === 'ptes-set' || left.kind === 'ptes-cleared') && right.kind === left.kind) {
    const run: Growing<PteRunView> = left.run;
    const follows = run.end === right.run.start && left.mm === right.mm && left.by === right.by && continuesRun(run, right.run);
    if (follows) run.end = right.run.end;
    return follows;
  }
  if (left.kind === 'page-counts' && right.kind === 'page-counts') {
    const same =
      left.refcount === right.refcount &&
      left.mapcount === right.mapcount &&
      left.refcountDelta === right.refcountDelta &&
      left.mapcountDelta === right.mapcountDelta &&
      left.by === right.by;
    return same && extendPages(left, right);
  }
  if (left.kind === 'page-allocated' && right.kind === 'page-allocated') {
    return left.label === right.label && left.by === right.by && extendPages(left, right);
  }
  if (left.kind === 'page-freed' && right.kind === 'page-freed') {
    return left.driverHeld === right.driverHeld && left.by === right.by && extendPages(left, right);
  }
  return false;
}

function extendPages(
  left: Growing<{ readonly pfn: bigint; readonly pages: number }>,
  right: { readonly pfn: bigint; readonly pages: number },
): boolean {
  const follows = left.pfn + BigInt(left.pages) === right.pfn;
  if (follows) left.pages += right.pages;
  return follows;
}

function continuesRun(left: PteRunView, right: PteRunView): boolean {
  return (
    !left.samePage &&
    !right.samePage &&
    left.special === right.special &&
    left.dirty === right.dirty &&
    left.young === right.young &&
    left.prot === right.prot &&
    left.pfn + ((left.end - left.start) >> 12n) === right.pfn
  );
}
