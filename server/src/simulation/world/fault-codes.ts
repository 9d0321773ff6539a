/**
 * Codes of fault handlers (`VM_FAULT_NOPAGE` and its like) where the kernel wants error numbers: as the number of an error pointer such a
 * code is no error, and whoever gets the pointer follows it. Knows no scenario.
 */
import { VM_FAULT_NOPAGE } from '../../mm/flags.ts';
import type { CallContext } from './call-context.ts';

/** Begins the message. */
const opening = 'ERR_PTR() is given VM_FAULT_NOPAGE';

export function isNoError(message: string): boolean {
  return message.startsWith(opening);
}

/** `ERR_PTR(code)`: tells of a code that stands for success, and that no call has given as an error number. */
export function reportNoError(context: CallContext): void {
  const code = context.ulong(0);
  if (code !== BigInt(VM_FAULT_NOPAGE)) return;
  context.system.report({
    kind: 'bad-return',
    message: `${opening} (0x100), which a call that inserts an entry gives where it succeeds. IS_ERR() does not take it for an error, so the caller follows the number as if it were an address. Compare what the call gives with VM_FAULT_NOPAGE, and go on with 0.`,
    where: { function: context.call.name, file: 'include/linux/err.h' },
  });
}
