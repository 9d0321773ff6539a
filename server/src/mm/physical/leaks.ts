/**
 * Memory that nobody can give back any more. The kernel says nothing about it; it is gone until the next boot.
 */
import type { System } from '../system.ts';
import { formatSize, hex, PAGE_SIZE } from '../units.ts';
import type { Allocation } from './allocation.ts';
import { PhysicalMemory } from './memory.ts';

/** Whether any process still leads to pages of the allocation. */
function isMapped(system: System, allocation: Allocation): boolean {
  return system.processes.some((mm) =>
    PhysicalMemory.ranges(allocation.runs).some((range) =>
      mm.table.runs.some((run) => {
        const pages = run.value.step === 0 ? 1 : run.end - run.start;
        return run.value.pfn < range.end && range.start < run.value.pfn + pages;
      }),
    ),
  );
}

/**
 * Reports pages that the driver has freed but that still have references although nothing maps them: each reference was taken
 * (get_page) and never given back. With `driverGone`, when the module has been removed, also memory that was never freed.
 */
export function reportLeaks(system: System, driverGone: boolean): void {
  for (const allocation of system.memory.allocations) {
    if (allocation.kind === 'device' || allocation.kind === 'reserved' || allocation.kind === 'kernel' || allocation.kind === 'static')
      continue;
    if (isMapped(system, allocation)) continue;
    if (!allocation.freed) {
      if (driverGone) report(system, allocation, allocation.pages, 'nobody has freed it, and the driver that knew of it is gone');
      continue;
    }
    const kept = PhysicalMemory.ranges(allocation.runs).flatMap((range) =>
      system.memory.pages.slice(range.start, range.end).filter((run) => run.value.use === 'allocated' && run.value.refcount > 0),
    );
    const pages = kept.reduce((sum, run) => sum + run.end - run.start, 0);
    const references = kept[0]?.value.refcount ?? 0;
    if (pages > 0) report(system, allocation, pages, `its pages still have ${references} references each, which nobody gives back`);
  }
}

function report(system: System, allocation: Allocation, pages: number, why: string): void {
  const [first] = allocation.runs;
  system.report({
    kind: 'leak',
    message: `${allocation.label} (${formatSize(BigInt(pages) * PAGE_SIZE)} at pfn ${hex(first?.pfn ?? 0)}) is lost: ${why}.`,
    where: { function: 'user program', file: '' },
    ...(first ? { pfn: BigInt(first.pfn) } : {}),
    pages,
  });
}
