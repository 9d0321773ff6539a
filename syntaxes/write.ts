/** `npm run generate`: writes the grammars that the manifest names. A test fails when they are not up to date. */
import { writeFileSync } from 'node:fs';
import { grammarFiles } from './grammar-files.ts';

for (const { file, text } of grammarFiles()) writeFileSync(file, text);
