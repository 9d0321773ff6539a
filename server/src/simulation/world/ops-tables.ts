/**
 * The driver's `struct vm_operations_struct` objects as tables of callbacks for the mm model: each slot that holds a
 * function becomes a callback that runs it. Tables that other files define are known by name only.
 */
import { type CType, int, voidType } from '../../execution/ctype.ts';
import type { MemoryObject, Place, Value } from '../../execution/value.ts';
import type { Machine } from '../../execution/world.ts';
import { slotFacts } from '../../kernel/lookup.ts';
import { atLeast, type KernelVersion } from '../../kernel/version.ts';
import { generic_access_phys } from '../../mm/calls/lookup.ts';
import type { NoPageResult } from '../../mm/history/nopage.ts';
import type { NoPfnResult } from '../../mm/history/nopfn.ts';
import { type VmFault, type VmOps, vma_dummy_vm_ops } from '../../mm/vm-ops.ts';
import type { Vma } from '../../mm/vma.ts';
import { pfnOfPage } from './fields.ts';
import { bytes, type KernelMemory } from './kernel-memory.ts';
import { type KernelObjects, structType } from './objects.ts';
import { intValue, nullPointer, numberOf, pointerTo, ulongValue } from './values.ts';
import { type Gap, missingSlot } from './version-gate.ts';

/** Runs a function of the driver, or of another file, in a slot. */
export interface Callbacks {
  /** Whether the driver's files define the table, so that an empty slot is known to be empty. */
  isDefined(table: string): boolean;
  /** How many arguments a function of the driver takes; `undefined` for a function of another file. */
  parametersOf(name: string): number | undefined;
  /** Ends the simulation: the kernel has no such member, or calls it with other arguments. */
  missing(gap: Gap): never;
  run(slot: string, name: string, args: readonly Value[]): Value;
  readonly memory: Pick<KernelMemory, 'readBytes' | 'writeBytes'>;
  /** A table of a subsystem that the model knows. */
  foreign(table: string): VmOps | undefined;
  /** A slot of a table that nobody can see. */
  unknownSlot(table: string, slot: string): never;
}

const functionPointer: CType = { kind: 'pointer', to: { kind: 'function', returns: voidType, parameters: [] } };

const slots = [
  'open',
  'close',
  'mapped',
  'may_split',
  'split',
  'mremap',
  'mprotect',
  'fault',
  'huge_fault',
  'map_pages',
  'page_mkwrite',
  'pfn_mkwrite',
  'access',
  'name',
  'nopage',
  'nopfn',
  'populate',
] as const;
type Slot = (typeof slots)[number];

/** The members of any version, with those that the model never calls. */
const allSlots: readonly string[] = slotFacts('vm_operations_struct').map(({ slot }) => slot);

export class OpsTables {
  readonly #machine: () => Machine;
  readonly #objects: KernelObjects;
  readonly #callbacks: Callbacks;
  readonly #version: KernelVersion;
  readonly #made = new Map<MemoryObject, VmOps>();
  readonly #places = new Map<VmOps, Place>();

  constructor(machine: () => Machine, objects: KernelObjects, callbacks: Callbacks, version: KernelVersion) {
    this.#version = version;
    this.#machine = machine;
    this.#objects = objects;
    this.#callbacks = callbacks;
  }

  /** The table that a pointer leads to; `undefined` for NULL, which makes a vma anonymous. */
  opsAt(value: Value): VmOps | undefined {
    if (value.kind !== 'pointer') return undefined;
    const { place } = value;
    const known = this.#made.get(place.object);
    if (known && place.path.length === 0) return known;
    const ops = this.#build(place);
    this.#made.set(place.object, ops);
    this.#places.set(ops, place);
    return ops;
  }

  /** What C reads back from `vma->vm_ops`. */
  pointerTo(ops: VmOps | undefined): Value {
    if (!ops) return nullPointer(structType('vm_operations_struct'));
    const place = this.#places.get(ops);
    if (place) return { kind: 'pointer', place, pointee: structType('vm_operations_struct') };
    const object = this.#machine().allocate(ops.table, structType('vm_operations_struct'), { kind: 'global' });
    this.#made.set(object, ops);
    this.#places.set(ops, { object, path: [] });
    return pointerTo(object);
  }

  #build(place: Place): VmOps {
    const table = place.object.name;
    if (table === vma_dummy_vm_ops.table) return vma_dummy_vm_ops;
    if (place.object.origin.kind === 'global' && place.path.length === 0 && !this.#callbacks.isDefined(table))
      return this.#callbacks.foreign(table) ?? this.#foreign(table);
    const functions = this.#functionsAt(place, slots);
    for (const [slot, name] of this.#functionsAt(place, allSlots)) {
      const missing = missingSlot('vm_operations_struct', slot, this.#callbacks.parametersOf(name), this.#version);
      if (missing !== undefined) this.#callbacks.missing(missing);
    }
    return this.#table(table, functions);
  }

  /** The functions in these members of a table. */
  #functionsAt<Name extends string>(place: Place, names: readonly Name[]): Map<Name, string> {
    const functions = new Map<Name, string>();
    for (const name of names) {
      const value = this.#machine().read({ object: place.object, path: [...place.path, { kind: 'field', name }] }, functionPointer);
      if (value.kind === 'function') functions.set(name, value.name);
    }
    return functions;
  }

  /** The callbacks of a table with these functions in its slots. */
  #table(table: string, functions: ReadonlyMap<Slot, string>): VmOps {
    const objects = this.#objects;
    const call = (slot: Slot, name: string, ...args: Value[]) => this.#callbacks.run(slot, name, args);
    const number = (value: Value) => Number(BigInt.asIntN(32, numberOf(value) ?? 0n));
    const on = <Result>(slot: Slot, make: (name: string) => Result): Partial<Record<Slot, Result>> => {
      const name = functions.get(slot);
      return name === undefined ? {} : { [slot]: make(name) };
    };
    // Up to 4.10 the vma comes as an argument of its own.
    const subject = (vmf: VmFault) => (atLeast(this.#version, 4, 11) ? [objects.vmf(vmf)] : [objects.vma(vmf.vma), objects.vmf(vmf)]);
    const fault = (slot: Slot) => on(slot, (name) => (vmf: VmFault) => number(call(slot, name, ...subject(vmf))));
    // `split` was its name from 4.15 to 5.10.
    const maySplit = (name: string) => (vma: Vma, address: bigint) =>
      number(call('may_split', name, objects.vma(vma), ulongValue(address)));
    const onVma = (slot: Slot) => on(slot, (name) => (vma: Vma) => number(call(slot, name, objects.vma(vma))));
    return {
      table,
      ...onVma('open'),
      ...onVma('close'),
      ...onVma('mapped'),
      ...onVma('mremap'),
      ...fault('fault'),
      ...fault('page_mkwrite'),
      ...fault('pfn_mkwrite'),
      ...on('may_split', maySplit),
      ...(functions.has('split') ? { may_split: maySplit(functions.get('split') ?? '') } : {}),
      ...on(
        'mprotect',
        (name) => (vma: Vma, start: bigint, end: bigint, flags: bigint) =>
          number(call('mprotect', name, objects.vma(vma), ulongValue(start), ulongValue(end), ulongValue(flags))),
      ),
      ...on('huge_fault', (name) => (vmf: VmFault, order: number) => number(call('huge_fault', name, objects.vmf(vmf), intValue(order)))),
      ...on(
        'map_pages',
        (name) => (vmf: VmFault, start: bigint, end: bigint) =>
          number(call('map_pages', name, ...subject(vmf), ulongValue(start), ulongValue(end))),
      ),
      ...on('access', (name) => (vma: Vma, address: bigint, buffer: Uint8Array, write: boolean) => {
        // The kernel's own function for memory that is mapped by pfn, as drivers put it into their tables.
        if (name === 'generic_access_phys') return generic_access_phys(vma, address, buffer, write);
        const object = this.#machine().allocate('buf', bytes, { kind: 'kernel', what: 'buffer' });
        const place: Place = { object, path: [] };
        if (write) this.#callbacks.memory.writeBytes(place, buffer);
        const args = [objects.vma(vma), ulongValue(address), pointerTo(object), intValue(buffer.length), intValue(write ? 1 : 0)];
        const done = number(call('access', name, ...args));
        if (!write && done > 0) buffer.set(this.#callbacks.memory.readBytes(place, buffer.length) ?? buffer);
        return done;
      }),
      ...on('nopage', (name) => (vma: Vma, address: bigint, write: boolean) => {
        const last = this.#nopageArgument(write);
        const page = call('nopage', name, objects.vma(vma), ulongValue(address), last);
        return noPageResult(page, pfnOfPage(page, objects));
      }),
      ...on('nopfn', (name) => (vma: Vma, address: bigint) => noPfnResult(call('nopfn', name, objects.vma(vma), ulongValue(address)))),
      ...on(
        'populate',
        (name) => (vma: Vma, address: bigint, length: bigint, prot: bigint, pgoff: bigint, nonblock: boolean) =>
          number(call('populate', name, objects.vma(vma), ...[address, length, prot, pgoff].map(ulongValue), intValue(nonblock ? 1 : 0))),
      ),
    } as VmOps;
  }

  /** The last argument of `nopage`: a number in 2.4, a place for the type of the fault from 2.6.1 on. */
  #nopageArgument(write: boolean): Value {
    if (!atLeast(this.#version, 2, 6, 1)) return intValue(write ? 1 : 0);
    return pointerTo(this.#machine().allocate('type', int, { kind: 'kernel', what: 'type' }));
  }

  /** A table of another file: what its functions do is not known, so the story ends where one is needed. */
  #foreign(table: string): VmOps {
    const stop = (slot: Slot) => () => this.#callbacks.unknownSlot(table, slot);
    return { table, fault: stop('fault') };
  }
}

/** What a `nopage` function returned: NULL is NOPAGE_SIGBUS, -1 NOPAGE_OOM, -2 NOPAGE_REFAULT. */
function noPageResult(value: Value, pfn: bigint | undefined): NoPageResult {
  if (pfn !== undefined) return { page: pfn };
  switch (BigInt.asIntN(64, numberOf(value) ?? 0n)) {
    case -1n:
      return 'NOPAGE_OOM';
    case -2n:
      return 'NOPAGE_REFAULT';
    default:
      return 'NOPAGE_SIGBUS';
  }
}

/** What a `nopfn` function returned: -1 is NOPFN_SIGBUS, -2 NOPFN_OOM, -3 NOPFN_REFAULT. */
function noPfnResult(value: Value): NoPfnResult {
  const number = numberOf(value) ?? 0n;
  switch (BigInt.asIntN(64, number)) {
    case -1n:
      return 'NOPFN_SIGBUS';
    case -2n:
      return 'NOPFN_OOM';
    case -3n:
      return 'NOPFN_REFAULT';
    default:
      return { pfn: BigInt.asUintN(64, number) };
  }
}
