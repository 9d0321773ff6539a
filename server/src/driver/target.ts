/**
 * Which kernel a file is read for: what the user set, else the kernel tree that the file lies in, else the newest one
 * that is modelled. Reads through the host alone.
 */
import { type KernelVersion, newestKernel, parseVersion } from '../kernel/version.ts';
import type { Host, Target } from './model.ts';
import { foldersAbove, joinPath } from './paths.ts';

/** Folders above a file that are asked for a kernel tree. */
const maxFolders = 24;

/**
 * The target of the file at `path` (absolute, with `/`). `setting` is `auto` or a version; what is no version counts as
 * `auto`. With `auto`, the configuration is the `.config` beside the tree's Makefile, when there is one.
 */
export function targetFor(path: string, setting: string, host: Host): Target {
  const chosen = setting === 'auto' ? undefined : parseVersion(setting);
  if (chosen) return { version: chosen, config: new Map(), longBits: 64 };
  const tree = kernelTreeOf(path, host);
  if (!tree) return { version: newestKernel, config: new Map(), longBits: 64 };
  return { version: tree.version, config: parseConfig(host.readFile(joinPath(tree.folder, '.config')) ?? ''), longBits: 64 };
}

/** The kernel tree that the file at `path` lies in, and its version. */
export function kernelTreeOf(path: string, host: Host): { readonly folder: string; readonly version: KernelVersion } | undefined {
  for (const folder of foldersAbove(path).slice(0, maxFolders)) {
    const version = treeVersion(host.readFile(joinPath(folder, 'Makefile')));
    if (version) return { folder, version };
  }
  return undefined;
}

/** The version that a kernel tree's top Makefile states; `undefined` for any other Makefile. */
export function treeVersion(makefile: string | undefined): KernelVersion | undefined {
  const head = makefile?.slice(0, 2000);
  if (head === undefined || !/^PATCHLEVEL\s*:?=/m.test(head)) return undefined;
  const number = (name: string): number | undefined => {
    const value = new RegExp(`^${name}[ \\t]*:?=[ \\t]*(\\d+)`, 'm').exec(head)?.[1];
    return value === undefined ? undefined : Number(value);
  };
  const major = number('VERSION');
  const minor = number('PATCHLEVEL');
  return major === undefined || minor === undefined ? undefined : { major, minor, patch: number('SUBLEVEL') ?? 0 };
}

/** `CONFIG_X` to `y`, `m`, `n` or the value without quotes, as a `.config` states them. */
export function parseConfig(text: string): ReadonlyMap<string, string> {
  const config = new Map<string, string>();
  for (const match of text.matchAll(/^(?:(CONFIG_\w+)=(.*?)|# (CONFIG_\w+) is not set)\r?$/gm)) {
    if (match[3]) config.set(match[3], 'n');
    else if (match[1]) config.set(match[1], (match[2] ?? '').replace(/^"(.*)"$/, '$1'));
  }
  return config;
}
