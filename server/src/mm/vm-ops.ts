/**
 * The callbacks of a driver as the model calls them: plain functions under the kernel's slot names. Whoever runs the
 * driver's C code wires them up. Numbers returned are C `int`s: 0, negative error numbers, or `VM_FAULT_*` bits.
 */
import { atLeast, type KernelVersion } from '../kernel/version.ts';
import type { MmFile } from './file.ts';
import type { NoPageResult } from './history/nopage.ts';
import type { NoPfnResult } from './history/nopfn.ts';
import type { VmAreaDesc } from './vm-area-desc.ts';
import type { Vma } from './vma.ts';

/** `struct vm_fault`: what a fault handler is told, and the page it answers with. */
export interface VmFault {
  readonly vma: Vma;
  /** `FAULT_FLAG_*`. */
  flags: number;
  /** Page offset in the file: `vm_pgoff` plus the page's place in the vma. */
  readonly pgoff: bigint;
  /** Page-aligned address. */
  readonly address: bigint;
  /** The address the program used. */
  readonly real_address: bigint;
  /** The pfn of the page that the handler provides; a struct page is known by its pfn. */
  page: bigint | undefined;
  /** The pfn of the fresh page that a private write will use. */
  readonly cow_page: bigint | undefined;
}

/** `struct vm_operations_struct`. An absent slot is a NULL pointer. */
export interface VmOps {
  /** Name of the table, for people. */
  readonly table: string;
  readonly open?: (vma: Vma) => void;
  readonly close?: (vma: Vma) => void;
  /** 7.0 and later: a vma set up through `mmap_prepare` is complete. */
  readonly mapped?: (vma: Vma) => number;
  readonly may_split?: (vma: Vma, address: bigint) => number;
  readonly mremap?: (vma: Vma) => number;
  readonly mprotect?: (vma: Vma, start: bigint, end: bigint, newFlags: bigint) => number;
  readonly fault?: (vmf: VmFault) => number;
  /** `order` is 9 for a 2 MiB and 18 for a 1 GiB entry. */
  readonly huge_fault?: (vmf: VmFault, order: number) => number;
  readonly map_pages?: (vmf: VmFault, startPgoff: bigint, endPgoff: bigint) => number;
  readonly page_mkwrite?: (vmf: VmFault) => number;
  readonly pfn_mkwrite?: (vmf: VmFault) => number;
  /** Reads into or writes from `buffer`; returns the number of bytes done. */
  readonly access?: (vma: Vma, address: bigint, buffer: Uint8Array, write: boolean) => number;
  readonly name?: (vma: Vma) => string | undefined;
  /** Up to 2.6.25. `write` is the third argument of 2.4.0. */
  readonly nopage?: (vma: Vma, address: bigint, write: boolean) => NoPageResult;
  /** 2.6.19 to 2.6.26. */
  readonly nopfn?: (vma: Vma, address: bigint) => NoPfnResult;
  /** 2.5.46 to 2.6.22. Bytes, bytes, a protection, pages. */
  readonly populate?: (vma: Vma, address: bigint, length: bigint, prot: bigint, pgoff: bigint, nonblock: boolean) => number;
}

/** `vma_dummy_vm_ops`: what a fresh file vma has until the handler sets its own (4.18 and later). */
export const vma_dummy_vm_ops: VmOps = { table: 'vma_dummy_vm_ops' };

/** What `vm_ops` of a fresh file mapping is: empty operations, or up to 4.17 NULL (S4.4). */
export function freshVmOps(version: KernelVersion): VmOps | undefined {
  return atLeast(version, 4, 18) ? vma_dummy_vm_ops : undefined;
}

/** The slots of `struct file_operations` that the model uses. */
export interface FileOps {
  readonly table: string;
  readonly mmap?: (file: MmFile, vma: Vma) => number;
  /** 6.16 and later. */
  readonly mmap_prepare?: (desc: VmAreaDesc) => number;
  /** The address to use, or a negative error number. */
  readonly get_unmapped_area?: (file: MmFile, address: bigint, length: bigint, pgoff: bigint, flags: number) => bigint;
  /** The range is that of the file, in bytes, its end included. */
  readonly fsync?: (file: MmFile, start: bigint, end: bigint) => number;
  /** Offset and length in bytes; for MADV_WILLNEED, which forgets the result. */
  readonly fadvise?: (file: MmFile, offset: bigint, length: bigint) => number;
  readonly flush?: (file: MmFile) => number;
  /** `mmap_supported_flags`, from 6.12 on `FOP_MMAP_SYNC`: what MAP_SHARED_VALIDATE accepts beyond the usual flags. */
  readonly mmap_supported_flags?: number;
  readonly release?: (file: MmFile) => void;
}
