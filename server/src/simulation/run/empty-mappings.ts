/**
 * Watches for a mapping that the driver promises and does not make: a mapping call fails, nobody looks at its result, and mmap(2) succeeds
 * all the same. Reads vmas and results; changes nothing.
 */
import type { Mm } from '../../mm/mm.ts';
import { pageOf } from '../../mm/units.ts';
import type { Vma } from '../../mm/vma.ts';
import type { ActionContext, ActionResult } from './context.ts';

/** Looks at what came of an mmap(2). */
export function checkPromised({ session }: ActionContext, mm: Mm, { outcome }: ActionResult): void {
  const failed = session.failures.takeFailed();
  if (failed === undefined || outcome.kind !== 'ok') return;
  const vma = mm.lookup(outcome.value);
  if (!vma || isFilledLater(vma) || mm.table.slice(pageOf(vma.vm_start), pageOf(vma.vm_end)).length > 0) return;
  const what = vma.vm_ops ? 'is killed by SIGBUS when it uses it' : 'finds zeros there that have nothing to do with the device';
  session.recorder.problem(
    'bad-return',
    `${failed} has failed, but the mmap handler returns 0: the program gets a mapping without pages, and ${what}. Return the error of the call.`,
  );
}

/** Whether pages come when they are touched. */
function isFilledLater({ vm_ops }: Vma): boolean {
  return (vm_ops?.fault ?? vm_ops?.huge_fault ?? vm_ops?.nopage ?? vm_ops?.nopfn) !== undefined;
}
