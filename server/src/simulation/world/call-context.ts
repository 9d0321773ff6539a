/** What an implementation of a kernel call sees: its arguments as numbers, places, vmas and pages, and where results go. */
import { type CType, int, unknownType } from '../../execution/ctype.ts';
import type { TypeTable } from '../../execution/type-table.ts';
import type { MemoryObject, Origin, Place, PointerValue, Value } from '../../execution/value.ts';
import type { ExternalCall, Machine } from '../../execution/world.ts';
import type { Mm } from '../../mm/mm.ts';
import type { Allocation } from '../../mm/physical/allocation.ts';
import type { System } from '../../mm/system.ts';
import type { VmFault, VmOps } from '../../mm/vm-ops.ts';
import type { Vma } from '../../mm/vma.ts';
import type { Registered } from '../life/registered.ts';
import type { Iommu } from '../state/iommu.ts';
import type { Deferred } from './deferred.ts';
import { pfnOfPage } from './fields.ts';
import type { KernelMemory, PlannedKind } from './kernel-memory.ts';
import type { LockOrder } from './lock-order.ts';
import type { KernelObjects } from './objects.ts';
import { reportOrder } from './self-checks.ts';
import { integer, numberOf, placeOf, pointerTo, ulongValue } from './values.ts';

/** User memory is about to be copied: it may fault, which takes the mmap lock. */
export function touchUser({ environment: { lockOrder, system }, call }: CallContext): void {
  const conflict = lockOrder.touchUser();
  if (conflict) reportOrder(system, conflict, call.name);
}

/** The parts of the world that kernel calls work on. */
export interface CallEnvironment {
  readonly system: System;
  readonly objects: KernelObjects;
  readonly memory: KernelMemory;
  readonly types: TypeTable;
  /** What the driver has given to the kernel. */
  readonly registered: Registered;
  readonly lockOrder: LockOrder;
  /** What is to be done later. */
  readonly deferred: Deferred;
  /** See `Wishes.asItRuns`. */
  readonly asItRuns: boolean;
  /** What devices call memory. */
  readonly iommu: Pick<Iommu, 'busAddress'>;
  /** The process on whose behalf the driver runs. */
  currentMm(): Mm;
  /** A user address that the driver copied from or to, and that the program cannot reach. */
  userFault(address: bigint): void;
  /** `current`: its `struct task_struct`. */
  currentTask(): PointerValue;
  /** What the driver calls the result of this call: `priv->buf`, else the call itself. */
  nameOfResult(call: ExternalCall): string;
  /** Whether memory that is allocated just now stands for memory into whose elements the driver has put something since. */
  isFilledSince(): boolean;
  /** A window of the device, the same one each time it is asked for by this name. Bytes. */
  deviceRegion(name: string, reason: string, length?: bigint): Allocation;
  /** The driver maps what lies at a physical address: it is there if the driver's files name it. */
  knowAddress(physical: bigint, vma?: Vma): void;
  /** 64 KiB of memory of a kind that somebody else has allocated, the same each time it is asked for by this name. */
  assumedBuffer(name: string, kind: PlannedKind, because: string): Allocation;
  /** Whether the driver's files mention a name. */
  mentions(name: string): boolean;
  /** A user program has filled an object of which nobody knows the layout. */
  filledByUser(place: Place): void;
  /** The vma operations that a pointer leads to. */
  opsAt(table: Value): VmOps | undefined;
  /** Makes the call: a function of the driver, or one of the kernel's. */
  call(machine: Machine, call: ExternalCall): Value;
  /** 64 KiB of RAM with struct pages, the same each time it is asked for by this name. */
  ramRegion(name: string, reason: string): Allocation;
}

/** The result; `undefined` when the arguments are of a kind that the call does not understand. */
export type KernelCall = (context: CallContext) => Value | undefined;

export type KernelCallTable = Readonly<Record<string, KernelCall>>;

export class CallContext {
  readonly machine: Machine;
  readonly call: ExternalCall;
  readonly environment: CallEnvironment;

  constructor(machine: Machine, call: ExternalCall, environment: CallEnvironment) {
    this.machine = machine;
    this.call = call;
    this.environment = environment;
  }

  get system(): System {
    return this.environment.system;
  }

  argument(index: number): Value | undefined {
    return this.call.arguments[index];
  }

  /** Argument `index` as a number; addresses of kernel memory count as one. */
  number(index: number): bigint | undefined {
    const value = this.argument(index);
    const place = placeOf(value);
    return place ? this.environment.memory.addressOf(place) : numberOf(value);
  }

  /** As `number`, wrapped to `unsigned long`. */
  ulong(index: number): bigint | undefined {
    const value = this.number(index);
    return value === undefined ? undefined : BigInt.asUintN(64, value);
  }

  place(index: number): Place | undefined {
    const place = placeOf(this.argument(index));
    if (place) return place;
    const address = numberOf(this.argument(index));
    return address === undefined || address === 0n ? undefined : this.environment.memory.placeAt(BigInt.asUintN(64, address));
  }

  vma(index: number): Vma | undefined {
    return this.environment.objects.pointed(this.argument(index), 'vma')?.vma;
  }

  vmf(index: number): VmFault | undefined {
    return this.environment.objects.pointed(this.argument(index), 'vmf')?.vmf;
  }

  /** The pfn of the struct page that argument `index` points to. */
  page(index: number): bigint | undefined {
    return pfnOfPage(this.argument(index), this.environment.objects);
  }

  /** How an allocation by this call is remembered by the executor. `size` in bytes. */
  origin(size: bigint, zeroed: boolean): Origin {
    const { name, arguments: args, span } = this.call;
    return { kind: 'allocated', call: name, size: { kind: 'constant', value: size }, arguments: args, span, zeroed };
  }

  label(): string {
    return this.environment.nameOfResult(this.call);
  }

  /** A pointer to the memory of an allocation that this call made. */
  pointer(allocation: Allocation, zeroed: boolean): Value {
    const { memory } = this.environment;
    const isFilled = this.environment.isFilledSince();
    const object = memory.adopt(allocation, this.origin(allocation.bytes, zeroed && !isFilled));
    if (isFilled) memory.filledByDriver.add(object);
    return pointerTo(object);
  }

  /** Calls another function by its name, from where this call stands. */
  run(name: string, args: readonly Value[]): Value {
    return this.environment.call(this.machine, { ...this.call, name, arguments: args, types: args.map(() => unknownType), expected: int });
  }

  /** A number of the type that the caller expects. */
  result(value: bigint): Value {
    const expected: CType = this.call.expected;
    return expected.kind === 'integer' ? integer(expected, value) : ulongValue(value);
  }

  objectOf(index: number): MemoryObject | undefined {
    return this.place(index)?.object;
  }
}
