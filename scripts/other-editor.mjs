/** `npm run test:neovim`, `npm run test:emacs`: builds, and tries the language server in an editor that is installed. */
import { build } from './build.mjs';
import { ensureInstalled, runNode } from './project.mjs';

ensureInstalled();
await build();
process.exit(runNode(['test/editors/run.mjs', ...process.argv.slice(2)]));
