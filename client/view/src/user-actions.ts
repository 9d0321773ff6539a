/** What a user program may do next with a mapping, as statements for the end of a scenario. A table; knows scenario words alone. */
import { freeName } from './scenario-edit.ts';

export interface UserAction {
  /** Sentence case, as in a menu. */
  readonly title: string;
  /** `mapping` is its name; `text` the scenario so far, for names that are free. */
  statements(mapping: string, text: string): readonly string[];
}

export const userActions: readonly UserAction[] = [
  { title: 'Read the first page', statements: (mapping) => [`read ${mapping} expect any`] },
  { title: 'Write the first page', statements: (mapping) => [`write ${mapping} expect any`] },
  { title: 'Read the last bytes', statements: (mapping) => [`read ${mapping}.end-4 expect any`] },
  { title: 'Read behind the end', statements: (mapping) => [`read ${mapping}.end expect any`] },
  { title: 'Read by a debugger', statements: (mapping) => [`read ${mapping} by ptrace expect any`] },
  { title: 'Read by a device (O_DIRECT)', statements: (mapping) => [`read ${mapping} by direct expect any`] },
  {
    title: 'Fork and read in the child',
    statements: (mapping, text) => {
      const child = freeName(text, 'child');
      return [`fork ${child}`, `in ${child}: read ${mapping} expect any`];
    },
  },
  { title: 'Unmap the first page', statements: (mapping) => [`munmap ${mapping} len 1p expect any`] },
  { title: 'Unmap all of it', statements: (mapping) => [`munmap ${mapping} expect any`] },
  { title: 'Move it to a new place (mremap)', statements: (mapping) => [`mremap ${mapping} len 1p maymove expect any`] },
  { title: 'Make it writable (mprotect)', statements: (mapping) => [`mprotect ${mapping} prot rw expect any`] },
  { title: 'Drop its pages (madvise dontneed)', statements: (mapping) => [`madvise ${mapping} dontneed expect any`] },
  {
    title: 'Map the device once more',
    statements: (_, text) => [`${freeName(text, 'more')} = mmap len 1p off 0 prot rw shared expect any`],
  },
  { title: 'Let memory run short', statements: () => ['pressure'] },
  { title: 'Close the device', statements: () => ['close'] },
  { title: 'Unplug the device', statements: () => ['unplug'] },
  { title: 'Dump core', statements: () => ['coredump'] },
];
