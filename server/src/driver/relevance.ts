/**
 * Whether a text is worth parsing, or a function worth lowering, decided on the raw text: over a whole kernel tree this
 * dismisses 19 files of 20 in the time that it takes to read them.
 */
import { tableMacroNames } from '../kernel/table-macros.ts';
import { slotFields, tableContainers } from './slots.ts';

/** A mapping handler cannot be written or registered without one of these. */
const words: readonly string[] = [
  'mmap',
  'vm_area_struct',
  'vm_fault',
  'vm_operations_struct',
  'vm_ops',
  'unmapped_area',
  'vm_special_mapping',
];

const allWords = [...words, ...tableMacroNames.filter((name) => !words.some((word) => name.includes(word)))];

/** False only when no handler can be defined or registered by this file's own text. */
export function mayHaveHandlers(text: string): boolean {
  return allWords.some((word) => text.includes(word));
}

/** Fields so common that they mean a slot only beside the name of a table's struct. */
const commonFields = new Set(
  'open close name access split mapped sync unmap protect advise migrate pagesize populate mremap mprotect set_policy get_policy'.split(
    ' ',
  ),
);
const distinctive = slotFields.filter((field) => !commonFields.has(field));
const slotPattern = new RegExp(
  `(?:\\.|->)\\s*(?:${distinctive.join('|')})\\s*=(?!=)|\\b(?:${distinctive.join('|')})\\s*:\\s*[&(A-Za-z_]|\\b(?:${tableContainers.join('|')}|vm_ops)\\b`,
);

/** Whether a piece of text sets a handler slot or names a table's struct: what may register a handler. */
export function mentionsSlot(text: string): boolean {
  return slotPattern.test(text);
}
