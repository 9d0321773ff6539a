/**
 * `struct mm_struct`: one process's address space: its vmas, page table, counters and the state of its mmap lock.
 */
import type { MmProblem } from './problem.ts';
import type { System } from './system.ts';
import { PageTable } from './tables/page-table.ts';
import type { Vma } from './vma.ts';

/** How the mmap lock is held by the running path; `vma`: not at all, but the lock of the one vma is, for reading (6.6 and later). */
export type MmapLock = 'none' | 'vma' | 'read' | 'write';

/** A process's address space. */
export class Mm {
  readonly id: number;
  readonly system: System;
  readonly table = new PageTable();
  /** Pages, by kind, as the kernel counts them for RSS. */
  readonly rss = { file: 0, anonymous: 0, shmem: 0 };
  mmapLock: MmapLock = 'none';
  /** How often the lock is held for reading beyond the first time. */
  nestedReaders = 0;
  /** `mlockall(MCL_FUTURE)` puts VM_LOCKED here. */
  defFlags = 0n;
  /** How often the running path has switched page faults off (`pagefault_disable`). */
  faultsDisabled = 0;
  /** RLIMIT_MEMLOCK in bytes; undefined for a program that may lock as much as it likes (CAP_IPC_LOCK). */
  memlockLimit: bigint | undefined = undefined;
  /** The vma whose mmap handler runs: in no tree yet. */
  constructing: Vma | undefined = undefined;
  exited = false;
  /** What stopped the task in the kernel; nothing of this process runs after it. */
  stopped: MmProblem | undefined = undefined;
  /** How the stopped task holds the mmap lock, for ever. */
  stoppedUnder: MmapLock = 'none';
  #vmas: Vma[] = [];

  constructor(system: System, id: number) {
    this.system = system;
    this.id = id;
  }

  /** The vmas in ascending order. */
  get vmas(): readonly Vma[] {
    return this.#vmas;
  }

  /** Puts a vma into the tree and into the list of its file's mapping. */
  link(vma: Vma): void {
    this.#vmas.splice(this.#firstEndingAfter(vma.vm_start), 0, vma);
    vma.attached = true;
    vma.vm_file?.mapping.vmas.add(vma);
  }

  /** Takes a vma out of the tree and out of its file's mapping. */
  unlink(vma: Vma): void {
    const index = this.#vmas.indexOf(vma);
    if (index >= 0) this.#vmas.splice(index, 1);
    vma.attached = false;
    vma.vm_file?.mapping.vmas.delete(vma);
  }

  /** `find_vma`: the first vma that ends after `address`, which may lie below its start. */
  find(address: bigint): Vma | undefined {
    return this.#vmas[this.#firstEndingAfter(address)];
  }

  /** `vma_lookup`: the vma that holds `address`. */
  lookup(address: bigint): Vma | undefined {
    const vma = this.find(address);
    return vma && vma.vm_start <= address ? vma : undefined;
  }

  /** The vma just before the one that `find(address)` gives. */
  previous(address: bigint): Vma | undefined {
    return this.#vmas[this.#firstEndingAfter(address) - 1];
  }

  /** The vmas that overlap `[start, end)`. */
  overlapping(start: bigint, end: bigint): Vma[] {
    const result: Vma[] = [];
    for (let index = this.#firstEndingAfter(start); index < this.#vmas.length; index++) {
      const vma = this.#vmas[index];
      if (!vma || vma.vm_start >= end) break;
      result.push(vma);
    }
    return result;
  }

  #firstEndingAfter(address: bigint): number {
    let low = 0;
    let high = this.#vmas.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const vma = this.#vmas[middle];
      if (vma && vma.vm_end <= address) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
