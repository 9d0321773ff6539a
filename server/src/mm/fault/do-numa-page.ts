/**
 * Entries without rights in a vma that has some (`do_numa_page`, mm/memory.c, 4.0 and later): the kernel takes them for its own marks of
 * NUMA balancing and gives them the rights of the vma, whoever made them.
 */

import { atLeast } from '../../kernel/version.ts';
import { VM_ACCESS_FLAGS, VM_SHARED, VM_WRITE } from '../flags.ts';
import { _PAGE_RW, isAccessible, pgprot_modify } from '../pgprot.ts';
import type { Pte } from '../tables/page-table.ts';
import { changePtes } from '../tables/set-ptes.ts';
import type { FaultContext } from './context.ts';

/** `pte_protnone` and `vma_is_accessible`. */
export function isNumaHint({ vma, system }: FaultContext, pte: Pte): boolean {
  if (!system.config.numaBalancing) return false;
  return !isAccessible(pte.prot) && (vma.vm_flags & VM_ACCESS_FLAGS) !== 0n && atLeast(system.version, 4, 0);
}

/** `do_numa_page`: the entry gets `vm_page_prot` and keeps its cache type; a page that only this process has can be written at once. */
export function do_numa_page({ vma, system, page }: FaultContext, pte: Pte): number {
  const state = pte.special ? undefined : system.memory.page(pte.pfn);
  const isPrivateWrite = (vma.vm_flags & (VM_WRITE | VM_SHARED)) === VM_WRITE;
  const upgrade = isPrivateWrite && state?.use === 'anonymous' && state.exclusive && atLeast(system.version, 6, 2) ? _PAGE_RW : 0n;
  const prot = pgprot_modify(pte.prot, vma.vm_page_prot) | upgrade;
  changePtes(vma.vm_mm, page, page + 1, (run) => ({ ...run.value, prot, young: true }), 'do_numa_page');
  return 0;
}
