/** `npm run package`: builds and packs `driver-mmap-VERSION.vsix`; fails when it is larger than users should have to load. */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { build } from './build.mjs';
import { ensureInstalled, orExit, root, runNode, tool } from './project.mjs';

const largest = 2_000_000;

/** Where the VSIX lies, from the root. */
export function vsixName() {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return `driver-mmap-${version}.vsix`;
}

/** Builds and packs. Leaves the process when that fails. */
export async function pack() {
  await build();
  const name = vsixName();
  const options = ['--no-dependencies', '--no-rewrite-relative-links', '--allow-missing-repository', '--out', name];
  orExit(runNode([tool('@vscode/vsce/vsce'), 'package', ...options]));
  const { size } = statSync(path.join(root, name));
  if (size > largest) {
    console.error(`${name} has ${size} bytes; the limit is ${largest}.`);
    process.exit(1);
  }
  return name;
}

if (process.argv[1] === import.meta.filename) {
  ensureInstalled();
  await pack();
}
