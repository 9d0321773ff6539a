/**
 * `vm_ops->nopfn` (2.6.19 to 2.6.26): the fault handler that gives a frame number, for memory without struct pages
 * (`do_no_pfn`, mm/memory.c). What a mail of 2004 asked for under the name nopage_dma.
 */
import { atLeast, type KernelVersion } from '../../kernel/version.ts';
import { BUG_ON, checkOwnership } from '../calls/shared.ts';
import { callVmOp } from '../driver-call.ts';
import type { FaultContext } from '../fault/context.ts';
import { FAULT_FLAG_WRITE, isCowMapping, VM_FAULT_NOPAGE, VM_FAULT_OOM, VM_FAULT_SIGBUS, VM_PFNMAP, VM_WRITE } from '../flags.ts';
import { _PAGE_RW } from '../pgprot.ts';
import { newPte, setPtes } from '../tables/set-ptes.ts';
import { pfnNumber } from '../units.ts';
import { hasPteSpecial } from './eras.ts';

/** What a `nopfn` handler gives. */
export type NoPfnResult = { readonly pfn: bigint } | 'NOPFN_SIGBUS' | 'NOPFN_OOM' | 'NOPFN_REFAULT';

/** Whether the core calls `nopfn`. */
export function hasNopfn(version: KernelVersion): boolean {
  return atLeast(version, 2, 6, 19) && !atLeast(version, 2, 6, 27);
}

/**
 * `do_no_pfn`: BUGs unless VM_PFNMAP is set and the mapping is not COW; asks for a frame and makes an entry, without counting.
 */
export function do_no_pfn(fault: FaultContext): number {
  const { vma, system, vmf, page } = fault;
  const handler = vma.vm_ops?.nopfn;
  if (!handler) return VM_FAULT_SIGBUS;
  BUG_ON(
    (vma.vm_flags & VM_PFNMAP) === 0n,
    vma,
    'do_no_pfn',
    'A vma with a nopfn handler has no VM_PFNMAP, so the kernel stops. Set VM_PFNMAP in the mmap handler.',
    'S5',
    vmf.address,
  );
  BUG_ON(
    isCowMapping(vma.vm_flags),
    vma,
    'do_no_pfn',
    'A page of a private mapping that may become writable is missing, and the vma has a nopfn handler, so the kernel stops. Refuse such mappings in the mmap handler.',
    'S14.3',
    vmf.address,
  );
  const answer = callVmOp(vma, 'nopfn', () => handler(vma, vmf.address));
  if (answer === 'NOPFN_SIGBUS') return VM_FAULT_SIGBUS;
  if (answer === 'NOPFN_OOM') return VM_FAULT_OOM;
  if (answer === 'NOPFN_REFAULT') return VM_FAULT_NOPAGE;
  if (vma.vm_mm.table.get(page)) return VM_FAULT_NOPAGE;
  const pfn = pfnNumber(answer.pfn);
  const write = (vmf.flags & FAULT_FLAG_WRITE) !== 0;
  const writable = write && vma.vm_flags & VM_WRITE ? _PAGE_RW : 0n;
  checkOwnership(vma, vmf.address, pfn, 1, 'do_no_pfn');
  const pte = newPte(pfn, vma.vm_page_prot | writable, { special: hasPteSpecial(system.version), dirty: write });
  setPtes(vma.vm_mm, page, page + 1, pte, 'do_no_pfn');
  return 0;
}
