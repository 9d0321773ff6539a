/**
 * Calls from the core into a driver's vma operations, with the lock they run under.
 */
import type { Mm, MmapLock } from './mm.ts';
import { KernelStop } from './problem.ts';
import { type Vma, viewVma } from './vma.ts';

/** Runs `run` with the mmap lock of `mm` held in `mode`, as the kernel path around it would. */
export function withMmapLock<Result>(mm: Mm, mode: MmapLock, run: () => Result): Result {
  const before = mm.mmapLock;
  mm.mmapLock = mode;
  try {
    return run();
  } catch (error) {
    if (error instanceof KernelStop) error.lock ??= mm.mmapLock;
    throw error;
  } finally {
    mm.mmapLock = before;
  }
}

/** Calls one slot of `vma->vm_ops` and gives its result. */
export function callVmOp<Result>(vma: Vma, slot: string, run: () => Result): Result {
  const system = vma.vm_mm.system;
  return system.callback({ slot, name: `${vma.vm_ops?.table ?? 'NULL'}.${slot}`, lock: vma.vm_mm.mmapLock, vma: viewVma(vma) }, run);
}

/** `vm_ops->open`, if there is one. */
export function openVma(vma: Vma): void {
  const open = vma.vm_ops?.open;
  if (open) callVmOp(vma, 'open', () => open(vma));
}

/** `vm_ops->may_split`, if there is one: 0, or the error that stops the split. */
export function maySplit(vma: Vma, address: bigint): number {
  const callback = vma.vm_ops?.may_split;
  return callback ? callVmOp(vma, 'may_split', () => callback(vma, address)) : 0;
}
