/**
 * fork(2): the copy of an address space (`dup_mmap`, kernel/fork.c; mm/mmap.c from 6.14).
 */
import { atLeast, type KernelVersion } from '../../kernel/version.ts';
import { openVma, withMmapLock } from '../driver-call.ts';
import { errno } from '../errno.ts';
import { get_file } from '../file.ts';
import { VM_DONTCOPY, VM_PFNMAP, VM_WIPEONFORK } from '../flags.ts';
import { maskOfLocked } from '../history/flags.ts';
import type { Mm } from '../mm.ts';
import { fail, ok, type UserResult, userAction } from '../outcome.ts';
import { copyPageRange } from '../tables/copy-ptes.ts';
import { forgetTracking, trackPfnCopy } from '../tables/track-pfn.ts';
import { duplicateVma } from '../tables/vma-tree.ts';
import { type Vma, viewVma } from '../vma.ts';
import { exit_mmap } from './exit.ts';

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
 * their entries where a fault could not bring them back. The value is the child's process number. Gives ENOMEM where the cache
 * type of a mapping cannot be reserved again (S7.6); what was copied is closed again.
 */
export function fork(parent: Mm): ForkResult {
  let child: Mm | undefined;
  const result = userAction(parent.system, parent, () => {
    const mm = parent.system.createProcess(parent);
    child = mm;
    mm.defFlags = 0n;
    const result = withMmapLock(parent, 'write', () => withMmapLock(mm, 'write', () => dup_mmap(mm, parent)));
    if (result === 0) return ok(BigInt(mm.id));
    child = undefined;
    exit_mmap(mm);
    return fail(errno.ENOMEM);
  });
  return { ...result, ...(child ? { child } : {}) };
}

/** `dup_mmap`: 0, or the negative error number of the first vma that cannot be copied. */
function dup_mmap(child: Mm, parent: Mm): number {
  for (const vma of parent.vmas) {
    if (vma.vm_flags & VM_DONTCOPY) {
      child.system.log.add({ kind: 'vma-not-copied', vma: viewVma(vma), child: child.id });
      continue;
    }
    const result = copyVma(child, vma);
    if (result !== 0) return result;
  }
  return 0;
}

function copyVma(child: Mm, vma: Vma): number {
  const { version } = child.system;
  const copy = duplicateVma(vma, child);
  copy.vm_flags &= ~maskOfLocked(version);
  if (copy.vm_flags & VM_PFNMAP) forgetTracking(copy);
  const wiped = atLeast(version, 4, 14) && (copy.vm_flags & VM_WIPEONFORK) !== 0n;
  if (wiped) copy.anon_vma = undefined;
  if (copy.vm_file) get_file(copy.vm_file);
  child.link(copy);
  child.system.log.add({ kind: 'vma-created', vma: viewVma(copy), reason: 'fork' });
  const copyEntries = (): number => {
    if (wiped) return 0;
    const tracked = trackPfnCopy(copy, vma);
    if (tracked === 0) copyPageRange(child, vma);
    return tracked;
  };
  if (opensFirst(child.system.version)) {
    openVma(copy);
    return copyEntries();
  }
  const result = copyEntries();
  openVma(copy);
  return result;
}
