/** `maywrite-not-cleared`: a handler refuses writable mappings, and mprotect(2) makes them writable afterwards. */
import { VM_MAYWRITE, VM_SHARED, VM_WRITE } from '../kernel/vma-bits.ts';
import type { Rule } from './rule.ts';
import { accessLeft } from './support/rights/access-left.ts';
import { accessTaken } from './support/rights/access-taken.ts';
import { privateWriteLeft } from './support/rights/private-write.ts';

export const maywriteNotCleared: Rule = {
  name: 'maywrite-not-cleared',
  severity: 'error',
  summary: 'A handler refuses writable mappings and leaves VM_MAYWRITE, so mprotect(2) makes them writable.',
  provedBy: ['expected'],
  byEntry: true,
  check: ({ driver, entries }) => [
    ...accessLeft(driver, entries, {
      refused: VM_WRITE,
      asked: 'VM_MAYWRITE',
      left: VM_MAYWRITE | VM_SHARED,
      shows,
      message:
        'Writable mappings are refused here, and a program that opens the device for writing gets one all the same: it maps for reading and calls mprotect(2), which asks VM_MAYWRITE alone. Clear VM_MAYWRITE too.',
    }),
    ...entries.flatMap((entry) => accessTaken(entry, { refused: VM_WRITE, left: VM_MAYWRITE | VM_SHARED, message: taken, shows }) ?? []),
    ...entries
      .filter(({ entry: { handler } }) => handler?.kind === 'mmap')
      .flatMap((entry) => accessTaken(entry, { refused: VM_MAYWRITE, left: VM_WRITE | VM_SHARED, message: kept, shows: written }) ?? []),
    ...entries.flatMap((entry) => privateWriteLeft(driver, entry)),
  ],
};

const shows = ['mprotect a prot rw expect ok'];
const written = ['write a 1'];
const kept =
  'VM_MAYWRITE is taken from the mapping here, and VM_WRITE is left to one that was asked for with it: that mapping is writable from the start. Refuse VM_WRITE first.';
const taken =
  'The right to write is taken from the mapping here, and VM_MAYWRITE is left: mprotect(2) gives it back to a program that opens the device for writing. Clear VM_MAYWRITE too.';
