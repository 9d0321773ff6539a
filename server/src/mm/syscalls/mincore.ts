/**
 * mincore(2) (mm/mincore.c; 5.2 and later, as root).
 */
import { errno } from '../errno.ts';
import { sharedPagesOf } from '../fault/shmem.ts';
import { VM_PFNMAP } from '../flags.ts';
import type { Mm } from '../mm.ts';
import { fail, ok, type UserResult, userAction } from '../outcome.ts';
import { isPageAligned, lower, pageAlign, pageOf, TASK_SIZE } from '../units.ts';

/** The vector that mincore fills: one byte a page. */
export interface MincoreResult extends UserResult {
  readonly vector: Uint8Array;
}

/** Pages that one call is asked about at most. */
const mostPages = 1 << 18;

/**
 * mincore(2): 1 for each page that has an entry. VM_PFNMAP mappings are not walked (`walk_page_test`), so they show 0
 * throughout, as a device has no page cache. EINVAL for an unaligned start, ENOMEM where nothing is mapped.
 */
export function mincore(mm: Mm, start: bigint, length: bigint): MincoreResult {
  const pages = Math.min(Number(pageAlign(length) >> 12n), mostPages);
  const vector = new Uint8Array(pages);
  const result = userAction(mm.system, mm, () => {
    if (!isPageAligned(start)) return fail(errno.EINVAL);
    if (length > TASK_SIZE || start > TASK_SIZE - length) return fail(errno.ENOMEM);
    const first = pageOf(start);
    const end = start + pageAlign(length);
    for (let at = start; at < end; ) {
      const vma = mm.lookup(at);
      if (!vma) return fail(errno.ENOMEM);
      const until = lower(vma.vm_end, end);
      if ((vma.vm_flags & VM_PFNMAP) === 0n) {
        const shared = sharedPagesOf(vma.vm_file);
        for (let page = pageOf(at); shared && page < pageOf(until); page++) {
          if (shared.has(vma.vm_pgoff + BigInt(page - pageOf(vma.vm_start)))) vector[page - first] = 1;
        }
        for (const run of mm.table.slice(pageOf(at), pageOf(until))) vector.fill(1, run.start - first, run.end - first);
      }
      at = until;
    }
    return ok();
  });
  return { ...result, vector };
}
