/**
 * How a user program's mmap(2) gets to a handler: for a fault handler or another vma operation through the mmap handler
 * that installs its table. Reads the driver model; runs nothing.
 */
import type { Driver, Handler } from '../driver/model.ts';
import { VM_DONTDUMP, VM_DONTEXPAND, VM_IO, VM_MIXEDMAP, VM_PFNMAP } from '../mm/flags.ts';
import type { TypeName } from '../syntax/ast.ts';
import { faultHelper } from './fault-helper.ts';
import { gemHelper } from './gem-helper.ts';
import type { Entry } from './run/device.ts';
import { reaches } from './state/reach.ts';
import { textOf } from './state/uses.ts';

/**
 * The handler that a run is about where nobody says which: mmap of a device file goes before that of what a driver exports (dma-buf), and
 * mmap before fault.
 */
export function mainHandler(handlers: readonly Handler[]): Handler | undefined {
  const defined = handlers.filter((each) => each.defined);
  const mmaps = defined.filter(({ kind }) => kind === 'mmap' || kind === 'mmap_prepare');
  return mmaps.find(({ slot }) => slot.startsWith('file_operations.')) ?? mmaps[0] ?? defined[0];
}

/** The way to the handler; a sentence when there is none. */
export function entryFor(driver: Driver, handler: Handler): Entry | string {
  if (handler.kind === 'mmap' || handler.kind === 'mmap_prepare') return { kind: handler.kind, handler };
  const mmaps = driver.handlers.filter((each) => each.defined && (each.kind === 'mmap' || each.kind === 'mmap_prepare'));
  const table = handler.registeredAt?.table;
  const sought = [...(table === undefined ? [] : [table]), handler.function];
  const installs = mmaps.find((each) => reaches(driver, each.function, sought)) ?? sameTable(mmaps, handler);
  if (installs) return { kind: installs.kind === 'mmap' ? 'mmap' : 'mmap_prepare', handler: installs };
  const helper = table === undefined ? undefined : installerOf(driver, table);
  if (helper) return { kind: 'mmap', handler: helper };
  const serving = table === undefined ? faultHelper(driver, handler.function) : undefined;
  if (serving !== undefined)
    return {
      kind: 'table',
      table: `a table whose fault function calls ${serving}()`,
      flags: flagsOf(driver, [serving]),
      faultHelper: serving,
    };
  if (table === undefined || driver.variables.get(table)?.initializer === undefined) {
    return `no mmap handler of these files leads to ${handler.function}, and it stands in no table that one could install`;
  }
  if (!handler.slot.startsWith('vm_operations_struct.')) {
    return `${handler.function} stands in a ${handler.slot.split('.')[0]}, which the kernel calls and no vma has, and no mmap handler of these files leads to it`;
  }
  return { kind: 'table', table, flags: flagsFor(driver, table) };
}

/** The function that mmap handlers of other files call to have the table installed, where the files have one. */
function installerOf(driver: Driver, table: string): Handler | undefined {
  for (const { name, isStatic } of driver.functions.values())
    if (!isStatic && gemHelper(driver, name)?.table === table) {
      const helper = helperAsHandler(driver, name);
      if (helper) return helper;
    }
  const word = new RegExp(`vm_ops\\s*=\\s*&?\\s*${table}\\b`);
  for (const header of driver.functions.values()) {
    if (header.isStatic || !word.test(textOf(driver, header))) continue;
    const helper = helperAsHandler(driver, header.name);
    if (helper) return helper;
  }
  return undefined;
}

/** A function that gets a vma and says with an int whether the mapping is made, as a handler of its own. */
export function helperAsHandler(driver: Driver, name: string): Handler | undefined {
  const header = driver.functions.get(name);
  const parameter = header?.parameters.findIndex(({ type }) => isVma(type)) ?? -1;
  if (!header || parameter < 0 || header.returns.kind !== 'named' || header.returns.name !== 'int') return undefined;
  return {
    function: name,
    kind: 'mmap',
    slot: 'signature.mmap',
    file: header.file,
    nameSpan: header.nameSpan,
    defined: true,
    parameter,
  };
}

function isVma(type: TypeName): boolean {
  return type.kind === 'pointer' && type.to.kind === 'tagged' && type.to.name === 'vm_area_struct';
}

/** The mmap handler beside `get_unmapped_area` and its like. */
function sameTable(mmaps: readonly Handler[], handler: Handler): Handler | undefined {
  const table = handler.registeredAt?.table;
  return table === undefined ? undefined : mmaps.find((each) => each.registeredAt?.table === table);
}

/** The vma flags that the calls of the table's functions need. */
function flagsFor(driver: Driver, table: string): bigint {
  return flagsOf(driver, driver.tables.find((each) => each.name === table)?.entries.map((entry) => entry.function) ?? []);
}

function flagsOf(driver: Driver, functions: readonly string[]): bigint {
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
