/**
 * fork(2): the copy of an address space (`dup_mmap`, kernel/fork.c; mm/mmap.c from 6.14).
 */
import { atLeast, type KernelVersion } from '../../kernel/version.ts';
import { openVma, withMmapLock } from '../driver-call.ts';
import { get_file } from '../file.ts';
import { VM_DONTCOPY, VM_LOCKED_MASK, VM_WIPEONFORK } from '../flags.ts';
import type { Mm } from '../mm.ts';
import { ok, type UserResult, userAction } from '../outcome.ts';
import { copyPageRange } from '../tables/copy-ptes.ts';
import { trackPfnCopy } from '../tables/track-pfn.ts';
import { duplicateVma } from '../tables/vma-tree.ts';
import { type Vma, viewVma } from '../vma.ts';

/** Whether `open` runs before the entries are copied: 6.9 and later, and 6.1 from its backport on. */
function opensFirst(version: KernelVersion): boolean {
  return atLeast(version, 6, 9) || (version.major === 6 && version.minor === 1 && version.patch >= 100);
}

/** A fork: the child's address space beside the result. */
export interface ForkResult extends UserResult {
  readonly child?: Mm;
}

/**
 * fork(2): vmas with VM_DONTCOPY are left out; the others are copied with `open` called for the child's vma, and with
 * their entries where a fault could not bring them back. The value is the child's process number.
 */
export function fork(parent: Mm): ForkResult {
  let child: Mm | undefined;
  const result = userAction(parent.system, parent, () => {
    const mm = parent.system.createProcess(parent);
    child = mm;
    mm.defFlags = 0n;
    withMmapLock(parent, 'write', () => withMmapLock(mm, 'write', () => dup_mmap(mm, parent)));
    return ok(BigInt(mm.id));
  });
  return { ...result, ...(child ? { child } : {}) };
}

function dup_mmap(child: Mm, parent: Mm): void {
  for (const vma of parent.vmas) {
    if (vma.vm_flags & VM_DONTCOPY) continue;
    copyVma(child, vma);
  }
}

function copyVma(child: Mm, vma: Vma): void {
  const copy = duplicateVma(vma, child);
  copy.vm_flags &= ~VM_LOCKED_MASK;
  const wiped = (copy.vm_flags & VM_WIPEONFORK) !== 0n;
  if (wiped) copy.anon_vma = undefined;
  if (copy.vm_file) get_file(copy.vm_file);
  child.link(copy);
  child.system.log.add({ kind: 'vma-created', vma: viewVma(copy), reason: 'fork' });
  const copyEntries = (): void => {
    if (wiped) return;
    copyPageRange(child, vma);
    trackPfnCopy(copy, vma);
  };
  if (opensFirst(child.system.version)) {
    openVma(copy);
    copyEntries();
  } else {
    copyEntries();
    openVma(copy);
  }
}
