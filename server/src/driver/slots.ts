/**
 * The handler slots of the kernel's ops tables as the driver model asks for them: which field of which struct holds a
 * mapping handler, and what the handler is for. The facts are the kernel's.
 */
import type { SlotFact } from '../kernel/fact.ts';
import { slotContainers, slotFacts } from '../kernel/lookup.ts';
import type { HandlerKind } from './model.ts';

export interface Slot {
  readonly container: string;
  readonly field: string;
  readonly kind: HandlerKind;
  /** Index of the parameter that is the vma, vmf or vm_area_desc. */
  readonly parameter?: number;
  /** The struct tags of the parameters in each known prototype; `undefined` for a parameter of another type. */
  readonly structs: readonly (readonly (string | undefined)[])[];
}

/** The structs that a handler is about; where it takes two of them, the first of these counts. */
export const mappingStructs: readonly string[] = ['vm_area_desc', 'vm_fault', 'vm_area_struct'];

const byContainer = new Map<string, Map<string, Slot>>();
const byField = new Map<string, Slot[]>();
for (const slot of slotContainers().flatMap(slotFacts).map(slotOfFact)) {
  const fields = byContainer.get(slot.container) ?? new Map<string, Slot>();
  byContainer.set(slot.container, fields.set(slot.field, slot));
  byField.set(slot.field, [...(byField.get(slot.field) ?? []), slot]);
}

function slotOfFact(fact: SlotFact): Slot {
  const structs = fact.prototypes.map(({ parameters }) => parameters.map(({ type }) => /\bstruct\s+(\w+)\s*\*/.exec(type)?.[1]));
  const { container, slot: field, handlerKind: kind } = fact;
  const newest = structs.at(-1) ?? [];
  const parameter = fact.parameter ?? mappingStructs.map((tag) => newest.indexOf(tag)).find((index) => index >= 0);
  return { container, field, kind, structs, ...(parameter !== undefined && { parameter }) };
}

/** The slot of a struct's field, when it is one. */
export const slotOf = (container: string, field: string): Slot | undefined => byContainer.get(container)?.get(field);

/** Every slot of every table. */
export const allSlots: readonly Slot[] = [...byField.values()].flat();

/** Every slot with this field name, of whatever struct. */
export const slotsNamed = (field: string): readonly Slot[] => byField.get(field) ?? [];

/** Whether a struct is one of the kernel's tables with mapping handlers. */
export const isTable = (container: string): boolean => byContainer.has(container);

export const tableContainers: readonly string[] = [...byContainer.keys()];
export const slotFields: readonly string[] = [...byField.keys()];

/** What a handler is for in a field of one of the driver's own structs. */
export function kindOfOwnField(field: string): HandlerKind {
  const [known] = slotsNamed(field);
  if (known) return known.kind;
  if (/mmap_prepare/.test(field)) return 'mmap_prepare';
  return /(?:^|_)mmap(?:_|$)/.test(field) ? 'mmap' : /(?:^|_)fault$/.test(field) ? 'fault' : 'other';
}
