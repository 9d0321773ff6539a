/**
 * Instruction fetches by a user program (`access_error` with X86_PF_INSTR, arch/x86/mm/fault.c).
 */
import { VM_EXEC } from '../flags.ts';
import type { Mm } from '../mm.ts';
import { type UserResult, userAction } from '../outcome.ts';
import { hex } from '../units.ts';
import { access } from './access.ts';

/** A jump to `address`: SIGSEGV without VM_EXEC; else the page is reached as for a read. */
export function execute(mm: Mm, address: bigint): UserResult {
  const vma = mm.lookup(address);
  if (vma && vma.vm_flags & VM_EXEC) return access(mm, address, 'read');
  const why = vma ? 'The mapping does not allow code to run.' : `Nothing is mapped at ${hex(address)}.`;
  return userAction(mm.system, mm, () => ({ kind: 'signal', signal: 'SIGSEGV', why }));
}
