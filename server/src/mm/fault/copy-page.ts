/**
 * The kernel copies a page for a private mapping (`copy_user_highpage`, `copy_mc_user_highpage`, include/linux/highmem.h): it reads it
 * through its own mapping of memory, which memory that was set aside at boot is not in. Who wants the copy is the callers' business.
 */
import { at } from '../problem.ts';
import { hex } from '../units.ts';
import type { FaultContext } from './context.ts';

/**
 * Copies page `from` to the fresh page `to` (pfns). False where `from` cannot be read and the kernel is prepared for it (`recovers`: as for a
 * page with broken memory, VM_FAULT_HWPOISON follows); where it is not, the kernel oopses.
 */
export function copyUserPage({ vma, system, vmf }: FaultContext, from: number, to: number, recovers: boolean, by: string): boolean {
  const { memory } = system;
  if (memory.page(from) === undefined || memory.inDirectMap(from)) {
    memory.contents.copy(from, to, memory.fill(from));
    return true;
  }
  const problem = {
    message: `A private copy is wanted of page ${hex(from)} behind ${hex(vmf.address)}. The page is memory that was set aside at boot, which the kernel's own mapping of memory leaves out, so that the kernel cannot read it. Refuse private mappings that can be written.`,
    where: { function: by, file: 'mm/memory.c' },
    ...at(vma, vmf.address),
    pfn: BigInt(from),
  };
  if (!recovers) return system.stop({ kind: 'oops', kernelLog: 'BUG: unable to handle page fault', ...problem });
  system.report({ kind: 'warning', ...problem });
  return false;
}
