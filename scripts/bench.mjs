/**
 * `npm run bench [-- KERNEL_TREE | FILE…]`: prints the times that users wait for. Without an argument the examples are measured.
 *
 *   open, edit   through the language server over stdio, as an editor drives it, each file by a new server: 40 keys of one
 *                word, and what an edit costs of an opening
 *   typing       a minute of keys, eight a second, and hovers: what an author waits for, and whether findings flicker
 *   check        the command line over drivers/ and sound/ of the tree, or over the files
 *   simulate     in one process: default scenarios of the handlers, and two large mappings; and the most memory that the
 *                command line takes for the second of these
 *   page         the simulation page in Chromium: its first paint, and a step
 *
 * Nothing here passes or fails: the times of a machine that does something else at the time say little.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { availableParallelism, loadavg } from 'node:os';
import path from 'node:path';
import { performance } from 'node:perf_hooks';
import { setTimeout as delay } from 'node:timers/promises';
import { measurePage } from './bench-page.mjs';
import { measureTyping } from './bench-typing.mjs';
import { build } from './build.mjs';
import { LanguageServer } from './language-server.mjs';
import { ensureInstalled, root } from './project.mjs';
import { runTypeScript } from './run-typescript.mjs';

const edits = 40;
/** Milliseconds between an answer and the next key. */
const pause = 100;
const cli = path.join(root, 'server/dist/cli.cjs');
const example = path.join(root, 'examples/ring-buffer.c');

/** What is measured: the files that are opened, and the files and folders that are checked and simulated. */
function subjects(words) {
  if (words.length === 0) return { files: [example], paths: [path.join(root, 'examples')] };
  const paths = words.map((word) => path.resolve(word));
  const missing = paths.find((each) => !existsSync(each));
  if (missing !== undefined) stop(`${missing} does not exist.`);
  if (!statSync(paths[0]).isDirectory()) return { files: paths, paths };
  const files = ['sound/core/pcm_native.c', 'drivers/uio/uio.c'].map((file) => path.join(paths[0], file)).filter(existsSync);
  if (files.length === 0) stop(`${paths[0]} holds neither sound/core/pcm_native.c nor drivers/uio/uio.c: it is no kernel tree.`);
  return { files, paths: ['drivers', 'sound'].map((folder) => path.join(paths[0], folder)) };
}

function stop(sentence) {
  console.error(sentence);
  process.exit(2);
}

/** The value below which `share` of the `values` lie. */
const quantile = (values, share) => [...values].sort((a, b) => a - b)[Math.max(Math.ceil(values.length * share) - 1, 0)];
const milliseconds = (value) => `${value.toFixed(1)} ms`;

async function measure(file) {
  const started = performance.now();
  const server = new LanguageServer(process.execPath, [cli, 'lsp', '--stdio'], path.dirname(file));
  await server.initialize();
  const init = performance.now() - started;
  const document = server.document(file);
  const opening = performance.now();
  await document.open();
  const open = performance.now() - opening;
  const times = [];
  for (let i = 0; i < edits; i++) {
    await delay(pause);
    const start = performance.now();
    // Each key makes a text that was not there before: what was checked a moment ago is remembered.
    await document.insert('x');
    times.push(performance.now() - start);
  }
  await server.end();
  const [median, p95, max] = [0.5, 0.95, 1].map((share) => quantile(times, share));
  console.log(
    `${path.relative(process.cwd(), file)}: start ${milliseconds(init)}, open ${milliseconds(open)}, ` +
      `edit median ${milliseconds(median)}, p95 ${milliseconds(p95)}, max ${milliseconds(max)} (an edit costs ${(median / open).toFixed(2)} of an opening)`,
  );
}

/** Wall time of one run of the command line; its own output is not shown. */
function time(label, ...args) {
  const start = performance.now();
  const run = spawnSync(process.execPath, [cli, ...args], { encoding: 'utf8', maxBuffer: 1 << 28 });
  console.log(`${label}: ${milliseconds(performance.now() - start)} (exit ${run.status})`);
  if (run.status === 2) console.log(run.stderr);
}

/** The most memory of a run of the command line that simulates 262,144 inserts. */
function memory() {
  const tell = 'data:text/javascript,process.on("exit",()=>console.error(process.resourceUsage().maxRSS))';
  const drivers = path.join(root, 'test/bench');
  const scenario = ['--scenario', path.join(drivers, 'large.mmapsim')];
  const run = spawnSync(process.execPath, ['--import', tell, cli, 'simulate', path.join(drivers, 'drivers/pages.c'), ...scenario], {
    encoding: 'utf8',
  });
  const kibibytes = Number(run.stderr.trim().split('\n').at(-1));
  console.log(`simulate, peak memory of 262,144 calls of vm_insert_page(): ${(kibibytes / 1024).toFixed(0)} MiB (exit ${run.status})`);
}

const { files, paths } = subjects(process.argv.slice(2));
ensureInstalled();
await build();
console.log(`${availableParallelism()} processors, load ${loadavg()[0].toFixed(1)} at the start`);
for (const file of files) await measure(file);
await measureTyping(process.execPath, [cli, 'lsp', '--stdio'], files[0]);
time(`check ${paths.map((each) => path.relative(process.cwd(), each) || '.').join(' ')}`, 'check', ...paths);
memory();
await measurePage('examples/ring-buffer.c');
process.exit(await runTypeScript('test/bench/simulation.ts', paths));
