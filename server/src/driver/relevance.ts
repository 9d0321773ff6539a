/**
 * Whether a text is worth parsing, or a function worth lowering, decided on the raw text: over a whole kernel tree this
 * dismisses 19 files of 20 in the time that it takes to read them.
 */
import { allFacts } from '../kernel/lookup.ts';
import { readyHandlers } from '../kernel/ready-handlers.ts';
import { tableMacroNames } from '../kernel/table-macros.ts';
import { allSlots, slotFields, tableContainers } from './slots.ts';

/** Nearly every mapping handler is written or registered with one of these. */
const rawWords: readonly string[] = [
  'mmap',
  'vm_area_struct',
  'vm_fault',
  'vm_operations_struct',
  'vm_ops',
  'unmapped_area',
  'vm_special_mapping',
];
const hasWord = (text: string): boolean => rawWords.some((word) => text.includes(word));

/** Slots whose registration needs none of the words: `snd_pcm_ops.page`. */
const otherSlots = allSlots.filter(({ container, field }) => !hasWord(`${container} ${field}`));

/** One pass of a pattern over a text is several times faster than a pass for each word. */
const anyWord = new RegExp([...rawWords, ...tableMacroNames.filter((name) => !hasWord(name))].join('|'));
const otherContainer = new RegExp([...new Set(otherSlots.map(({ container }) => container))].join('|'));

/** False only when no handler can be defined or registered by this file's own text. */
export function mayHaveHandlers(text: string): boolean {
  if (anyWord.test(text)) return true;
  return otherContainer.test(text) && otherSlots.some(({ container, field }) => text.includes(container) && text.includes(field));
}

/** The same words as code spells them: `regs_memmap` and `nvm_ops` are others, and what a comment says maps nothing. */
const codeWord = new RegExp(
  [
    'vm_area_struct|vm_operations_struct|vm_special_mapping|unmapped_area',
    '(?<![a-z])(?:mmap|vm_ops)',
    '\\bvm_fault(?:_t)?\\b',
    // Made ready for a mapping that the subsystem makes.
    'SetPageReserved',
    ...tableMacroNames,
  ].join('|'),
);

/** Whether the code (`codeOf`) of a text for which `mayHaveHandlers` holds is worth reading as C: without it, nothing can be said of the file. */
export function isWorthReading(code: string): boolean {
  return codeWord.test(code) || otherContainer.test(code);
}

/** Fields whose names alone tell a slot; the others mean one only beside the name of a table's struct. */
const telling = slotFields
  .filter((field) => /mmap|fault|nopage|nopfn|mkwrite|map_pages|unmapped_area|_page$|_to_ram$/.test(field))
  .join('|');
const setSlot = `(?:\\.|->)\\s*(?:${telling})\\s*=(?!=)|\\b(?:${telling})\\s*:\\s*[&(A-Za-z_]`;
const slotPattern = new RegExp(`${setSlot}|\\b(?:${tableContainers.join('|')}|vm_ops)\\b`);

/** Whether a piece of text sets a handler slot or names a table's struct: what may register a handler. */
export function mentionsSlot(text: string): boolean {
  return slotPattern.test(text);
}

/** A slot that is given what the kernel has for it, or a macro of the kernel's that makes a table with such a slot. */
const ready = new RegExp(
  `(?:\\.|->)\\s*\\w+\\s*=\\s*&?\\s*(?:${readyHandlers.join('|')}|NULL)\\b|\\b(?:${tableMacroNames.join('|')})\\b`,
  'g',
);

/** Calls of which rules speak wherever they stand. */
const calls = allFacts()
  .flatMap((fact) => (fact.kind === 'call' || fact.kind === 'pgprot' ? [fact.name, ...fact.aliases] : []))
  .filter((name) => /^\w+$/.test(name));
const words = 'vma|vm_area_struct|vm_area_desc|vm_operations_struct|vm_special_mapping|vm_fault(?:_t)?|vm_ops|VM_\\w+';
const functions = '(?:get|pin)_user_pages\\w*|SetPageReserved|mmap_(?:read|write)_\\w+|mmap_sem|mmap_lock';
const otherFields = [...new Set(otherSlots.map(({ field }) => field))].join('|');

/** What findings begin with: a handler, its registration, or a call. */
const beginnings = new RegExp(
  [
    `\\b(?:${words}|${functions}|${calls.join('|')})\\b`,
    setSlot,
    `(?:\\.|->)\\s*(?:${otherFields})\\s*=(?!=)`,
    // A table whose entries have no names.
    `\\bstruct\\s+(?:${tableContainers.join('|')})\\s+\\w+\\s*=\\s*\\{\\s*[^\\s.}]`,
  ].join('|'),
);

/**
 * Whether there can be findings in code for which `isWorthReading` holds. Where nothing is registered but what the kernel has ready,
 * and nothing is mapped, there are none; unless the owner of a table is forgotten, which is a finding whosever the handler is.
 */
export function isWorthChecking(code: string): boolean {
  const own = code.replace(ready, ' ');
  return beginnings.test(own) || (/\bstruct\s+file_operations\b/.test(own) && !/\bowner\b/.test(own));
}
