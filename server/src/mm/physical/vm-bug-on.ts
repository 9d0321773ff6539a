/** `VM_BUG_ON_PAGE` and `VM_BUG_ON_FOLIO` (include/linux/mmdebug.h): assertions that only kernels with CONFIG_DEBUG_VM have. */
import type { MmProblem } from '../problem.ts';
import type { System } from '../system.ts';
import { hex } from '../units.ts';

/** An assertion that does not hold for a page. */
export interface BrokenAssertion {
  /** The assertion as the kernel prints it: `VM_BUG_ON_PAGE(1 && PageCompound(page))`. */
  readonly assertion: string;
  readonly where: MmProblem['where'];
  /** What is wrong, after `Page 0x1234`. */
  readonly message: string;
}

/** Ends the running path where the kernel has the assertion; a usual kernel goes on. */
export function vmBugOnPage(system: System, pfn: number, { assertion, where, message }: BrokenAssertion): void {
  if (!system.config.debugVm) return;
  system.stop({
    kind: 'bug',
    message: `Page ${hex(pfn)} ${message}`,
    kernelLog: `page dumped because: ${assertion}\nkernel BUG at ${where.file}!`,
    where,
    pfn: BigInt(pfn),
  });
}
