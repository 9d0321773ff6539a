/**
 * The walk through the kernel's own page tables that drivers of 2.4 made for the physical address of their vmalloc memory
 * (`kvirt_to_pa`). The tables above the entry are objects without contents; the entry is a number, as in `entry-calls.ts`.
 */
import type { Value } from '../../execution/value.ts';
import { pfn_pte, pte_pfn } from '../../mm/calls/raw-pte.ts';
import { VM_READ, VM_WRITE } from '../../mm/flags.ts';
import { vm_get_page_prot } from '../../mm/pgprot.ts';
import type { CallContext, KernelCall, KernelCallTable } from './call-context.ts';
import { integer, intValue, nothing, pointerTo } from './values.ts';

const entryType = { kind: 'integer', bits: 64, signed: false, name: 'pte_t' } as const;

/** A pointer to an entry that holds `value`. */
function entryWith(context: CallContext, name: string, value: bigint): Value {
  const object = context.machine.allocate(name, entryType, { kind: 'kernel', what: 'page table' });
  object.cells.set('', integer(entryType, value));
  return pointerTo(object);
}

/** A table on the way to an entry of the kernel: it is there. */
const upperTable: KernelCall = (context) => entryWith(context, 'table', 1n);

/** `pte_offset(pmd, addr)` for an address of the kernel: the entry behind vmalloc memory; empty for other numbers. */
const pteOffset: KernelCall = (context) => {
  const place = context.place(1);
  const pfn = place && context.environment.memory.pfnOf(place);
  return entryWith(context, 'pte', pfn === undefined ? 0n : pfn_pte(pfn, vm_get_page_prot(VM_READ | VM_WRITE)));
};

/** `pte_page(pte)`. */
const ptePage: KernelCall = (context) => {
  const pte = context.ulong(0);
  return pte === undefined ? undefined : context.environment.objects.page(pte_pfn(pte));
};

const no: KernelCall = () => intValue(0);

export const pageTableCalls: KernelCallTable = {
  pgd_offset_k: upperTable,
  p4d_offset: upperTable,
  pud_offset: upperTable,
  pmd_offset: upperTable,
  pte_offset: pteOffset,
  pte_offset_map: pteOffset,
  pte_offset_kernel: pteOffset,
  pte_unmap: () => nothing,
  pte_page: ptePage,
  pgd_none: no,
  pgd_bad: no,
  p4d_none: no,
  p4d_bad: no,
  pud_none: no,
  pud_bad: no,
  pmd_none: no,
  pmd_bad: no,
  VMALLOC_VMADDR: (context) => context.argument(0),
};
