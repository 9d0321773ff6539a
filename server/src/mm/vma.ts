/**
 * `struct vm_area_struct`: one mapping of one process. The fields have the kernel's names because drivers read and
 * write them; whoever exposes them to C code must use `assignVmaField` so that the change shows in the events.
 */
import type { VmaView } from './event.ts';
import type { MmFile } from './file.ts';
import { specialFlags } from './history/flags.ts';
import type { Mm } from './mm.ts';
import { PAGE_SHIFT } from './units.ts';
import type { VmOps } from './vm-ops.ts';

/** A vma. Addresses are bytes, `vm_pgoff` pages; `vm_ops` undefined is NULL, which makes the vma anonymous. */
export class Vma {
  readonly id: number;
  vm_mm: Mm;
  vm_start: bigint;
  vm_end: bigint;
  vm_pgoff: bigint;
  vm_flags: bigint;
  vm_page_prot: bigint;
  vm_ops: VmOps | undefined;
  vm_private_data: unknown = undefined;
  vm_file: MmFile | undefined;
  /** Identity of the anonymous memory behind the vma; absent until the first private page. */
  anon_vma: number | undefined = undefined;
  /** x86, 6.16 and later: the memory type reservation of a full `remap_pfn_range`. */
  pfnmap_track_ctx: PfnmapTrackContext | undefined = undefined;
  /** In the tree of its mm, so that faults and look-ups see it. */
  attached = false;

  constructor(id: number, fields: Omit<VmaFields, 'vm_private_data'>) {
    this.id = id;
    this.vm_mm = fields.vm_mm;
    this.vm_start = fields.vm_start;
    this.vm_end = fields.vm_end;
    this.vm_pgoff = fields.vm_pgoff;
    this.vm_flags = fields.vm_flags;
    this.vm_page_prot = fields.vm_page_prot;
    this.vm_ops = fields.vm_ops;
    this.vm_file = fields.vm_file;
  }
}

/** `struct pfnmap_track_ctx`: the pfns of a full `remap_pfn_range`; RAM is not reserved. Vmas that come of one share it. */
export interface PfnmapTrackContext {
  references: number;
  readonly start: number;
  readonly end: number;
  readonly reserved: boolean;
}

/** The fields of a vma that drivers see. */
export interface VmaFields {
  readonly vm_mm: Mm;
  readonly vm_start: bigint;
  readonly vm_end: bigint;
  readonly vm_pgoff: bigint;
  readonly vm_flags: bigint;
  readonly vm_page_prot: bigint;
  readonly vm_ops: VmOps | undefined;
  readonly vm_private_data: unknown;
  readonly vm_file: MmFile | undefined;
}

/** Length of a vma in bytes. */
/** Where an address of the vma lies in its file, in bytes: `vm_pgoff` counts. */
export function fileOffset(vma: Vma, address: bigint): bigint {
  return address - vma.vm_start + (vma.vm_pgoff << PAGE_SHIFT);
}

export function vmaSize(vma: Vma): bigint {
  return vma.vm_end - vma.vm_start;
}

/** `vma_pages`. */
export function vma_pages(vma: Vma): bigint {
  return vmaSize(vma) >> PAGE_SHIFT;
}

/** `vma_is_anonymous` (4.3 and later): no operations at all. */
export function vma_is_anonymous(vma: Vma): boolean {
  return vma.vm_ops === undefined;
}

/** `vma_set_anonymous` (4.18 and later): no operations from now on. */
export function vma_set_anonymous(vma: Vma): void {
  assignVmaField(vma, 'vm_ops', undefined);
}

/** Whether a vma has a flag that keeps it from being merged and locked. */
export function isSpecial(vma: Vma): boolean {
  return (vma.vm_flags & specialFlags(vma.vm_mm.system.version)) !== 0n;
}

/** Page offset in the file of `address` (`linear_page_index`). */
export function linearPageIndex(vma: Vma, address: bigint): bigint {
  return vma.vm_pgoff + ((address - vma.vm_start) >> PAGE_SHIFT);
}

/** The vma as plain data. */
export function viewVma(vma: Vma): VmaView {
  return {
    id: vma.id,
    mm: vma.vm_mm.id,
    start: vma.vm_start,
    end: vma.vm_end,
    pgoff: vma.vm_pgoff,
    flags: vma.vm_flags,
    pageProt: vma.vm_page_prot,
    ...(vma.vm_ops ? { ops: vma.vm_ops.table } : {}),
    ...(vma.vm_file ? { file: vma.vm_file.name } : {}),
  };
}

/** Sets the flags of a vma the way the core does, with the event. */
export function resetVmaFlags(vma: Vma, flags: bigint, by: string): void {
  const set = flags & ~vma.vm_flags;
  const cleared = vma.vm_flags & ~flags;
  vma.vm_flags = flags;
  if (set | cleared) vma.vm_mm.system.log.add({ kind: 'flags-changed', vma: vma.id, set, cleared, by });
}

/** A plain C assignment to a field of a vma by driver code; reported as a change. */
export function assignVmaField<Name extends keyof VmaFields>(vma: Vma, name: Name, value: VmaFields[Name]): void {
  const before = viewVma(vma);
  Object.assign(vma, { [name]: value });
  const system = vma.vm_mm.system;
  if (name === 'vm_flags') {
    const set = vma.vm_flags & ~before.flags;
    const cleared = before.flags & ~vma.vm_flags;
    if (set | cleared) system.log.add({ kind: 'flags-changed', vma: vma.id, set, cleared, by: 'assignment' });
  } else if (name !== 'vm_private_data') {
    system.log.add({ kind: 'vma-changed', vma: viewVma(vma), before, reason: `assignment to ${name}` });
  }
}
