/**
 * `struct vm_area_desc` (6.16 and later): what an `mmap_prepare` handler is given, and the action it may ask for (6.19).
 */
import type { MmFile } from './file.ts';
import type { Mm } from './mm.ts';
import type { VmOps } from './vm-ops.ts';
import type { Vma } from './vma.ts';

/** What the core does once the vma exists (`struct mmap_action`). Addresses are bytes, `size` bytes. */
export type MmapAction =
  | { readonly type: 'nothing' }
  | {
      readonly type: 'remap-pfn';
      readonly start: bigint;
      readonly pfn: bigint;
      readonly size: bigint;
      readonly prot: bigint;
      readonly io: boolean;
    }
  /** 7.1: `vm_iomap_memory` with its checks. */
  | { readonly type: 'simple-ioremap'; readonly physical: bigint; readonly size: bigint }
  /** 7.1: pfns of the pages in order. */
  | { readonly type: 'map-kernel-pages'; readonly start: bigint; readonly pages: readonly bigint[] };

/** `struct vm_area_desc`. */
export interface VmAreaDesc {
  readonly mm: Mm;
  readonly start: bigint;
  readonly end: bigint;
  /** Pages. */
  pgoff: bigint;
  readonly file: MmFile;
  vm_file: MmFile;
  vm_flags: bigint;
  page_prot: bigint;
  vm_ops: VmOps | undefined;
  private_data: unknown;
  action: MmapAction;
  /** Runs with the new vma when the action is done; an error number undoes the mapping. */
  success_hook?: (vma: Vma) => number;
  /** May replace the error, not clear it. */
  error_hook?: (error: number) => number;
}
