/**
 * The kernel's functions for lseek(2) on files without a size (fs/read_write.c in 6.12): in a driver's table, or called by its own
 * function. Knows no scenario.
 */
import { errno } from '../../mm/errno.ts';
import type { MmFile } from '../../mm/file.ts';
import type { KernelCall, KernelCallTable } from './call-context.ts';
import { integer, numberOf } from './values.ts';

/** Where an offset counts from: the start, the position, the end. */
const SEEK_SET = 0n;
const SEEK_CUR = 1n;
const SEEK_END = 2n;

/** The greatest `loff_t`, which is what device files have for a size limit (`MAX_LFS_FILESIZE`). */
const MAX_LFS_FILESIZE = (1n << 63n) - 1n;

/** The end of the file for SEEK_END, bytes; absent where SEEK_END is an error. */
type EndOf = (size: bigint) => { readonly end?: bigint; readonly limit: bigint };

/** A device file has the size 0; `size` is what the driver says. */
const functions: Readonly<Record<string, EndOf>> = {
  default_llseek: () => ({ end: 0n, limit: MAX_LFS_FILESIZE }),
  generic_file_llseek: () => ({ end: 0n, limit: MAX_LFS_FILESIZE }),
  fixed_size_llseek: (size) => ({ end: size, limit: size }),
  no_seek_end_llseek: () => ({ limit: MAX_LFS_FILESIZE }),
  no_seek_end_llseek_size: (size) => ({ limit: size }),
};

/**
 * The new position in bytes, or a negative error number; `undefined` for a name that is none of these functions.
 *
 * @param size what the driver gives as the size of its file, bytes
 */
export function seek(name: string, file: MmFile, offset: bigint, whence: bigint, size = 0n): bigint | undefined {
  if (name === 'noop_llseek') return file.position;
  if (name === 'no_llseek') return BigInt(-errno.ESPIPE);
  const known = Object.hasOwn(functions, name) ? functions[name] : undefined;
  if (!known) return undefined;
  const { end, limit } = known(size);
  const bases = new Map([
    [SEEK_SET, 0n],
    [SEEK_CUR, file.position],
    [SEEK_END, end],
  ] as const);
  const base = bases.get(whence as 0n | 1n | 2n);
  if (base === undefined) return BigInt(-errno.EINVAL);
  const position = base + offset;
  if (position < 0n || position > limit) return BigInt(-errno.EINVAL);
  file.position = position;
  return position;
}

const loff = { kind: 'integer', bits: 64, signed: true, name: 'loff_t' } as const;

/** `default_llseek(file, offset, whence)`, `fixed_size_llseek(file, offset, whence, size)`. */
const seekCall: KernelCall = (context) => {
  const file = context.environment.objects.pointed(context.argument(0), 'file')?.file;
  const offset = numberOf(context.argument(1));
  const whence = context.ulong(2);
  if (!file || offset === undefined || whence === undefined) return undefined;
  const result = seek(context.call.name, file, BigInt.asIntN(64, offset), whence, context.ulong(3));
  return result === undefined ? undefined : integer(loff, result);
};

export const seekCalls: KernelCallTable = Object.fromEntries(
  ['noop_llseek', 'no_llseek', ...Object.keys(functions)].map((name) => [name, seekCall]),
);
