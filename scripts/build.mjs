/**
 * `npm run build`: bundles the programs with esbuild, and puts the two WebAssembly files, the rule pages
 * and the manual beside those that need them.
 *
 *   dist/extension.cjs   the VS Code client
 *   dist/server.cjs      starts the language server, which is dist/server-program.cjs; the client starts this
 *   dist/view.js         the simulation page
 *   server/dist/cli.cjs  starts the command line, server/dist/cli-program.cjs, with the same server inside
 */
import { chmodSync, copyFileSync, cpSync } from 'node:fs';
import path from 'node:path';
import { writeManual } from './manual.mjs';
import { ensureInstalled, root, tool } from './project.mjs';

const wasmFiles = [tool('web-tree-sitter/web-tree-sitter.wasm'), tool('tree-sitter-c/tree-sitter-c.wasm')];

/** What the bundles for Node share. The ES build of web-tree-sitter loses its own address in a bundle, so its CommonJS build is taken. */
const nodeBundle = {
  absWorkingDir: root,
  bundle: true,
  platform: 'node',
  target: 'node20.20',
  format: 'cjs',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  mainFields: ['module', 'main'],
  alias: { 'web-tree-sitter': tool('web-tree-sitter/web-tree-sitter.cjs') },
};

/** A program that `host/start.ts` runs: in ASCII, which V8 holds as it is read, and without an import while it runs. */
const programBundle = { ...nodeBundle, charset: 'ascii', supported: { 'dynamic-import': false } };

const viewBundle = {
  absWorkingDir: root,
  bundle: true,
  platform: 'browser',
  target: 'es2022',
  format: 'iife',
  charset: 'utf8',
  legalComments: 'none',
  logLevel: 'warning',
  jsx: 'automatic',
  jsxImportSource: 'preact',
};

const clientBundle = {
  ...nodeBundle,
  external: ['vscode'],
  // The editor brings its own module by `require` alone.
  supported: { 'dynamic-import': false },
};

const start = 'server/src/host/start.ts';

/** Builds everything; `minify` for what ships. Leaves the process when a source does not build. */
export async function build({ minify = true } = {}) {
  const esbuild = await import('esbuild');
  const programs = [
    { ...clientBundle, minify, entryPoints: ['client/src/extension.ts'], outfile: 'dist/extension.cjs' },
    { ...programBundle, minify, entryPoints: ['server/src/lsp/main.ts'], outfile: 'dist/server-program.cjs' },
    { ...programBundle, minify, entryPoints: ['server/src/cli/main.ts'], outfile: 'server/dist/cli-program.cjs' },
    { ...nodeBundle, minify, entryPoints: [start], outfile: 'dist/server.cjs' },
    { ...nodeBundle, minify, entryPoints: [start], outfile: 'server/dist/cli.cjs', banner: { js: '#!/usr/bin/env node' } },
    { ...viewBundle, minify, entryPoints: ['client/view/src/main.tsx'], outfile: 'dist/view.js' },
  ];
  // esbuild has said what is wrong; its exception would only repeat it.
  await Promise.all(programs.map((program) => esbuild.build(program))).catch(() => process.exit(1));
  for (const folder of ['dist', 'server/dist']) {
    cpSync(path.join(root, 'docs/rules'), path.join(root, folder, 'rules'), { recursive: true });
    writeManual(folder);
    for (const file of wasmFiles) copyFileSync(file, path.join(root, folder, path.basename(file)));
  }
  chmodSync(path.join(root, 'server/dist/cli.cjs'), 0o755);
}

if (process.argv[1] === import.meta.filename) {
  ensureInstalled();
  await build({ minify: !process.argv.includes('--readable') });
}
