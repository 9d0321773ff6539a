/** `npm run generate`: writes the files that are made from tables: the grammars, the tables of the pages. */
import { runTypeScript } from './run-typescript.mjs';

process.exit(await runTypeScript('generate/main.ts', []));
