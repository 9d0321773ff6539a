/** Runs the packaged command line as a process, from the top of the repository. */
import { spawnSync } from 'node:child_process';
import path from 'node:path';

export const root = path.join(import.meta.dirname, '../..');
const program = path.join(root, 'server/dist/cli.cjs');

export function run(...words: readonly string[]) {
  return runWith('', ...words);
}

/** The same with a text on its standard input. */
export function runWith(input: string, ...words: readonly string[]) {
  const { status, stdout, stderr } = spawnSync(process.execPath, [program, ...words], { encoding: 'utf8', cwd: root, input });
  return { status, stdout, stderr };
}
