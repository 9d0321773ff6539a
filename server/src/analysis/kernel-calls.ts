/**
 * What calls of the kernel do in the analysis: locks enter the lock set, vm_flags calls change the flags, mapping calls
 * set theirs, allocators succeed or fail, copies from user space bring the user's values, helpers are `services/`. What
 * nobody knows returns something unknown, and is noted.
 */
import { arithmetic, castInteger, integer, integerOf } from '../execution/arithmetic.ts';
import { type CType, type IntegerType, int, long, unsignedLong } from '../execution/ctype.ts';
import { forget } from '../execution/memory.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import { printTerm } from '../execution/term-print.ts';
import type { PointerValue, Value } from '../execution/value.ts';
import type { ExternalCall, Machine } from '../execution/world.ts';
import type { CallableFact, Prototype } from '../kernel/fact.ts';
import { callFact, flagValue, prototypeAt, setsFlagsAt } from '../kernel/lookup.ts';
import { allocate, freedArgument } from '../services/allocators.ts';
import { lockCall } from '../services/locks.ts';
import { nothing, placeOf, pointerArgument } from '../services/service.ts';
import { callService, isCounter, isService } from '../services/services.ts';
import { addressCalls } from './address-calls.ts';
import { flagCalls, flagsOf, setFlags } from './flag-calls.ts';
import type { KernelCall } from './kernel-call.ts';
import { allocatorFor } from './own-allocators.ts';
import type { SymbolicWorld } from './symbolic-world.ts';

export interface Answer {
  readonly value: Value;
  readonly known: boolean;
  /** Whether what comes after may be judged by the call having been made: by more than its value and the locks that are held. */
  readonly matters: boolean;
}

const special: ReadonlyMap<string, KernelCall> = new Map([...flagCalls, ...addressCalls]);
const zero = integerOf(int, 0n);

/** Carries out the call as far as it is known. */
export function answerCall(world: SymbolicWorld, machine: Machine, call: ExternalCall): Answer {
  const locked = lock(world, machine, call);
  if (locked) return { value: locked, known: true, matters: false };
  const done = world.quietly(
    () => special.get(call.name)?.(world, machine, call) ?? allocation(world, machine, call) ?? release(machine, call),
  );
  if (done) return { value: done, known: true, matters: true };
  const value = world.quietly(() => callService(machine, call, world));
  if (value) return { value, known: true, matters: isCounter(call.name) };
  const fact = callFact(call.name);
  if (fact) return { value: world.quietly(() => factCall(world, machine, call, fact)), known: true, matters: true };
  if (isService(call.name)) return { value: resultOf(world, machine, call, undefined), known: true, matters: false };
  return { value: world.quietly(() => unknownCall(world, machine, call)), known: false, matters: false };
}

// ---- locks -----------------------------------------------------------------------------------------------------------

function lock(world: SymbolicWorld, machine: Machine, call: ExternalCall): Value | undefined {
  const known = lockCall(call);
  if (!known) return undefined;
  if (!known.result) {
    world.locks.apply(known, call);
    return nothing;
  }
  const name = `${call.name}(${argumentText(call)})`;
  const result = world.unknowns.fresh(name, int, { role: 'status' });
  const nonZero = world.branch(machine, result, call.span);
  if (nonZero === (known.result === 'truth')) world.locks.apply(known, call);
  return nonZero ? result : zero;
}

// ---- allocation ------------------------------------------------------------------------------------------------------

function allocation(world: SymbolicWorld, machine: Machine, call: ExternalCall): Value | undefined {
  const allocator = allocatorFor(world.driver.target, call.name);
  if (!allocator) return undefined;
  const handle = allocator.handle === undefined ? undefined : pointerArgument(machine, call, allocator.handle);
  const result = world.unknowns.fresh(`${call.name}()`, int, { role: 'status' });
  const failed = world.branch(machine, result, call.span);
  const pointee: CType = call.expected.kind === 'pointer' ? call.expected.to : { kind: 'void' };
  if (failed) {
    const error = allocator.failure === 'errorPointer' ? -12n : 0n;
    return { kind: 'address', term: integerOf(unsignedLong, error).term, pointee };
  }
  const pointer = allocate(machine, call, allocator);
  if (handle) {
    const address = world.unknowns.fresh(`${call.name}() handle`, unsignedLong, {
      role: 'physicalAddress',
      origin: call.name,
      zeroBits: 0xfffn,
    });
    machine.write(handle.place, castInteger(address, unsignedLong), call.span);
  }
  if (allocator.failure === 'zero') return integer(unsignedLong, world.addressOf(machine, pointer.place));
  return pointer;
}

function release(machine: Machine, call: ExternalCall): Value | undefined {
  const index = freedArgument(call.name);
  if (index === undefined) return undefined;
  const pointer = pointerArgument(machine, call, index);
  if (pointer && pointer.place.path.length === 0 && pointer.place.object.origin.kind === 'allocated')
    pointer.place.object.freed = call.span;
  return nothing;
}

// ---- everything else -------------------------------------------------------------------------------------------------

/** A call of the facts tables: its flags are set, its result is a status. */
function factCall(world: SymbolicWorld, machine: Machine, call: ExternalCall, fact: CallableFact): Value {
  const { version } = world.driver.target;
  const names = fact.kind === 'call' ? setsFlagsAt(fact, version) : [];
  const vma = call.arguments.find((value): value is PointerValue => value.kind === 'pointer' && isVma(value));
  const flags = vma && flagsOf(machine, vma);
  if (vma && flags && names.length > 0) {
    const bits = names.reduce((sum, name) => sum | (flagValue(name, version) ?? 0n), 0n);
    const set = arithmetic('|', flags, integerOf(unsignedLong, bits));
    if (set) setFlags(machine, vma, set);
  }
  // A whole handler of somebody else leaves in the vma what its own hooks will look for.
  if (vma && fact.kind === 'call' && fact.isHandler) forget(placeOf(vma.place, 'vm_private_data'), unsignedLong.bits / 8);
  return resultOf(world, machine, call, prototypeAt(fact, version));
}

/**
 * A call that nobody knows: the vma may be anything afterwards, local variables whose address it got too. It may have
 * checked what it was given: by its result, by what it wrote, or, as a macro, by leaving the function.
 */
function unknownCall(world: SymbolicWorld, machine: Machine, call: ExternalCall): Value {
  // A table's own open hook, called by a handler for the first mapping, is the driver's or its subsystem's.
  if (/->vm_ops->open$/.test(call.name)) return nothing;
  const doubts: { readonly sentence: string; readonly asked?: readonly string[] }[] = [];
  let writes = false;
  for (const value of call.arguments) {
    if (value.kind !== 'pointer') {
      const sentence = `\`${call.name}\` is not known, and may check \`${argumentText(call)}\`.`;
      if (world.isFromRequest(value)) doubts.push({ sentence, asked: symbolsIn(call.arguments) });
      continue;
    }
    const { object } = value.place;
    if (object === world.objects.vma || object === world.objects.vmf) {
      world.loseVma();
      doubts.push({ sentence: `\`${call.name}\` is not known, and was given \`${object.name}\`.` });
      continue;
    }
    const cells = [...object.cells.values()];
    if (cells.some((cell) => world.isFromRequest(cell)))
      doubts.push({ sentence: `\`${call.name}\` is not known, and may check \`${object.name}\`.`, asked: symbolsIn(cells) });
    if (object.origin.kind !== 'local') continue;
    writes = true;
    forget(value.place);
  }
  const result = resultOf(world, machine, call, undefined);
  const symbols = writes || (isMacroName(call.name) && !prints(world, call)) ? undefined : symbolsLeft(result);
  for (const { sentence, asked } of doubts) world.doubt(sentence, symbols, asked);
  return result;
}

/** A call with a format string, whose arguments before the format are not the request's: it prints, and does not leave the function. */
function prints(world: SymbolicWorld, call: ExternalCall): boolean {
  for (const value of call.arguments) {
    if (value.kind === 'pointer' && value.place.object.origin.kind === 'literal')
      return /%[-+ #0]*[\d.*]*(?:hh?|ll?|z|t)?[diouxXcsp]/.test(value.place.object.name);
    if (world.isFromRequest(value) || (value.kind === 'pointer' && value.place.object === world.objects.vma)) return false;
  }
  return false;
}

function symbolsIn(values: readonly Value[]): readonly string[] {
  return values.flatMap((value) => (value.kind === 'integer' || value.kind === 'address' ? [...symbolsOf(value.term).keys()] : []));
}

/** All by which a result can decide something; `undefined` for a pointer, which is followed and compared in many ways. */
function symbolsLeft(result: Value): readonly string[] | undefined {
  if (result.kind === 'void') return [];
  return result.kind === 'integer' ? [...symbolsOf(result.term).keys()] : undefined;
}

function isMacroName(name: string): boolean {
  return /^[A-Z][A-Z0-9_]*$/.test(name);
}

/** Something unknown of the type that the caller expects, or that the prototype names. */
function resultOf(world: SymbolicWorld, machine: Machine, call: ExternalCall, prototype: Prototype | undefined): Value {
  const { expected } = call;
  const name = `${call.name}()`;
  if (expected.kind === 'void') return nothing;
  if (expected.kind === 'pointer') return pointerResult(world, machine, call, name, expected.to);
  if (expected.kind === 'integer') return world.unknowns.fresh(name, expected, { role: roleOfResult(expected) });
  const result = prototype?.result ?? 'int';
  if (result.includes('*')) {
    const tag = /struct (\w+) ?\*/.exec(result)?.[1];
    return pointerResult(world, machine, call, name, tag ? { kind: 'struct', tag: 'struct', name: tag } : { kind: 'void' });
  }
  if (result === 'void') return nothing;
  const type = machine.resolve({ kind: 'named', name: result });
  const integerType = type.kind === 'integer' ? type : long;
  return world.unknowns.fresh(name, integerType, { role: roleOfResult(integerType) });
}

function roleOfResult(type: IntegerType): 'status' | 'unknown' {
  return type.signed || type.bits === 1 ? 'status' : 'unknown';
}

function pointerResult(world: SymbolicWorld, machine: Machine, call: ExternalCall, name: string, to: CType): PointerValue {
  const id = `${call.name}@${call.span.start}:${machine.frames.length}`;
  const object = world.unknowns.object(machine, id, name, to, { kind: 'assumed' });
  return { kind: 'pointer', place: placeOf({ object, path: [] }), pointee: to };
}

function isVma(value: PointerValue): boolean {
  const type = value.pointee.kind === 'struct' ? value.pointee : value.place.object.type;
  return type.kind === 'struct' && (type.name === 'vm_area_struct' || type.name === 'vm_area_desc');
}

function argumentText(call: ExternalCall): string {
  return call.arguments
    .map((value) =>
      value.kind === 'integer' || value.kind === 'address'
        ? printTerm(value.term)
        : value.kind === 'pointer'
          ? value.place.object.name
          : '…',
    )
    .join(', ');
}
