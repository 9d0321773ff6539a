/**
 * Page protections (`pgprot_t`) of x86-64: the bits of a page table entry other than the pfn, and what the kernel
 * computes with them. A pgprot is a bigint, so that C code can hold and change it like any integer.
 */
import { VM_ACCESS_FLAGS, VM_EXEC, VM_SHARED, VM_WRITE } from './flags.ts';

const _PAGE_PRESENT = 0x1n;
export const _PAGE_RW = 0x2n;
export const _PAGE_USER = 0x4n;
const _PAGE_PWT = 0x8n;
const _PAGE_PCD = 0x10n;
const _PAGE_ACCESSED = 0x20n;
const _PAGE_PAT = 0x80n;
const _PAGE_PROTNONE = 0x100n;
const _PAGE_NX = 1n << 63n;

/** The bits that choose the cache type; `pgprot_modify` keeps them. */
const _PAGE_CACHE_MASK = _PAGE_PWT | _PAGE_PCD | _PAGE_PAT;

/** A cache type as x86's page attribute table names it. */
export type CacheType = 'write-back' | 'write-combining' | 'uncached-minus' | 'uncached' | 'write-through' | 'write-protect';

const cacheBits: Readonly<Record<CacheType, bigint>> = {
  'write-back': 0n,
  'write-combining': _PAGE_PWT,
  'uncached-minus': _PAGE_PCD,
  uncached: _PAGE_PCD | _PAGE_PWT,
  'write-through': _PAGE_PAT | _PAGE_PCD | _PAGE_PWT,
  'write-protect': _PAGE_PAT | _PAGE_PWT,
};

/** The cache type of a pgprot. */
export function cacheTypeOf(prot: bigint): CacheType {
  const bits = prot & _PAGE_CACHE_MASK;
  for (const [type, value] of Object.entries(cacheBits)) if (value === bits) return type as CacheType;
  return 'write-back';
}

/** `prot` with another cache type and everything else kept. */
export function withCacheType(prot: bigint, type: CacheType): bigint {
  return (prot & ~_PAGE_CACHE_MASK) | cacheBits[type];
}

/** `pgprot_noncached` on x86: the bits of UC-minus are added to those that are there, so that write-combining becomes uncached. */
export function pgprot_noncached(prot: bigint): bigint {
  return prot | cacheBits['uncached-minus'];
}

/** `pgprot_writecombine`; added likewise. */
export function pgprot_writecombine(prot: bigint): bigint {
  return prot | cacheBits['write-combining'];
}

/** `pgprot_writethrough`; added likewise. */
export function pgprot_writethrough(prot: bigint): bigint {
  return prot | cacheBits['write-through'];
}

/** Whether a user write through a pte with this protection needs no fault. */
export function isWritable(prot: bigint): boolean {
  return (prot & _PAGE_RW) !== 0n;
}

/**
 * `vm_get_page_prot`: the default protection for vma flags (x86 `protection_map`). A private mapping never gets a
 * writable protection, because a write must first copy. Cache bits are write-back: what a driver had set is lost.
 */
export function vm_get_page_prot(flags: bigint): bigint {
  const access = flags & VM_ACCESS_FLAGS;
  if (access === 0n) return _PAGE_PROTNONE | _PAGE_ACCESSED | _PAGE_NX;
  const base = _PAGE_PRESENT | _PAGE_USER | _PAGE_ACCESSED;
  const write = (flags & (VM_WRITE | VM_SHARED)) === (VM_WRITE | VM_SHARED) ? _PAGE_RW : 0n;
  const execute = (flags & VM_EXEC) === 0n ? _PAGE_NX : 0n;
  return base | write | execute;
}

/** `pgprot_modify`: the access bits of `fresh`, the cache bits of `old`. */
export function pgprot_modify(old: bigint, fresh: bigint): bigint {
  return (fresh & ~_PAGE_CACHE_MASK) | (old & _PAGE_CACHE_MASK);
}

/** Whether code behind a pte with this protection may run. */
export function isExecutable(prot: bigint): boolean {
  return (prot & _PAGE_NX) === 0n;
}

/** `rw-`-style text of what a pgprot lets user space do. */
export function formatAccess(prot: bigint): string {
  if ((prot & _PAGE_PRESENT) === 0n) return '---';
  return `r${isWritable(prot) ? 'w' : '-'}${(prot & _PAGE_NX) === 0n ? 'x' : '-'}`;
}

/** Whether the processor may use a pte with this protection for a read at all (`PROT_NONE` clears it). */
export function isAccessible(prot: bigint): boolean {
  return (prot & _PAGE_PRESENT) !== 0n;
}

/** Whether a program may use a pte with this protection; `PAGE_KERNEL` is for the kernel alone. */
export function isForUser(prot: bigint): boolean {
  return (prot & _PAGE_USER) !== 0n;
}
