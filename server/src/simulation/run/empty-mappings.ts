/**
 * Looks for mappings into which the driver puts nothing, neither now nor when they are touched, and among them for those that it promises: a
 * mapping call fails, nobody looks at its result, and mmap(2) succeeds all the same. Reads vmas and results; changes nothing.
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
  if (!vma || !isEmpty(mm, vma)) return;
  const what = vma.vm_ops ? 'is killed by SIGBUS when it uses it' : 'finds zeros there that have nothing to do with the device';
  session.recorder.problem(
    'bad-return',
    `${failed} has failed, but the mmap handler returns 0: the program gets a mapping without pages, and ${what}. Return the error of the call.`,
  );
}

/** Whether an mmap(2) has made a mapping that stays without pages of the driver. */
export function madeEmpty(mm: Mm, { outcome }: ActionResult): boolean {
  const vma = outcome.kind === 'ok' ? mm.lookup(outcome.value) : undefined;
  return vma !== undefined && isEmpty(mm, vma);
}

function isEmpty(mm: Mm, vma: Vma): boolean {
  return !isFilledLater(vma) && mm.table.slice(pageOf(vma.vm_start), pageOf(vma.vm_end)).length === 0;
}

/** Whether pages come when they are touched. */
function isFilledLater({ vm_ops }: Vma): boolean {
  return (vm_ops?.fault ?? vm_ops?.huge_fault ?? vm_ops?.nopage ?? vm_ops?.nopfn) !== undefined;
}
