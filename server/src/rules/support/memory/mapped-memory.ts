/**
 * What memory a call maps, followed back from the pfn, the page or the address that it is given to the allocation, through the
 * translations on the path (`virt_to_phys`, `page_to_pfn`, …) and the driver's own assignments. Silent where the files do not tell.
 */

import type { CallEvent, Path } from '../../../analysis/path.ts';
import { type Allocator, allocationOf, allocatorNamed } from '../../../analysis/provenance.ts';
import type { Driver } from '../../../driver/model.ts';
import type { Term } from '../../../execution/term.ts';
import { symbolsOf } from '../../../execution/term-evaluate.ts';
import { sameTerm } from '../../../execution/term-key.ts';
import type { MemoryObject, Place, Value } from '../../../execution/value.ts';
import type { KernelVersion } from '../../../kernel/version.ts';
import type { Expression } from '../../../syntax/ast.ts';
import { walkBlock, walkExpression } from '../../../syntax/walk.ts';
import { argumentOf, targetOf } from '../mapping-calls.ts';

export interface MappedMemory {
  /** The kernel's name of the allocating call. */
  readonly call: string;
  readonly allocator: Allocator;
  /** The allocation; absent where only its address is at hand, as a number. */
  readonly object?: MemoryObject;
  /** Where in the allocation, or in the struct pages of it, the pointer pointed. */
  readonly place?: Place;
  /** The field or variable that holds it, as a C author would write it. */
  readonly name: string;
}

/** Calls that give a page or a number for an address or a page. */
const translations: ReadonlySet<string> = new Set([
  'virt_to_phys', '__pa', 'virt_to_page', 'virt_to_pfn', 'virt_to_head_page', 'page_to_pfn', '__page_to_pfn', 'page_to_phys',
  'vmalloc_to_page', 'vmalloc_to_pfn',
]); // biome-ignore format: a table

/** The memory that a mapping call is given by pfn, page or kernel address. */
export function mappedBy(driver: Driver, path: Path, event: CallEvent, version: KernelVersion): MappedMemory | undefined {
  const page = argumentOf(event, 'page', version) ?? argumentOf(event, 'kernel-address', version);
  if (page) return memoryBehind(driver, page.value);
  const target = targetOf(event, version);
  return target && memoryOfNumber(driver, path, target.pfn);
}

/** The memory that a pfn or a physical address is computed from. */
function memoryOfNumber(driver: Driver, path: Path, number: Term): MappedMemory | undefined {
  const translated = translatedInto(path, number);
  return translated && memoryBehind(driver, translated);
}

/** The page or the kernel address that a pfn or a physical address is computed from: what it names is memory with struct pages. */
export function translatedInto(path: Path, number: Term): Value | undefined {
  for (const each of path.events) {
    if (each.kind !== 'call' || !translations.has(each.name) || each.result.kind !== 'integer') continue;
    const [argument] = each.arguments;
    if (argument && holds(number, each.result.term)) return argument;
  }
  return undefined;
}

/** The allocation behind a page or an address, through the translations that gave it. */
export function memoryBehind(driver: Driver, value: Value): MappedMemory | undefined {
  let at = value;
  for (let depth = 0; depth < 4; depth++) {
    if (at.kind !== 'pointer') break;
    const { origin } = at.place.object;
    const [argument] = origin.kind === 'allocated' && translations.has(origin.call) ? origin.arguments : [];
    if (!argument) break;
    at = argument;
  }
  if (at.kind === 'integer') return ofAddress(at.term);
  if (at.kind !== 'pointer') return undefined;
  const known = allocationOf(driver, at) ?? allocationThroughLocal(driver, at.place.object);
  if (!known || !isSetSo(driver, at.place.object, known)) return undefined;
  return { ...known, object: at.place.object, place: at.place, name: at.place.object.name };
}

/** An element of an array is set as an element: `card->pages[i] = alloc_page(…)`, not `card->pages = kmalloc(…)`. */
function isSetSo(driver: Driver, { origin, name }: MemoryObject, { call }: { readonly call: string }): boolean {
  // Memory that the path itself allocates is what it is.
  if (origin.kind === 'allocated' && origin.arguments.length > 0) return true;
  // The first element of an array is named like a pointer: `*card->pages`.
  const isElement = name.endsWith(']') || name.startsWith('*');
  return driver.sourcesOf(undefined, lastName(name)).some(({ file, span, value }) => {
    const target = driver.text.slice({ file, span: { start: span.start, end: value.span.start } });
    const written = callIn(value);
    const fits = !written || written.name === call || allocatorNamed(written.name)?.as === call;
    return fits && /\]\s*=\s*(?:\([^)]*\)\s*)*$/.test(target) === isElement;
  });
}

/** A field that is set from a local variable: `buf = kmalloc(…); card->buf = buf;`. */
function allocationThroughLocal(driver: Driver, { origin, name }: MemoryObject): Pick<MappedMemory, 'call' | 'allocator'> | undefined {
  if (origin.kind !== 'assumed' || !origin.from) return undefined;
  for (const written of allocationsOfField(driver, lastName(name))) {
    const allocator = allocatorNamed(written.name);
    if (allocator) return { call: allocator.as ?? written.name, allocator };
  }
  return undefined;
}

interface WrittenCall {
  readonly name: string;
  readonly arguments: readonly Expression[];
}

/** The calls that the driver sets a field from, itself or through a local variable of the function. */
function allocationsOfField(driver: Driver, field: string): readonly WrittenCall[] {
  return driver.sourcesOf(undefined, field).flatMap(({ value, function: name }) => {
    const call = callIn(value);
    if (call) return [call];
    return value.kind === 'name' ? valuesOfLocal(driver, name, value.name) : [];
  });
}

/** The calls that a local variable of a function is set from. */
export function valuesOfLocal(driver: Driver, functionName: string, variable: string): readonly WrittenCall[] {
  const calls: WrittenCall[] = [];
  const note = (value: Expression): void => {
    const call = callIn(value);
    if (call) calls.push(call);
  };
  const definition = driver.body(functionName);
  if (definition)
    walkBlock(definition.body, {
      statement: (statement) => {
        if (statement.kind !== 'declaration') return;
        for (const { name, initializer } of statement.declarators)
          if (name === variable && initializer?.kind === 'expression') note(initializer.expression);
      },
      expression: (each) => {
        if (each.kind === 'assignment' && each.operator === '=' && each.target.kind === 'name' && each.target.name === variable)
          note(each.value);
      },
    });
  return calls;
}

/** An allocation whose address is kept as a number. */
function ofAddress(term: Term): MappedMemory | undefined {
  for (const { origin, name } of symbolsOf(term).values()) {
    const allocator = origin === undefined ? undefined : allocatorNamed(origin);
    if (origin !== undefined && allocator) return { call: origin, allocator, name };
  }
  return undefined;
}

function holds(term: Term, part: Term): boolean {
  if (sameTerm(term, part)) return true;
  return term.kind === 'operation' && term.operands.some((operand) => holds(operand, part));
}

/** The last name of an access path: `buffer` of `card->dma.buffer`. */
export function lastName(name: string): string {
  return /(\w+)(?:\[[^\]]*\])*$/.exec(name)?.[1] ?? name;
}

/** The arguments of the allocating call as written, where a field of the driver was assigned from it. */
export function writtenArguments(driver: Driver, { call, name }: MappedMemory): readonly (readonly Expression[])[] {
  return allocationsOfField(driver, lastName(name))
    .filter((written) => written.name === call || allocatorNamed(written.name)?.as === call)
    .map((written) => written.arguments);
}

function callIn(value: Expression): WrittenCall | undefined {
  if (value.kind === 'cast') return callIn(value.operand);
  if (value.kind === 'assignment') return callIn(value.value);
  return value.kind === 'call' && value.callee.kind === 'name' ? { name: value.callee.name, arguments: value.arguments } : undefined;
}

/** The names that an expression of flags is made of. */
export function namesIn(expression: Expression): ReadonlySet<string> {
  const found = new Set<string>();
  walkExpression(expression, {
    expression: (each) => {
      if (each.kind === 'name') found.add(each.name);
    },
  });
  return found;
}
