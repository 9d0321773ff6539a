/** `close-without-open`: closing a vma drops a reference, and nobody takes one when the vma is copied or split. */
import type { Driver, OpsTable } from '../driver/model.ts';
import type { Report, Rule } from './rule.ts';
import { firstCount } from './support/counting.ts';
import { usesOf } from './support/uses.ts';

export const closeWithoutOpen: Rule = {
  name: 'close-without-open',
  severity: 'error',
  summary: 'A table of vma operations has `.close`, which drops a reference, and no `.open` that takes one.',
  check({ driver }) {
    return driver.tables.flatMap((table): Report[] => {
      if (table.container !== 'vm_operations_struct' || table.file !== driver.file) return [];
      const close = table.entries.find(({ slot }) => slot === 'close');
      if (!close || table.entries.some(({ slot }) => slot === 'open') || isNeverCopied(driver, table)) return [];
      if (countsBytes(driver, close.function)) return [];
      const drop = firstCount(driver, close.function, 'down');
      if (!drop) return [];
      return [
        {
          file: table.file,
          span: close.span,
          function: close.function,
          message: `${neverForked(driver) ? 'A' : 'fork, a'} partial munmap and mprotect make a second vma of one, and each is closed: \`${close.function}\` then drops a reference that nobody took. Add .open that takes one; mmap itself does not call it.`,
          related: [{ file: drop.file, span: drop.span, message: `The reference is dropped here, with ${drop.what}.` }],
          fixes: [],
        },
      ];
    });
  },
};

/** Neither fork nor a split can make a second vma. */
function isNeverCopied(driver: Driver, table: OpsTable): boolean {
  const refusesSplit = table.entries.some(({ slot }) => slot === 'may_split' || slot === 'split');
  return refusesSplit && neverForked(driver);
}

function neverForked(driver: Driver): boolean {
  return /\bVM_DONTCOPY\b/.test(driver.files.get(driver.file) ?? '');
}

/** A handler that subtracts the length of each part, and drops the reference with the last one. */
function countsBytes(driver: Driver, close: string): boolean {
  const fields = new Set((usesOf(driver, close)?.expressions ?? []).map((each) => (each.kind === 'member' ? each.field : '')));
  return fields.has('vm_start') && fields.has('vm_end');
}
