/**
 * Functions of subsystems that map on a driver's behalf, or look at the vma without changing it: what they do, in terms of
 * the mm model, as in 6.12. A table, because every row is a small fact about another part of the kernel.
 */

import type { Value } from '../../execution/value.ts';
import { io_remap_pfn_range } from '../../mm/calls/remap-pfn-range.ts';
import { errno } from '../../mm/errno.ts';
import { VM_SHARED } from '../../mm/flags.ts';
import type { System } from '../../mm/system.ts';
import { get_unmapped_area } from '../../mm/tables/address-space.ts';
import { assignVmaField, vmaSize } from '../../mm/vma.ts';
import type { KernelCall, KernelCallTable } from './call-context.ts';
import { mappingHelpers } from './mapping-helpers.ts';
import { structType } from './objects.ts';
import { subsystemMappingCalls } from './subsystem-mapping-calls.ts';
import { intValue, nothing, pointerTo, ulongValue } from './values.ts';

/** Counts references of an object that no mapping can see. */
const counts: KernelCall = () => nothing;

/** `vma_set_anonymous`: `vm_ops` is NULL from here on. */
const setAnonymous: KernelCall = (context) => {
  const vma = context.vma(0);
  if (vma) assignVmaField(vma, 'vm_ops', undefined);
  return vma && nothing;
};

/** `rdma_user_mmap_io(ucontext, vma, pfn, size, prot, entry)` (drivers/infiniband/core/ib_core_uverbs.c). */
const rdmaIo: KernelCall = (context) => {
  const vma = context.vma(1);
  const pfn = context.ulong(2);
  const size = context.ulong(3);
  const prot = context.ulong(4);
  if (!vma || pfn === undefined || size === undefined || prot === undefined) return undefined;
  if (!(vma.vm_flags & VM_SHARED) || vmaSize(vma) !== size) return intValue(-errno.EINVAL);
  assignVmaField(vma, 'vm_page_prot', prot);
  return intValue(io_remap_pfn_range(vma, vma.vm_start, pfn, size, prot) === 0 ? 0 : -errno.EAGAIN);
};

/** The entries that were found, by their offset in pages. */
const rdmaEntries = new WeakMap<System, Map<bigint, Value>>();

/** Finds the entry that a driver inserted before for an offset: that of the vma, or of the number that it gets. */
const rdmaEntry: KernelCall = (context) => {
  const pgoff = context.vma(1)?.vm_pgoff ?? context.ulong(1);
  if (pgoff === undefined) return undefined;
  const entries = rdmaEntries.get(context.system) ?? new Map<bigint, Value>();
  rdmaEntries.set(context.system, entries);
  const entry = entries.get(pgoff) ?? pointerTo(context.machine.allocate('entry', structType('rdma_user_mmap_entry'), { kind: 'assumed' }));
  entries.set(pgoff, entry);
  return entry;
};

/** Looks for room as mmap(2) does for a file without an own `get_unmapped_area`; the arguments begin at `first`. */
const findArea =
  (first: number): KernelCall =>
  (context) => {
    const [hint, length, pgoff, flags] = [1, 2, 3, 4].map((index) => context.ulong(first + index));
    if (hint === undefined || length === undefined || pgoff === undefined || flags === undefined) return undefined;
    return ulongValue(
      BigInt.asUintN(64, get_unmapped_area(context.environment.currentMm(), undefined, hint, length, pgoff, Number(flags))),
    );
  };

/** `anon_inode_getfile(name, fops, private_data, flags)`: a file without a name in any file system (fs/anon_inodes.c). */
const anonymousFile: KernelCall = (context) => {
  const flags = Number(context.ulong(3) ?? 0n);
  const access = flags & O_ACCMODE;
  const file = context.system.openFile({
    name: 'anon_inode',
    ops: { table: 'anon_inode_fops' },
    read: access !== O_WRONLY,
    write: access !== O_RDONLY,
    flags,
  });
  file.private_data = context.argument(2);
  file.descriptors = 0;
  return context.environment.objects.file(file);
};

/** `shmem_file_setup(name, size, flags)`: a file of shared memory that belongs to no program; the maker has its one reference. */
const sharedMemoryFile: KernelCall = (context) => {
  const file = context.system.openFile({ name: 'shmem', ops: { table: 'shmem_file_operations' }, read: true, write: true, ofKernel: true });
  file.descriptors = 0;
  return context.environment.objects.file(file);
};

/** The access mode in the flags of open(2). */
const O_ACCMODE = 3;
const O_RDONLY = 0;
const O_WRONLY = 1;

export const libraryCalls: KernelCallTable = {
  anon_inode_getfile: anonymousFile,
  anon_inode_create_getfile: anonymousFile,
  shmem_file_setup: sharedMemoryFile,
  shmem_kernel_file_setup: sharedMemoryFile,
  ...mappingHelpers,
  ...subsystemMappingCalls,
  mm_get_unmapped_area: findArea(1),
  shmem_get_unmapped_area: findArea(0),
  thp_get_unmapped_area: findArea(0),
  vma_set_anonymous: setAnonymous,
  /** The offset that DRM gave the object: the scenario maps the object at 0. */
  drm_vma_node_start: () => ulongValue(0n),
  drm_vma_node_offset_addr: () => ulongValue(0n),
  drm_gem_vm_open: counts,
  drm_gem_vm_close: counts,
  drm_gem_object_get: counts,
  drm_gem_object_put: counts,
  rdma_user_mmap_io: rdmaIo,
  rdma_user_mmap_entry_get: rdmaEntry,
  rdma_user_mmap_entry_get_pgoff: rdmaEntry,
  rdma_user_mmap_entry_put: counts,
};
