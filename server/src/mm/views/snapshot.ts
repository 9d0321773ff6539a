/**
 * The state of a machine at one moment, as plain data: processes with vmas and entries, and the pages they lead to.
 */
import type { PteRunView, VmaView } from '../event.ts';
import type { Allocation, AllocationKind } from '../physical/allocation.ts';
import type { PageState } from '../physical/page-state.ts';
import type { System } from '../system.ts';
import { pfnRange, viewPteRun } from '../tables/page-table.ts';
import { viewVma } from '../vma.ts';
import { smaps } from './proc.ts';

/** A vma with what smaps says about it. */
export interface VmaSnapshot extends VmaView {
  readonly vmFlags: readonly string[];
  /** Pages. */
  readonly rss: number;
}

export interface ProcessSnapshot {
  readonly mm: number;
  readonly vmas: readonly VmaSnapshot[];
  readonly ptes: readonly PteRunView[];
  readonly rss: { readonly file: number; readonly anonymous: number };
}

/** A run of pages in the same state; counts are absent for memory without struct pages. */
export interface PageRunView {
  readonly pfn: bigint;
  readonly pages: number;
  readonly use: 'allocated' | 'anonymous' | 'zero' | 'free' | 'device' | 'unknown';
  readonly label?: string;
  /** What its owner is, and whether that was freed. */
  readonly kind?: AllocationKind;
  readonly freed?: boolean;
  readonly refcount?: number;
  readonly mapcount?: number;
}

export interface Snapshot {
  readonly processes: readonly ProcessSnapshot[];
  /** Pages that some process maps, and the pages of every live allocation. */
  readonly pages: readonly PageRunView[];
  readonly files: readonly { readonly id: number; readonly name: string; readonly references: number; readonly released: boolean }[];
}

const pageKiB = 4;

/** Takes a snapshot. */
export function snapshot(system: System): Snapshot {
  return {
    processes: system.processes.map((mm) => ({
      mm: mm.id,
      vmas: mm.vmas.map((vma) => {
        const seen = smaps(vma);
        return { ...viewVma(vma), vmFlags: seen.vmFlags, rss: seen.rss / pageKiB };
      }),
      ptes: mm.table.runs.map(viewPteRun),
      rss: { file: mm.rss.file + mm.rss.shmem, anonymous: mm.rss.anonymous },
    })),
    pages: pageRuns(system),
    files: system.files.map((file) => ({ id: file.id, name: file.name, references: file.references, released: file.released })),
  };
}

/** A run while it grows; numbers, because there may be many. */
interface GrowingRun {
  readonly start: number;
  end: number;
  readonly use: PageRunView['use'];
  readonly owner: Allocation | undefined;
  readonly state: PageState | undefined;
}

/** The pages that are shown, in ascending order; neighbours that look alike are one run. */
function pageRuns(system: System): PageRunView[] {
  const { memory } = system;
  const shown: GrowingRun[] = [];
  const mapped = system.processes.flatMap((mm) => mm.table.runs.map(pfnRange)).sort((left, right) => left.start - right.start);
  let at = 0;
  /** Shows of `[at, end)` what is mapped. */
  const showMapped = (end: number): void => {
    for (const range of mapped) {
      if (range.start >= end) break;
      const start = Math.max(range.start, at);
      const until = Math.min(range.end, end);
      if (start < until) for (const run of describe(system, start, until)) join(shown, run);
      at = Math.max(at, until);
    }
    at = end;
  };
  const devices = memory.devices.runs.map((run) => ({ ...run, value: { allocation: run.value, use: undefined } }));
  const known =
    devices.length === 0 ? memory.pages.runs : [...memory.pages.runs, ...devices].sort((left, right) => left.start - right.start);
  for (const { start, end, value } of known) {
    if (start > at && mapped.length > 0) showMapped(start);
    const owner = value.allocation;
    if (owner && !owner.freed) {
      const last = shown.at(-1);
      const state = value.use === undefined ? undefined : value;
      // The frequent case without a new object: the page behind the last one, in the same state.
      if (last?.end === start && looksLike(last, value.use ?? 'device', owner, state)) last.end = end;
      else shown.push({ start, end, use: value.use ?? 'device', owner, state });
    } else if (mapped.length > 0) showMapped(end);
    at = end;
  }
  showMapped(Number.MAX_SAFE_INTEGER);
  return shown.map(viewOf);
}

/** Adds a run, to the last one where it only goes on. */
function join(shown: GrowingRun[], next: GrowingRun): void {
  const last = shown.at(-1);
  if (last?.end === next.start && looksLike(last, next.use, next.owner, next.state)) last.end = next.end;
  else shown.push(next);
}

function looksLike(run: GrowingRun, use: GrowingRun['use'], owner: Allocation | undefined, state: PageState | undefined): boolean {
  return (
    run.use === use &&
    run.owner?.label === owner?.label &&
    run.owner?.kind === owner?.kind &&
    run.owner?.freed === owner?.freed &&
    run.state?.refcount === state?.refcount &&
    run.state?.mapcount === state?.mapcount
  );
}

/** `[start, end)` pfns as runs of one state each. */
function describe(system: System, start: number, end: number): GrowingRun[] {
  const { memory } = system;
  return memory.owners(start, end).flatMap((run): GrowingRun[] => {
    const states = memory.pages.slice(run.start, run.end);
    if (states.length > 0)
      return states.map((each) => ({ start: each.start, end: each.end, use: each.value.use, owner: run.value, state: each.value }));
    const use = run.value ? 'device' : memory.regions.get(run.start) === 'ram' ? 'free' : 'unknown';
    return [{ start: run.start, end: run.end, use, owner: run.value, state: undefined }];
  });
}

function viewOf({ start, end, use, owner, state }: GrowingRun): PageRunView {
  return {
    pfn: BigInt(start),
    pages: end - start,
    use,
    ...(owner ? { label: owner.label, kind: owner.kind, freed: owner.freed } : {}),
    ...(state ? { refcount: state.refcount, mapcount: state.mapcount } : {}),
  };
}
