/**
 * `npm run bench [-- KERNEL_TREE]`: prints the times that users wait for. Without a kernel tree the examples are measured.
 *
 *   open, edit   through the language server over stdio, as an editor drives it: 40 edits of one character
 *   check        the command line over drivers/ and sound/ of the tree
 *   simulate     the command line on one example
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { build } from './build.mjs';
import { LanguageServer } from './language-server.mjs';
import { ensureInstalled, root } from './project.mjs';

const edits = 40;
/** Milliseconds between an answer and the next key. */
const pause = 100;
const tree = process.argv[2] && path.resolve(process.argv[2]);
const cli = path.join(root, 'server/dist/cli.cjs');
const wanted = tree
  ? ['sound/core/pcm_native.c', 'drivers/uio/uio.c'].map((file) => path.join(tree, file))
  : [path.join(root, 'examples/ring-buffer.c')];
const files = wanted.filter((file) => existsSync(file));
if (files.length === 0) {
  console.error(`${tree} holds neither sound/core/pcm_native.c nor drivers/uio/uio.c: it is no kernel tree.`);
  process.exit(2);
}

/** The value below which `share` of the sorted `values` lie. */
const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.ceil(values.length * share) - 1)];
const milliseconds = (value) => `${value.toFixed(1)} ms`;

async function measure(file) {
  const server = new LanguageServer(process.execPath, [cli, 'lsp', '--stdio'], path.dirname(file));
  await server.initialize();
  const document = server.document(file);
  const opening = performance.now();
  await document.open();
  const open = performance.now() - opening;
  const times = [];
  for (let i = 0; i < edits; i++) {
    await delay(pause);
    const start = performance.now();
    await (i % 2 === 0 ? document.insert('x') : document.remove());
    times.push(performance.now() - start);
  }
  await server.end();
  console.log(
    `${path.relative(tree ?? root, file)}: open ${milliseconds(open)}, edit p50 ${milliseconds(quantile(times, 0.5))}, p95 ${milliseconds(quantile(times, 0.95))}`,
  );
}

/** Wall time of one run of the command line; its own output is not shown. */
function time(label, ...args) {
  const start = performance.now();
  const run = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  console.log(`${label}: ${milliseconds(performance.now() - start)} (exit ${run.status})`);
  if (run.status === 2) console.log(run.stderr);
}

ensureInstalled();
await build();
for (const file of files) await measure(file);
const targets = tree ? ['drivers', 'sound'].map((folder) => path.join(tree, folder)) : [path.join(root, 'examples')];
time(`check ${tree ? 'drivers/ and sound/' : 'examples/'}`, 'check', ...targets);
time('simulate examples/ring-buffer.c', 'simulate', path.join(root, 'examples/ring-buffer.c'));
