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

/** Builds the helper and these modules of `test/kernel/drivers/`. */
export function buildModules(kernel: Kernel, oracle: string, modules: readonly string[]): BuiltModules {
  const folder = path.join(kernel.folder, 'modules');
  mkdirSync(folder, { recursive: true });
  for (const source of ['drivers', 'inspect']) {
    for (const file of readdirSync(path.join(oracle, source))) refresh(path.join(oracle, source, file), path.join(folder, file));
  }
  const failed = new Map<string, string>();
  let names: readonly string[] = [helper, ...modules];
  // One that does not compile keeps all others from being linked, so they are built again without it.
  for (;;) {
    const complaints = makeModules(kernel, folder, names);
    const broken = names.filter(
      (name) => complaints.has(name) && !(existsSync(path.join(folder, `${name}.ko`)) && isHarmless(complaints.get(name))),
    );
    for (const name of broken) failed.set(name, complaints.get(name) ?? '');
    if (broken.length === 0) break;
    names = names.filter((name) => !broken.includes(name));
  }
  const missing = names.filter((name) => !existsSync(path.join(folder, `${name}.ko`)));
  for (const name of missing) failed.set(name, 'make gives no reason');
  if (failed.has(helper)) throw new OracleProblem(`The helper module does not build for ${kernel.name}:\n${failed.get(helper)}`);
  return { files: new Map(names.filter((name) => !failed.has(name)).map((name) => [name, path.join(folder, `${name}.ko`)])), failed };
}

function isHarmless(complaint = ''): boolean {
  return !/error|undefined/i.test(complaint);
}

/** Runs make; what it says of each module. */
function makeModules(kernel: Kernel, folder: string, names: readonly string[]): ReadonlyMap<string, string> {
  writeFileSync(path.join(folder, 'Kbuild'), names.map((name) => `obj-m += ${name}.o\n`).join(''));
  const args = ['-s', '-k', '-j2', '-C', kernel.headers, `M=${folder}`, 'KBUILD_MODPOST_WARN=1', 'modules'];
  const { stderr, error } = spawnSync('make', args, { encoding: 'utf8', maxBuffer: 1 << 26 });
  if (error) throw new OracleProblem(`make did not start: ${error.message}`);
  const complaints = new Map<string, string>();
  for (const line of stderr.split('\n')) {
    const name = /\/modules\/([\w-]+)\.(?:c:\d|ko\] undefined)/.exec(line)?.[1];
    if (name === undefined || !/error|undefined|warning/i.test(line)) continue;
    complaints.set(name, `${complaints.get(name) ?? ''}${line.slice(line.lastIndexOf('/') + 1)}\n`);
  }
  for (const [name, said] of complaints) if (isHarmless(said)) console.log(`${name}: ${said}`);
  return complaints;
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
