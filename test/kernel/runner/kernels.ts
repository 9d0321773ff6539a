/**
 * Gets the kernels: finds the newest packages of a series, downloads them and unpacks what is needed into the cache. Nothing
 * is installed.
 */
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, OracleProblem, run } from './tools.ts';

/** The kernels that are recorded: two of Debian's, and one with debugging built from Debian's source. */
export const recordedKernels = ['6.1', '6.12', '6.12-debug'] as const;
export type KernelName = (typeof recordedKernels)[number];
/** Those that are recorded unless others are asked for. */
export const kernelNames: readonly KernelName[] = ['6.1', '6.12'];

/** The series of a kernel, with debugging or without. */
export const seriesOf = (name: KernelName): '6.1' | '6.12' => (name === '6.1' ? '6.1' : '6.12');

export interface Kernel {
  readonly name: KernelName;
  /** As the package says: `6.12.117`. */
  readonly version: string;
  /** The file that QEMU boots. */
  readonly image: string;
  /** The folder for `make -C`. */
  readonly headers: string;
  /** Where builds for this kernel may lie. */
  readonly folder: string;
}

/** Package names with the numbers in them compared as numbers. */
function newest(names: readonly string[]): string | undefined {
  return [...names].sort((left, right) => left.localeCompare(right, 'en', { numeric: true })).at(-1);
}

/** The part of the package names that says which build it is: `6.12.117+deb12`. */
function newestBuild(series: string): string {
  const prefix = `linux-headers-${series}.`;
  const names = run('apt-cache', ['pkgnames', prefix]).split('\n');
  const found = newest(names.filter((name) => name.endsWith('-amd64') && !/-(cloud|rt)-amd64$/.test(name)));
  if (found === undefined) throw new OracleProblem(`apt knows no linux-headers for ${series}. On Debian 12, run apt-get update first.`);
  return found.slice('linux-headers-'.length, -'-amd64'.length);
}

function kbuildPackage(headers: string): string {
  const found = /Depends: (linux-kbuild-\S+)/.exec(run('apt-cache', ['depends', headers]))?.[1];
  if (found === undefined) throw new OracleProblem(`${headers} names no linux-kbuild package.`);
  return found;
}

/** The newest kernel of a series, from the cache where it is there. */
export function getKernel(name: KernelName): Kernel {
  if (name === '6.12-debug') return debugKernel();
  const build = newestBuild(name);
  const folder = path.join(cacheFolder, build);
  if (!existsSync(path.join(folder, 'version'))) download(name, build, folder);
  return {
    name,
    version: readFileSync(path.join(folder, 'version'), 'utf8').trim(),
    image: path.join(folder, `root/boot/vmlinuz-${build}-amd64`),
    headers: path.join(folder, `root/usr/src/linux-headers-${build}-amd64`),
    folder,
  };
}

function download(name: string, build: string, folder: string): void {
  console.log(`Downloading Linux ${name} (${build}).`);
  const fresh = `${folder}.new`;
  rmSync(fresh, { recursive: true, force: true });
  const root = path.join(fresh, 'root');
  mkdirSync(root, { recursive: true });
  const headers = `linux-headers-${build}-amd64`;
  const image = `linux-image-${build}-amd64-unsigned`;
  run('apt-get', ['download', image, headers, `linux-headers-${build}-common`, kbuildPackage(headers)], fresh);
  for (const file of readdirSync(fresh).filter((name) => name.endsWith('.deb'))) {
    const archive = path.join(fresh, file);
    if (file.startsWith(image)) {
      run('sh', ['-c', `dpkg-deb --fsys-tarfile "${archive}" | tar -x -C "${root}" ./boot`]);
      writeFileSync(path.join(fresh, 'version'), run('dpkg-deb', ['-f', archive, 'Version']).replace(/-.*/s, ''));
    } else run('dpkg-deb', ['-x', archive, root]);
    rmSync(archive);
  }
  // Only for BTF, which modules do not need and pahole would have to make.
  rmSync(path.join(root, 'usr/src', headers, 'vmlinux'), { force: true });
  // The makefile names the common headers where they would be installed.
  const makefile = path.join(root, 'usr/src', headers, 'Makefile');
  const source = path.join(folder, 'root/usr/src');
  writeFileSync(makefile, readFileSync(makefile, 'utf8').replace('include /usr/src/', `include ${source}/`));
  rmSync(folder, { recursive: true, force: true });
  renameSync(fresh, folder);
}

/** The kernel that `build-debug-kernel.ts` has built. */
function debugKernel(): Kernel {
  const folder = path.join(cacheFolder, '6.12-debug');
  if (!existsSync(path.join(folder, 'version')))
    throw new OracleProblem('The kernel with debugging is not built: npm run test:kernel -- --build-debug-kernel (about 10 minutes).');
  const tree = path.join(folder, 'tree');
  return {
    name: '6.12-debug',
    version: readFileSync(path.join(folder, 'version'), 'utf8').trim(),
    image: path.join(tree, 'arch/x86/boot/bzImage'),
    headers: tree,
    folder,
  };
}
