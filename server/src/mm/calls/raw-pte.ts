/**
 * Page table entries as driver code makes them by hand: `pte_t` values, `set_pte_at`, `apply_to_page_range` (mm/memory.c,
 * arch/x86/include/asm/pgtable.h). Nothing here counts pages, so what is wrong shows when the kernel meets the entry again.
 */
import { errno } from '../errno.ts';
import type { Mm } from '../mm.ts';
import { _PAGE_RW } from '../pgprot.ts';
import { at, inMemoryC } from '../problem.ts';
import { newPte, setPtes } from '../tables/set-ptes.ts';
import { addressOf, hex, PAGE_SHIFT, pageAlign, pageOf, ulong } from '../units.ts';
import { checkInsideVma, checkOwnership } from './shared.ts';

const _PAGE_DIRTY = 0x40n;
/** A software bit of x86: the entry leads to memory that is not counted. */
const _PAGE_SPECIAL = 0x200n;
const pfnBits = ((1n << 52n) - 1n) & ~0xfffn;

/** `pfn_pte(pfn, prot)`: an entry as a number. */
export function pfn_pte(pfn: bigint, prot: bigint): bigint {
  return ((pfn << PAGE_SHIFT) & pfnBits) | (prot & ~pfnBits);
}

/** `pte_mkspecial`. */
export function pte_mkspecial(pte: bigint): bigint {
  return pte | _PAGE_SPECIAL;
}

/** `pte_mkwrite` for memory that is no shadow stack. */
export function pte_mkwrite(pte: bigint): bigint {
  return pte | _PAGE_RW;
}

/** `pte_mkdirty`. */
export function pte_mkdirty(pte: bigint): bigint {
  return pte | _PAGE_DIRTY;
}

/** `pte_pfn`. */
export function pte_pfn(pte: bigint): bigint {
  return (pte & pfnBits) >> PAGE_SHIFT;
}

/** `ptep_get`: the entry at `address` (bytes) as a number; 0 for none. */
export function ptep_get(mm: Mm, address: bigint): bigint {
  const pte = mm.table.get(pageOf(address));
  if (!pte) return 0n;
  return pfn_pte(BigInt(pte.pfn), pte.prot) | (pte.special ? _PAGE_SPECIAL : 0n) | (pte.dirty ? _PAGE_DIRTY : 0n);
}

/** `set_pte_at(mm, addr, ptep, pte)`: writes an entry; what was there is forgotten, and no page is counted (S5.8). */
export function set_pte_at(mm: Mm, address: bigint, pte: bigint): void {
  const page = pageOf(address);
  const special = (pte & _PAGE_SPECIAL) !== 0n;
  const pfn = Number(pte_pfn(pte));
  const vma = mm.lookup(address);
  if (vma) checkOwnership(vma, address, pfn, 1, 'set_pte_at');
  const prot = pte & ~pfnBits & ~_PAGE_SPECIAL & ~_PAGE_DIRTY;
  setPtes(mm, page, page + 1, newPte(pfn, prot, { special, dirty: (pte & _PAGE_DIRTY) !== 0n }), 'set_pte_at');
}

/**
 * `apply_to_page_range(mm, addr, size, fn, data)`: calls `fn` for the entry of each page of `size` bytes; a result other than 0
 * ends the walk. With `existing` (`apply_to_existing_page_range`, 5.5 and later) only where there is an entry. Gives -EINVAL,
 * with a warning, for an empty or wrapping range. No flag of a vma changes.
 */
export function apply_to_page_range(mm: Mm, address: bigint, size: bigint, fn: (address: bigint) => number, existing = false): number {
  const by = existing ? 'apply_to_existing_page_range' : 'apply_to_page_range';
  const end = ulong(address + size);
  if (address >= end) {
    mm.system.report({
      kind: 'warning',
      message: `${by} is asked for ${hex(size)} bytes at ${hex(address)}: the end does not lie behind the start.`,
      kernelLog: 'WARNING: at mm/memory.c __apply_to_page_range',
      where: inMemoryC(by),
      ...at(mm.lookup(address), address),
    });
    return -errno.EINVAL;
  }
  const vma = mm.lookup(address);
  if (vma) checkInsideVma(vma, address, end, by);
  for (let page = pageOf(address); page < pageOf(pageAlign(end)); page++) {
    if (existing && !mm.table.get(page)) continue;
    const result = fn(addressOf(page));
    if (result !== 0) return result;
  }
  return 0;
}
