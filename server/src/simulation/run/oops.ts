/** What x86 prints when the kernel follows a bad pointer. Knows no driver. */
import { PAGE_SIZE } from '../../mm/units.ts';

/** Bits of an address above those that page tables with four levels translate are all alike. */
const addressBits = 48;

/** The kernel's line for an access to `address`, where nothing is mapped (`page_fault_oops`, arch/x86/mm/fault.c). */
export function oopsLine(address: bigint): string {
  const text = BigInt.asUintN(64, address).toString(16).padStart(16, '0');
  if (BigInt.asUintN(64, address) < PAGE_SIZE) return `BUG: kernel NULL pointer dereference, address: ${text}`;
  if (BigInt.asIntN(addressBits, address) !== BigInt.asIntN(64, address)) return 'general protection fault';
  return `BUG: unable to handle page fault for address: ${text}`;
}

/** Says of memory that is used after it was freed that one call of the driver did both. */
export const sameCall = 'The same call has freed it.';

/** Says of such memory that somebody else has given back the last reference, while the driver held neither a lock nor one of its own. */
export const letGo = 'Another holder has let it go meanwhile: the driver holds no lock and has no reference of its own.';

/** Whether a message is of memory that goes with the last reference, whichever put that is. */
export function isAfterLastPut(message: string): boolean {
  return message.includes(sameCall) || message.includes(letGo);
}
