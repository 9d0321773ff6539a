/**
 * The functions of a driver whose calls a run counts, by the names that `expect count` takes: slots of vm_operations_struct, then of
 * file_operations, then what the driver core and the module loader call. A table; counts nothing.
 */

const ofVma = [
  'open',
  'close',
  'mapped',
  'may_split',
  'mremap',
  'mprotect',
  'fault',
  'huge_fault',
  'map_pages',
  'page_mkwrite',
  'pfn_mkwrite',
  'access',
  'nopage',
  'nopfn',
  'populate',
];

/** `file_open` is file_operations.open: `open` alone is that of the vma. */
const ofFile = [
  'mmap',
  'file_open',
  'release',
  'flush',
  'unlocked_ioctl',
  'read',
  'write',
  'poll',
  'llseek',
  'fsync',
  'fadvise',
  'get_unmapped_area',
];

const ofModule = ['remove', 'module_exit', 'work'];

/** The names, in the order in which a list shows them. */
export const countedSlots: readonly string[] = [...ofVma, ...ofFile, ...ofModule];

/** The name of a call that a run counts under another word. */
const otherNames: Readonly<Record<string, string>> = { 'file open': 'file_open', ioctl: 'unlocked_ioctl' };

/** What `expect count` calls a slot that a run has counted. */
export function countedName(slot: string): string {
  return otherNames[slot] ?? slot;
}
