/**
 * Runs a TypeScript program of the project with this Node: bundles it into `dist/run/`, which lies as deep as the folders of `test/`,
 * so that `import.meta.url` leads to the same files as in the sources.
 */
import path from 'node:path';
import { ensureInstalled, root, runNode } from './project.mjs';

/**
 * Bundles and runs `entry` (a path from the root); packages are loaded from node_modules.
 * @returns its exit code
 */
export async function runTypeScript(entry, args) {
  ensureInstalled();
  const esbuild = await import('esbuild');
  const outfile = path.join(root, 'dist/run', `${path.basename(entry, '.ts')}.mjs`);
  await esbuild.build({
    absWorkingDir: root,
    entryPoints: [entry],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.20',
    packages: 'external',
    sourcemap: 'inline',
    logLevel: 'warning',
  });
  return runNode(['--enable-source-maps', outfile, ...args]);
}
