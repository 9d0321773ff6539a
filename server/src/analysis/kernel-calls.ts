/**
 * What calls of the kernel do in the analysis: locks enter the lock set, vm_flags calls change the flags, mapping calls
 * set theirs, allocators succeed or fail, copies from user space bring the user's values, helpers are `services/`. What
 * nobody knows returns something unknown, and is noted.
 */
import { arithmetic, castInteger, comparison, integer, integerOf } from '../execution/arithmetic.ts';
import { type CType, type IntegerType, int, long, unsignedLong } from '../execution/ctype.ts';
import { forget } from '../execution/memory.ts';
import type { Term } from '../execution/term.ts';
import { apply } from '../execution/term-build.ts';
import { termKey } from '../execution/term-key.ts';
import { printTerm } from '../execution/term-print.ts';
import type { IntegerValue, PointerValue, Value } from '../execution/value.ts';
import type { ExternalCall, Machine } from '../execution/world.ts';
import type { CallableFact, Prototype } from '../kernel/fact.ts';
import { callFact, flagValue, prototypeAt, setsFlagsAt } from '../kernel/lookup.ts';
import { allocate, allocatorOf, freedArgument } from '../services/allocators.ts';
import { lockCall } from '../services/locks.ts';
import { asInteger, integerArgument, nothing, placeOf, pointerArgument, readInteger, writeInteger } from '../services/service.ts';
import { callService, isService } from '../services/services.ts';
import { VM_MAYWRITE, VM_SHARED } from './mmap-flags.ts';
import type { SymbolicWorld } from './symbolic-world.ts';

export interface Answer {
  readonly value: Value;
  readonly known: boolean;
}

type KernelCall = (world: SymbolicWorld, machine: Machine, call: ExternalCall) => Value | undefined;

const page: CType = { kind: 'struct', tag: 'struct', name: 'page' };
const zero = integerOf(int, 0n);

/** Carries out the call as far as it is known. */
export function answerCall(world: SymbolicWorld, machine: Machine, call: ExternalCall): Answer {
  const value =
    lock(world, machine, call) ??
    world.quietly(
      () =>
        special.get(call.name)?.(world, machine, call) ??
        allocation(world, machine, call) ??
        release(machine, call) ??
        callService(machine, call, world),
    );
  if (value) return { value, known: true };
  const fact = callFact(call.name);
  if (fact) return { value: world.quietly(() => factCall(world, machine, call, fact)), known: true };
  if (isService(call.name)) return { value: resultOf(world, machine, call, undefined), known: true };
  return { value: world.quietly(() => unknownCall(world, machine, call)), known: false };
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

// ---- vm_flags --------------------------------------------------------------------------------------------------------

function flagsOf(machine: Machine, vma: PointerValue | undefined): IntegerValue | undefined {
  return vma && readInteger(machine, vma.place, ['vm_flags'], unsignedLong);
}

function setFlags(machine: Machine, vma: PointerValue, flags: IntegerValue): Value {
  writeInteger(machine, vma.place, ['vm_flags'], unsignedLong, flags);
  return nothing;
}

function without(flags: IntegerValue, bits: IntegerValue): IntegerValue | undefined {
  const mask = arithmetic('^', castInteger(bits, unsignedLong), integerOf(unsignedLong, -1n));
  return mask && arithmetic('&', flags, mask);
}

/** `vm_flags_set(vma, set)`, `vm_flags_clear(vma, clear)`, `vm_flags_mod(vma, set, clear)`. */
function changeFlags(set: number | undefined, clear: number | undefined): KernelCall {
  return (_, machine, call) => {
    const vma = pointerArgument(machine, call, 0);
    let flags = flagsOf(machine, vma);
    const added = set === undefined ? zero : integerArgument(call, set);
    const dropped = clear === undefined ? zero : integerArgument(call, clear);
    if (!vma || !flags || !added || !dropped) return undefined;
    flags = arithmetic('|', flags, castInteger(added, unsignedLong));
    flags = flags && without(flags, dropped);
    return flags && setFlags(machine, vma, flags);
  };
}

const initFlags: KernelCall = (_, machine, call) => {
  const vma = pointerArgument(machine, call, 0);
  const flags = integerArgument(call, 1);
  return vma && flags && setFlags(machine, vma, flags);
};

/** The flags that `VMA_IO_BIT, VMA_PFNMAP_BIT` name: the variadic calls on a vm_area_desc, 7.1. */
function namedBits(world: SymbolicWorld, call: ExternalCall): IntegerValue {
  const { version } = world.driver.target;
  let bits = 0n;
  for (const expression of call.expressions.slice(1)) {
    const name = expression.kind === 'name' ? /^VMA_(\w+)_BIT$/.exec(expression.name)?.[1] : undefined;
    if (name) bits |= flagValue(`VM_${name}`, version) ?? 0n;
  }
  return integerOf(unsignedLong, bits);
}

/** `vma_desc_set_flags(desc, bit…)` and `vma_desc_clear_flags(desc, bit…)`. */
function changeNamedFlags(action: 'set' | 'clear'): KernelCall {
  return (world, machine, call) => {
    const desc = pointerArgument(machine, call, 0);
    const flags = flagsOf(machine, desc);
    const bits = namedBits(world, call);
    if (!desc || !flags) return undefined;
    const changed = action === 'set' ? arithmetic('|', flags, bits) : without(flags, bits);
    return changed && setFlags(machine, desc, changed);
  };
}

/** `vma_desc_test(desc, bit…)` and its like: whether any, or all, of the flags are set. */
function testNamedFlags(which: 'any' | 'all'): KernelCall {
  return (world, machine, call) => {
    const flags = flagsOf(machine, pointerArgument(machine, call, 0));
    const bits = namedBits(world, call);
    const common = flags && arithmetic('&', flags, bits);
    return common && (which === 'any' ? comparison('!=', common, zero) : comparison('==', common, bits));
  };
}

const isCowMapping: KernelCall = (_, __, call) => {
  const flags = integerArgument(call, 0);
  const both = flags && arithmetic('&', flags, integerOf(unsignedLong, VM_SHARED | VM_MAYWRITE));
  return both && comparison('==', both, integerOf(unsignedLong, VM_MAYWRITE));
};

// ---- addresses, pages and pfns ---------------------------------------------------------------------------------------

/** The value as a number: the address of a pointer. */
function numberOf(world: SymbolicWorld, machine: Machine, value: Value | undefined): Term | undefined {
  if (value?.kind === 'pointer') return world.addressOf(machine, value.place);
  return asInteger(value)?.term;
}

/** A number that the kernel computes from addresses and that stays a name here. */
function translated(type: IntegerType): KernelCall {
  return (world, machine, call) => {
    const args = call.arguments.map((value) => numberOf(world, machine, value));
    if (args.some((arg) => arg === undefined)) return undefined;
    return integer(
      type,
      apply(
        call.name,
        type,
        args.flatMap((arg) => arg ?? []),
      ),
    );
  };
}

/** A page or an address that the kernel computes from one argument: the same argument gives the same object. */
function objectFor(type: CType): KernelCall {
  return (world, machine, call) => {
    const arg = numberOf(world, machine, call.arguments[0]);
    if (!arg) return undefined;
    const id = `${call.name}(${termKey(arg)})`;
    const name = `${call.name}(${printTerm(arg)})`;
    const origin = { kind: 'allocated' as const, call: call.name, arguments: call.arguments, span: call.span, zeroed: false };
    const object = world.unknowns.object(machine, id, name, type, origin);
    return { kind: 'pointer', place: { object, path: [] }, pointee: type };
  };
}

/** Page protections are numbers that calls adjust. */
const protection: KernelCall = (_, __, call) => {
  const prot = integerArgument(call, call.arguments.length - 1);
  return prot && integer(unsignedLong, apply(call.name, unsignedLong, [prot.term]));
};

// ---- user memory -----------------------------------------------------------------------------------------------------

/** `copy_from_user(to, from, n)`: 0 and the user's values, or what was left. */
const copyFromUser: KernelCall = (world, machine, call) => {
  const target = pointerArgument(machine, call, 0);
  if (target) {
    forget(target.place);
    world.unknowns.markUserMemory(target.place);
  }
  return world.unknowns.fresh(`${call.name}()`, unsignedLong, { role: 'status' });
};

/** `get_user(x, from)`. */
const getUser: KernelCall = (world, machine, call) => {
  const place = call.place(0);
  const type = call.types[0];
  if (place) {
    const integerType = type?.kind === 'integer' ? type : unsignedLong;
    machine.write(place, world.unknowns.fresh('*user', integerType, { control: 'user' }), call.span);
  }
  return world.unknowns.fresh('get_user()', int, { role: 'status' });
};

/** `simple_read_from_buffer`, `copy_to_user`: nothing of the driver changes. */
const status: KernelCall = (world, _machine, call) => world.unknowns.fresh(`${call.name}()`, int, { role: 'status' });

// ---- lookups ---------------------------------------------------------------------------------------------------------

/** A vma of some process, or NULL. */
const findVma: KernelCall = (world, machine, call) => {
  const type: CType = { kind: 'struct', tag: 'struct', name: 'vm_area_struct' };
  const object = world.unknowns.object(machine, `${call.name}@${call.span.start}`, `${call.name}()`, type, { kind: 'assumed' });
  return { kind: 'pointer', place: { object, path: [] }, pointee: type };
};

const special: ReadonlyMap<string, KernelCall> = new Map<string, KernelCall>([
  ['vm_flags_set', changeFlags(1, undefined)],
  ['vm_flags_clear', changeFlags(undefined, 1)],
  ['vm_flags_mod', changeFlags(1, 2)],
  ['__vm_flags_mod', changeFlags(1, 2)],
  ['vma_desc_set_flags', changeNamedFlags('set')],
  ['vma_desc_clear_flags', changeNamedFlags('clear')],
  ['vma_desc_test', testNamedFlags('any')],
  ['vma_desc_test_flags', testNamedFlags('any')],
  ['vma_desc_test_any', testNamedFlags('any')],
  ['vma_desc_test_all', testNamedFlags('all')],
  ['vm_flags_init', initFlags],
  ['vm_flags_reset', initFlags],
  ['vm_flags_reset_once', initFlags],
  ['is_cow_mapping', isCowMapping],
  ['find_vma', findVma],
  ['find_vma_intersection', findVma],
  ['find_exact_vma', findVma],
  ['vma_lookup', findVma],
  ['find_extend_vma', findVma],
  ...['virt_to_phys', '__pa', 'virt_to_bus', 'page_to_phys', 'isa_virt_to_bus', 'dma_to_phys', '__pa_symbol', 'slow_virt_to_phys'].map(
    (name): [string, KernelCall] => [name, translated(unsignedLong)],
  ),
  ...['page_to_pfn', 'vmalloc_to_pfn', 'virt_to_pfn', '__page_to_pfn', 'dma_get_required_mask'].map((name): [string, KernelCall] => [
    name,
    translated(unsignedLong),
  ]),
  ...['virt_to_page', 'vmalloc_to_page', 'pfn_to_page', 'phys_to_page', 'virt_to_head_page'].map((name): [string, KernelCall] => [
    name,
    objectFor(page),
  ]),
  ...['page_address', 'phys_to_virt', '__va', 'pfn_to_kaddr', 'bus_to_virt', 'kmap', 'kmap_local_page'].map(
    (name): [string, KernelCall] => [name, objectFor({ kind: 'void' })],
  ),
  ...[
    'pgprot_noncached',
    'pgprot_writecombine',
    'pgprot_device',
    'pgprot_dmacoherent',
    'pgprot_decrypted',
    'pgprot_encrypted',
    'pgprot_val',
    '__pgprot',
    'vm_get_page_prot',
    'pgprot_cached',
    'pgprot_writethrough',
    'pgprot_nx',
    'phys_mem_access_prot',
    'pgprot_framebuffer',
  ].map((name): [string, KernelCall] => [name, protection]),
  ['copy_from_user', copyFromUser],
  ['__copy_from_user', copyFromUser],
  ['copy_struct_from_user', copyFromUser],
  ['get_user', getUser],
  ['__get_user', getUser],
  ['copy_to_user', status],
  ['__copy_to_user', status],
  ['put_user', status],
]);

// ---- allocation ------------------------------------------------------------------------------------------------------

function allocation(world: SymbolicWorld, machine: Machine, call: ExternalCall): Value | undefined {
  const allocator = allocatorOf(call.name);
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
  return resultOf(world, machine, call, prototypeAt(fact, version));
}

/** A call that nobody knows: the vma may be anything afterwards, local variables whose address it got too. */
function unknownCall(world: SymbolicWorld, machine: Machine, call: ExternalCall): Value {
  // A table's own open hook, called by a handler for the first mapping, is the driver's or its subsystem's.
  if (/->vm_ops->open$/.test(call.name)) return nothing;
  for (const value of call.arguments) {
    if (value.kind !== 'pointer') {
      if (world.isFromRequest(value)) world.doubt(`\`${call.name}\` is not known, and may check \`${argumentText(call)}\`.`);
      continue;
    }
    const { object } = value.place;
    if (object === world.objects.vma || object === world.objects.vmf) {
      world.loseVma();
      world.doubt(`\`${call.name}\` is not known, and was given \`${object.name}\`.`);
    } else if (object.origin.kind === 'local') {
      if ([...object.cells.values()].some((cell) => world.isFromRequest(cell)))
        world.doubt(`\`${call.name}\` is not known, and may check \`${object.name}\`.`);
      forget(value.place);
    }
  }
  return resultOf(world, machine, call, undefined);
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
