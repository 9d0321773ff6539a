/** `mayexec-not-cleared`: a handler refuses executable mappings, and mprotect(2) makes them executable afterwards. */
import { VM_EXEC, VM_MAYEXEC } from '../kernel/vma-bits.ts';
import type { Rule } from './rule.ts';
import { accessLeft } from './support/rights/access-left.ts';

export const mayexecNotCleared: Rule = {
  name: 'mayexec-not-cleared',
  severity: 'info',
  summary: 'A handler refuses executable mappings and leaves VM_MAYEXEC, so mprotect(2) makes them executable.',
  provedBy: ['expected'],
  byEntry: true,
  check: ({ driver, entries }) =>
    accessLeft(driver, entries, {
      refused: VM_EXEC,
      asked: 'VM_MAYEXEC',
      left: VM_MAYEXEC,
      shows: ['mprotect a prot rx expect ok'],
      message:
        'Executable mappings are refused here, and a program gets one all the same: it maps for reading and calls mprotect(2), which asks VM_MAYEXEC alone. Clear VM_MAYEXEC too.',
    }),
};
