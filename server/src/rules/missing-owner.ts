/** `missing-owner`: the operations of a file that can be mapped name no owner, so the module can go while they are in use. */
import type { Report, Rule } from './rule.ts';

/** The file is the module's own: built-in code is never unloaded. */
const ofModule = /\b(?:MODULE_LICENSE|module_exit|module_\w*driver|module_platform_driver)\s*\(/;

/** A file of a file system keeps its mount, and the mount the module. */
const ofFileSystem = /\bregister_filesystem\s*\(|\bstruct\s+(?:file_system_type|inode_operations|address_space_operations)\b/;

/** A cdev that names the owner keeps the module as well. */
const namesOwner = /(?:->|\.)owner\s*=\s*THIS_MODULE\s*;/;

/** Characters before a brace in which the `=` of its initialiser stands. */
const nearby = 200;

export const missingOwner: Rule = {
  name: 'missing-owner',
  severity: 'warning',
  summary: 'File operations with a mmap handler have no `.owner`: the module can be unloaded while the file is mapped.',
  check({ driver }) {
    if (!driver.text.mentions(ofModule) || driver.text.mentions(ofFileSystem) || driver.text.mentions(namesOwner)) return [];
    return driver.tables.flatMap((table): Report[] => {
      const mmap = table.entries.find(({ slot }) => slot === 'mmap' || slot === 'mmap_prepare');
      if (table.container !== 'file_operations' || table.file !== driver.file || !mmap) return [];
      // The span holds the functions alone; the owner stands before, between or behind them.
      const braced = driver.text.braced(table);
      const at = braced.span.start;
      const before = driver.text.slice({ file: table.file, span: { start: Math.max(at - nearby, 0), end: at } });
      const own = driver.text.slice(braced).replace(/\/\/.*|\/\*[\s\S]*?\*\//g, '');
      const isFilledHere = /[=,]\s*\{$/.test(before) && !/\bowner\b|^\s*[A-Z][A-Z0-9_]*\b/m.test(own);
      if (!isFilledHere || driver.sourcesOf('file_operations', 'owner').length > 0) return [];
      const message = `\`${table.name}\` names no owner, so an open file or a mapping does not keep the module: after rmmod the next fault or close runs code that is gone. Add \`.owner = THIS_MODULE\`.`;
      const fixes = [
        {
          title: 'Add `.owner = THIS_MODULE`',
          safe: true,
          edits: [
            {
              file: table.file,
              span: { start: at, end: at },
              newText: /^\s*\n/.test(own) ? '\n\t.owner = THIS_MODULE,' : ' .owner = THIS_MODULE,',
            },
          ],
        },
      ];
      return [{ file: table.file, span: mmap.span, function: mmap.function, message, related: [], fixes }];
    });
  },
};
