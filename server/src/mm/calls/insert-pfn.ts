/**
 * `vmf_insert_pfn` and the calls that install one entry from a fault handler (mm/memory.c).
 */
import { atLeast } from '../../kernel/version.ts';
import { errno } from '../errno.ts';
import { isCowMapping, VM_MIXEDMAP, VM_PFNMAP, VM_WRITE } from '../flags.ts';
import { hasPteSpecial } from '../history/eras.ts';
import { _PAGE_RW } from '../pgprot.ts';
import { zeroPfn } from '../physical/memory.ts';
import { at, inMemoryC } from '../problem.ts';
import { pfn_modify_allowed } from '../tables/pfn-modify-allowed.ts';
import { changePtes, newPte, setPtes } from '../tables/set-ptes.ts';
import { trackPfnInsert } from '../tables/track-pfn.ts';
import { hex, PAGE_SIZE, pageOf, pfnNumber } from '../units.ts';
import type { Vma } from '../vma.ts';
import { mixedZeroPageAllowed } from './insert-page.ts';
import { BUG_ON, checkOwnership, insertFault } from './shared.ts';

/** What the entries of a call are: one page with a protection, made writable at once or not, in the name of a kernel function. */
interface NewEntry {
  readonly pfn: number;
  readonly prot: bigint;
  readonly mkwrite: boolean;
  readonly by: string;
}

/** `insert_pfn`: a special entry. Gives 0, or -EBUSY when one is there already, which stays. */
function insertPfn(vma: Vma, address: bigint, { pfn, prot, mkwrite, by }: NewEntry): number {
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
    setPtes(mm, page, page + 1, newPte(pfn, prot | writable, { special: hasPteSpecial(mm.system.version), dirty: mkwrite }), by);
  }
  return present && !mkwrite ? -errno.EBUSY : 0;
}

/**
 * `vmf_insert_pfn_prot(vma, addr, pfn, pgprot)`: one special entry. Gives VM_FAULT_NOPAGE, also when an entry was there;
 * VM_FAULT_SIGBUS outside the vma. BUGs unless exactly one of VM_PFNMAP and VM_MIXEDMAP is set, for COW mappings with
 * VM_PFNMAP, and for RAM in a VM_MIXEDMAP vma. No flags are set.
 */
export function vmf_insert_pfn_prot(vma: Vma, address: bigint, pfn: bigint, prot: bigint): number {
  return insertFault(vm_insert_pfn_prot(vma, address, pfn, prot, 'vmf_insert_pfn'));
}

/**
 * `vm_insert_pfn_prot(vma, addr, pfn, pgprot)` (4.5 to 4.19): the same with error numbers: -EFAULT outside the vma, -EBUSY over
 * an entry, -EACCES where `pfn_modify_allowed` refuses.
 */
export function vm_insert_pfn_prot(vma: Vma, address: bigint, pfn: bigint, prot: bigint, by = 'vm_insert_pfn_prot'): number {
  const { version } = vma.vm_mm.system;
  const kind = vma.vm_flags & (VM_PFNMAP | (atLeast(version, 2, 6, 26) ? VM_MIXEDMAP : 0n));
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
  const isChecked = atLeast(version, 2, 6, 27);
  if (isChecked && (address < vma.vm_start || address >= vma.vm_end)) return -errno.EFAULT;
  const number = pfnNumber(pfn);
  const tracked = trackPfnInsert(vma, prot, number);
  if (!pfn_modify_allowed(vma.vm_mm.system, pfn, PAGE_SIZE, tracked)) return -errno.EACCES;
  return insertPfn(vma, address, { pfn: number, prot: tracked, mkwrite: false, by });
}

/** `vm_insert_pfn(vma, addr, pfn)` (2.6.21 to 4.19): `vm_insert_pfn_prot` with `vm_page_prot`. */
export function vm_insert_pfn(vma: Vma, address: bigint, pfn: bigint): number {
  return vm_insert_pfn_prot(vma, address, pfn, vma.vm_page_prot, 'vm_insert_pfn');
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

/** `__vm_insert_mixed`: 0 or a negative error number; -EFAULT for what becomes VM_FAULT_SIGBUS. */
function insertMixed(vma: Vma, address: bigint, pfn: bigint, prot: bigint, mkwrite: boolean, special: boolean, by: string): number {
  const number = pfnNumber(pfn);
  if (!mixedOk(vma, number, mkwrite, special)) {
    BUG_ON(
      !atLeast(vma.vm_mm.system.version, 6, 9),
      vma,
      '__vm_insert_mixed',
      `${by} is called for a vma without VM_MIXEDMAP, so the kernel stops. Set VM_MIXEDMAP in the mmap handler.`,
      'S5',
    );
    return -errno.EFAULT;
  }
  if (address < vma.vm_start || address >= vma.vm_end) return -errno.EFAULT;
  const tracked = trackPfnInsert(vma, prot, number);
  if (!pfn_modify_allowed(vma.vm_mm.system, pfn, PAGE_SIZE, tracked)) return -errno.EACCES;
  return insertPfn(vma, address, { pfn: number, prot: tracked, mkwrite, by });
}

/** `vm_insert_mixed(vma, addr, pfn)` (2.6.26 to 4.19): as `vmf_insert_mixed`, with -EFAULT outside the vma and -EBUSY over an entry. */
export function vm_insert_mixed(vma: Vma, address: bigint, pfn: bigint, special = false): number {
  return insertMixed(vma, address, pfn, vma.vm_page_prot, false, special, 'vm_insert_mixed');
}

/** `vmf_insert_mixed_prot(vma, addr, pfn, pgprot)` (5.6 to 6.3). */
export function vmf_insert_mixed_prot(vma: Vma, address: bigint, pfn: bigint, prot: bigint, special = false): number {
  return insertFault(insertMixed(vma, address, pfn, prot, false, special, 'vmf_insert_mixed_prot'));
}

/**
 * `vmf_insert_mixed(vma, addr, pfn)`: a special entry, for RAM too, without counting. Without VM_MIXEDMAP: BUG up to 6.8,
 * VM_FAULT_SIGBUS later.
 */
export function vmf_insert_mixed(vma: Vma, address: bigint, pfn: bigint, special = false): number {
  return insertFault(insertMixed(vma, address, pfn, vma.vm_page_prot, false, special, 'vmf_insert_mixed'));
}

/** `vmf_insert_mixed_mkwrite`: as `vmf_insert_mixed`, writable and dirty; upgrades an entry for the same page. */
export function vmf_insert_mixed_mkwrite(vma: Vma, address: bigint, pfn: bigint, special = false): number {
  return insertFault(insertMixed(vma, address, pfn, vma.vm_page_prot, true, special, 'vmf_insert_mixed_mkwrite'));
}
