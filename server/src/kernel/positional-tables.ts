/**
 * The order of the members of ops tables in the kernels whose drivers initialized them by position. Later drivers name
 * the members, so the order matters no more.
 */
import { atLeast, type KernelVersion } from './version.ts';

const fileOperations =
  'owner llseek read write readdir poll ioctl mmap open flush release fsync fasync lock readv writev sendpage get_unmapped_area';

/** The members of `struct container` in their order before 2.6; `undefined` for other structs and later kernels. */
export function positionalMembers(container: string, kernel: KernelVersion): readonly string[] | undefined {
  if (atLeast(kernel, 2, 6)) return undefined;
  if (container === 'file_operations') return fileOperations.split(' ');
  return container === 'vm_operations_struct' ? ['open', 'close', 'nopage'] : undefined;
}
