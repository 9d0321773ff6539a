/**
 * `vm_flags_set` and its relatives (include/linux/mm.h, 6.3 and later). Before 6.3 drivers assign `vm_flags` directly.
 */
import { atLeast } from '../../kernel/version.ts';
import { at } from '../problem.ts';
import { resetVmaFlags, type Vma } from '../vma.ts';

/**
 * The lock check of these calls: the mmap lock held for writing. 6.3 asserts it under lockdep only; from 6.4
 * `vma_start_write` needs it, and from 6.10 the assertion warns on every kernel.
 */
function checkLock(vma: Vma, by: string, inlinedInto = by): void {
  const mm = vma.vm_mm;
  if (mm.mmapLock === 'write' || !vma.attached) return;
  const { version, config } = mm.system;
  if (mm.mmapLock === 'vma') {
    mm.system.stop({
      kind: 'deadlock',
      message: `${by} takes the lock of the vma for writing while the fault that calls it holds it for reading: the task waits for itself. Set the flags in the mmap handler.`,
      where: { function: 'vma_start_write', file: 'include/linux/mm.h' },
      rule: 'S13.4',
      ...at(vma),
    });
  }
  const warns = atLeast(version, 6, 10) || config.lockdep;
  mm.system.report({
    kind: warns ? 'warning' : 'lock-not-held',
    message: `${by} changes the flags of a vma that others can see while the mmap lock is ${mm.mmapLock === 'read' ? 'held for reading only' : 'not held'}. Set the flags in the mmap handler.`,
    ...(warns ? { kernelLog: `WARNING: at include/linux/rwsem.h ${inlinedInto}` } : {}),
    where: { function: by, file: 'include/linux/mm.h' },
    rule: 'S13.4',
    ...at(vma),
  });
}

/** What core functions use to add flags; `inlinedInto` is the function that the kernel names in a warning. */
export function vmFlagsSet(vma: Vma, flags: bigint, by: string, inlinedInto = by): void {
  // Up to 6.2 this is a plain assignment, which does nothing where all the flags are there already.
  if (atLeast(vma.vm_mm.system.version, 6, 3) || (vma.vm_flags & flags) !== flags) checkLock(vma, by, inlinedInto);
  resetVmaFlags(vma, vma.vm_flags | flags, by);
}

/** `vm_flags_set(vma, flags)`; it is inline, so that the kernel names the `caller` in its warning. */
export function vm_flags_set(vma: Vma, flags: bigint, caller?: string): void {
  vmFlagsSet(vma, flags, 'vm_flags_set', caller);
}

/** `vm_flags_clear(vma, flags)`. */
export function vm_flags_clear(vma: Vma, flags: bigint, caller?: string): void {
  checkLock(vma, 'vm_flags_clear', caller);
  resetVmaFlags(vma, vma.vm_flags & ~flags, 'vm_flags_clear');
}

/** `vm_flags_mod(vma, set, clear)`: flags in both end cleared. */
export function vm_flags_mod(vma: Vma, set: bigint, clear: bigint, caller?: string): void {
  checkLock(vma, 'vm_flags_mod', caller);
  resetVmaFlags(vma, (vma.vm_flags | set) & ~clear, 'vm_flags_mod');
}

/** `vm_flags_init(vma, flags)`: no lock needed, for a vma that nobody else sees. */
export function vm_flags_init(vma: Vma, flags: bigint): void {
  resetVmaFlags(vma, flags, 'vm_flags_init');
}

/** `vm_flags_reset(vma, flags)`: all flags at once. */
export function vm_flags_reset(vma: Vma, flags: bigint, caller?: string): void {
  checkLock(vma, 'vm_flags_reset', caller);
  resetVmaFlags(vma, flags, 'vm_flags_reset');
}
