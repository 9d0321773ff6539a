/**
 * What /proc/PID/pagemap shows of a page, as root sees it (fs/proc/task_mmu.c).
 */
import { atLeast } from '../../kernel/version.ts';
import { VM_PFNMAP, VM_SOFTDIRTY } from '../flags.ts';
import type { Mm } from '../mm.ts';
import { pageOf } from '../units.ts';

/** `PM_*` of an entry. */
const PM_SOFT_DIRTY = 1n << 55n;
const PM_MMAP_EXCLUSIVE = 1n << 56n;
const PM_FILE = 1n << 61n;
const PM_PRESENT = 1n << 63n;

/** One entry, taken apart; `pfn` is absent for a page that is not present. */
export interface PagemapEntry {
  readonly raw: bigint;
  readonly present: boolean;
  readonly pfn?: bigint;
  /** A page of a file, which the pages of drivers count as; special entries do not. */
  readonly file: boolean;
  /** The one mapping of its page. */
  readonly exclusive: boolean;
  readonly softDirty: boolean;
}

/**
 * The pagemap entry of the page at `address` (bytes). The soft-dirty bit is that of the vma: the model does not clear it. Entries
 * outside every vma are not shown, nor those of VM_PFNMAP vmas (`walk_page_test`, 3.10 and later).
 */
export function pagemap(mm: Mm, address: bigint): PagemapEntry {
  const vma = mm.lookup(address);
  const isWalked = vma !== undefined && ((vma.vm_flags & VM_PFNMAP) === 0n || !atLeast(mm.system.version, 3, 10));
  const pte = isWalked ? mm.table.get(pageOf(address)) : undefined;
  const softDirty = vma !== undefined && (vma.vm_flags & VM_SOFTDIRTY) !== 0n;
  const present = pte !== undefined;
  const state = pte && !pte.special ? mm.system.memory.page(pte.pfn) : undefined;
  const file = state !== undefined && state.use !== 'anonymous';
  const exclusive = state?.mapcount === 1;
  const raw =
    (softDirty ? PM_SOFT_DIRTY : 0n) |
    (present ? PM_PRESENT | BigInt(pte.pfn) : 0n) |
    (file ? PM_FILE : 0n) |
    (exclusive ? PM_MMAP_EXCLUSIVE : 0n);
  return { raw, present, file, exclusive, softDirty, ...(present ? { pfn: BigInt(pte.pfn) } : {}) };
}
