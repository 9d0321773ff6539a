/** Writes an initramfs: a gzip'd cpio archive (newc), with the one device node that the kernel wants. */
import { gzipSync } from 'node:zlib';

export interface ArchiveFile {
  /** Without a leading slash. */
  readonly path: string;
  readonly content: Buffer;
  readonly executable?: boolean;
}

/** File types of `st_mode`. */
const S_IFDIR = 0o040000;
const S_IFREG = 0o100000;
const S_IFCHR = 0o020000;

interface Entry {
  readonly name: string;
  readonly mode: number;
  readonly content?: Buffer;
  readonly device?: readonly [major: number, minor: number];
}

function entryBytes({ name, mode, content = Buffer.alloc(0), device = [0, 0] }: Entry, inode: number): Buffer {
  const fields = [inode, mode, 0, 0, 1, 0, content.length, 0, 0, device[0], device[1], name.length + 1, 0];
  const head = `070701${fields.map((field) => field.toString(16).padStart(8, '0')).join('')}${name}\0`;
  return Buffer.concat([padded(Buffer.from(head)), padded(content)]);
}

/** To a multiple of 4 bytes. */
function padded(bytes: Buffer): Buffer {
  return Buffer.concat([bytes, Buffer.alloc(-bytes.length & 3)]);
}

/** The archive with these files, their folders, and `/dev/console`. */
export function initramfs(files: readonly ArchiveFile[]): Buffer {
  const folders = new Set(['dev', ...files.flatMap(({ path }) => (path.includes('/') ? [path.slice(0, path.lastIndexOf('/'))] : []))]);
  const entries: Entry[] = [
    ...[...folders].map((name) => ({ name, mode: S_IFDIR | 0o755 })),
    { name: 'dev/console', mode: S_IFCHR | 0o600, device: [5, 1] },
    ...files.map(({ path, content, executable }) => ({ name: path, mode: S_IFREG | (executable ? 0o755 : 0o644), content })),
    { name: 'TRAILER!!!', mode: 0 },
  ];
  return gzipSync(Buffer.concat(entries.map(entryBytes)), { level: 1 });
}
