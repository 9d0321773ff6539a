/** How the tables of slots write one row: what all mmap handlers have in common is said here once. Knows no subsystem. */
import type { FieldRow, Since, SlotRow } from '../row.ts';

type Rest = Partial<Omit<SlotRow, 'kind' | 'container' | 'slot' | 'prototypes'>> & Pick<SlotRow, 'header' | 'source'>;

/** A slot whose handler gets a vma and maps it, on behalf of mmap, with the mmap lock held for write. */
export function mmapSlot(container: string, slot: string, prototypes: Since<string>, rest: Rest): SlotRow {
  return {
    kind: 'slot',
    container,
    slot,
    handlerKind: 'mmap',
    entryLock: 'mmap-write',
    prototypes,
    requires: { lock: 'the mmap lock is held for write when the handler runs' },
    returns: [
      ['0', 'the mapping is accepted'],
      ['a negative errno', 'mmap fails with it; the core unmaps what the handler has mapped and does not call vm_ops->close'],
    ],
    ...rest,
  };
}

/** A slot whose handler gets a vm_area_desc and describes the mapping, before there is a vma. */
export function prepareSlot(container: string, slot: string, prototypes: Since<string>, rest: Rest): SlotRow {
  return {
    ...mmapSlot(container, slot, prototypes, rest),
    handlerKind: 'mmap_prepare',
    returns: [
      ['0', 'the mapping may go on'],
      ['a negative errno', 'mmap fails with it; there is no vma yet, so nothing is undone'],
    ],
  };
}

/** A member that points at an ops table. */
export function tablePointer(
  container: string,
  field: string,
  pointsTo: string,
  rest: Pick<FieldRow, 'header' | 'source'> & Partial<FieldRow>,
): FieldRow {
  return {
    kind: 'field',
    container,
    field,
    pointsTo,
    prototypes: `const struct ${pointsTo} *${field}`,
    does: [`Points at the table of handlers, a struct ${pointsTo}.`],
    ...rest,
  };
}
