/** `npm run test:e2e`: packs the VSIX, installs it in a real VS Code, and drives that with a headless Chromium. */
import { ensureHost } from './editor-host.mjs';
import { pack } from './package.mjs';
import { ensureInstalled, runNode } from './project.mjs';

ensureInstalled();
const vsix = await pack();
ensureHost();
process.exit(runNode(['test/e2e/run.mjs', vsix, ...process.argv.slice(2)]));
