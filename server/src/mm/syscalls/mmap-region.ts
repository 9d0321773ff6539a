/**
 * The part of mmap(2) around the driver's handler (`mmap_region`: mm/mmap.c up to 6.12, mm/vma.c later).
 */
import { atLeast, type KernelVersion } from '../../kernel/version.ts';
import { errno } from '../errno.ts';
import { shmem_zero_setup } from '../fault/shmem.ts';
import { fput, get_file, type MmFile } from '../file.ts';
import { VM_ACCOUNT, VM_MAYWRITE, VM_NORESERVE, VM_SHARED, VM_WRITE } from '../flags.ts';
import type { Mm } from '../mm.ts';
import { vm_get_page_prot } from '../pgprot.ts';
import { at } from '../problem.ts';
import { type MergeRange, mergeLeft, mergeNewRange, modifyVmaRange } from '../tables/vma-merge.ts';
import { closeVma, removeVma } from '../tables/vma-tree.ts';
import { zapRange } from '../tables/zap.ts';
import { hex } from '../units.ts';
import { freshVmOps, vma_dummy_vm_ops } from '../vm-ops.ts';
import { type Vma, viewVma } from '../vma.ts';
import { attach, complete } from './mmap-attach.ts';
import { callPrepare, finishPrepared, newDesc, type RegionRequest, usesPrepare } from './mmap-prepare.ts';
import { clear, finish, gather } from './munmap.ts';

/** `accountable_mapping`: private writable memory is charged. */
function accountable(flags: bigint): boolean {
  return (flags & (VM_NORESERVE | VM_SHARED | VM_WRITE)) === VM_WRITE;
}

/**
 * `mmap_region`: makes room, accounts, tries to merge, else makes a vma and calls the handler. Gives the address, or the
 * handler's result when that is not 0. An old mapping that cannot make room fails with its own error from 6.12 on, with
 * ENOMEM before; from 6.12 on its file reference is given up after the new handler has run.
 */
export function mmap_region(mm: Mm, request: RegionRequest): bigint {
  const { start, end } = request;
  const old = gather(mm, start, end);
  const late = atLeast(mm.system.version, 6, 12);
  if (typeof old === 'number') return BigInt(late ? old : -errno.ENOMEM);
  for (const vma of old) mm.unlink(vma);
  if (!late) finish(old);
  else {
    clear(old);
    for (const vma of old) closeVma(vma);
  }
  const address = place(mm, request);
  if (late) for (const vma of old) removeVma(vma, 'munmap');
  return address;
}

/** The new mapping, once the range is free. */
function place(mm: Mm, request: RegionRequest): bigint {
  const { file, start, end } = request;
  const flags = accountable(request.flags) ? request.flags | VM_ACCOUNT : request.flags;
  const desc = file && usesPrepare(mm, file) ? newDesc(mm, { ...request, flags, file }) : undefined;
  if (file && desc) {
    const error = callPrepare(file, desc);
    if (error !== 0) return BigInt(error);
  }
  const range: MergeRange = {
    start,
    end,
    flags: desc?.vm_flags ?? flags,
    pgoff: desc?.pgoff ?? request.pgoff,
    file: desc?.vm_file ?? file,
    anonVma: undefined,
  };
  const merged = !file || mergesFirst(mm.system.version) ? mergeNewRange(mm, range, file ? 'not-called' : 'none') : undefined;
  if (merged) return complete(merged, start);
  const vma = newVma(mm, range);
  if (desc) return finishPrepared(vma, desc);
  if (!file) {
    if (request.flags & VM_SHARED) shmem_zero_setup(vma);
    return attach(vma, start);
  }
  return callHandler(vma, file, range);
}

/** Whether a neighbour can take over a file mapping before the driver is asked: 2.6.29 and later. */
function mergesFirst(version: KernelVersion): boolean {
  return atLeast(version, 2, 6, 29);
}

function newVma(mm: Mm, range: MergeRange): Vma {
  return mm.system.newVma({
    vm_mm: mm,
    vm_start: range.start,
    vm_end: range.end,
    vm_pgoff: range.pgoff,
    vm_flags: range.flags,
    vm_page_prot: vm_get_page_prot(range.flags),
    vm_ops: range.file ? freshVmOps(mm.system.version) : undefined,
    vm_file: range.file,
  });
}

/** Calls `f_op->mmap` for a vma that nothing else sees yet (S3.3), and deals with its result. */
function callHandler(vma: Vma, file: MmFile, range: MergeRange): bigint {
  const mm = vma.vm_mm;
  const system = mm.system;
  get_file(file);
  const handler = file.ops.mmap;
  mm.constructing = vma;
  const result = handler
    ? system.callback({ slot: 'mmap', name: `${file.ops.table}.mmap`, lock: mm.mmapLock, vma: viewVma(vma) }, () => handler(file, vma))
    : 0;
  mm.constructing = undefined;
  if (result !== 0) {
    undo(vma, result);
    return BigInt(result);
  }
  checkChanges(vma, range);
  const address = vma.vm_start;
  if (vma.vm_flags === range.flags && mergesFirst(system.version)) return attach(vma, address);
  return retryMerge(vma, range) ?? attach(vma, address);
}

/** The handler failed: the file reference goes, then the entries; `close` is not called (S3.7, S3.8). */
function undo(vma: Vma, result: number): void {
  const system = vma.vm_mm.system;
  if (result > 0) {
    system.report({
      kind: 'bad-return',
      message: `The mmap handler returns ${result}. Any result but 0 fails the mapping, and a positive one reaches the program as if it were an address.`,
      where: { function: 'mmap_region', file: 'mm/mmap.c' },
      rule: 'S3.6',
      ...at(vma),
    });
  }
  const file = vma.vm_file;
  vma.vm_ops = vma_dummy_vm_ops;
  if (file) fput(system, file);
  vma.vm_file = undefined;
  zapRange(vma, vma.vm_start, vma.vm_end, { by: 'unmap_region' });
  removeVma(vma, 'mmap-failed');
}

/** S3.5: what the handler must leave alone. */
function checkChanges(vma: Vma, range: MergeRange): void {
  const system = vma.vm_mm.system;
  const where = { function: 'mmap_region', file: 'mm/mmap.c' };
  if (vma.vm_start !== range.start) {
    system.warnOnce({
      kind: 'warning',
      message: `The mmap handler moves the vma from ${hex(range.start)} to ${hex(vma.vm_start)}. A driver cannot change the address of a mapping.`,
      kernelLog: 'WARNING: at mm/mmap.c mmap_region',
      where,
      rule: 'S3.5',
      ...at(vma),
    });
  }
  if ((range.flags & VM_MAYWRITE) === 0n && (vma.vm_flags & VM_MAYWRITE) !== 0n) {
    const warns = system.config.debugVm && atLeast(system.version, 6, 12);
    system.report({
      kind: warns ? 'warning' : 'bad-vma-change',
      ...(warns ? { kernelLog: 'WARNING: at mm/mmap.c __mmap_region' } : {}),
      message:
        'The mmap handler sets VM_MAYWRITE, which the core had cleared because the file is not open for writing. The program can now make the mapping writable with mprotect.',
      where,
      rule: 'S3.5',
      ...at(vma),
    });
  }
}

/**
 * The second attempt, after the handler changed the flags (5.9 and later), or the only one (2.6.0 to 2.6.28). Up to 6.12 the new vma is dropped without `close`;
 * from 6.13 it is live and is merged only when it has no `close`. Up to 6.11 the handler's changes of file and offset count.
 */
function retryMerge(vma: Vma, range: MergeRange): bigint | undefined {
  const mm = vma.vm_mm;
  const now = atLeast(mm.system.version, 6, 12) ? range : { ...range, file: vma.vm_file, pgoff: vma.vm_pgoff };
  const changed: MergeRange = { ...now, flags: vma.vm_flags };
  const isOnly = atLeast(mm.system.version, 2, 6) && !mergesFirst(mm.system.version);
  if (!isOnly && !atLeast(mm.system.version, 5, 9)) return undefined;
  if (atLeast(mm.system.version, 6, 13)) {
    attach(vma, vma.vm_start);
    const result = modifyVmaRange(vma, vma.vm_start, vma.vm_end, vma.vm_flags);
    return typeof result === 'number' ? BigInt(result) : range.start;
  }
  if (!mergeLeft(mm, changed) && !mm.previous(range.start)) return undefined;
  const merged = mergeNewRange(mm, changed, 'called');
  if (!merged) return undefined;
  if (vma.vm_file) fput(mm.system, vma.vm_file);
  return complete(merged, range.start);
}
