/** `npm run generate`: writes the files that are made from tables; today the grammars in `syntaxes/`. */
import { runTypeScript } from './run-typescript.mjs';

process.exit(await runTypeScript('syntaxes/write.ts', []));
