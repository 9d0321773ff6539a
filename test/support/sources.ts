/** Reads the project's own files for the tests that judge them. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** One file of the project: its path from the root with forward slashes, and its text. */
export interface SourceFile {
  readonly file: string;
  readonly text: string;
}

/** The folder of the root package.json. */
export const projectRoot = path.resolve(path.dirname(fileURLToPath(import.meta.url)), '../..');

/** What is made, not written. */
const generated = new Set(['node_modules', 'dist', '.git', '.types']);

/** Every file of the project from the given folder down, sorted; what builds and installs leave behind is left out. */
export function projectFiles(folder = ''): readonly string[] {
  return readdirSync(path.join(projectRoot, folder), { withFileTypes: true })
    .filter((entry) => !generated.has(entry.name) && !entry.name.endsWith('.vsix'))
    .flatMap((entry) => {
      const file = folder === '' ? entry.name : `${folder}/${entry.name}`;
      return entry.isDirectory() ? projectFiles(file) : [file];
    })
    .sort();
}

/** The text of a file of the project. */
export const readProjectFile = (file: string): string => readFileSync(path.join(projectRoot, file), 'utf8');

/** The TypeScript and script files under the given folders. */
export function sourceFiles(...folders: readonly string[]): readonly SourceFile[] {
  return folders
    .flatMap((folder) => projectFiles(folder))
    .filter((file) => /\.(ts|tsx|mjs)$/.test(file))
    .map((file) => ({ file, text: readProjectFile(file) }));
}
