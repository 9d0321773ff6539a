/** Walks a tree of C files for the corpus scripts. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** Every `*.c` and `*.h` at or below `start`, in the order of their names. */
export function* sourcesAt(start: string): Generator<string> {
  if (/\.[ch]$/.test(start)) {
    yield start;
    return;
  }
  const entries = readdirSync(start, { withFileTypes: true }).sort((a, b) => (a.name < b.name ? -1 : 1));
  for (const entry of entries) {
    const full = path.join(start, entry.name);
    if (entry.isDirectory() ? entry.name !== '.git' : entry.isFile() && /\.[ch]$/.test(entry.name)) yield* sourcesAt(full);
  }
}

/** The text of a file without a byte order mark. */
export function readSource(file: string): string {
  return readFileSync(file, 'utf8').replace(/^\uFEFF/, '');
}
