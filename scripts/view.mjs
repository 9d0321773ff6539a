/**
 * `npm run view [-- FILE[:HANDLER]]`: records a simulation and prints the address of the page that shows it in a plain browser,
 * for work on the page without an editor.
 */
import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from './build.mjs';
import { ensureInstalled, root } from './project.mjs';

/** Simulates `operand` and writes the recording that `client/view/dev.html` loads. Returns the page's address. */
export function recordView(operand = 'examples/framebuffer-card.c') {
  const cli = path.join(root, 'server/dist/cli.cjs');
  const run = spawnSync(process.execPath, [cli, 'simulate', operand, '--format', 'json'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  if (run.status !== 0) throw new Error(`The simulation of ${operand} ended with code ${run.status}: ${run.stderr}`);
  writeFileSync(path.join(root, 'dist/recorded-trace.js'), `window.recordedTrace = ${run.stdout.trim()};\n`);
  return pathToFileURL(path.join(root, 'client/view/dev.html')).href;
}

if (process.argv[1] === import.meta.filename) {
  ensureInstalled();
  await build({ minify: false });
  console.log(recordView(process.argv[2]));
}
