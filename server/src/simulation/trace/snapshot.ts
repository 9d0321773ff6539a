/** Memory at one moment for the trace: mm's snapshot with the scenario's names and numbers as text. */
import { vmFlagNames } from '../../kernel/vma-flags.ts';
import { cacheTypeOf } from '../../mm/pgprot.ts';
import type { System } from '../../mm/system.ts';
import { hex } from '../../mm/units.ts';
import { type PageRunView, snapshot } from '../../mm/views/snapshot.ts';
import type { MemoryState, PageRun } from '../../protocol/trace.ts';
import { formatProt, type Names } from './sentences.ts';

/** The state of all processes that still exist, and of every page that somebody knows. */
export function memoryState(system: System, names: Names): MemoryState {
  const now = snapshot(system);
  return {
    processes: now.processes
      .filter(({ mm }) => !system.processes.find(({ id }) => id === mm)?.exited)
      .map((process) => ({
        name: names.process(process.mm),
        vmas: process.vmas.map((vma) => ({
          name: names.vma(vma),
          start: hex(vma.start),
          end: hex(vma.end),
          pgoff: hex(vma.pgoff),
          flags: vmFlagNames(vma.flags, system.version),
          smapsFlags: vma.vmFlags.join(' '),
          pageProtection: formatProt(vma.pageProt),
          ...(vma.ops === undefined ? {} : { ops: vma.ops }),
        })),
        ptes: process.ptes.map((run) => ({
          start: hex(run.start),
          length: Number((run.end - run.start) >> 12n),
          pfn: hex(run.pfn),
          special: run.special,
          writable: run.writable,
          dirty: run.dirty,
          cache: cacheTypeOf(run.prot),
        })),
        rss: process.rss,
      })),
    pages: now.pages.map((run) => pageRun(system, run)),
  };
}

const kinds = {
  allocated: 'kernel memory',
  anonymous: 'anonymous',
  zero: 'page of zeros',
  free: 'free',
  device: 'device memory',
  unknown: 'nothing',
} as const;

function pageRun(system: System, run: PageRunView): PageRun {
  const owner = system.memory.owner(Number(run.pfn));
  return {
    pfn: hex(run.pfn),
    length: run.pages,
    kind: run.use === 'allocated' && owner ? owner.kind : kinds[run.use],
    ...(run.refcount === undefined ? {} : { refcount: run.refcount }),
    ...(run.mapcount === undefined ? {} : { mapcount: run.mapcount }),
    ...(run.label === undefined ? {} : { owner: run.label }),
    freed: owner?.freed ?? false,
  };
}
