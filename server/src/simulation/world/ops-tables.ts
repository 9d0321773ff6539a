/**
 * The driver's `struct vm_operations_struct` objects as tables of callbacks for the mm model: each slot that holds a
 * function becomes a callback that runs it. Tables that other files define are known by name only.
 */
import { type CType, voidType } from '../../execution/ctype.ts';
import type { MemoryObject, Place, Value } from '../../execution/value.ts';
import type { Machine } from '../../execution/world.ts';
import { generic_access_phys } from '../../mm/calls/lookup.ts';
import { type VmFault, type VmOps, vma_dummy_vm_ops } from '../../mm/vm-ops.ts';
import type { Vma } from '../../mm/vma.ts';
import { bytes, type KernelMemory } from './kernel-memory.ts';
import { type KernelObjects, structType } from './objects.ts';
import { intValue, nullPointer, numberOf, pointerTo, ulongValue } from './values.ts';

/** Runs a function of the driver, or of another file, in a slot. */
export interface Callbacks {
  /** Whether the driver's files define the table, so that an empty slot is known to be empty. */
  isDefined(table: string): boolean;
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
  'mremap',
  'mprotect',
  'fault',
  'huge_fault',
  'map_pages',
  'page_mkwrite',
  'pfn_mkwrite',
  'access',
  'name',
] as const;
type Slot = (typeof slots)[number];

export class OpsTables {
  readonly #machine: () => Machine;
  readonly #objects: KernelObjects;
  readonly #callbacks: Callbacks;
  readonly #made = new Map<MemoryObject, VmOps>();
  readonly #places = new Map<VmOps, Place>();

  constructor(machine: () => Machine, objects: KernelObjects, callbacks: Callbacks) {
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
    const functions = new Map<Slot, string>();
    for (const slot of slots) {
      const value = this.#machine().read({ object: place.object, path: [...place.path, { kind: 'field', name: slot }] }, functionPointer);
      if (value.kind === 'function') functions.set(slot, value.name);
    }
    return this.#table(table, functions);
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
    const fault = (slot: Slot) => on(slot, (name) => (vmf: VmFault) => number(call(slot, name, objects.vmf(vmf))));
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
      ...on('may_split', (name) => (vma: Vma, address: bigint) => number(call('may_split', name, objects.vma(vma), ulongValue(address)))),
      ...on(
        'mprotect',
        (name) => (vma: Vma, start: bigint, end: bigint, flags: bigint) =>
          number(call('mprotect', name, objects.vma(vma), ulongValue(start), ulongValue(end), ulongValue(flags))),
      ),
      ...on('huge_fault', (name) => (vmf: VmFault, order: number) => number(call('huge_fault', name, objects.vmf(vmf), intValue(order)))),
      ...on(
        'map_pages',
        (name) => (vmf: VmFault, start: bigint, end: bigint) =>
          number(call('map_pages', name, objects.vmf(vmf), ulongValue(start), ulongValue(end))),
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
    } as VmOps;
  }

  /** A table of another file: what its functions do is not known, so the story ends where one is needed. */
  #foreign(table: string): VmOps {
    const stop = (slot: Slot) => () => this.#callbacks.unknownSlot(table, slot);
    return { table, fault: stop('fault') };
  }
}
