/** Runs a TypeScript program of the project: bundles it into `dist/`, beside the grammar, and starts it with this Node. */
import path from 'node:path';
import { build, nodeBundle } from './build.mjs';
import { ensureInstalled, root, runNode } from './project.mjs';

/**
 * Builds everything, then runs `entry` (a path from the root).
 * @returns its exit code
 */
export async function runTypeScript(entry, args) {
  ensureInstalled();
  await build();
  const esbuild = await import('esbuild');
  const outfile = path.join(root, 'dist', `run-${path.basename(entry, '.ts')}.cjs`);
  await esbuild.build({ ...nodeBundle, entryPoints: [entry], outfile, sourcemap: 'inline' });
  return runNode(['--enable-source-maps', outfile, ...args]);
}
