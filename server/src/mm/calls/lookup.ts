/**
 * Look-ups that drivers make in an address space: vmas by address, pfns behind an address.
 */
import { atLeast } from '../../kernel/version.ts';
import { errno } from '../errno.ts';
import { VM_IO, VM_PFNMAP } from '../flags.ts';
import type { Mm } from '../mm.ts';
import { cacheTypeOf, isWritable } from '../pgprot.ts';
import { PAGE_BYTES, PAGE_SHIFT, pageAlign, pageOf } from '../units.ts';
import type { Vma } from '../vma.ts';
import { ioremap, iounmap } from './page-calls.ts';

/**
 * Reports a look-up without the mmap lock. `mmap_assert_locked` (5.8 and later) is for lockdep alone; from 6.10 on it warns on every kernel
 * where nobody holds the lock. `vma_lookup` asserts nothing.
 */
function checkLocked(mm: Mm, by: string): void {
  if (mm.mmapLock === 'read' || mm.mmapLock === 'write') return;
  const warns = by !== 'vma_lookup' && atLeast(mm.system.version, 6, 10);
  mm.system.report({
    kind: warns ? 'warning' : 'lock-not-held',
    message: `${by} looks for a vma without the mmap lock. Another thread can unmap and free the vma while the driver uses it.`,
    ...(warns ? { kernelLog: `WARNING: at include/linux/rwsem.h ${by}` } : {}),
    where: { function: by, file: 'mm/mmap.c' },
    rule: 'S13.1',
  });
}

/** `find_vma(mm, addr)`: the first vma that ends after `address`; the address may lie below its start. */
export function find_vma(mm: Mm, address: bigint): Vma | undefined {
  checkLocked(mm, 'find_vma');
  return mm.find(address);
}

/** `vma_lookup(mm, addr)` (5.14 and later): the vma that holds `address`. */
export function vma_lookup(mm: Mm, address: bigint): Vma | undefined {
  checkLocked(mm, 'vma_lookup');
  return mm.lookup(address);
}

/** `find_vma_intersection(mm, start, end)`. */
export function find_vma_intersection(mm: Mm, start: bigint, end: bigint): Vma | undefined {
  checkLocked(mm, 'find_vma_intersection');
  return mm.overlapping(start, end)[0];
}

/** What `follow_pfnmap_start` finds, or a negative error number. */
export type FollowedPfn =
  | { readonly pfn: bigint; readonly writable: boolean; readonly special: boolean; readonly prot: bigint }
  | { readonly error: number };

/** `follow_pfn` (up to 6.9) and `follow_pfnmap_start` (6.12): the pfn behind an address of a VM_IO or VM_PFNMAP vma; else -EINVAL. */
export function follow_pfnmap(vma: Vma, address: bigint): FollowedPfn {
  if (address < vma.vm_start || address >= vma.vm_end) return { error: -errno.EINVAL };
  if ((vma.vm_flags & (VM_IO | VM_PFNMAP)) === 0n) return { error: -errno.EINVAL };
  const pte = vma.vm_mm.table.get(pageOf(address));
  if (!pte) return { error: -errno.EINVAL };
  return { pfn: BigInt(pte.pfn), writable: isWritable(pte.prot), special: pte.special, prot: pte.prot };
}

/**
 * `generic_access_phys`: an `access` handler for memory mapped by pfn. Copies between `buffer` and the memory; gives the
 * length, -EINVAL where nothing is mapped or a write is not allowed, -ENOMEM for RAM, which `ioremap_prot` refuses.
 */
export function generic_access_phys(vma: Vma, address: bigint, buffer: Uint8Array, write: boolean): number {
  const found = follow_pfnmap(vma, address);
  if ('error' in found || (write && !found.writable)) return -errno.EINVAL;
  const { system } = vma.vm_mm;
  const { memory } = system;
  const pfn = Number(found.pfn);
  const offset = Number(address & 0xfffn);
  const physical = found.pfn << PAGE_SHIFT;
  const length = pageAlign(BigInt(offset + buffer.length));
  if (!ioremap(system, physical, length, cacheTypeOf(found.prot))) return -errno.ENOMEM;
  iounmap(system, physical, length);
  // The physical pages behind the first, whatever the vma has there.
  for (let done = 0; done < buffer.length; ) {
    const at = offset + done;
    const part = buffer.subarray(done, done + Math.min(buffer.length - done, PAGE_BYTES - (at % PAGE_BYTES)));
    const page = pfn + Math.floor(at / PAGE_BYTES);
    if (write) memory.write(page, at % PAGE_BYTES, part);
    else part.set(memory.read(page, at % PAGE_BYTES, part.length).bytes);
    done += part.length;
  }
  return buffer.length;
}
