/**
 * `swap_out` of 2.4 (mm/vmscan.c): when memory runs short, the kernel walks the vmas of all processes and takes entries out, also
 * those of drivers' pages. `nopage` is called again at the next touch (S10.12). From 2.5 on pages are found by other lists, on
 * which drivers' pages are not.
 */
import { atLeast, type KernelVersion } from '../../kernel/version.ts';
import { VM_LOCKED } from '../flags.ts';
import type { System } from '../system.ts';
import { zapRange } from '../tables/zap.ts';
import { addressOf } from '../units.ts';
import type { Vma } from '../vma.ts';
import { VM_RESERVED } from './flags.ts';
import { judgeRun } from './normal-run.ts';

/** Whether shortage takes entries out of drivers' mappings. */
export function swapsOutByVma(version: KernelVersion): boolean {
  return !atLeast(version, 2, 5);
}

/** Goes over all processes; VM_LOCKED and VM_RESERVED vmas are left alone. */
export function swap_out(system: System): void {
  for (const mm of system.processes) {
    if (mm.exited) continue;
    for (const vma of mm.vmas) if ((vma.vm_flags & (VM_LOCKED | VM_RESERVED)) === 0n) swapOutVma(vma);
  }
}

/**
 * `try_to_swap_out` for each page, until shortage is over: a clean page is dropped with its reference. A dirty page of a driver
 * goes to the swap cache and comes back from there as the same page; the model leaves it where it is, as it does with
 * anonymous memory.
 */
function swapOutVma(vma: Vma): void {
  const { table, system } = vma.vm_mm;
  for (const run of table.slice(Number(vma.vm_start >> 12n), Number(vma.vm_end >> 12n))) {
    for (const { run: part, normal } of judgeRun(vma, run)) {
      const isDriverPage = normal && system.memory.page(part.value.pfn)?.use !== 'anonymous';
      if (isDriverPage && !part.value.dirty) zapRange(vma, addressOf(part.start), addressOf(part.end), { by: 'try_to_swap_out' });
    }
  }
}
