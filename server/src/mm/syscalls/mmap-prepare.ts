/**
 * mmap(2) of a file with `mmap_prepare` (6.16 and later): the driver describes the mapping before the vma exists
 * (`call_mmap_prepare`, mm/vma.c).
 */
import { atLeast } from '../../kernel/version.ts';
import { completeAction, prepareAction } from '../calls/mmap-action.ts';
import { callVmOp } from '../driver-call.ts';
import { get_file, type MmFile } from '../file.ts';
import type { Mm } from '../mm.ts';
import { vm_get_page_prot } from '../pgprot.ts';
import type { VmAreaDesc } from '../vm-area-desc.ts';
import { vma_dummy_vm_ops } from '../vm-ops.ts';
import type { Vma } from '../vma.ts';
import { attach } from './mmap-attach.ts';
import { do_munmap } from './munmap.ts';

/** A checked request: page-aligned range in bytes, vma flags, pages of offset. */
export interface RegionRequest {
  readonly file: MmFile | undefined;
  readonly start: bigint;
  readonly end: bigint;
  readonly flags: bigint;
  readonly pgoff: bigint;
}

/** Whether the file is mapped through `mmap_prepare` (6.16 and later). */
export function usesPrepare(mm: Mm, file: MmFile): boolean {
  return atLeast(mm.system.version, 6, 16) && file.ops.mmap_prepare !== undefined;
}

/** The description that the handler is given. */
export function newDesc(mm: Mm, request: RegionRequest & { readonly file: MmFile }): VmAreaDesc {
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
export function callPrepare(file: MmFile, desc: VmAreaDesc): number {
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
export function finishPrepared(vma: Vma, desc: VmAreaDesc): bigint {
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
