/**
 * `npm run editor [-- PORT]`: a real VS Code in the browser on 127.0.0.1, with the extension installed and a copy of the examples open.
 * Ctrl+C ends it and removes its state.
 */
import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { ensureHost, startHost } from './editor-host.mjs';
import { pack } from './package.mjs';
import { ensureInstalled, root } from './project.mjs';

const port = Number(process.argv[2] ?? 0);
ensureInstalled();
const vsix = await pack();
ensureHost();

const workspace = mkdtempSync(path.join(os.tmpdir(), 'driver-mmap-examples-'));
cpSync(path.join(root, 'examples'), workspace, { recursive: true });
const host = await startHost({ vsix, workspace, port });
console.log(`\nVS Code with driver-mmap: ${host.url}\nThe examples are a copy. Ctrl+C ends it.`);

for (const signal of ['SIGINT', 'SIGTERM']) {
  process.once(signal, async () => {
    await host.stop();
    rmSync(workspace, { recursive: true, force: true });
    process.exit(0);
  });
}
