/**
 * How a user program's mmap(2) gets to a handler: for a fault handler or another vma operation through the mmap handler
 * that installs its table. Reads the driver model; runs nothing.
 */
import type { Driver, Handler } from '../driver/model.ts';
import { VM_DONTDUMP, VM_DONTEXPAND, VM_IO, VM_MIXEDMAP, VM_PFNMAP } from '../mm/flags.ts';
import type { Entry } from './run/device.ts';
import { reaches } from './state/reach.ts';

/** The way to the handler; a sentence when there is none. */
export function entryFor(driver: Driver, handler: Handler): Entry | string {
  if (handler.kind === 'mmap' || handler.kind === 'mmap_prepare') return { kind: handler.kind, handler };
  const mmaps = driver.handlers.filter((each) => each.defined && (each.kind === 'mmap' || each.kind === 'mmap_prepare'));
  const table = handler.registeredAt?.table;
  const sought = [...(table === undefined ? [] : [table]), handler.function];
  const installs = mmaps.find((each) => reaches(driver, each.function, sought)) ?? sameTable(mmaps, handler);
  if (installs) return { kind: installs.kind === 'mmap' ? 'mmap' : 'mmap_prepare', handler: installs };
  if (table === undefined || driver.variables.get(table)?.initializer === undefined) {
    return `no mmap handler of these files leads to ${handler.function}, and it stands in no table that one could install`;
  }
  if (!handler.slot.startsWith('vm_operations_struct.')) {
    return `${handler.function} stands in a ${handler.slot.split('.')[0]}, which the kernel calls and no vma has, and no mmap handler of these files leads to it`;
  }
  return { kind: 'table', table, flags: flagsFor(driver, table) };
}

/** The mmap handler beside `get_unmapped_area` and its like. */
function sameTable(mmaps: readonly Handler[], handler: Handler): Handler | undefined {
  const table = handler.registeredAt?.table;
  return table === undefined ? undefined : mmaps.find((each) => each.registeredAt?.table === table);
}

/** The vma flags that the calls of the table's functions need. */
function flagsFor(driver: Driver, table: string): bigint {
  const functions = driver.tables.find((each) => each.name === table)?.entries.map((entry) => entry.function) ?? [];
  const mentions = (words: readonly string[]) => functions.some((name) => words.some((word) => reaches(driver, name, [word])));
  const insertingPfns = [
    'vm_insert_pfn',
    'vmf_insert_pfn',
    'vmf_insert_pfn_prot',
    'vmf_insert_pfn_pmd',
    'ttm_bo_vm_fault',
    'ttm_bo_vm_fault_reserved',
  ];
  if (mentions(insertingPfns)) return VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP;
  return mentions(['vm_insert_mixed', 'vmf_insert_mixed', 'vm_insert_page', 'vmf_insert_page'])
    ? VM_MIXEDMAP | VM_DONTEXPAND | VM_DONTDUMP
    : 0n;
}
