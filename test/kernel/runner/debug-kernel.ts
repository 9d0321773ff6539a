/** Builds the kernel that checks itself from Debian's source package, with `debug-kernel.config`. Takes ten minutes and 2 GiB. */
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { cacheFolder, run } from './tools.ts';

const source = 'linux-source-6.12';

/** Downloads, configures and builds; leaves `tree/` and `version` in the cache, as `kernels.ts` expects them. */
export function buildDebugKernel(oracle: string): void {
  const folder = path.join(cacheFolder, '6.12-debug');
  const tree = path.join(folder, 'tree');
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(tree, { recursive: true });
  const config = path.join(folder, 'config');
  copyFileSync(path.join(oracle, 'runner/debug-kernel.config'), config);
  console.log(`Downloading ${source}.`);
  run('sh', ['-c', `apt-get download ${source} && dpkg-deb -x ${source}_*.deb unpacked && rm ${source}_*.deb`], folder);
  run('tar', ['-x', '-C', folder, '-f', path.join(folder, `unpacked/usr/src/${source}.tar.xz`)]);
  const top = path.join(folder, source);
  console.log('Building it.');
  run('make', ['-s', '-C', top, `O=${tree}`, `KCONFIG_ALLCONFIG=${config}`, 'allnoconfig']);
  run('nice', ['make', '-s', '-j2', '-C', tree, 'bzImage', 'modules']);
  writeVersion(folder);
}

/** `6.12.117`, from the release that the build has written. */
function writeVersion(folder: string): void {
  const release = path.join(folder, 'tree/include/config/kernel.release');
  if (existsSync(release)) writeFileSync(path.join(folder, 'version'), readFileSync(release, 'utf8').replace(/-.*/s, '').trim());
}
