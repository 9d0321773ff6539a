/** The manual that is packed with the programs: complete, and without a link or a picture that is not there. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';

const root = path.join(import.meta.dirname, '../..');
const folders = ['dist', 'server/dist'];
/** Made by `npm run package` for VS Code's own page about the extension. */
const isPacked = (name: string): boolean => name.startsWith('extension-');

/** Each page of the manual and of the rules, with what it links to. */
function pages(folder: string): readonly { readonly file: string; readonly links: readonly string[] }[] {
  return ['', 'rules'].flatMap((part) => {
    const names = readdirSync(path.join(root, folder, part)).filter((name) => name.endsWith('.md') && !isPacked(name));
    return names.map((name) => {
      const file = path.join(root, folder, part, name);
      const prose = readFileSync(file, 'utf8').replaceAll(/^```[\s\S]*?^```$/gm, '');
      return { file, links: [...prose.matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target) };
    });
  });
}

describe.each(folders)('the manual in %s', (folder) => {
  it('has the pages for users, beside those of the rules', () => {
    const names = readdirSync(path.join(root, folder));
    for (const name of ['README.md', 'editor.md', 'configuration.md', 'scenarios.md', 'rules']) expect(names).toContain(name);
  });

  it('names pages and pictures that are there, and no others', () => {
    const inside = pages(folder).flatMap(({ file, links }) =>
      links.filter((target) => !/^(\w+:|#)/.test(target)).map((target) => path.join(path.dirname(file), target.split('#')[0] ?? '')),
    );
    expect(inside.length).toBeGreaterThan(100);
    expect(inside).toContain(path.join(root, folder, 'images/simulation.webp'));
    expect(inside.filter((target) => !existsSync(target))).toEqual([]);
  });
});
