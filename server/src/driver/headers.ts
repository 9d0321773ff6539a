/**
 * Follows the driver's own `"headers.h"`: those beside the including file, and theirs. Each is read once; a cycle ends
 * where it began, and budgets keep a hostile or enormous tree from mattering.
 */
import { folderOf, joinPath } from './paths.ts';
import type { Source } from './source.ts';

/** Headers per driver, levels of includes, and characters of all headers together. */
const limits = { files: 96, depth: 12, characters: 6_000_000 } as const;

/** The headers of `own`, nearest first; `read` answers `undefined` for a file that is not there. */
export function localHeaders(own: Source, read: (file: string) => Source | undefined): readonly Source[] {
  const found: Source[] = [];
  const seen = new Set([own.file]);
  let level: readonly Source[] = [own];
  let characters = 0;
  for (let depth = 0; depth < limits.depth && level.length > 0; depth++) {
    const next: Source[] = [];
    for (const source of level) {
      for (const include of source.items.includes) {
        if (!include.local) continue;
        const file = joinPath(folderOf(source.file), include.path);
        if (seen.has(file) || found.length >= limits.files) continue;
        seen.add(file);
        const header = read(file);
        if (!header || characters + header.text.length > limits.characters) continue;
        characters += header.text.length;
        found.push(header);
        next.push(header);
      }
    }
    level = next;
  }
  return found;
}
