/** The facts by name and version. Everybody asks here; nobody reads the tables. */
import type { CallFact, Fact, FlagFact, SlotFact } from './fact.ts';
import allocators from './facts/allocators.json' with { type: 'json' };
import handlerSlots from './facts/handler-slots.json' with { type: 'json' };
import locks from './facts/locks.json' with { type: 'json' };
import mappingCalls from './facts/mapping-calls.json' with { type: 'json' };
import obsoleteCalls from './facts/obsolete-calls.json' with { type: 'json' };
import otherCalls from './facts/other-calls.json' with { type: 'json' };
import typesAndFields from './facts/types-and-fields.json' with { type: 'json' };
import vmFlags from './facts/vm-flags.json' with { type: 'json' };
import vmOperations from './facts/vm-operations.json' with { type: 'json' };
import { type FactRow, readFact } from './read-facts.ts';
import { compareVersions, inRange, type KernelVersion } from './version.ts';

const tables: readonly (readonly FactRow[])[] = [
  mappingCalls, obsoleteCalls, otherCalls, allocators, locks, vmFlags, handlerSlots, vmOperations, typesAndFields,
]; // biome-ignore format: a table

const facts: readonly Fact[] = tables.flat().map(readFact);

const byName = new Map<string, Fact[]>();
const slotsByContainer = new Map<string, SlotFact[]>();
for (const fact of facts) {
  for (const name of fact.names) byName.set(name, [...(byName.get(name) ?? []), fact]);
  if (fact.kind === 'slot') slotsByContainer.set(fact.container, [...(slotsByContainer.get(fact.container) ?? []), fact]);
}

export function allFacts(): readonly Fact[] {
  return facts;
}

/** Every fact that code can mean by `name`. */
export function factsNamed(name: string): readonly Fact[] {
  return byName.get(name) ?? [];
}

/** The function or macro `name`, allocators and lock functions included. */
export function callFact(name: string): CallFact | undefined {
  for (const fact of factsNamed(name)) if (fact.kind === 'call' || fact.kind === 'lock' || fact.kind === 'allocator') return fact;
  return undefined;
}

/** The vma flag `name`. */
export function flagFact(name: string): FlagFact | undefined {
  for (const fact of factsNamed(name)) if (fact.kind === 'flag') return fact;
  return undefined;
}

/** The slots of the struct `container`. */
export function slotFacts(container: string): readonly SlotFact[] {
  return slotsByContainer.get(container) ?? [];
}

export function slotFact(container: string, slot: string): SlotFact | undefined {
  return slotFacts(container).find((fact) => fact.slot === slot);
}

export type Availability = 'yes' | 'notYet' | 'removed';

/** Whether the name exists in `version`. A boundary that is not exact counts from its first version. */
export function availability(fact: Fact, version: KernelVersion): Availability {
  if (fact.introduced?.version && compareVersions(version, fact.introduced.version) < 0) return 'notYet';
  if (fact.removed?.version && compareVersions(version, fact.removed.version) >= 0) return 'removed';
  return 'yes';
}

/** The prototype in `version`, else the newest one. */
export function prototypeAt(fact: Fact, version: KernelVersion): string | undefined {
  const fitting = fact.prototypes.find((prototype) => inRange(version, prototype.range));
  return (fitting ?? fact.prototypes.at(-1))?.text;
}

/** The flags that a successful call of `fact` has set on the vma. */
export function setsFlagsAt(fact: CallFact, version: KernelVersion): readonly string[] {
  return fact.setsFlags.find((row) => inRange(version, row.range))?.flags ?? [];
}

/** The value of the vma flag `name` on x86-64; `undefined` where the version does not define it. */
export function flagValue(name: string, version: KernelVersion): bigint | undefined {
  return flagFact(name)?.values.find((row) => row.value !== undefined && inRange(version, row.range))?.value;
}

export interface ParameterOfCall {
  readonly name: string;
  /** As written, such as `struct vm_area_struct *`. */
  readonly type: string;
}

/** The parameters of a call in `version`, read from its prototype; empty when the prototype is no plain declaration. */
export function parametersAt(fact: Fact, version: KernelVersion): readonly ParameterOfCall[] {
  const text = prototypeAt(fact, version);
  const list = text === undefined ? undefined : /^[^(]*?\w+\s*\(([^()]*)\)\s*;?$/.exec(text)?.[1];
  if (list === undefined || list.trim() === '' || list.trim() === 'void') return [];
  return list.split(',').map((part) => {
    const match = /^(.*?)(\w+)(\[\])?$/.exec(part.trim());
    return { name: match?.[2] ?? '', type: (match?.[1] ?? part).trim() };
  });
}

/** The index of the parameter `name`, or of the first one whose type holds `name`. */
export function parameterIndex(fact: Fact, version: KernelVersion, name: string): number | undefined {
  const parameters = parametersAt(fact, version);
  const index = parameters.findIndex((parameter) => parameter.name === name || parameter.type.includes(name));
  return index < 0 ? undefined : index;
}
