/**
 * The state of a machine at one moment, as plain data: processes with vmas and entries, and the pages they lead to.
 */
import type { PteRunView, VmaView } from '../event.ts';
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

function pageRuns(system: System): PageRunView[] {
  const ranges: { start: number; end: number }[] = [];
  for (const allocation of system.memory.allocations) {
    if (allocation.freed) continue;
    for (const run of allocation.runs) ranges.push({ start: run.pfn, end: run.pfn + run.pages });
  }
  for (const mm of system.processes) for (const run of mm.table.runs) ranges.push({ ...pfnRange(run) });
  ranges.sort((left, right) => left.start - right.start);
  const result: PageRunView[] = [];
  let at = 0;
  for (const range of ranges) {
    const start = Math.max(range.start, at);
    if (start < range.end) result.push(...describe(system, start, range.end));
    at = Math.max(at, range.end);
  }
  return result;
}

function describe(system: System, start: number, end: number): PageRunView[] {
  const memory = system.memory;
  return memory.owners(start, end).flatMap((run): PageRunView[] => {
    const states = memory.pages.slice(run.start, run.end);
    const label = run.value ? { label: run.value.label } : {};
    if (states.length === 0) {
      const use = run.value ? 'device' : memory.regions.get(run.start) === 'ram' ? 'free' : 'unknown';
      return [{ pfn: BigInt(run.start), pages: run.end - run.start, use, ...label }];
    }
    return states.map((state) => ({
      pfn: BigInt(state.start),
      pages: state.end - state.start,
      use: state.value.use,
      ...label,
      refcount: state.value.refcount,
      mapcount: state.value.mapcount,
    }));
  });
}
