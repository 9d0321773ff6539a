/** `npm run corpus -- PATH…`: counts what the parser does not understand in trees of C files; see test/corpus/. */
import { runTypeScript } from './run-typescript.mjs';

process.exit(await runTypeScript('test/corpus/error-nodes.ts', process.argv.slice(2)));
