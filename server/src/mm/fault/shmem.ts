/**
 * Shared anonymous memory: a file of shmem of the mapping's size that nobody can open (`shmem_zero_setup`, mm/shmem.c), whose pages are made
 * when they are first touched and live as long as the file. Knows no driver.
 */
import { atLeast } from '../../kernel/version.ts';
import type { MmFile } from '../file.ts';
import { VM_FAULT_NOPAGE, VM_FAULT_SIGBUS } from '../flags.ts';
import { alloc_pages } from '../physical/allocate.ts';
import { changeCounts, get_page, put_page } from '../physical/counts.ts';
import { vmBugOnPage } from '../physical/vm-bug-on.ts';
import type { System } from '../system.ts';
import { mapNormalPage, newPte } from '../tables/set-ptes.ts';
import { hex, pageOf } from '../units.ts';
import type { VmFault, VmOps } from '../vm-ops.ts';
import { assignVmaField, type Vma, vma_pages } from '../vma.ts';

/** Pages of one file by their offset, each with the file's own reference. */
class SharedPages {
  readonly #system: System;
  readonly #pages = new Map<bigint, number>();
  readonly #size: bigint;

  /** `size` counts pages. */
  constructor(system: System, size: bigint) {
    this.#system = system;
    this.#size = size;
  }

  get ops(): VmOps {
    return {
      table: 'shmem_anon_vm_ops',
      fault: (vmf) => this.#fault(vmf),
      map_pages: (vmf, first, last) => this.#mapPages(vmf, first, last),
    };
  }

  has(pgoff: bigint): boolean {
    return this.#pages.has(pgoff);
  }

  /** `shmem_fault`: the page of the offset, with a reference for the caller; SIGBUS behind the end of the file. */
  #fault(vmf: VmFault): number {
    const { pgoff } = vmf;
    if (pgoff >= this.#size) return VM_FAULT_SIGBUS;
    const known = this.#pages.get(pgoff);
    const pfn = known ?? alloc_pages(this.#system, { order: 0, label: 'shared memory of the program', zero: true }).runs[0]?.pfn;
    if (pfn === undefined) return VM_FAULT_SIGBUS;
    this.#pages.set(pgoff, pfn);
    get_page(this.#system, BigInt(pfn));
    vmf.page = BigInt(pfn);
    return 0;
  }

  /** `filemap_map_pages`: maps what is there already around a read fault. */
  #mapPages({ vma, pgoff, address }: VmFault, first: bigint, last: bigint): number {
    const mm = vma.vm_mm;
    let result = 0;
    for (const [at, pfn] of this.#pages) {
      if (at < first || at > last || at >= this.#size) continue;
      const page = pageOf(address) + Number(at - pgoff);
      if (mm.table.get(page)) continue;
      mapNormalPage(mm, page, newPte(pfn, vma.vm_page_prot), 'file', 1, 'filemap_map_pages');
      if (at === pgoff) result = VM_FAULT_NOPAGE;
    }
    return result;
  }

  /**
   * `filemap_unaccount_folio`: the file's own mappings are gone, so whoever still maps the page is a driver that got it from the program. The
   * kernel says so, and takes the mappings and their references for a mistake.
   */
  #unaccount(pfn: number): void {
    const state = this.#system.memory.page(pfn);
    if (!state || state.mapcount <= 0) return;
    vmBugOnPage(this.#system, pfn, {
      assertion: 'VM_BUG_ON_FOLIO(folio_mapped(folio))',
      where: { function: 'filemap_unaccount_folio', file: 'mm/filemap.c' },
      message: "of the program's shared memory is still mapped by somebody else when that memory goes.",
    });
    this.#system.report({
      kind: 'bad-page-state',
      message: `The program's shared memory goes, but page ${hex(pfn)} of it is still mapped by somebody else. The kernel takes the mapping back without its entry: the page is freed while the entry leads to it.`,
      kernelLog: 'BUG: Bad page cache in process program\npage dumped because: still mapped when deleted',
      where: { function: 'filemap_unaccount_folio', file: 'mm/filemap.c' },
      pfn: BigInt(pfn),
    });
    // The look-up holds one reference more.
    if (state.refcount + 1 < state.mapcount + 2) return;
    const counts = { refcount: -state.mapcount, mapcount: -state.mapcount };
    changeCounts(this.#system, { start: pfn, end: pfn + 1 }, counts, 'filemap_unaccount_folio');
  }

  /** `shmem_undo_range`: the pages go, those that are mapped lose their entries first. */
  remove(first: bigint, last: bigint): void {
    for (const [at, pfn] of this.#pages) {
      if (at < first || at >= last) continue;
      this.#pages.delete(at);
      this.#unaccount(pfn);
      put_page(this.#system, BigInt(pfn), 'shmem_undo_range');
    }
  }
}

const pagesOf = new WeakMap<MmFile, SharedPages>();

/** The pages of a file of shared anonymous memory; `undefined` for every other file. */
export function sharedPagesOf(file: MmFile | undefined): SharedPages | undefined {
  return file && pagesOf.get(file);
}

/** `shmem_zero_setup`, for a shared anonymous mapping that nobody sees yet; 2.6.23 and later, when faults came. */
export function shmem_zero_setup(vma: Vma): void {
  const { system } = vma.vm_mm;
  if (!atLeast(system.version, 2, 6, 23)) return;
  const pages = new SharedPages(system, vma_pages(vma));
  const release = () => pages.remove(0n, 1n << 52n);
  const ops = { table: 'shmem_file_operations', release, fsync: () => 0 };
  const file = system.openFile({ name: '/dev/zero', ops, read: true, write: true, ofKernel: true });
  file.descriptors = 0;
  pagesOf.set(file, pages);
  // The vma takes over the one reference.
  vma.vm_file = file;
  assignVmaField(vma, 'vm_ops', pages.ops);
}
