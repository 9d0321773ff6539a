/**
 * What every script of this folder needs: where the project is, how to run a program, and how to get the dependencies.
 * Uses Node's own modules alone, because it runs before anything is installed.
 */
import { spawnSync } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder of the root package.json. */
export const root = path.dirname(path.dirname(fileURLToPath(import.meta.url)));

/**
 * Runs a program with this terminal and waits for it.
 * @returns its exit code; 1 when a signal ended it
 */
export function run(program, args, options = {}) {
  const result = spawnSync(program, args, { cwd: root, stdio: 'inherit', ...options });
  if (result.error) {
    console.error(`${program} did not start: ${result.error.message}`);
    return 1;
  }
  return result.status ?? 1;
}

/** Runs a JavaScript file with the Node that runs this script. */
export const runNode = (args, options) => run(process.execPath, args, options);

/** Runs npm: the one that started this script, when npm did. */
export function runNpm(args, options) {
  const npm = process.env.npm_execpath;
  return npm?.endsWith('.js') ? runNode([npm, ...args], options) : run('npm', args, options);
}

/** The main file of a tool in node_modules, from the `bin` field of its package.json. */
export const tool = (relativePath) => path.join(root, 'node_modules', relativePath);

/** Leaves with `code` unless it is 0. */
export function orExit(code) {
  if (code !== 0) process.exit(code);
}

/** Installs the dependencies with `npm ci` when they are missing or older than the lock file. Leaves the process when that fails. */
export function ensureInstalled() {
  const installed = path.join(root, 'node_modules/.package-lock.json');
  const lock = path.join(root, 'package-lock.json');
  if (existsSync(installed) && statSync(installed).mtimeMs >= statSync(lock).mtimeMs) return;
  console.error('Installing the dependencies with npm ci.');
  orExit(runNpm(['ci', '--include=dev', '--ignore-scripts', '--no-audit', '--no-fund']));
}
