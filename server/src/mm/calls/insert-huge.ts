/**
 * `vmf_insert_pfn_pmd` and `vmf_insert_pfn_pud` (mm/huge_memory.c): one large entry from a `huge_fault` handler. The table keeps
 * it as the small entries that it stands for.
 */
import { isCowMapping, VM_FAULT_NOPAGE, VM_FAULT_SIGBUS, VM_MIXEDMAP, VM_PFNMAP, VM_WRITE } from '../flags.ts';
import { _PAGE_RW } from '../pgprot.ts';
import { newPte, setPtes } from '../tables/set-ptes.ts';
import { trackPfnInsert } from '../tables/track-pfn.ts';
import { PAGE_SIZE, pageOf, pfnNumber } from '../units.ts';
import type { VmFault } from '../vm-ops.ts';
import { BUG_ON, checkOwnership } from './shared.ts';

/** Pages of a large entry, in the name of the call that makes it. */
interface HugeEntry {
  readonly by: string;
  readonly pages: number;
}

function insertHuge(vmf: VmFault, pfn: bigint, write: boolean, { by, pages }: HugeEntry): number {
  const { vma } = vmf;
  const kind = vma.vm_flags & (VM_PFNMAP | VM_MIXEDMAP);
  const both = kind === (VM_PFNMAP | VM_MIXEDMAP);
  BUG_ON(kind === 0n, vma, by, `${by} is called for a vma with neither VM_PFNMAP nor VM_MIXEDMAP, so the kernel stops.`, 'S5');
  BUG_ON(both, vma, by, `${by} is called for a vma with both VM_PFNMAP and VM_MIXEDMAP, so the kernel stops.`, 'S5');
  BUG_ON(
    kind === VM_PFNMAP && isCowMapping(vma.vm_flags),
    vma,
    by,
    `${by} is called for a private mapping that may become writable, so the kernel stops.`,
    'S5',
  );
  if (vmf.address < vma.vm_start || vmf.address >= vma.vm_end) return VM_FAULT_SIGBUS;
  const start = vmf.address - (vmf.address % (BigInt(pages) * PAGE_SIZE));
  const page = pageOf(start);
  const number = pfnNumber(pfn);
  if (vma.vm_mm.table.slice(page, page + pages).length > 0) return VM_FAULT_NOPAGE;
  checkOwnership(vma, start, number, pages, by);
  const prot = trackPfnInsert(vma, vma.vm_page_prot, number) | (write && vma.vm_flags & VM_WRITE ? _PAGE_RW : 0n);
  setPtes(vma.vm_mm, page, page + pages, newPte(number, prot, { special: true, dirty: write, huge: pages }), by);
  return VM_FAULT_NOPAGE;
}

/** `vmf_insert_pfn_pmd(vmf, pfn, write)`: 2 MiB at once. Same BUGs as `vmf_insert_pfn`; VM_FAULT_NOPAGE also over entries. */
export function vmf_insert_pfn_pmd(vmf: VmFault, pfn: bigint, write: boolean): number {
  return insertHuge(vmf, pfn, write, { by: 'vmf_insert_pfn_pmd', pages: 512 });
}

/** `vmf_insert_pfn_pud(vmf, pfn, write)` (4.11 and later): 1 GiB at once. */
export function vmf_insert_pfn_pud(vmf: VmFault, pfn: bigint, write: boolean): number {
  return insertHuge(vmf, pfn, write, { by: 'vmf_insert_pfn_pud', pages: 512 * 512 });
}
