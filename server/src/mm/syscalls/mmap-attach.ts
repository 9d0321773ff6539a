/**
 * The end of mmap(2), common to both ways of asking the driver: the vma goes into the tree and gets its final flags.
 */
import { atLeast } from '../../kernel/version.ts';
import { VM_LOCKED, VM_SOFTDIRTY } from '../flags.ts';
import { lockedOut, maskOfLocked } from '../history/flags.ts';
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
  const { config, version } = vma.vm_mm.system;
  const drop = vma.vm_flags & VM_LOCKED && vma.vm_flags & lockedOut(version) ? maskOfLocked(version) : 0n;
  const softDirty = config.softDirty && atLeast(version, 3, 11) ? VM_SOFTDIRTY : 0n;
  resetVmaFlags(vma, (vma.vm_flags & ~drop) | softDirty, 'mmap_region');
  vma_set_page_prot(vma);
  return address;
}
