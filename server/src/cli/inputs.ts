/** The files that the operands of a command name, with one clear sentence for each that cannot be used. */
import { filesBelow, scenarioName, sourceName } from '../host/files.ts';
import { UsageError } from './command.ts';
import { shown } from './format-text.ts';

/** All C files at or below `paths` (this folder when there are none), each once. Throws `UsageError` for a path that does not help. */
export function inputFiles(paths: readonly string[]): readonly string[] {
  return inputsNamed(paths, sourceName, 'C files (*.c, *.h)', refuseOtherThanC);
}

/** All scenarios at or below `paths`, as `inputFiles`. */
export function inputScenarios(paths: readonly string[]): readonly string[] {
  return inputsNamed(paths, scenarioName, 'scenarios (*.mmapsim)', refuseOtherThanScenario);
}

/** Throws `UsageError` for a file that somebody names in place of C, by its ending; any other ending is taken for C. */
export function refuseOtherThanC(file: string): void {
  if (scenarioName.test(file))
    throw new UsageError(`${shown(file)} is a scenario, where C is needed. Run it with driver-mmap test ${shown(file)}.`);
  if (file.endsWith('.rs')) throw new UsageError(`${shown(file)} is Rust; driver-mmap reads drivers in C alone.`);
}

function refuseOtherThanScenario(file: string): void {
  if (sourceName.test(file))
    throw new UsageError(
      `${shown(file)} is C, where a scenario (*.mmapsim) is needed. Run its handler with driver-mmap simulate ${shown(file)}.`,
    );
}

function inputsNamed(paths: readonly string[], name: RegExp, what: string, refuse: (file: string) => void): readonly string[] {
  const files = new Set<string>();
  for (const path of paths.length > 0 ? paths : ['.']) {
    const found = filesBelow(path, name);
    const [problem] = found.problems;
    if (problem) throw new UsageError(`Cannot read ${shown(problem.file)}: ${problem.message}.`);
    if (found.files.length === 0) throw new UsageError(`There are no ${what} in ${path}.`);
    for (const file of found.files) {
      refuse(file);
      files.add(file);
    }
  }
  return [...files];
}
