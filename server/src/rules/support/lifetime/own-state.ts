/** Paths of mmap handlers that give each mapping a state of its own: an object made for it, kept in `vm_private_data`. */
import type { EntryAnalysis, Path, WriteEvent } from '../../../analysis/path.ts';
import { allocatorNamed } from '../../../analysis/provenance.ts';
import { isMadeOn } from '../../../analysis/query.ts';
import type { Driver, OpsTable } from '../../../driver/model.ts';
import type { MemoryObject } from '../../../execution/value.ts';
import type { KernelVersion } from '../../../kernel/version.ts';
import { endOf, flagAt } from '../questions.ts';
import { isHandedOnAfter, maySucceed } from '../results/outcomes.ts';

export interface OwnState {
  readonly entry: EntryAnalysis;
  readonly path: Path;
  /** The write to `vm_private_data`. */
  readonly event: WriteEvent;
  /** The table that the vma gets, where it stands in the file. */
  readonly table: OpsTable;
}

/** Each such path that can end in success. */
export function* ownStates(driver: Driver, entries: readonly EntryAnalysis[]): Iterable<OwnState> {
  for (const entry of entries) {
    if (entry.entry.handler?.kind !== 'mmap') continue;
    for (const path of entry.paths) {
      const write = path.events.findLast(
        (each): each is WriteEvent => each.kind === 'write' && /(?:->|\.)vm_private_data$/.test(each.name),
      );
      if (write?.value.kind !== 'pointer' || !isAllocatedOn(path, write.value.place.object)) continue;
      const table = tableOn(driver, path);
      if (table && maySucceed(entry, path) && !isHandedOnAfter(path, write)) yield { entry, path, event: write, table };
    }
  }
}

/** What a function that is not in sight returns may be an object of many. */
function isAllocatedOn(path: Path, object: MemoryObject): boolean {
  return object.origin.kind === 'allocated' && allocatorNamed(object.origin.call) !== undefined && isMadeOn(path, object);
}

function tableOn(driver: Driver, path: Path): OpsTable | undefined {
  const install = path.events.findLast((each) => each.kind === 'write' && /(?:->|\.)vm_ops$/.test(each.name));
  if (install?.kind !== 'write' || install.value.kind !== 'pointer') return undefined;
  const { name } = install.value.place.object;
  return driver.tables.find((table) => table.name === name && table.container === 'vm_operations_struct');
}

/** Whether the vma certainly has none of the flags when the handler returns. */
export function hasNone({ entry, path }: OwnState, flags: readonly string[], version: KernelVersion): boolean {
  const end = endOf(entry, path);
  return end?.event.vma?.known === true && flags.every((flag) => flagAt(end, flag, version) === 'clear');
}

export function slotOf(table: OpsTable, slot: string): string | undefined {
  return table.entries.find((each) => each.slot === slot)?.function;
}
