/**
 * Instruction fetches by a user program (`do_user_addr_fault` with X86_PF_INSTR, arch/x86/mm/fault.c).
 */
import type { Mm } from '../mm.ts';
import { type UserResult, userAction } from '../outcome.ts';
import { isExecutable } from '../pgprot.ts';
import { pageOf } from '../units.ts';
import { access } from './access.ts';

/**
 * A jump to `address`. A page that is missing is brought in as for a read, whether or not the mapping may be run; only then does the
 * processor meet the NX bit of the entry, and the program gets SIGSEGV (`access_error`).
 */
export function execute(mm: Mm, address: bigint): UserResult {
  const fetched = access(mm, address, 'read');
  const pte = mm.table.get(pageOf(address));
  if (fetched.outcome.kind !== 'ok' || (pte && isExecutable(pte.prot))) return fetched;
  return userAction(mm.system, mm, () => ({ kind: 'signal', signal: 'SIGSEGV', why: 'The mapping does not allow code to run.' }));
}
