/**
 * `npm run package`: builds and packs `driver-mmap-VERSION.vsix`; fails when it is larger than users should have to load, or what an
 * activation reads is larger than one should have to wait for.
 */
import { readFileSync, statSync } from 'node:fs';
import path from 'node:path';
import { build } from './build.mjs';
import { writeExtensionPage } from './manual.mjs';
import { ensureInstalled, orExit, root, runNode, tool } from './project.mjs';

/** Bytes, by file. */
const largest = { vsix: 2_000_000, client: 130_000 };

/** What VS Code shows of the extension, made of these pages. */
const shown = { readme: ['README.md', 'dist/extension-page.md'], changelog: ['CHANGELOG.md', 'dist/extension-changelog.md'] };

/** Where the VSIX lies, from the root. */
function vsixName() {
  const { version } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  return `driver-mmap-${version}.vsix`;
}

/** Builds and packs. Leaves the process when that fails. */
export async function pack() {
  await build();
  const name = vsixName();
  for (const [page, file] of Object.values(shown)) writeExtensionPage(page, file);
  const pages = Object.entries(shown).flatMap(([what, [, file]]) => [`--${what}-path`, file]);
  const options = ['--no-dependencies', '--no-rewrite-relative-links', '--allow-missing-repository', ...pages, '--out', name];
  orExit(runNode([tool('@vscode/vsce/vsce'), 'package', ...options]));
  orTooLarge(name, largest.vsix);
  orTooLarge('dist/extension.cjs', largest.client);
  return name;
}

function orTooLarge(file, limit) {
  const { size } = statSync(path.join(root, file));
  if (size <= limit) return;
  console.error(`${file} has ${size} bytes; the limit is ${limit}.`);
  process.exit(1);
}

if (process.argv[1] === import.meta.filename) {
  ensureInstalled();
  await pack();
}
