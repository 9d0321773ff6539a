/** The files that the operands of a command name, with one clear sentence for each that cannot be used. */
import { filesBelow, scenarioName, sourceName } from '../host/files.ts';
import { UsageError } from './command.ts';
import { shown } from './format-text.ts';

/** All C files at or below `paths` (this folder when there are none), each once. Throws `UsageError` for a path that does not help. */
export function inputFiles(paths: readonly string[]): readonly string[] {
  return inputsNamed(paths, sourceName, 'C files (*.c, *.h)');
}

/** All scenarios at or below `paths`, as `inputFiles`. */
export function inputScenarios(paths: readonly string[]): readonly string[] {
  return inputsNamed(paths, scenarioName, 'scenarios (*.mmapsim)');
}

function inputsNamed(paths: readonly string[], name: RegExp, what: string): readonly string[] {
  const files = new Set<string>();
  for (const path of paths.length > 0 ? paths : ['.']) {
    const found = filesBelow(path, name);
    const [problem] = found.problems;
    if (problem) throw new UsageError(`Cannot read ${shown(problem.file)}: ${problem.message}.`);
    if (found.files.length === 0) throw new UsageError(`There are no ${what} in ${path}.`);
    for (const file of found.files) files.add(file);
  }
  return [...files];
}
