/**
 * What several driver-facing calls have in common: BUG_ON with its report, and the check of who owns mapped memory.
 */
import { atLeast } from '../../kernel/version.ts';
import { errno } from '../errno.ts';
import { VM_FAULT_NOPAGE, VM_FAULT_OOM, VM_FAULT_SIGBUS, VM_MIXEDMAP, VM_PFNMAP } from '../flags.ts';
import { insertPageFlag } from '../history/flags.ts';
import { sharesPages } from '../physical/allocation.ts';
import { at, inMemoryC } from '../problem.ts';
import { formatSize, hex, PAGE_SIZE } from '../units.ts';
import type { Vma } from '../vma.ts';
import { vmFlagsSet } from './vm-flags.ts';

/** `BUG_ON(condition)` in mm/memory.c: the kernel stops when the condition holds. `why` is a full sentence. */
export function BUG_ON(condition: boolean, vma: Vma, functionName: string, why: string, rule?: string, address?: bigint): void {
  if (!condition) return;
  vma.vm_mm.system.stop({
    kind: 'bug',
    message: why,
    kernelLog: 'kernel BUG at mm/memory.c!',
    where: inMemoryC(functionName),
    ...(rule ? { rule } : {}),
    ...at(vma, address),
  });
}

/**
 * The beginning that `vm_insert_page`, `vm_insert_pages` and `vm_map_pages` share (3.7 and later): without VM_MIXEDMAP
 * the mmap lock must be held for writing and the vma must not be a PFN mapping; then VM_MIXEDMAP is set. Up to 3.6 nothing is
 * asked for, and VM_INSERTPAGE is set.
 */
export function requireMixedMap(vma: Vma, functionName: string): void {
  const { version } = vma.vm_mm.system;
  if (!atLeast(version, 3, 7)) {
    vmFlagsSet(vma, insertPageFlag(version), functionName);
    return;
  }
  if (vma.vm_flags & VM_MIXEDMAP) return;
  BUG_ON(
    vma.vm_mm.mmapLock !== 'write',
    vma,
    functionName,
    `${functionName} is called without the mmap lock held for writing, in a vma without VM_MIXEDMAP. The call would change the vma's flags, so the kernel stops. Set VM_MIXEDMAP in the mmap handler when pages are inserted from a fault handler.`,
    'S13.5',
  );
  BUG_ON(
    (vma.vm_flags & VM_PFNMAP) !== 0n,
    vma,
    functionName,
    `${functionName} is called for a vma with VM_PFNMAP. Pages that are counted and raw pfns cannot share a vma, so the kernel stops.`,
    'S5',
  );
  vmFlagsSet(vma, VM_MIXEDMAP, functionName);
}

/** The result of an inserting call as `VM_FAULT_*` bits: an entry that was there already counts as done (`vmf_error` otherwise). */
export function insertFault(result: number): number {
  if (result === -errno.ENOMEM) return VM_FAULT_OOM;
  return result < 0 && result !== -errno.EBUSY ? VM_FAULT_SIGBUS : VM_FAULT_NOPAGE;
}

/** Reports the parts of a raw pfn mapping that are not the driver's to give away. Addresses are bytes. */
export function checkOwnership(vma: Vma, address: bigint, pfn: number, pages: number, by: string): void {
  const system = vma.vm_mm.system;
  for (const run of system.memory.owners(pfn, pfn + pages)) {
    const allocation = run.value;
    const length = BigInt(run.end - run.start) * PAGE_SIZE;
    const here = address + BigInt(run.start - pfn) * PAGE_SIZE;
    const zone = system.memory.regions.get(run.start);
    let why: string | undefined;
    if (!allocation && (zone === 'ram' || zone === 'reserved'))
      why = 'belongs to nobody the driver knows: it is RAM of other parts of the kernel or of other programs';
    else if (!allocation) why = zone ? 'is a bus address outside the windows of the device' : 'is no memory at all';
    else if (allocation.freed) why = `was freed with ${allocation.label}`;
    else if (allocation.kind === 'kernel') why = `belongs to ${allocation.label}`;
    else if (allocation.kind === 'slab' && sharesPages(allocation)) {
      why = `holds ${allocation.label} and other objects of the slab allocator beside it`;
    } else if (allocation.kind === 'static') why = `holds ${allocation.label} and other variables beside it`;
    if (why === undefined) continue;
    system.report({
      kind: 'foreign-memory',
      message: `${by} maps pfn ${hex(run.start)} to user space at ${hex(here)}${length > PAGE_SIZE ? `, ${formatSize(length)} in all` : ''}, which ${why}.`,
      where: inMemoryC(by),
      ...at(vma, here),
      pfn: BigInt(run.start),
      pages: run.end - run.start,
    });
  }
}

/** Reports ptes that a call writes outside the vma it was given (S5.3). Virtual page numbers. */
export function checkInsideVma(vma: Vma, start: bigint, end: bigint, by: string): void {
  if (start >= vma.vm_start && end <= vma.vm_end) return;
  const outside = start < vma.vm_start ? start : vma.vm_end;
  vma.vm_mm.system.report({
    kind: 'outside-vma',
    message: `${by} is asked for ${hex(start)} to ${hex(end)}, but the vma covers ${hex(vma.vm_start)} to ${hex(vma.vm_end)}. It does not check, and writes entries at ${hex(outside)} that no vma accounts for: another mapping placed there gives user space this memory.`,
    where: inMemoryC(by),
    rule: 'S5.3',
    ...at(vma, outside),
  });
}
