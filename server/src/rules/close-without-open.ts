/** `close-without-open`: closing a vma drops a reference, and nobody takes one when the vma is copied or split. */
import type { Driver, OpsTable } from '../driver/model.ts';
import { slotFact } from '../kernel/lookup.ts';
import type { Report, Rule } from './rule.ts';
import { firstCount } from './support/counting.ts';

export const closeWithoutOpen: Rule = {
  name: 'close-without-open',
  severity: 'error',
  summary: 'A table of vma operations has `.close`, which drops a reference, and no `.open` that takes one.',
  check({ driver }) {
    return driver.tables.flatMap((table): Report[] => {
      if (table.container !== 'vm_operations_struct' || table.file !== driver.file) return [];
      const close = table.entries.find(({ slot }) => slot === 'close');
      if (!close || table.entries.some(({ slot }) => slot === 'open') || isNeverCopied(driver, table)) return [];
      const drop = firstCount(driver, close.function, 'down');
      if (!drop) return [];
      return [
        {
          file: table.file,
          span: close.span,
          function: close.function,
          message: `fork, a partial munmap and mprotect make a second vma of one, and each is closed: \`${close.function}\` then drops a reference that nobody took. Add .open that takes one; mmap itself does not call it.`,
          related: [{ file: drop.file, span: drop.span, message: `The reference is dropped here, with ${drop.what}.` }],
          fixes: [],
        },
      ];
    });
  },
};

/** Neither fork nor a split can make a second vma. */
function isNeverCopied(driver: Driver, table: OpsTable): boolean {
  const text = driver.files.get(driver.file) ?? '';
  const refusesSplit =
    table.entries.some(({ slot }) => slot === 'may_split' || slot === 'split') && slotFact('vm_operations_struct', 'may_split');
  return refusesSplit !== undefined && refusesSplit !== false && /\bVM_DONTCOPY\b/.test(text);
}
