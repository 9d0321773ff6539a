/**
 * The part of mmap(2) around the driver's handler (`mmap_region`: mm/mmap.c up to 6.12, mm/vma.c later).
 */
import { atLeast } from '../../kernel/version.ts';
import { completeAction, prepareAction } from '../calls/mmap-action.ts';
import { callVmOp } from '../driver-call.ts';
import { fput, get_file, type MmFile } from '../file.ts';
import {
  VM_ACCOUNT,
  VM_LOCKED,
  VM_LOCKED_MASK,
  VM_MAYWRITE,
  VM_NORESERVE,
  VM_SHARED,
  VM_SOFTDIRTY,
  VM_SPECIAL,
  VM_WRITE,
} from '../flags.ts';
import type { Mm } from '../mm.ts';
import { vm_get_page_prot } from '../pgprot.ts';
import { at } from '../problem.ts';
import { untrackPfn } from '../tables/track-pfn.ts';
import {
  type MergeRange,
  mergeLeft,
  mergeNewRange,
  modifyVmaRange,
  removeVma,
  resetVmaFlags,
  vma_set_page_prot,
} from '../tables/vma-tree.ts';
import { zapRange } from '../tables/zap.ts';
import { hex } from '../units.ts';
import type { VmAreaDesc } from '../vm-area-desc.ts';
import { vma_dummy_vm_ops } from '../vm-ops.ts';
import { type Vma, viewVma } from '../vma.ts';
import { do_munmap, finish, gather } from './munmap.ts';

/** A checked request: page-aligned range in bytes, vma flags, pages of offset. */
export interface RegionRequest {
  readonly file: MmFile | undefined;
  readonly start: bigint;
  readonly end: bigint;
  readonly flags: bigint;
  readonly pgoff: bigint;
}

/** `accountable_mapping`: private writable memory is charged. */
function accountable(flags: bigint): boolean {
  return (flags & (VM_NORESERVE | VM_SHARED | VM_WRITE)) === VM_WRITE;
}

/**
 * `mmap_region`: makes room, accounts, tries to merge, else makes a vma and calls the handler. Gives the address, or the
 * handler's result when that is not 0.
 */
export function mmap_region(mm: Mm, request: RegionRequest): bigint {
  const { file, start, end } = request;
  const old = gather(mm, start, end);
  if (typeof old === 'number') return BigInt(old);
  for (const vma of old) mm.unlink(vma);
  finish(old);
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
  const merged = mergeNewRange(mm, range, file ? 'not-called' : 'none');
  if (merged) return complete(merged, start);
  const vma = newVma(mm, range);
  if (desc) return finishPrepared(vma, desc);
  if (!file) return attach(vma, start);
  return callHandler(vma, file, range);
}

function newVma(mm: Mm, range: MergeRange): Vma {
  return mm.system.newVma({
    vm_mm: mm,
    vm_start: range.start,
    vm_end: range.end,
    vm_pgoff: range.pgoff,
    vm_flags: range.flags,
    vm_page_prot: vm_get_page_prot(range.flags),
    vm_ops: range.file ? vma_dummy_vm_ops : undefined,
    vm_file: range.file,
  });
}

/** Puts a vma into the tree and finishes it. */
function attach(vma: Vma, address: bigint): bigint {
  vma.vm_mm.link(vma);
  vma.vm_mm.system.log.add({ kind: 'vma-created', vma: viewVma(vma), reason: 'mmap' });
  return complete(vma, address);
}

/** `__mmap_complete`: VM_LOCKED goes for special vmas, VM_SOFTDIRTY comes, the protection follows the flags. */
function complete(vma: Vma, address: bigint): bigint {
  const drop = vma.vm_flags & VM_LOCKED && vma.vm_flags & VM_SPECIAL ? VM_LOCKED_MASK : 0n;
  const softDirty = vma.vm_mm.system.config.softDirty ? VM_SOFTDIRTY : 0n;
  resetVmaFlags(vma, (vma.vm_flags & ~drop) | softDirty, 'mmap_region');
  vma_set_page_prot(vma);
  return address;
}

/** Calls `f_op->mmap` for a vma that nothing else sees yet (S3.3), and deals with its result. */
function callHandler(vma: Vma, file: MmFile, range: MergeRange): bigint {
  const mm = vma.vm_mm;
  const system = mm.system;
  get_file(file);
  const handler = file.ops.mmap;
  const result = handler
    ? system.callback({ slot: 'mmap', name: `${file.ops.table}.mmap`, lock: mm.mmapLock, vma: viewVma(vma) }, () => handler(file, vma))
    : 0;
  if (result !== 0) {
    undo(vma, result);
    return BigInt(result);
  }
  checkChanges(vma, range);
  const address = vma.vm_start;
  if (vma.vm_flags === range.flags) return attach(vma, address);
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
  untrackPfn(vma);
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
    system.report({
      kind: system.config.debugVm ? 'warning' : 'bad-vma-change',
      message:
        'The mmap handler sets VM_MAYWRITE, which the core had cleared because the file is not open for writing. The program can now make the mapping writable with mprotect.',
      where,
      rule: 'S3.5',
      ...at(vma),
    });
  }
}

/**
 * The second attempt, after the handler changed the flags. Up to 6.12 the new vma is dropped without `close`; from 6.13 it
 * is live and is merged only when it has no `close`.
 */
function retryMerge(vma: Vma, range: MergeRange): bigint | undefined {
  const mm = vma.vm_mm;
  const changed: MergeRange = { ...range, flags: vma.vm_flags };
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

/** Whether the file is mapped through `mmap_prepare` (6.16 and later). */
function usesPrepare(mm: Mm, file: MmFile): boolean {
  return atLeast(mm.system.version, 6, 16) && file.ops.mmap_prepare !== undefined;
}

function newDesc(mm: Mm, request: RegionRequest & { readonly file: MmFile }): VmAreaDesc {
  return {
    mm,
    start: request.start,
    end: request.end,
    pgoff: request.pgoff,
    file: request.file,
    vm_file: request.file,
    vm_flags: request.flags,
    page_prot: vm_get_page_prot(request.flags),
    vm_ops: vma_dummy_vm_ops,
    private_data: undefined,
    action: { type: 'nothing' },
  };
}

/** `call_mmap_prepare`: the handler, then the first half of its action. */
function callPrepare(file: MmFile, desc: VmAreaDesc): number {
  const prepare = file.ops.mmap_prepare;
  if (!prepare) return 0;
  const result = desc.mm.system.callback({ slot: 'mmap_prepare', name: `${file.ops.table}.mmap_prepare`, lock: desc.mm.mmapLock }, () =>
    prepare(desc),
  );
  return result !== 0 ? result : prepareAction(desc);
}

/**
 * A new vma from a description: fields are copied, the vma is inserted, then the action runs. When that, `mapped` (7.0)
 * or the success hook fails, the live vma is unmapped, so `close` is called (S3.22).
 */
function finishPrepared(vma: Vma, desc: VmAreaDesc): bigint {
  const mm = vma.vm_mm;
  get_file(desc.vm_file);
  vma.vm_ops = desc.vm_ops ?? vma_dummy_vm_ops;
  vma.vm_private_data = desc.private_data;
  vma.vm_page_prot = desc.page_prot;
  attach(vma, vma.vm_start);
  let error = completeAction(desc, vma);
  const mapped = vma.vm_ops.mapped;
  if (error === 0 && mapped && atLeast(mm.system.version, 7, 0)) error = callVmOp(vma, 'mapped', () => mapped(vma));
  const hook = desc.success_hook;
  if (error === 0 && hook) error = callVmOp(vma, 'success_hook', () => hook(vma));
  if (error === 0) return vma.vm_start;
  const replaced = desc.error_hook?.(error) ?? error;
  do_munmap(mm, vma.vm_start, vma.vm_end - vma.vm_start);
  return BigInt(replaced === 0 ? error : replaced);
}
