/**
 * `vmf_insert_pfn` and the calls that install one entry from a fault handler (mm/memory.c), for 4.20 and later.
 */
import { atLeast } from '../../kernel/version.ts';
import { errno } from '../errno.ts';
import { isCowMapping, VM_FAULT_NOPAGE, VM_FAULT_OOM, VM_FAULT_SIGBUS, VM_MIXEDMAP, VM_PFNMAP, VM_WRITE } from '../flags.ts';
import { _PAGE_RW } from '../pgprot.ts';
import { zeroPfn } from '../physical/memory.ts';
import { at, inMemoryC } from '../problem.ts';
import { changePtes, newPte, setPtes } from '../tables/set-ptes.ts';
import { trackPfnInsert } from '../tables/track-pfn.ts';
import { hex, isPageAligned, PAGE_SHIFT, pageOf, pfnNumber } from '../units.ts';
import type { VmFault } from '../vm-ops.ts';
import type { Vma } from '../vma.ts';
import { mixedZeroPageAllowed, vm_insert_page } from './insert-page.ts';
import { BUG_ON, checkOwnership } from './shared.ts';

/** `insert_pfn`: a special entry; one that is there already stays, which also counts as success. */
function insertPfn(vma: Vma, address: bigint, pfn: number, prot: bigint, mkwrite: boolean, by: string): number {
  const mm = vma.vm_mm;
  const page = pageOf(address);
  const writable = mkwrite && vma.vm_flags & VM_WRITE ? _PAGE_RW : 0n;
  const present = mm.table.get(page);
  if (present && mkwrite && present.pfn !== pfn) {
    if (present.pfn !== zeroPfn) {
      mm.system.warnOnce({
        kind: 'warning',
        message: `${by} finds page ${hex(present.pfn)} at ${hex(address)} where it wants to make page ${hex(pfn)} writable.`,
        where: inMemoryC('insert_pfn'),
        ...at(vma, address),
      });
    }
  } else if (present && mkwrite) {
    changePtes(mm, page, page + 1, (run) => ({ ...run.value, prot: run.value.prot | writable, dirty: true, young: true }), by);
  } else if (!present) {
    checkOwnership(vma, address, pfn, 1, by);
    setPtes(mm, page, page + 1, newPte(pfn, prot | writable, { special: true, dirty: mkwrite }), by);
  }
  return VM_FAULT_NOPAGE;
}

/**
 * `vmf_insert_pfn_prot(vma, addr, pfn, pgprot)`: one special entry. Gives VM_FAULT_NOPAGE, also when an entry was there;
 * VM_FAULT_SIGBUS outside the vma. BUGs unless exactly one of VM_PFNMAP and VM_MIXEDMAP is set, for COW mappings with
 * VM_PFNMAP, and for RAM in a VM_MIXEDMAP vma. No flags are set.
 */
export function vmf_insert_pfn_prot(vma: Vma, address: bigint, pfn: bigint, prot: bigint): number {
  const by = 'vmf_insert_pfn_prot';
  const kind = vma.vm_flags & (VM_PFNMAP | VM_MIXEDMAP);
  BUG_ON(
    kind === 0n,
    vma,
    by,
    'vmf_insert_pfn is called for a vma with neither VM_PFNMAP nor VM_MIXEDMAP, so the kernel stops. Set VM_PFNMAP in the mmap handler.',
    'S5',
  );
  BUG_ON(
    kind === (VM_PFNMAP | VM_MIXEDMAP),
    vma,
    by,
    'vmf_insert_pfn is called for a vma with both VM_PFNMAP and VM_MIXEDMAP, so the kernel stops.',
    'S5',
  );
  BUG_ON(
    kind === VM_PFNMAP && isCowMapping(vma.vm_flags),
    vma,
    by,
    'vmf_insert_pfn is called for a private mapping that may become writable, so the kernel stops. Refuse such mappings in the mmap handler: is_cow_mapping(vma->vm_flags).',
    'S14.3',
  );
  BUG_ON(
    kind === VM_MIXEDMAP && vma.vm_mm.system.memory.pfnValid(pfn),
    vma,
    by,
    'vmf_insert_pfn is called with RAM for a vma with VM_MIXEDMAP, so the kernel stops. Use vmf_insert_mixed, or VM_PFNMAP.',
    'S5',
  );
  if (address < vma.vm_start || address >= vma.vm_end) return VM_FAULT_SIGBUS;
  const number = pfnNumber(pfn);
  return insertPfn(vma, address, number, trackPfnInsert(vma, prot, number), false, 'vmf_insert_pfn');
}

/** `vmf_insert_pfn(vma, addr, pfn)`: `vmf_insert_pfn_prot` with `vm_page_prot`. */
export function vmf_insert_pfn(vma: Vma, address: bigint, pfn: bigint): number {
  return vmf_insert_pfn_prot(vma, address, pfn, vma.vm_page_prot);
}

/** `vm_mixed_ok`; `special` is set for a `pfn_t` with device or special flags (up to 6.16). */
function mixedOk(vma: Vma, pfn: number, mkwrite: boolean, special: boolean): boolean {
  const zero = pfn === zeroPfn;
  if (zero && atLeast(vma.vm_mm.system.version, 6, 11) && (mkwrite || !mixedZeroPageAllowed(vma))) return false;
  return (vma.vm_flags & VM_MIXEDMAP) !== 0n || special || zero;
}

function insertMixed(vma: Vma, address: bigint, pfn: bigint, mkwrite: boolean, special: boolean, by: string): number {
  const number = pfnNumber(pfn);
  if (!mixedOk(vma, number, mkwrite, special)) {
    BUG_ON(
      !atLeast(vma.vm_mm.system.version, 6, 9),
      vma,
      '__vm_insert_mixed',
      `${by} is called for a vma without VM_MIXEDMAP, so the kernel stops. Set VM_MIXEDMAP in the mmap handler.`,
      'S5',
    );
    return VM_FAULT_SIGBUS;
  }
  if (address < vma.vm_start || address >= vma.vm_end) return VM_FAULT_SIGBUS;
  return insertPfn(vma, address, number, trackPfnInsert(vma, vma.vm_page_prot, number), mkwrite, by);
}

/**
 * `vmf_insert_mixed(vma, addr, pfn)`: a special entry, for RAM too, without counting. Without VM_MIXEDMAP: BUG up to 6.8,
 * VM_FAULT_SIGBUS later.
 */
export function vmf_insert_mixed(vma: Vma, address: bigint, pfn: bigint, special = false): number {
  return insertMixed(vma, address, pfn, false, special, 'vmf_insert_mixed');
}

/** `vmf_insert_mixed_mkwrite`: as `vmf_insert_mixed`, writable and dirty; upgrades an entry for the same page. */
export function vmf_insert_mixed_mkwrite(vma: Vma, address: bigint, pfn: bigint, special = false): number {
  return insertMixed(vma, address, pfn, true, special, 'vmf_insert_mixed_mkwrite');
}

/** `vmf_insert_page_mkwrite(vmf, page, write)` (6.15 and later): a counted page, writable and dirty when `write` is set. */
export function vmf_insert_page_mkwrite(vmf: VmFault, pfn: bigint, write: boolean): number {
  const { vma, address } = vmf;
  const result = vm_insert_page(vma, address, pfn);
  if (result === -errno.ENOMEM) return VM_FAULT_OOM;
  if (result < 0 && result !== -errno.EBUSY) return VM_FAULT_SIGBUS;
  if (write && vma.vm_mm.table.get(pageOf(address))?.pfn === pfnNumber(pfn)) {
    const page = pageOf(address);
    const writable = vma.vm_flags & VM_WRITE ? _PAGE_RW : 0n;
    changePtes(
      vma.vm_mm,
      page,
      page + 1,
      (run) => ({ ...run.value, prot: run.value.prot | writable, dirty: true }),
      'vmf_insert_page_mkwrite',
    );
  }
  return VM_FAULT_NOPAGE;
}

/** `vmf_insert_pfn_pmd(vmf, pfn, write)`: 512 pages at once from a `huge_fault` handler. Same BUGs as `vmf_insert_pfn`. */
export function vmf_insert_pfn_pmd(vmf: VmFault, pfn: bigint, write: boolean): number {
  const { vma } = vmf;
  const by = 'vmf_insert_pfn_pmd';
  const kind = vma.vm_flags & (VM_PFNMAP | VM_MIXEDMAP);
  BUG_ON(kind === 0n, vma, by, 'vmf_insert_pfn_pmd is called for a vma with neither VM_PFNMAP nor VM_MIXEDMAP, so the kernel stops.', 'S5');
  BUG_ON(
    kind === VM_PFNMAP && isCowMapping(vma.vm_flags),
    vma,
    by,
    'vmf_insert_pfn_pmd is called for a private mapping that may become writable, so the kernel stops.',
    'S5',
  );
  const start = vmf.address & ~((1n << (PAGE_SHIFT + 9n)) - 1n);
  if (!isPageAligned(start) || vmf.address < vma.vm_start || vmf.address >= vma.vm_end) return VM_FAULT_SIGBUS;
  const page = pageOf(start);
  const number = pfnNumber(pfn);
  if (vma.vm_mm.table.slice(page, page + 512).length > 0) return VM_FAULT_NOPAGE;
  checkOwnership(vma, start, number, 512, by);
  const prot = trackPfnInsert(vma, vma.vm_page_prot, number) | (write && vma.vm_flags & VM_WRITE ? _PAGE_RW : 0n);
  setPtes(vma.vm_mm, page, page + 512, newPte(number, prot, { special: true, dirty: write }), by);
  return VM_FAULT_NOPAGE;
}
