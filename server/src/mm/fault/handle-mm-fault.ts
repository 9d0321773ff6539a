/**
 * From a faulting access to the function that deals with it (`handle_mm_fault`, mm/memory.c; `access_error`,
 * arch/x86/mm/fault.c).
 */
import { atLeast, type KernelVersion } from '../../kernel/version.ts';
import {
  FAULT_FLAG_ORIG_PTE_VALID,
  FAULT_FLAG_UNSHARE,
  FAULT_FLAG_WRITE,
  VM_ACCESS_FLAGS,
  VM_FAULT_FALLBACK,
  VM_MAYSHARE,
  VM_NOHUGEPAGE,
  VM_PFNMAP,
  VM_SHARED,
  VM_WRITE,
} from '../flags.ts';
import { hasFault } from '../history/eras.ts';
import { do_no_page, hasNopage } from '../history/nopage.ts';
import { do_no_pfn, hasNopfn } from '../history/nopfn.ts';
import { isWritable } from '../pgprot.ts';
import { dropHugeEntry } from '../tables/huge-entries.ts';
import { changePtes } from '../tables/set-ptes.ts';
import { addressOf } from '../units.ts';
import { type Vma, vma_is_anonymous } from '../vma.ts';
import { do_anonymous_page } from './anonymous-page.ts';
import { callFaultSlot } from './call-handler.ts';
import { type FaultContext, newFault } from './context.ts';
import { do_fault, faultPath } from './do-fault.ts';
import { do_numa_page, isNumaHint } from './do-numa-page.ts';
import { do_wp_page, writeFaultPath } from './do-wp-page.ts';
import { sanitizeFaultFlags } from './sanitize-fault-flags.ts';

/** `PMD_ORDER`, a 2 MiB entry, and `PUD_ORDER`, one of 1 GiB. */
const PMD_ORDER = 9;
const PUD_ORDER = 18;

/** `access_error` on x86: whether the vma's flags forbid the access. Reading needs any access right at all. */
export function accessForbidden(vma: Vma, write: boolean): boolean {
  return (vma.vm_flags & (write ? VM_WRITE : VM_ACCESS_FLAGS)) === 0n;
}

/**
 * `handle_mm_fault`: deals with a fault at `address` (bytes) of `vma`, under the lock that the caller took. Gives the
 * `VM_FAULT_*` bits; 0 and `VM_FAULT_NOPAGE` mean that the access can be tried again.
 */
export function handle_mm_fault(vma: Vma, address: bigint, flags: number): number {
  return handleFault(newFault(vma, address, flags));
}

/** The same for a fault that has begun: whoever else faults at the same moment may have put an entry there since. */
export function handleFault(fault: FaultContext): number {
  const { vma } = fault;
  const { flags } = fault.vmf;
  const refused = sanitizeFaultFlags(fault);
  if (refused !== 0) return refused;
  const pte = fault.original;
  const report = (path: string): void => {
    const access = flags & FAULT_FLAG_WRITE ? 'write' : 'read';
    fault.system.log.add({ kind: 'fault', mm: vma.vm_mm.id, vma: vma.id, address: fault.vmf.real_address, access, path });
  };
  if (!pte) {
    const huge = tryHugeFault(fault);
    if (huge !== undefined) return huge;
    foundEntry(fault);
    const old = oldHandler(vma);
    if (old) {
      report(old === do_no_page ? 'do_no_page' : 'do_no_pfn');
      return old(fault);
    }
    const anonymous = filledByZeros(vma);
    report(anonymous ? 'do_anonymous_page' : faultPath(fault));
    return anonymous ? do_anonymous_page(fault) : do_fault(fault);
  }
  if (isNumaHint(fault, pte)) {
    report('do_numa_page');
    return do_numa_page(fault, pte);
  }
  if (flags & (FAULT_FLAG_WRITE | FAULT_FLAG_UNSHARE) && !isWritable(pte.prot)) {
    const asked = pte.huge === undefined ? undefined : askHugeEntry(fault, pte.huge);
    if (asked !== undefined) return asked;
    report(writeFaultPath(fault, pte));
    return do_wp_page(fault, pte);
  }
  changePtes(vma.vm_mm, fault.page, fault.page + 1, (run) => ({ ...run.value, young: true }), 'handle_pte_fault');
  return 0;
}

/** FAULT_FLAG_ORIG_PTE_VALID (5.19 and later): there is a page table, which the program's other mappings share, and its entry was read. */
function foundEntry({ vmf, system }: FaultContext): void {
  if (atLeast(system.version, 5, 19)) vmf.flags |= FAULT_FLAG_ORIG_PTE_VALID;
}

/** The handlers of older kernels: `nopage` goes before `nopfn`, and after `fault`. */
function oldHandler(vma: Vma): ((fault: FaultContext) => number) | undefined {
  const { version } = vma.vm_mm.system;
  const ops = vma.vm_ops;
  if (ops?.fault && hasFault(version)) return undefined;
  if (ops?.nopage && hasNopage(version)) return do_no_page;
  return ops?.nopfn && hasNopfn(version) ? do_no_pfn : undefined;
}

/** Whether a page that is missing becomes anonymous memory: no operations, or up to 4.1 no `fault` among them. */
function filledByZeros(vma: Vma): boolean {
  const { version } = vma.vm_mm.system;
  return vma_is_anonymous(vma) || (!atLeast(version, 4, 2) && !(vma.vm_ops?.fault && hasFault(version)));
}

/**
 * `create_huge_pud` and `create_huge_pmd`: offers the handler a large entry where none of its pages has one; FALLBACK goes on
 * with the next smaller size. Whether the vma has room for it is left to the handler; 1 GiB is offered only where there is. Pfns are
 * mapped so whatever is set up for transparent huge pages (6.12.y; there is nothing to compact).
 */
function tryHugeFault(fault: FaultContext): number | undefined {
  const { vma } = fault;
  const handler = vma.vm_ops?.huge_fault;
  const { version, config } = fault.system;
  const isAllowed = config.hugePages || ((vma.vm_flags & VM_PFNMAP) !== 0n && atLeast(version, 6, 12));
  if (!handler || !isAllowed || !hasHugeFaults(version) || vma.vm_flags & VM_NOHUGEPAGE) return undefined;
  for (const order of [PUD_ORDER, PMD_ORDER]) {
    const pages = 2 ** order;
    const start = fault.page - (fault.page % pages);
    if (vma.vm_mm.table.slice(start, start + pages).length > 0) continue;
    if (order === PUD_ORDER && !(vma.vm_start <= addressOf(start) && addressOf(start + pages) <= vma.vm_end)) continue;
    const result = callFaultSlot(fault, 'huge_fault', (vmf) => handler(vmf, order));
    if ((result & VM_FAULT_FALLBACK) === 0) return result;
  }
  return undefined;
}

/**
 * `wp_huge_pmd`: a write to a large entry that is read-only is asked of the handler again where the mapping is shared. With FALLBACK the
 * entry goes, and the access faults anew.
 */
function askHugeEntry(fault: FaultContext, pages: number): number | undefined {
  const { vma } = fault;
  const handler = vma.vm_flags & (VM_SHARED | VM_MAYSHARE) ? vma.vm_ops?.huge_fault : undefined;
  const order = Math.log2(pages);
  const result = handler ? callFaultSlot(fault, 'huge_fault', (vmf) => handler(vmf, order)) : VM_FAULT_FALLBACK;
  if ((result & VM_FAULT_FALLBACK) === 0) return result;
  dropHugeEntry(vma.vm_mm, fault.page, 'wp_huge_pmd');
  return 0;
}

/** Versions that call `huge_fault` of drivers: 4.11 and later, but 6.0 to 6.5 only for DAX. */
function hasHugeFaults(version: KernelVersion): boolean {
  return atLeast(version, 4, 11) && (!atLeast(version, 6, 0) || atLeast(version, 6, 6));
}
