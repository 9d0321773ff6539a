/** `npm run precedents -- FOLDER`: measures the rules and the adversary against bugs that drivers once had (test/corpus/precedents.ts). */
import { runTypeScript } from './run-typescript.mjs';

process.exit(await runTypeScript('test/corpus/precedents.ts', process.argv.slice(2)));
