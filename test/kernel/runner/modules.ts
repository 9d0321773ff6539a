/** Builds the modules and the init program. A module that does not build is a problem of its own; the others go on. */
import { spawnSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Kernel } from './kernels.ts';
import { cacheFolder, OracleProblem, run } from './tools.ts';

/** The helper module of `inspect/`. */
export const helper = 'oracle-inspect';

export interface BuiltModules {
  /** Names, each with its `.ko` file. */
  readonly files: ReadonlyMap<string, string>;
  /** Names that did not build, with what the compiler said. */
  readonly failed: ReadonlyMap<string, string>;
}

/** Copies a file unless the copy is the same, so that `make` sees what changed. */
function refresh(from: string, to: string): void {
  if (!existsSync(to) || !readFileSync(from).equals(readFileSync(to))) copyFileSync(from, to);
}

/** Builds all modules of `test/kernel/drivers/` and the helper. */
export function buildModules(kernel: Kernel, oracle: string): BuiltModules {
  const folder = path.join(kernel.folder, 'modules');
  mkdirSync(folder, { recursive: true });
  for (const source of ['drivers', 'inspect']) {
    for (const file of readdirSync(path.join(oracle, source))) refresh(path.join(oracle, source, file), path.join(folder, file));
  }
  const names = [helper, ...moduleNames(oracle)];
  const kbuild = path.join(folder, 'Kbuild');
  const list = names.map((name) => `obj-m += ${name}.o\n`).join('');
  if (!existsSync(kbuild) || readFileSync(kbuild, 'utf8') !== list) writeFileSync(kbuild, list);
  const args = ['-s', '-k', '-j2', '-C', kernel.headers, `M=${folder}`, 'KBUILD_MODPOST_WARN=1', 'modules'];
  const { stderr, error } = spawnSync('make', args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (error) throw new OracleProblem(`make did not start: ${error.message}`);
  const files = new Map<string, string>();
  const failed = new Map<string, string>();
  for (const name of names) {
    const file = path.join(folder, `${name}.ko`);
    const said = stderr.split('\n').filter((line) => line.includes(`/${name}.`) && /error|undefined|warning/i.test(line));
    if (existsSync(file) && !said.some((line) => /error|undefined/i.test(line))) files.set(name, file);
    else failed.set(name, said.join('\n') || stderr.slice(-2000));
    if (files.has(name) && said.length > 0) console.log(said.join('\n'));
  }
  if (!files.has(helper)) throw new OracleProblem(`The helper module does not build for ${kernel.name}:\n${failed.get(helper) ?? ''}`);
  return { files, failed };
}

/** The modules of `drivers/`, without `.c`. */
export function moduleNames(oracle: string): readonly string[] {
  const files = readdirSync(path.join(oracle, 'drivers')).filter((file) => file.endsWith('.c'));
  return files.map((file) => file.slice(0, -2)).sort();
}

/** Builds the static init program; its path. */
export function buildInit(oracle: string): string {
  const source = path.join(oracle, 'init');
  const files = readdirSync(source).filter((file) => file.endsWith('.c'));
  mkdirSync(cacheFolder, { recursive: true });
  const program = path.join(cacheFolder, 'init');
  run('gcc', ['-std=gnu17', '-O1', '-Wall', '-Wextra', '-static', '-D_GNU_SOURCE', ...files, '-o', program], source);
  return program;
}
