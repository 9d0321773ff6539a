/** `npm run images`: packs the VSIX and takes the pictures of `docs/images` from it, in a real VS Code. Look at each one before you commit it. */
import { ensureHost } from './editor-host.mjs';
import { pack } from './package.mjs';
import { ensureInstalled, runNode } from './project.mjs';

ensureInstalled();
const vsix = await pack();
ensureHost();
process.exit(runNode(['test/e2e/pictures.mjs', vsix]));
