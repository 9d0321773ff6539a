/** Error numbers of Linux (include/uapi/asm-generic/errno-base.h and errno.h; ENOTSUPP and EPROBE_DEFER are the kernel's own). */

export const errnos: Readonly<Record<string, number>> = {
  EPERM: 1, ENOENT: 2, ESRCH: 3, EINTR: 4, EIO: 5, ENXIO: 6, E2BIG: 7, ENOEXEC: 8, EBADF: 9, ECHILD: 10, EAGAIN: 11, EWOULDBLOCK: 11, ENOMEM: 12,
  EACCES: 13, EFAULT: 14, ENOTBLK: 15, EBUSY: 16, EEXIST: 17, EXDEV: 18, ENODEV: 19, ENOTDIR: 20, EISDIR: 21, EINVAL: 22, ENFILE: 23, EMFILE: 24,
  ENOTTY: 25, ETXTBSY: 26, EFBIG: 27, ENOSPC: 28, ESPIPE: 29, EROFS: 30, EMLINK: 31, EPIPE: 32, EDOM: 33, ERANGE: 34, EDEADLK: 35, ENAMETOOLONG: 36,
  ENOSYS: 38, ENODATA: 61, ETIME: 62, EPROTO: 71, EBADMSG: 74, EOVERFLOW: 75, EILSEQ: 84, EMSGSIZE: 90, EOPNOTSUPP: 95, ESHUTDOWN: 108,
  ETIMEDOUT: 110, EALREADY: 114, EINPROGRESS: 115, ESTALE: 116, ECANCELED: 125, ERESTARTSYS: 512, EPROBE_DEFER: 517, ENOTSUPP: 524,
}; // biome-ignore format: a table

const names = new Map<number, string>();
for (const [name, number] of Object.entries(errnos)) if (!names.has(number)) names.set(number, name);

/** `EINVAL` for 22 (or -22); `undefined` for a number that is none of them. */
export function errnoName(number: number | bigint): string | undefined {
  const value = Number(number);
  return names.get(Math.abs(value));
}
