/** The error numbers that the memory management model returns, by kernel name. Values are those of x86-64. */
import { errnoName as kernelErrnoName } from '../kernel/errno.ts';

export const errno = {
  EPERM: 1,
  ENOENT: 2,
  EINTR: 4,
  EIO: 5,
  ENXIO: 6,
  EAGAIN: 11,
  ENOMEM: 12,
  EACCES: 13,
  EFAULT: 14,
  EBUSY: 16,
  EEXIST: 17,
  ENODEV: 19,
  EINVAL: 22,
  ESPIPE: 29,
  EBADF: 9,
  ENOTTY: 25,
  EOVERFLOW: 75,
  EOPNOTSUPP: 95,
  EHWPOISON: 133,
} as const;

/** The kernel name of a positive error number, or `errno N` for a number without one. */
export function errnoName(value: number): string {
  return kernelErrnoName(value) ?? `errno ${value}`;
}

/** Whether a system call's result lies in the error range (`IS_ERR_VALUE`): the last 4095 values. */
export function isErrorValue(value: bigint): boolean {
  return BigInt.asUintN(64, value) >= (1n << 64n) - 4095n;
}
