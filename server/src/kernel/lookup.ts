/**
 * Look-ups over the facts: by name, by slot, by version. Everything that hovers, checks or models asks here; nobody else
 * reads the tables of `facts/`.
 */
import type { Availability, CallableFact, CallFact, Fact, FieldFact, FlagFact, Prototype, Ranged, SlotFact } from './fact.ts';
import { factRows } from './facts/index.ts';
import { loadFact } from './load.ts';
import { compareVersions, inRange, type KernelVersion } from './version.ts';

const facts: readonly Fact[] = factRows.map(loadFact);

const byName = new Map<string, Fact[]>();
const byContainer = new Map<string, SlotFact[]>();
for (const fact of facts) {
  for (const name of [fact.name, ...fact.aliases, ...bareNames(fact)]) {
    const known = byName.get(name);
    if (!known) byName.set(name, [fact]);
    else if (!known.includes(fact)) known.push(fact);
  }
  if (fact.kind === 'slot') byContainer.set(fact.container, [...(byContainer.get(fact.container) ?? []), fact]);
}

/** The names without their struct: `mmap` for `file_operations.mmap`, `vm_flags` for `vm_area_struct.vm_flags`. */
function bareNames(fact: Fact): readonly string[] {
  if (fact.kind === 'slot') return [fact.slot];
  if (fact.kind === 'field') return [fact.field];
  return fact.kind === 'type' ? [fact.name.replace(/^(?:struct|enum|union) /, '')] : [];
}

/** Every name that `factsNamed` finds something for. */
export function factNames(): readonly string[] {
  return [...byName.keys()];
}

/** Every fact, in the order of the tables. */
export function allFacts(): readonly Fact[] {
  return facts;
}

/** Everything that has this name or alias; a bare member name (`fault`) finds the slots and fields of all structs. */
export function factsNamed(name: string): readonly Fact[] {
  return byName.get(name) ?? [];
}

/** The function or macro of this name, of any kind that can be called. */
export function callFact(name: string): CallableFact | undefined {
  return factsNamed(name).find(isCallable);
}

/** Whether a fact is about something that can be called. */
export function isCallable(fact: Fact): fact is CallableFact {
  return fact.kind === 'call' || fact.kind === 'allocator' || fact.kind === 'lock' || fact.kind === 'pgprot';
}

/** The flag of this name: `VM_PFNMAP`, `VM_FAULT_NOPAGE`, `FAULT_FLAG_WRITE`. */
export function flagFact(name: string): FlagFact | undefined {
  return factsNamed(name).find((fact) => fact.kind === 'flag');
}

/** The handler slots of an ops table, by struct tag. */
export function slotFacts(container: string): readonly SlotFact[] {
  return byContainer.get(container) ?? [];
}

/** One slot: `slotFact('file_operations', 'mmap')`. */
export function slotFact(container: string, slot: string): SlotFact | undefined {
  return slotFacts(container).find((fact) => fact.slot === slot);
}

/** The struct tags that have slots. */
export function slotContainers(): readonly string[] {
  return [...byContainer.keys()];
}

/** One member of a struct: `fieldFact('vm_area_struct', 'vm_pgoff')`. */
export function fieldFact(container: string, field: string): FieldFact | undefined {
  return factsNamed(field).find((fact): fact is FieldFact => fact.kind === 'field' && fact.container === container);
}

/** Whether something exists on a version; `unknown-boundary`: it came or went about then, exactly when is not known. */
export function isAvailable(fact: Fact, version: KernelVersion): Availability {
  if (fact.removed && compareVersions(version, fact.removed) >= 0) return 'removed';
  const introducedFrom = fact.introducedEarliest ?? fact.introduced;
  if (introducedFrom && compareVersions(version, introducedFrom) < 0) return 'not-yet';
  if (fact.introduced && compareVersions(version, fact.introduced) < 0) return 'unknown-boundary';
  if (fact.removedEarliest && compareVersions(version, fact.removedEarliest) >= 0) return 'unknown-boundary';
  return 'yes';
}

/** How it is called on a version; `undefined` where it does not exist. */
export function prototypeAt(fact: { readonly prototypes: readonly Prototype[] }, version: KernelVersion): Prototype | undefined {
  return fact.prototypes.find((prototype) => inRange(version, prototype.range));
}

/** Index of what a handler is about: the vm_area_desc or vmf, else the vma; `undefined` when it takes none. */
export function subjectIndex(prototype: Prototype): number | undefined {
  return prototype.desc ?? prototype.vmf ?? prototype.vma;
}

/** The vma flags that a call sets on a version; empty when it sets none. */
export function setsFlagsAt(fact: CallFact, version: KernelVersion): readonly string[] {
  return valueAt(fact.setsFlags, version) ?? [];
}

/** The bits of a flag or a mask of flags on a version of x86-64; `undefined` for a name that is no flag there. */
export function flagValue(name: string, version: KernelVersion): bigint | undefined {
  const fact = flagFact(name);
  if (!fact) return undefined;
  const members = valueAt(fact.mask, version);
  if (members) return members.reduce((bits, member) => bits | (flagValue(member, version) ?? 0n), 0n);
  return valueAt(fact.values, version);
}

/** The value that holds on a version. */
export function valueAt<Value>(values: readonly Ranged<Value>[], version: KernelVersion): Value | undefined {
  return values.find(({ range }) => inRange(version, range))?.value;
}
