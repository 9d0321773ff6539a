/**
 * The state of a machine at one moment, as plain data: processes with vmas and entries, and the pages they lead to.
 */
import type { PteRunView, VmaView } from '../event.ts';
import type { AllocationKind } from '../physical/allocation.ts';
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
      rss: { ...mm.rss },
    })),
    pages: pageRuns(system),
    files: system.files.map((file) => ({ id: file.id, name: file.name, references: file.references, released: file.released })),
  };
}

/** The pages that are shown, in ascending order; neighbours that look alike are one run. */
function pageRuns(system: System): PageRunView[] {
  const { memory } = system;
  const shown: PageRunView[] = [];
  const mapped = system.processes.flatMap((mm) => mm.table.runs.map(pfnRange)).sort((left, right) => left.start - right.start);
  let at = 0;
  const show = (start: number, end: number): void => {
    for (const run of mappedParts(mapped, Math.max(start, at), end))
      for (const each of describe(system, run.start, run.end)) join(shown, each);
    at = Math.max(at, end);
  };
  const known = [...memory.pages.runs, ...memory.devices.runs.map((run) => ({ ...run, value: { allocation: run.value } }))];
  if (memory.devices.runs.length > 0) known.sort((left, right) => left.start - right.start);
  for (const { start, end, value } of known) {
    show(at, start);
    if (!value.allocation || value.allocation.freed) show(start, end);
    else {
      for (const each of describe(system, start, end)) join(shown, each);
      at = end;
    }
  }
  show(at, Number.MAX_SAFE_INTEGER);
  return shown;
}

/** The parts of `[start, end)` that some process maps; `mapped` is sorted. */
function mappedParts(
  mapped: readonly { readonly start: number; readonly end: number }[],
  start: number,
  end: number,
): readonly { readonly start: number; readonly end: number }[] {
  const parts: { start: number; end: number }[] = [];
  let at = start;
  for (const range of mapped) {
    if (range.start >= end) break;
    const from = Math.max(range.start, at);
    const to = Math.min(range.end, end);
    if (from < to) parts.push({ start: from, end: to });
    at = Math.max(at, to);
  }
  return parts;
}

/** Adds a run, to the last one where it only goes on. */
function join(shown: PageRunView[], next: PageRunView): void {
  const last = shown.at(-1);
  const same =
    last &&
    last.pfn + BigInt(last.pages) === next.pfn &&
    last.use === next.use &&
    last.label === next.label &&
    last.kind === next.kind &&
    last.freed === next.freed &&
    last.refcount === next.refcount &&
    last.mapcount === next.mapcount;
  if (same) shown[shown.length - 1] = { ...last, pages: last.pages + next.pages };
  else shown.push(next);
}

/** `[start, end)` pfns as runs of one state each. */
function describe(system: System, start: number, end: number): PageRunView[] {
  const { memory } = system;
  return memory.owners(start, end).flatMap((run): PageRunView[] => {
    const states = memory.pages.slice(run.start, run.end);
    const owner = run.value ? { label: run.value.label, kind: run.value.kind, freed: run.value.freed } : {};
    if (states.length === 0) {
      const use = run.value ? 'device' : memory.regions.get(run.start) === 'ram' ? 'free' : 'unknown';
      return [{ pfn: BigInt(run.start), pages: run.end - run.start, use, ...owner }];
    }
    return states.map((state) => ({
      pfn: BigInt(state.start),
      pages: state.end - state.start,
      use: state.value.use,
      ...owner,
      refcount: state.value.refcount,
      mapcount: state.value.mapcount,
    }));
  });
}
