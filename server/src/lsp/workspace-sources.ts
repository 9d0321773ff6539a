/** The C files below a folder of the workspace. The walk pauses now and then, for whatever else is asked meanwhile. */
import { setImmediate } from 'node:timers/promises';
import { foldersBelow, sourceName } from '../host/files.ts';
import type { Report } from './progress.ts';

/** Folders that are walked without a pause. */
const foldersAtOnce = 40;

interface Walk {
  readonly report: Report;
  readonly signal: AbortSignal;
  /** Told of what cannot be read. */
  warn(message: string): void;
}

/** Without what `.gitignore` files and the patterns of `excluded` name; nothing once the walk is cancelled. */
export async function sourcesBelow(
  folder: string,
  excluded: readonly string[],
  { report, signal, warn }: Walk,
): Promise<readonly string[]> {
  const files: string[] = [];
  let walked = 0;
  for (const each of foldersBelow(folder, sourceName, excluded)) {
    files.push(...each.files);
    for (const { file, message } of each.problems) warn(`${file}: ${message}`);
    if (++walked % foldersAtOnce !== 0) continue;
    report(`${files.length} files found`);
    await setImmediate();
    if (signal.aborted) return [];
  }
  return files;
}
