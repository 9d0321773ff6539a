/**
 * Calls that turn addresses, pages and pfns into each other, adjust page protections, copy from and to user space, or look
 * up a vma: their results are names or objects here, the same ones for the same arguments.
 */
import { arithmetic, integer, integerOf } from '../execution/arithmetic.ts';
import { type CType, type IntegerType, int, unsignedLong } from '../execution/ctype.ts';
import { forget } from '../execution/memory.ts';
import type { Term } from '../execution/term.ts';
import { apply } from '../execution/term-build.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import { termKey } from '../execution/term-key.ts';
import { printTerm } from '../execution/term-print.ts';
import type { Value } from '../execution/value.ts';
import type { Machine } from '../execution/world.ts';
import { VM_SHARED } from '../kernel/vma-bits.ts';
import { asInteger, integerArgument, pointerArgument, readInteger } from '../services/service.ts';
import { flagsOf } from './flag-calls.ts';
import type { KernelCall } from './kernel-call.ts';
import type { SymbolicWorld } from './symbolic-world.ts';

const page: CType = { kind: 'struct', tag: 'struct', name: 'page' };

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

/** A vma of some process, or NULL. */
const findVma: KernelCall = (world, machine, call) => {
  const type: CType = { kind: 'struct', tag: 'struct', name: 'vm_area_struct' };
  const object = world.unknowns.object(machine, `${call.name}@${call.span.start}`, `${call.name}()`, type, { kind: 'assumed' });
  return { kind: 'pointer', place: { object, path: [] }, pointee: type };
};

/**
 * `rdma_user_mmap_entry_get(ucontext, vma)`: what the driver has inserted for the offset, where the mapping is shared and as long as
 * it; NULL otherwise (drivers/infiniband/core/ib_core_uverbs.c, 6.12). It asks for nothing else of the vma.
 */
const mmapEntry: KernelCall = (world, machine, call) => {
  const vma = pointerArgument(machine, call, 1);
  const flags = flagsOf(machine, vma);
  const shared = flags && arithmetic('&', flags, integerOf(unsignedLong, VM_SHARED));
  if (!vma || !shared) return undefined;
  const type: CType = { kind: 'struct', tag: 'struct', name: 'rdma_user_mmap_entry' };
  const isFound =
    world.branch(machine, shared, call.span) &&
    world.branch(machine, world.unknowns.fresh(`${call.name}()`, int, { role: 'status' }), call.span);
  if (!isFound) return { kind: 'address', term: integerOf(unsignedLong, 0n).term, pointee: type };
  const asked = ['vm_pgoff', 'vm_start', 'vm_end'].flatMap((field) => {
    const number = readInteger(machine, vma.place, [field], unsignedLong);
    return number ? [...symbolsOf(number.term).keys()] : [];
  });
  world.doubt(`\`${call.name}\` compares the offset and the length with what is registered.`, undefined, asked);
  const object = world.unknowns.object(machine, `${call.name}@${call.span.start}`, `${call.name}()`, type, { kind: 'assumed' });
  return { kind: 'pointer', place: { object, path: [] }, pointee: type };
};

export const addressCalls: readonly (readonly [string, KernelCall])[] = [
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
  ['rdma_user_mmap_entry_get', mmapEntry],
  ['copy_from_user', copyFromUser],
  ['__copy_from_user', copyFromUser],
  ['copy_struct_from_user', copyFromUser],
  ['get_user', getUser],
  ['__get_user', getUser],
  ['copy_to_user', status],
  ['__copy_to_user', status],
  ['put_user', status],
];
