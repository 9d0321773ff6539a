/** `npm test`: installs what is missing, builds, and runs the tests. Arguments go to vitest: `npm test -- test/mm`. */
import { build } from './build.mjs';
import { ensureInstalled, runNode, tool } from './project.mjs';

ensureInstalled();
await build();
process.exit(runNode([tool('vitest/vitest.mjs'), 'run', ...process.argv.slice(2)]));
