/**
 * An open file and the address space of its inode, as far as mappings need them.
 */
import { atLeast } from '../kernel/version.ts';
import { withMmapLock } from './driver-call.ts';
import type { System } from './system.ts';
import type { FileOps } from './vm-ops.ts';
import type { Vma } from './vma.ts';

/** `struct address_space`: all vmas that map one inode, across processes and opens. */
export interface AddressSpace {
  readonly id: number;
  /** In order of insertion. */
  readonly vmas: Set<Vma>;
  /** A driver gave it an `a_ops` table of its own; that of a device file is empty. */
  ownOps?: boolean;
}

/** `struct file`. `references` counts the descriptor and every vma. */
export interface MmFile {
  readonly id: number;
  readonly name: string;
  readonly mode: { readonly read: boolean; readonly write: boolean };
  readonly ops: FileOps;
  readonly mapping: AddressSpace;
  /** `FOP_UNSIGNED_OFFSET`: offsets are taken as unsigned, so no length check in `file_mmap_ok`. */
  readonly unsignedOffset: boolean;
  /** The device node lies on a file system mounted with `noexec`. */
  readonly noexec: boolean;
  /** A file that the kernel has made for itself (shmem): it is no open device and holds no module. */
  readonly ofKernel: boolean;
  /** `O_*` beyond the access mode: `f_flags`. */
  readonly flags: number;
  /** Without `FMODE_LSEEK`, `FMODE_PREAD` and `FMODE_PWRITE`: `nonseekable_open`, `stream_open`. */
  withoutPosition?: boolean;
  /** `f_pos`, in bytes. */
  position: bigint;
  /** Number of descriptors that refer to the file. */
  descriptors: number;
  references: number;
  released: boolean;
  private_data: unknown;
}

/** Whether the device is open or mapped somewhere. */
export function isInUse({ files }: System): boolean {
  return files.some(({ released, ofKernel }) => !released && !ofKernel);
}

/** `get_file`: one more reference, for a vma. */
export function get_file(file: MmFile): MmFile {
  file.references += 1;
  return file;
}

/** `vma_set_file` (5.11 and later): the vma maps another file from now on; references follow. */
export function vma_set_file(vma: Vma, file: MmFile): void {
  const old = vma.vm_file;
  get_file(file);
  vma.vm_file = file;
  if (old) fput(vma.vm_mm.system, old);
}

/** `fput`: one reference less; the last one calls `release`. Since 3.6 that waits until the task has dropped the mmap lock. */
export function fput(system: System, file: MmFile): void {
  file.references -= 1;
  if (file.references > 0 || file.released) return;
  file.released = true;
  const { release, table } = file.ops;
  if (release) {
    const holder = system.processes.find(({ mmapLock }) => mmapLock !== 'none');
    const lock = !holder || atLeast(system.version, 3, 6) ? 'none' : holder.mmapLock;
    const run = () => release(file);
    system.callback({ slot: 'release', name: `${table}.release`, lock }, holder ? () => withMmapLock(holder, lock, run) : run);
  }
  system.log.add({ kind: 'file-released', file: file.id });
}
