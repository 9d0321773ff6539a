/** Which argument of a mapping call is what, read from the facts: the address, the size, what is mapped. */

import { indexesOf } from '../../analysis/indexes.ts';
import type { CallEvent } from '../../analysis/path.ts';
import { unsignedLong } from '../../execution/ctype.ts';
import { constant, type Term } from '../../execution/term.ts';
import { binary } from '../../execution/term-build.ts';
import type { Value } from '../../execution/value.ts';
import { PAGE_SHIFT } from '../../kernel/constants.ts';
import type { CallFact, Parameter, ParameterRole } from '../../kernel/fact.ts';
import { callFact, prototypeAt } from '../../kernel/lookup.ts';
import type { KernelVersion } from '../../kernel/version.ts';

const facts = new Map<string, CallFact | undefined>();

/** The fact of a call that makes page table entries in a vma; `undefined` for every other name. */
export function mappingCall(name: string): CallFact | undefined {
  if (!facts.has(name)) {
    const fact = callFact(name);
    facts.set(name, fact?.kind === 'call' && makesEntries(fact) ? fact : undefined);
  }
  return facts.get(name);
}

/** It takes the vma, needs its lock, and is told what to map. */
function makesEntries(fact: CallFact): boolean {
  if (fact.vmaArgument === undefined || (fact.lock !== 'write' && fact.lock !== 'read') || fact.isHandler) return false;
  const roles = new Set(fact.prototypes.flatMap((prototype) => prototype.parameters.map((parameter) => parameter.role)));
  return (['pfn', 'page', 'pages', 'physical-address', 'kernel-address', 'dma-address'] as const).some((role) => roles.has(role));
}

const parameters = new WeakMap<KernelVersion, Map<string, readonly Parameter[]>>();

/** The parameters of the kernel's function of that name; none when it has none, or there is no such function. */
function parametersOf(name: string, version: KernelVersion): readonly Parameter[] {
  const known = parameters.get(version) ?? new Map<string, readonly Parameter[]>();
  parameters.set(version, known);
  let own = known.get(name);
  if (!own) {
    const fact = callFact(name);
    own = (fact && (prototypeAt(fact, version) ?? fact.prototypes.at(-1)))?.parameters ?? [];
    known.set(name, own);
  }
  return own;
}

/** The argument that plays `role`, with its span; `undefined` when the prototype has none. */
export function argumentOf(
  event: CallEvent,
  role: ParameterRole,
  version: KernelVersion,
): { readonly value: Value; readonly index: number } | undefined {
  const index = parametersOf(event.name, version).findIndex((parameter) => parameter.role === role);
  const value = event.arguments[index];
  return value && { value, index };
}

/**
 * How much a call maps, in bytes, and the argument that says it: a size, or a number of pages, which is given to
 * `vm_insert_pages()` by its address.
 */
export function lengthArgument(
  event: CallEvent,
  version: KernelVersion,
): { readonly bytes: Term; readonly index: number; readonly pages: boolean } | undefined {
  const size = argumentOf(event, 'size', version);
  const bytes = termOf(size?.value);
  if (size && bytes) return { bytes, index: size.index, pages: false };
  const index = parametersOf(event.name, version).findIndex((parameter) => parameter.name === 'num');
  const pages = termOf(event.pointees?.[index] ?? event.arguments[index]);
  return pages && { bytes: binary('shl', unsignedLong, pages, constant(PAGE_SHIFT)), index, pages: true };
}

/** The pfn that a call maps from on, whether it is given as a pfn or in bytes, and the argument that says it. */
export function targetOf(event: CallEvent, version: KernelVersion): { readonly pfn: Term; readonly index: number } | undefined {
  const pfn = argumentOf(event, 'pfn', version);
  const term = termOf(pfn?.value);
  if (pfn && term) return { pfn: term, index: pfn.index };
  const bytes = argumentOf(event, 'physical-address', version);
  const address = termOf(bytes?.value);
  return bytes && address && { pfn: binary('shr', unsignedLong, address, constant(PAGE_SHIFT)), index: bytes.index };
}

/** What chooses the memory that a call maps: the pfn, or the elements of the driver's tables that lead to the page; and the argument. */
export function chosenBy(
  event: CallEvent,
  version: KernelVersion,
): { readonly numbers: readonly Term[]; readonly index: number } | undefined {
  const target = targetOf(event, version);
  if (target) return { numbers: [target.pfn], index: target.index };
  const page = argumentOf(event, 'page', version) ?? argumentOf(event, 'pages', version);
  return page && { numbers: indexesOf(page.value), index: page.index };
}

/** The term of an integer argument. */
export function termOf(value: Value | undefined): Term | undefined {
  return value?.kind === 'integer' ? value.term : undefined;
}
