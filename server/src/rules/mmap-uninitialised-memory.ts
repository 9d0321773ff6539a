/** `mmap-uninitialised-memory`: memory that nobody has cleared is mapped, and shows what the kernel left in it. */

import type { CallEvent } from '../analysis/path.ts';
import type { Driver } from '../driver/model.ts';
import { constantOf } from '../execution/term.ts';
import type { MemoryObject, Value } from '../execution/value.ts';
import type { Report, Rule } from './rule.ts';
import { clearedBy } from './support/fixes/allocation-fixes.ts';
import { addresses, isNeverFilled, leavesMemory } from './support/memory/field-uses.ts';
import { type Given, givenMemory, oncePerGiven } from './support/memory/given-pages.ts';
import { lastName, type MappedMemory, namesIn, writtenArguments } from './support/memory/mapped-memory.ts';
import { reachingModel } from './support/questions.ts';
import { reportOn } from './support/reports.ts';
import { witnessOf } from './support/witness.ts';

/** The calls that leave memory as it was, and what to write instead. */
const instead: Readonly<Record<string, string>> = {
  kmalloc: 'kzalloc()',
  kmalloc_array: 'kcalloc()',
  kvmalloc: 'kvzalloc()',
  kvmalloc_array: 'kvcalloc()',
  vmalloc: 'vmalloc_user()',
  vmalloc_32: 'vmalloc_32_user()',
  __get_free_page: 'get_zeroed_page()',
  __get_free_pages: '__GFP_ZERO',
  __get_dma_pages: '__GFP_ZERO',
  alloc_page: '__GFP_ZERO',
  alloc_pages: '__GFP_ZERO',
  alloc_pages_node: '__GFP_ZERO',
  alloc_pages_exact: '__GFP_ZERO',
};

/** They take no memory but what vmalloc_user() has cleared. */
const refusing: ReadonlySet<string> = new Set(['remap_vmalloc_range()', 'remap_vmalloc_range_partial()']);

export const mmapUninitialisedMemory: Rule = {
  name: 'mmap-uninitialised-memory',
  severity: 'error',
  summary: 'Memory that nobody has cleared is mapped.',
  provedBy: ['uninitialised-memory'],
  check(context) {
    const { driver } = context;
    return oncePerGiven(context, (given): Report | undefined => {
      const memory = givenMemory(context, given);
      const advice = memory && instead[memory.call];
      if (!memory || !advice || refusing.has(given.by) || mayBeZeroed(driver, memory) || mayBeFilled(driver, memory, given))
        return undefined;
      const model = reachingModel(given);
      return reportOn(
        given,
        given.event.kind === 'call' ? given.event.nameSpan : given.span,
        `\`${memory.call}()\` does not clear what it allocates, and nothing in sight writes it before \`${given.by}\` hands it out: the program reads what the kernel left there. Allocate with ${advice}.`,
        { fixes: clearedBy(driver, memory, advice), ...(model ? { witness: witnessOf(given, model, { access: 'read' }) } : {}) },
      );
    });
  },
};

/** The allocation asks for zeros, or its flags are not told. */
function mayBeZeroed(driver: Driver, memory: MappedMemory): boolean {
  const { gfp, zeroed } = memory.allocator;
  if (zeroed) return true;
  const origin = memory.object?.origin;
  if (origin?.kind === 'allocated' && origin.arguments.length > 0) {
    const flags = gfp === undefined ? undefined : origin.arguments[gfp];
    return origin.zeroed || (gfp !== undefined && (flags?.kind !== 'integer' || constantOf(flags.term) === undefined));
  }
  const written = writtenArguments(driver, memory);
  return written.length === 0 || written.some((args) => gfp !== undefined && !(args[gfp] && isPlainFlags([...namesIn(args[gfp])])));
}

function isPlainFlags(names: readonly string[]): boolean {
  return names.length > 0 && names.every((name) => /^(?:__)?GFP_/.test(name) && name !== '__GFP_ZERO');
}

function mayBeFilled(driver: Driver, memory: MappedMemory, { path, event }: Given): boolean {
  const { object } = memory;
  const madeHere = object && path.events.some((each) => each.kind === 'call' && isObject(each.result, object));
  if (madeHere) {
    const before = path.events.slice(0, path.events.indexOf(event));
    return object.cells.size > 0 || before.some((each) => each.kind === 'call' && touches(each, object));
  }
  return !isNeverFilled(driver, lastName(memory.name), new Set(event.frames.map((frame) => frame.function)));
}

/** Whether a call that may write is given the memory. */
function touches({ name, arguments: args }: CallEvent, object: MemoryObject): boolean {
  return !leavesMemory.test(name) && !addresses.has(name) && args.some((value) => leadsTo(value, object));
}

function leadsTo(value: Value, object: MemoryObject): boolean {
  if (isObject(value, object)) return true;
  if (value.kind !== 'pointer') return false;
  const { origin } = value.place.object;
  return origin.kind === 'allocated' && addresses.has(origin.call) && origin.arguments.some((each) => isObject(each, object));
}

function isObject(value: Value, object: MemoryObject): boolean {
  return value.kind === 'pointer' && value.place.object === object;
}
