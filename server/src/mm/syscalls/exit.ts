/**
 * The end of a process and of a descriptor (`exit_mmap`, mm/mmap.c; `filp_close`, fs/open.c).
 */
import { withMmapLock } from '../driver-call.ts';
import { errno } from '../errno.ts';
import { fput, type MmFile } from '../file.ts';
import type { Mm } from '../mm.ts';
import { fail, fromInt, ok, type UserResult, userAction } from '../outcome.ts';
import type { System } from '../system.ts';
import { removeVma } from '../tables/vma-tree.ts';
import { zapRange } from '../tables/zap.ts';

/**
 * exit: all entries go, then each vma is closed in ascending order of address. Entries that no vma accounts for vanish
 * with the page tables; counters that are not 0 afterwards are reported as the kernel does.
 */
export function exit(mm: Mm): UserResult {
  return userAction(mm.system, mm, () => {
    exit_mmap(mm);
    return ok();
  });
}

/** `exit_mmap` and what follows it: the address space is empty, and the process gone. */
export function exit_mmap(mm: Mm): void {
  const vmas = [...mm.vmas];
  withMmapLock(mm, 'write', () => {
    for (const vma of vmas) zapRange(vma, vma.vm_start, vma.vm_end, { by: 'exit_mmap' });
    for (const vma of vmas) {
      mm.unlink(vma);
      removeVma(vma, 'exit');
    }
  });
  mm.table.clear(0, Number.MAX_SAFE_INTEGER);
  checkCounters(mm);
  mm.exited = true;
  const index = mm.system.processes.indexOf(mm);
  if (index >= 0) mm.system.processes.splice(index, 1);
  mm.system.log.add({ kind: 'process-exited', mm: mm.id });
}

/** `check_mm`: the RSS counters must be 0. */
function checkCounters(mm: Mm): void {
  const counters = [
    ['MM_FILEPAGES', mm.rss.file],
    ['MM_ANONPAGES', mm.rss.anonymous],
    ['MM_SHMEMPAGES', mm.rss.shmem],
  ] as const;
  for (const [name, value] of counters) {
    if (value === 0) continue;
    mm.system.report({
      kind: 'bad-rss',
      message: `The process ends with ${name} at ${value}: pages were mapped or unmapped without being counted.`,
      kernelLog: `BUG: Bad rss-counter state mm:0000000000000000 type:${name} val:${value}`,
      where: { function: 'check_mm', file: 'kernel/fork.c' },
    });
  }
}

/**
 * close(2): `flush` is called now; the mapping lives on, and `release` waits for the last vma. EBADF when the descriptor is
 * closed already; else what `flush` answers, and the descriptor is closed all the same (`filp_close`).
 */
export function close(system: System, mm: Mm, file: MmFile): UserResult {
  return userAction(system, mm, () => {
    if (file.descriptors === 0) return fail(errno.EBADF);
    file.descriptors -= 1;
    const flush = file.ops.flush;
    const result = flush ? system.callback({ slot: 'flush', name: `${file.ops.table}.flush`, lock: 'none' }, () => flush(file)) : 0;
    system.log.add({ kind: 'file-closed', file: file.id, references: file.references - 1 });
    fput(system, file);
    return fromInt(result);
  });
}
