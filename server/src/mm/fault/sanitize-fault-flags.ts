/**
 * Writes that a vma should never have let come so far (`sanitize_fault_flags`, mm/memory.c, 6.2 and later).
 */
import { atLeast } from '../../kernel/version.ts';
import { FAULT_FLAG_WRITE, isCowMapping, VM_FAULT_SIGSEGV, VM_MAYWRITE, VM_WRITE } from '../flags.ts';
import { at, inMemoryC } from '../problem.ts';
import type { FaultContext } from './context.ts';

/** VM_FAULT_SIGSEGV, with a warning, for a write without VM_MAYWRITE, or without VM_WRITE where no copy is made; else 0. */
export function sanitizeFaultFlags({ vma, system, vmf }: FaultContext): number {
  if (!atLeast(system.version, 6, 2) || (vmf.flags & FAULT_FLAG_WRITE) === 0) return 0;
  const mayWrite = (vma.vm_flags & VM_MAYWRITE) !== 0n;
  if (mayWrite && (vma.vm_flags & VM_WRITE || isCowMapping(vma.vm_flags))) return 0;
  system.warnOnce({
    kind: 'warning',
    message: mayWrite
      ? 'A shared mapping without VM_WRITE is written. The kernel warns and refuses.'
      : 'A mapping without VM_MAYWRITE is written. VM_MAYWRITE was taken away, but VM_WRITE was left: the kernel warns and refuses. Clear both, or refuse writable mappings.',
    kernelLog: 'WARNING: at mm/memory.c handle_mm_fault',
    where: inMemoryC('sanitize_fault_flags'),
    ...at(vma, vmf.address),
  });
  return VM_FAULT_SIGSEGV;
}
