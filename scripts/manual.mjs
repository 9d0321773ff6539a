/**
 * The manual that is packed with the programs: the README and the pages of `docs/` that are for users, beside each other, with few of their
 * pictures, which are larger than all else together. A link to what is not packed becomes its text. Node's own modules alone.
 */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { root } from './project.mjs';

const pages = ['README.md', ...['configuration', 'editor', 'editors', 'history', 'limits', 'scenarios'].map((name) => `docs/${name}.md`)];
const pictures = ['docs/images/quick-fix.webp', 'docs/images/simulation.webp'];

/** Where a file of the project stands in the manual; `undefined` when it is no part of it. The pages of the rules are there anyway. */
function placeOf(file) {
  return [...pages, ...pictures].includes(file) || file.startsWith('docs/rules/') ? file.replace(/^docs\//, '') : undefined;
}

/** Writes the manual into a folder of the project. */
export function writeManual(folder) {
  for (const page of pages) write(path.join(folder, placeOf(page)), packedPage(page, placeOf));
  mkdirSync(path.join(root, folder, 'images'), { recursive: true });
  for (const picture of pictures) cpSync(path.join(root, picture), path.join(root, folder, placeOf(picture)));
}

/** Writes a page for VS Code's own page about the extension, which opens no file and shows no picture that comes with it. */
export function writeExtensionPage(page, file) {
  write(
    file,
    packedPage(page, () => undefined),
  );
}

function packedPage(page, place) {
  const pack = (all, mark, title, target) => {
    if (/^(\w+:|#)/.test(target)) return all;
    const [name, part] = target.split('#');
    const there = place(path.posix.join(path.posix.dirname(page), name));
    if (there === undefined) return mark ? '' : title;
    return `${mark}[${title}](${there}${part ? `#${part}` : ''})`;
  };
  const text = readFileSync(path.join(root, page), 'utf8');
  // Code is left as it is.
  const pieces = text.split(/^(```[\s\S]*?^```$)/m);
  const packed = pieces.map((piece, index) => (index % 2 ? piece : piece.replaceAll(/(!?)\[([^\][]*)\]\(([^)\s]+)\)/g, pack)));
  return packed.join('').replaceAll(/\n{3,}/g, '\n\n');
}

const write = (file, text) => writeFileSync(path.join(root, file), text);
