/**
 * Linux memory management in small, for 2.4 to 7.1 on x86-64: the public surface.
 *
 *   const system = new System(version);                       a machine: memory, processes, files, events
 *   const bar = addDeviceRegion(system, { bytes, label });    memory a driver can hold: alloc_pages, kmalloc, vmalloc, …
 *   const file = system.openFile({ name, ops, read, write }); ops.mmap(file, vma) is the driver, ops of the vma are `VmOps`
 *   const mm = system.createProcess();
 *   mmap(mm, { file, length, prot, flags, offset })           what a user program does: mmap, munmap, mremap, mprotect,
 *   access(mm, address, 'read')                               fork, exit, close, madvise, mlock, access, gup …
 *   remap_pfn_range(vma, addr, pfn, size, prot)               what a driver calls, under the kernel's names
 *   system.log.drain()                                        what happened, as events
 *
 * User actions return a `UserResult`: an outcome (value, error number, signal, or a stopped kernel) and the problems. Calls
 * of drivers return what the kernel function returns; they may throw `KernelStop`, which the user action around the
 * driver's callback catches. A struct page is known by its pfn. Addresses, lengths, pfns and flags are bigints.
 *
 * A difference between kernel versions is one `atLeast(version, …)` inside the function that has it.
 */
export * from './calls/dma-mmap.ts';
export * from './calls/insert-huge.ts';
export * from './calls/insert-page.ts';
export * from './calls/insert-pfn.ts';
export * from './calls/lookup.ts';
export * from './calls/mmap-action.ts';
export * from './calls/mmap-lock.ts';
export * from './calls/page-calls.ts';
export * from './calls/raw-pte.ts';
export { io_remap_pfn_range, remap_pfn_range, vm_iomap_memory } from './calls/remap-pfn-range.ts';
export * from './calls/remap-vmalloc.ts';
export * from './calls/user-pages.ts';
export { vm_flags_clear, vm_flags_init, vm_flags_mod, vm_flags_reset, vm_flags_set } from './calls/vm-flags.ts';
export * from './calls/vm-mmap.ts';
export * from './calls/zap-calls.ts';
export { withMmapLock } from './driver-call.ts';
export * from './errno.ts';
export type { MmEvent, PteRunView, VmaView } from './event.ts';
export { type AccessResult, access, accessBySystemCall, accessRange, copyUser, type RangeResult, type Reached } from './fault/access.ts';
export { execute } from './fault/execute.ts';
export { handle_mm_fault } from './fault/handle-mm-fault.ts';
export { GUP_PIN_COUNTING_BIAS, type GupFlags } from './fault/user-pages.ts';
export { type AddressSpace, fput, get_file, type MmFile, vma_set_file } from './file.ts';
export * from './flags.ts';
export * from './history/flags.ts';
export { hasNopage, type NoPageResult } from './history/nopage.ts';
export { hasNopfn, type NoPfnResult } from './history/nopfn.ts';
export { hasPopulate, install_page } from './history/populate.ts';
export { io_remap_page_range, remap_page_range } from './history/remap-page-range.ts';
export type { Mm, MmapLock } from './mm.ts';
export type { Outcome, SignalName, UserResult } from './outcome.ts';
export * from './pgprot.ts';
export {
  addDeviceRegion,
  addReservedRegion,
  addStaticData,
  alloc_pages,
  alloc_pages_exact,
  dma_alloc_coherent,
  freeAllocation,
  get_order,
  kmalloc,
  PAGE_OFFSET,
  split_page,
  vmalloc,
} from './physical/allocate.ts';
export { type Allocation, type AllocationKind, pfnAt } from './physical/allocation.ts';
export { get_page, put_page, referenceCount } from './physical/counts.ts';
export { reportLeaks } from './physical/leaks.ts';
export { defaultRegions, PhysicalMemory, type Region, zeroPfn } from './physical/memory.ts';
export { lock_page, markDirty, type PageFlag, pageFlags, trylock_page, unlock_page } from './physical/page-flags.ts';
export type { PageState } from './physical/page-state.ts';
export { KernelStop, type MmProblem, type ProblemKind } from './problem.ts';
export { type CoredumpResult, coredump, type DumpedRange, defaultDumpFilter } from './syscalls/coredump.ts';
export { close, exit } from './syscalls/exit.ts';
export { type ForkResult, fork } from './syscalls/fork.ts';
export {
  accessMem,
  accessRemote,
  type GupResult,
  get_user_pages,
  processVmAccess,
  putUserPages,
  type RemoteAccess,
} from './syscalls/gup.ts';
export { type Madvice, madvice, madvise } from './syscalls/madvise.ts';
export { type MincoreResult, mincore } from './syscalls/mincore.ts';
export { mlock, mlockall, munlock, munlockall } from './syscalls/mlock.ts';
export { type MmapRequest, mmap } from './syscalls/mmap.ts';
export { mprotect } from './syscalls/mprotect.ts';
export { type MremapRequest, mremap } from './syscalls/mremap.ts';
export { msync } from './syscalls/msync.ts';
export { munmap } from './syscalls/munmap.ts';
export { reclaim } from './syscalls/pressure.ts';
export { remap_file_pages } from './syscalls/remap-file-pages.ts';
export { defaultConfig, System, type SystemConfig } from './system.ts';
export { isNormalRun } from './tables/vm-normal-page.ts';
export { vma_set_page_prot } from './tables/vma-tree.ts';
export * from './units.ts';
export { type PagemapEntry, pagemap } from './views/pagemap.ts';
export { mapsLine, type Smaps, smaps } from './views/proc.ts';
export { type PageRunView, type ProcessSnapshot, type Snapshot, snapshot, type VmaSnapshot } from './views/snapshot.ts';
export type { MmapAction, VmAreaDesc } from './vm-area-desc.ts';
export { type FileOps, type VmFault, type VmOps, vma_dummy_vm_ops } from './vm-ops.ts';
export { assignVmaField, isSpecial, Vma, type VmaFields, viewVma, vma_is_anonymous, vma_pages, vma_set_anonymous, vmaSize } from './vma.ts';
