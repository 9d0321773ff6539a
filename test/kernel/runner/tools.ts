/** Runs the programs of this machine that the oracle needs, and says clearly which is missing. Knows no kernel. */
import { spawnSync } from 'node:child_process';
import { homedir } from 'node:os';
import path from 'node:path';

/** What ends `npm run test:kernel` with a sentence instead of a stack. */
export class OracleProblem extends Error {}

/** Where packages, kernels and builds are kept. */
export const cacheFolder = path.join(process.env.XDG_CACHE_HOME ?? path.join(homedir(), '.cache'), 'driver-mmap', 'kernel');

const packageOf: Readonly<Record<string, string>> = {
  'apt-get': 'apt',
  'apt-cache': 'apt',
  'dpkg-deb': 'dpkg',
  gcc: 'gcc',
  make: 'make',
  'qemu-system-x86_64': 'qemu-system-x86',
};

/** Stops with one sentence when a program is not there. */
export function needPrograms(): void {
  const missing = Object.keys(packageOf).filter((name) => spawnSync('which', [name]).status !== 0);
  if (missing.length === 0) return;
  const packages = [...new Set(missing.map((name) => packageOf[name]))].join(' ');
  throw new OracleProblem(
    `The real kernel needs ${missing.join(', ')}, which this machine does not have. On Debian 12: apt-get install --no-install-recommends ${packages}`,
  );
}

/** Runs a program and gives what it prints; stops with its own words when it fails. */
export function run(program: string, args: readonly string[], cwd?: string): string {
  const result = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 28, ...(cwd === undefined ? {} : { cwd }) });
  if (result.error) throw new OracleProblem(`${program} did not start: ${result.error.message}`);
  if (result.status !== 0)
    throw new OracleProblem(`${program} ${args.join(' ')} failed:\n${(result.stderr || result.stdout).slice(-4000)}`);
  return result.stdout;
}
