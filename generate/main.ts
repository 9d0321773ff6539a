/** `npm run generate`: writes every file that is made from a table. A test fails when one is not up to date. */
import { readFileSync, writeFileSync } from 'node:fs';
import { generatedFiles } from './files.ts';

for (const { file, textFrom } of generatedFiles) {
  let old = '';
  try {
    old = readFileSync(file, 'utf8');
  } catch {
    // A file that is not there yet is written whole.
  }
  writeFileSync(file, textFrom(old));
}
