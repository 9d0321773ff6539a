/**
 * The end of mmap(2), common to both ways of asking the driver: the vma goes into the tree and gets its final flags.
 */
import { VM_LOCKED, VM_LOCKED_MASK, VM_SOFTDIRTY, VM_SPECIAL } from '../flags.ts';
import { vma_set_page_prot } from '../tables/vma-tree.ts';
import { resetVmaFlags, type Vma, viewVma } from '../vma.ts';

/** Puts a vma into the tree and finishes it. */
export function attach(vma: Vma, address: bigint): bigint {
  vma.vm_mm.link(vma);
  vma.vm_mm.system.log.add({ kind: 'vma-created', vma: viewVma(vma), reason: 'mmap' });
  return complete(vma, address);
}

/** `__mmap_complete`: VM_LOCKED goes for special vmas, VM_SOFTDIRTY comes, the protection follows the flags. */
export function complete(vma: Vma, address: bigint): bigint {
  const drop = vma.vm_flags & VM_LOCKED && vma.vm_flags & VM_SPECIAL ? VM_LOCKED_MASK : 0n;
  const softDirty = vma.vm_mm.system.config.softDirty ? VM_SOFTDIRTY : 0n;
  resetVmaFlags(vma, (vma.vm_flags & ~drop) | softDirty, 'mmap_region');
  vma_set_page_prot(vma);
  return address;
}
