/** The files that the operands of a command name, with one clear sentence for each that cannot be used. */
import { sourcesBelow } from '../host/files.ts';
import { UsageError } from './command.ts';
import { shown } from './format-text.ts';

/** All C files at or below `paths` (this folder when there are none), each once. Throws `UsageError` for a path that does not help. */
export function inputFiles(paths: readonly string[]): readonly string[] {
  const files = new Set<string>();
  for (const path of paths.length > 0 ? paths : ['.']) {
    const found = sourcesBelow(path);
    const [problem] = found.problems;
    if (problem) throw new UsageError(`Cannot read ${shown(problem.file)}: ${problem.message}.`);
    if (found.files.length === 0) throw new UsageError(`There are no C files (*.c, *.h) in ${path}.`);
    for (const file of found.files) files.add(file);
  }
  return [...files];
}
