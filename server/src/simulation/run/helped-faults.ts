/**
 * The vma operations of a fault handler in another file that leaves its work to a function of the driver: it hands on the vma, the address
 * and the vm_fault, and takes a pointer that is no error for success, as callers of such a function do.
 */
import { isErrorValue } from '../../mm/errno.ts';
import { VM_FAULT_NOPAGE, VM_FAULT_SIGBUS } from '../../mm/flags.ts';
import type { VmOps } from '../../mm/vm-ops.ts';
import { numberOf, ulongValue } from '../world/values.ts';
import type { Session } from './session.ts';

export function opsOfHelper(session: Session, helper: string): VmOps {
  return {
    table: 'vm_operations_struct',
    fault: (vmf) => {
      const known = { vm_area_struct: session.objects.vma(vmf.vma), vm_fault: session.objects.vmf(vmf) };
      const result = session.runDriver('fault', helper, session.argumentsFor(helper, known, [ulongValue(vmf.address), ulongValue(0n)]));
      const number = numberOf(result);
      return result.kind !== 'pointer' && number !== undefined && isErrorValue(number) ? VM_FAULT_SIGBUS : VM_FAULT_NOPAGE;
    },
  };
}
