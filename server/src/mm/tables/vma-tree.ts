/**
 * Changes of single vmas: copying, splitting, removing, and the protection that follows from the flags
 * (mm/vma.c; mm/mmap.c before 6.12).
 */
import { atLeast } from '../../kernel/version.ts';
import { callVmOp, maySplit, openVma } from '../driver-call.ts';
import { fput, get_file } from '../file.ts';
import { VM_SHARED, VM_WRITE } from '../flags.ts';
import type { Mm } from '../mm.ts';
import { pgprot_modify, vm_get_page_prot } from '../pgprot.ts';
import { PAGE_SHIFT } from '../units.ts';
import { vma_dummy_vm_ops } from '../vm-ops.ts';
import { type Vma, viewVma } from '../vma.ts';
import { splitHugeAt } from './huge-entries.ts';
import { releaseTrackContext } from './track-pfn.ts';

/** `vma_wants_writenotify`: a shared writable mapping whose first writes must fault, because the driver asks to be told. */
function wantsWriteNotify(vma: Vma): boolean {
  if ((vma.vm_flags & (VM_WRITE | VM_SHARED)) !== (VM_WRITE | VM_SHARED)) return false;
  return vma.vm_ops?.page_mkwrite !== undefined || vma.vm_ops?.pfn_mkwrite !== undefined;
}

/** `vma_set_page_prot`: the protection for the flags, with the cache type that was set. */
export function vma_set_page_prot(vma: Vma): void {
  const flags = wantsWriteNotify(vma) ? vma.vm_flags & ~VM_SHARED : vma.vm_flags;
  vma.vm_page_prot = pgprot_modify(vma.vm_page_prot, vm_get_page_prot(flags));
}

/** `vm_area_dup`: a copy of a vma, in no tree. */
export function duplicateVma(vma: Vma, mm: Mm): Vma {
  const copy = mm.system.newVma({
    vm_mm: mm,
    vm_start: vma.vm_start,
    vm_end: vma.vm_end,
    vm_pgoff: vma.vm_pgoff,
    vm_flags: vma.vm_flags,
    vm_page_prot: vma.vm_page_prot,
    vm_ops: vma.vm_ops,
    vm_file: vma.vm_file,
  });
  copy.vm_private_data = vma.vm_private_data;
  copy.anon_vma = vma.anon_vma;
  if (vma.pfnmap_track_ctx) {
    vma.pfnmap_track_ctx.references += 1;
    copy.pfnmap_track_ctx = vma.pfnmap_track_ctx;
  }
  return copy;
}

/**
 * `__split_vma`: cuts `vma` at `address`; the new vma is the part below (`newBelow`) or above. `may_split` is asked
 * first (4.15 and later; its slot is named `split` up to 5.10), `open` is called for the new vma. Gives 0 or a negative error number.
 */
export function splitVma(vma: Vma, address: bigint, newBelow: boolean): number {
  const refused = atLeast(vma.vm_mm.system.version, 4, 15) ? maySplit(vma, address) : 0;
  if (refused !== 0) return refused;
  const mm = vma.vm_mm;
  const added = duplicateVma(vma, mm);
  const pages = (address - vma.vm_start) >> PAGE_SHIFT;
  if (newBelow) {
    added.vm_end = address;
  } else {
    added.vm_start = address;
    added.vm_pgoff += pages;
  }
  if (added.vm_file) get_file(added.vm_file);
  openVma(added);
  splitHugeAt(mm, address, 'split_vma');
  mm.unlink(vma);
  if (newBelow) {
    vma.vm_start = address;
    vma.vm_pgoff += pages;
  } else {
    vma.vm_end = address;
  }
  mm.link(vma);
  mm.link(added);
  mm.system.log.add({ kind: 'vma-split', vma: viewVma(vma), added: viewVma(added), at: address });
  return 0;
}

/** `vma_close`: `vm_ops->close`, once; the vma has no operations of the driver afterwards. */
export function closeVma(vma: Vma): void {
  const close = vma.vm_ops?.close;
  if (!close) return;
  callVmOp(vma, 'close', () => close(vma));
  vma.vm_ops = vma_dummy_vm_ops;
}

/** `remove_vma`: close, then the file reference, then the vma is gone. */
export function removeVma(vma: Vma, reason: 'munmap' | 'exit' | 'mmap-failed'): void {
  const view = viewVma(vma);
  if (reason !== 'mmap-failed') closeVma(vma);
  vma.vm_mm.system.log.add({ kind: 'vma-removed', vma: view, reason });
  releaseTrackContext(vma);
  if (vma.vm_file) fput(vma.vm_mm.system, vma.vm_file);
}
