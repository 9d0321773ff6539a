/**
 * Kernel memory as the driver's C code holds it: each allocation of the mm model is one C object, each pointer into it has
 * a kernel address, and what C stores there is what a user program reads through a mapping. Objects that the driver got
 * without pages (small `kmalloc`s, its globals) get pages when somebody asks where they are.
 */
import type { CType, IntegerType } from '../../execution/ctype.ts';
import { forgetNumbers } from '../../execution/memory.ts';
import { keyOf } from '../../execution/place.ts';
import { constantOf } from '../../execution/term.ts';
import type { TypeTable } from '../../execution/type-table.ts';
import type { AggregateValue, MemoryObject, Origin, Place, PointerValue, Value } from '../../execution/value.ts';
import type { Machine } from '../../execution/world.ts';
import { addStaticData, alloc_pages_exact, dma_alloc_coherent, freeAllocation, kmalloc, vmalloc } from '../../mm/physical/allocate.ts';
import { type Allocation, type PfnRun, pfnAt } from '../../mm/physical/allocation.ts';
import type { System } from '../../mm/system.ts';
import { PAGE_BYTES, PAGE_SIZE } from '../../mm/units.ts';
import { bytesOfBits, encode, withBits } from './number-bytes.ts';
import { programPage } from './program-page.ts';
import { integer, numberOf } from './values.ts';

const byte: IntegerType = { kind: 'integer', bits: 8, signed: false, name: 'u8' };
/** The type of memory whose contents nobody has named yet. */
export const bytes: CType = { kind: 'array', of: byte };
/** What an object of unknown size is taken to occupy. */
const assumedSize = PAGE_SIZE;
/** Sizes beyond this were computed from what is not known. Bytes. */
const largestObject = 0x4000_0000n;
/** What memory of unknown kind and size is taken to occupy. */
const assumedBuffer = 0x1_0000n;

/** Kinds of memory that an object without pages may be known to be. */
export type PlannedKind = 'vmalloc-user' | 'vmalloc' | 'dma' | 'pages' | 'device';

/** Allocations that look alike share where they came from: a loop makes very many. */
function laterKey({ label, bytes: size, fill }: Allocation): string {
  return `${label} ${size} ${fill}`;
}

export class KernelMemory {
  readonly #system: System;
  readonly #machine: () => Machine;
  readonly #types: TypeTable;
  /** For pages of memory that the driver has had all along. */
  readonly #silently: (run: () => Allocation) => Allocation;
  readonly #objects = new Map<Allocation, MemoryObject>();
  /** Where memory that has no object yet came from. */
  readonly #later = new Map<string, Origin>();
  #adoptedLast: Allocation | undefined;
  readonly #allocations = new Map<MemoryObject, Allocation>();
  readonly #filled = new Set<MemoryObject>();
  readonly #plans = new Map<MemoryObject, { readonly kind: PlannedKind; readonly bytes: bigint }>();

  constructor(system: System, machine: () => Machine, types: TypeTable, silently: (run: () => Allocation) => Allocation) {
    this.#silently = silently;
    this.#system = system;
    this.#machine = machine;
    this.#types = types;
  }

  /** A C object for an allocation that was just made. */
  adopt(allocation: Allocation, origin: Origin): MemoryObject {
    const object = this.#machine().allocate(allocation.label, bytes, origin);
    this.#bind(allocation, object);
    return object;
  }

  /** As `adopt`, but the object is made when somebody asks where the memory is. */
  adoptLater(allocation: Allocation, origin: Origin): void {
    const last = this.#adoptedLast;
    this.#adoptedLast = allocation;
    // The frequent case without the key: the same place allocates once more.
    if (last?.label === allocation.label && last.bytes === allocation.bytes && last.fill === allocation.fill) return;
    this.#later.set(laterKey(allocation), origin);
  }

  /** The allocation behind an object, when it has pages. */
  allocationOf(object: MemoryObject): Allocation | undefined {
    return this.#allocations.get(object);
  }

  /** The allocation behind an object; one is made for objects that had none. */
  backing(object: MemoryObject): Allocation {
    const known = this.#allocations.get(object);
    if (known) return known;
    const allocation = this.#silently(() => this.#allocate(object));
    this.#bind(allocation, object);
    this.#flush(object);
    return allocation;
  }

  /** Objects that see pages which others have as well. */
  readonly #views = new Set<MemoryObject>();

  /**
   * Gives the object a second kernel address of pages: `vmap`, `ioremap` of RAM that was set aside. `offset` in the first page, bytes;
   * `user`: the area has VM_USERMAP.
   */
  view(object: MemoryObject, runs: readonly PfnRun[], bytes: bigint, { offset = 0, user = false } = {}): void {
    const { memory } = this.#system;
    const pages = runs.reduce((sum, run) => sum + run.pages, 0);
    const address = memory.nextVmallocAddress + BigInt(offset);
    memory.nextVmallocAddress += BigInt(pages + 1) * BigInt(PAGE_BYTES);
    const kind = user ? 'vmalloc-user' : 'vmalloc';
    const what = { id: -Number(address & 0xffff_ffffn), kind, label: object.name, bytes, pages, runs, address, offset } as const;
    this.#bind({ ...what, order: 0, compound: false, fill: 'zero', freed: false, givenUp: false, split: true }, object);
    this.#views.add(object);
    this.#changed(object);
  }

  /** Whether the object is a second address of somebody's pages. */
  isView(object: MemoryObject): boolean {
    return this.#views.has(object);
  }

  /** What C has read of the object may be wrong by now: its pages tell. */
  #changed(object: MemoryObject): void {
    forgetNumbers(object);
    this.#filled.add(object);
  }

  /** The pages of `pfn` were written through `writer`: who has them under another address reads them anew. */
  #changedBy(writer: Allocation | undefined, pfn: number): void {
    const owner = this.#system.memory.owner(pfn) ?? this.#programPages.get(pfn);
    const known = owner && owner !== writer ? this.#objects.get(owner) : undefined;
    if (known) this.#changed(known);
    for (const object of this.#views) {
      const allocation = this.#allocations.get(object);
      const isSeen = allocation?.runs.some((run) => pfn >= run.pfn && pfn < run.pfn + run.pages);
      if (isSeen && allocation !== writer) this.#changed(object);
    }
  }

  /** The object, should somebody ask where it is, is `bytes` of this kind of memory. */
  plan(object: MemoryObject, kind: PlannedKind, bytes: bigint): void {
    this.#plans.set(object, { kind, bytes: bytes > 0n && bytes <= largestObject ? bytes : assumedBuffer });
  }

  #allocate(object: MemoryObject): Allocation {
    const plan = this.#plans.get(object);
    const label = object.name;
    if (plan) {
      const options = { bytes: plan.bytes, label };
      switch (plan.kind) {
        case 'vmalloc-user':
        case 'vmalloc':
          return vmalloc(this.#system, { ...options, user: plan.kind === 'vmalloc-user', zero: true });
        case 'dma':
          return dma_alloc_coherent(this.#system, options);
        case 'pages':
          return alloc_pages_exact(this.#system, { ...options, zero: true });
        case 'device':
          // The kernel's own mapping of a device window has addresses like vmalloc memory.
          return vmalloc(this.#system, { ...options, zero: true });
      }
    }
    // Nobody knows how large it is or who made it, as of what a function of another file gives: whole pages of its own.
    if (object.origin.kind === 'assumed' && (object.type.kind !== 'struct' || object.origin.from === undefined))
      return alloc_pages_exact(this.#system, { bytes: assumedBuffer, label, zero: true });
    const options = { bytes: this.#sizeOf(object), label };
    const isStatic = object.origin.kind === 'global' || object.origin.kind === 'literal';
    const zero = object.origin.kind === 'allocated' && object.origin.zeroed;
    return isStatic ? addStaticData(this.#system, options) : kmalloc(this.#system, { ...options, zero });
  }

  /** The kernel address of a place. */
  addressOf(place: Place): bigint {
    return this.backing(place.object).address + BigInt(this.offsetOf(place) ?? 0);
  }

  /** The pfn of the page that holds a place. */
  pfnOf(place: Place): bigint | undefined {
    const allocation = this.backing(place.object);
    const offset = allocation.offset + (this.offsetOf(place) ?? 0);
    return pfnAt(allocation, Math.floor(offset / PAGE_BYTES));
  }

  /** The place at a kernel address. */
  placeAt(address: bigint): Place | undefined {
    const isIn = (each: Allocation) => address >= each.address && address < each.address + each.bytes;
    const owner =
      this.#system.memory.allocations.findLast((each) => each.kind !== 'device' && isIn(each)) ??
      [...this.#views].flatMap((object) => this.#allocations.get(object) ?? []).find(isIn);
    return owner && this.#placeIn(owner, Number(address - owner.address));
  }

  /** The place at the start of a page, as `page_address` finds it. */
  placeOfPage(pfn: bigint): Place | undefined {
    const owner = this.#system.memory.owner(Number(pfn)) ?? this.#pageOfProgram(Number(pfn));
    const run = owner?.runs.find((each) => Number(pfn) >= each.pfn && Number(pfn) < each.pfn + each.pages);
    if (!owner || !run) return undefined;
    return this.#placeIn(owner, (run.index + Number(pfn) - run.pfn) * PAGE_BYTES - owner.offset);
  }

  readonly #programPages = new Map<number, Allocation>();

  /** A page that the kernel gave to a program, or its page of zeros, as memory of the kernel. */
  #pageOfProgram(pfn: number): Allocation | undefined {
    const use = this.#system.memory.page(pfn)?.use;
    if (use !== 'anonymous' && use !== 'zero') return undefined;
    const page = this.#programPages.get(pfn) ?? programPage(pfn, use === 'zero' ? 'the page of zeros' : 'a page of the program');
    this.#programPages.set(pfn, page);
    return page;
  }

  /** Frees the memory behind an object by the function `by`; small objects that never got pages need nothing. */
  free(object: MemoryObject, by: string): void {
    const allocation = this.#allocations.get(object);
    if (allocation) freeAllocation(this.#system, allocation, by);
  }

  /** Bytes from the start of the object; `undefined` where the layout is not known. */
  offsetOf(place: Place): number | undefined {
    let type: CType = place.object.type;
    let offset = 0;
    for (const step of place.path) {
      if (step.kind === 'element') {
        const index = constantOf(step.index);
        const unit = step.unit ?? (type.kind === 'array' ? this.#types.sizeOf(type.of) : undefined);
        if (index === undefined || unit === undefined) return undefined;
        offset += Number(index) * unit;
        if (type.kind === 'array') type = type.of;
        continue;
      }
      const field = this.#types.field(type, step.name);
      // Memory that was made as bytes has the fields of the type that it is used as.
      const at = field?.offset ?? step.offset;
      if (at === undefined) return undefined;
      offset += at;
      type = field?.type ?? bytes;
    }
    return offset;
  }

  /** A C store: the page's bytes follow, so that a mapping of it shows them. */
  stored(place: Place, value: Value): void {
    const allocation = this.#allocations.get(place.object);
    if (allocation) this.#store(allocation, place, value);
  }

  /** The number that the page's bytes hold at a place; `undefined` for objects without pages. */
  load(place: Place, type: IntegerType): Value | undefined {
    const allocation = this.#allocations.get(place.object);
    const offset = allocation && this.offsetOf(place);
    if (!allocation || offset === undefined) return undefined;
    const size = Math.max(1, type.bits / 8);
    const page = allocation.offset + offset;
    const pfn = pfnAt(allocation, Math.floor(page / PAGE_BYTES));
    if (pfn === undefined || (page % PAGE_BYTES) + size > PAGE_BYTES) return undefined;
    const { bytes: found } = this.#system.memory.read(Number(pfn), page % PAGE_BYTES, size);
    return integer(
      type,
      found.reduceRight((sum, each) => (sum << 8n) | BigInt(each), 0n),
    );
  }

  /** Fills `length` bytes from a place on (`memset`). */
  fill(place: Place, value: number, length: bigint): void {
    const { object } = place;
    // Cells hold no runs of a byte: memory that is filled with one gets pages.
    const isPlain = value !== 0 && object.type.kind !== 'struct' && object.origin.kind !== 'local';
    const allocation = isPlain ? this.backing(object) : this.#allocations.get(object);
    const offset = this.offsetOf(place);
    if (!allocation || offset === undefined) return;
    if (isPlain) this.#filled.add(object);
    this.#bytes(allocation, offset, new Uint8Array(Number(length < allocation.bytes ? length : allocation.bytes)).fill(value));
  }

  /** Puts bytes into the pages behind a place, which it is given when it has none. */
  writeBytes(place: Place, data: Uint8Array): void {
    const allocation = this.backing(place.object);
    this.#filled.add(place.object);
    this.#bytes(allocation, this.offsetOf(place) ?? 0, data);
  }

  /** The bytes behind a place: what its pages hold. `undefined` beyond the end of its memory. */
  readBytes(place: Place, length: number): Uint8Array | undefined {
    const offset = this.offsetOf(place);
    return offset === undefined ? undefined : this.#read(this.backing(place.object), offset, length);
  }

  #read(allocation: Allocation, offset: number, length: number): Uint8Array | undefined {
    if (BigInt(offset + length) > allocation.bytes) return undefined;
    const data = new Uint8Array(length);
    for (let at = 0; at < length; ) {
      const here = allocation.offset + offset + at;
      const part = Math.min(length - at, PAGE_BYTES - (here % PAGE_BYTES));
      const pfn = pfnAt(allocation, Math.floor(here / PAGE_BYTES));
      if (pfn === undefined) return undefined;
      data.set(this.#system.memory.read(Number(pfn), here % PAGE_BYTES, part).bytes, at);
      at += part;
    }
    return data;
  }

  /** Objects into which the driver has put something that nobody has seen: their pages do not tell what they hold. */
  readonly filledByDriver = new WeakSet<MemoryObject>();

  /** Whether bytes were put into the object from outside of C, so that its pages tell what it holds. */
  isFilled(object: MemoryObject): boolean {
    return this.#filled.has(object);
  }

  /** A user program wrote to a page: what C had read from it is forgotten. */
  userWrote(pfn: bigint): void {
    this.#changedBy(undefined, Number(pfn));
  }

  #bind(allocation: Allocation, object: MemoryObject): void {
    this.#objects.set(allocation, object);
    this.#allocations.set(object, allocation);
  }

  #placeIn(allocation: Allocation, offset: number): Place {
    let object = this.#objects.get(allocation);
    if (!object) {
      object = this.#machine().allocate(
        allocation.label,
        bytes,
        this.#later.get(laterKey(allocation)) ?? { kind: 'kernel', what: 'memory' },
      );
      this.#bind(allocation, object);
    }
    if (offset === 0) return { object, path: [] };
    return { object, path: [{ kind: 'element', index: { kind: 'constant', value: BigInt(offset) }, unit: 1 }] };
  }

  #sizeOf(object: MemoryObject): bigint {
    if (object.origin.kind === 'allocated' && object.origin.size) {
      const size = constantOf(object.origin.size);
      if (size !== undefined && size > 0n && size <= largestObject) return size;
    }
    const size = this.#types.sizeOf(object.type);
    return size === undefined || size === 0 ? assumedSize : BigInt(size);
  }

  /** Writes what C stored before the object had pages. */
  #flush(object: MemoryObject): void {
    const allocation = this.#allocations.get(object);
    if (!allocation) return;
    for (const [key, value] of object.cells) {
      const offset = /^\+(\d+)$/.exec(key)?.[1] ?? (key === '' ? '0' : undefined);
      if (offset !== undefined && value.kind === 'integer') this.#bytes(allocation, Number(offset), encode(value));
    }
  }

  #store(allocation: Allocation, place: Place, value: Value): void {
    const offset = this.offsetOf(place);
    if (offset === undefined) return this.#storeBits(allocation, place, value);
    if (value.kind === 'integer') this.#bytes(allocation, offset, encode(value));
    else if (value.kind === 'aggregate') this.#storeParts(allocation, offset, value);
  }

  #storeBits(allocation: Allocation, { object, path }: Place, value: Value): void {
    const step = path.at(-1);
    const bits = step?.kind === 'field' ? step.bits : undefined;
    const base = this.offsetOf({ object, path: path.slice(0, -1) });
    const number = numberOf(value);
    if (bits === undefined || base === undefined || number === undefined) return;
    const { start, length } = bytesOfBits(bits);
    const old = this.#read(allocation, base + start, length);
    if (old) this.#bytes(allocation, base + start, withBits(old, bits, number));
  }

  /** A struct by value: what is zero of it, then the numbers that are known. */
  #storeParts(allocation: Allocation, offset: number, { type, cells, marks = [] }: AggregateValue): void {
    const size = this.#types.sizeOf(type) ?? 0;
    for (const { prefix, from, to, holds } of marks) {
      const length = Math.min(to, size) - from;
      if (prefix === '' && holds === 'zero' && length > 0) this.#bytes(allocation, offset + from, new Uint8Array(length));
    }
    for (const [key, value] of cells) {
      const at = key === '' ? 0 : Number(/^\+(\d+)$/.exec(key)?.[1] ?? Number.NaN);
      if (!Number.isNaN(at) && value.kind === 'integer') this.#bytes(allocation, offset + at, encode(value));
    }
  }

  #bytes(allocation: Allocation, offset: number, data: Uint8Array): void {
    let at = 0;
    while (at < data.length) {
      const here = allocation.offset + offset + at;
      const inPage = here % PAGE_BYTES;
      const length = Math.min(data.length - at, PAGE_BYTES - inPage);
      const pfn = pfnAt(allocation, Math.floor(here / PAGE_BYTES));
      if (pfn === undefined) return;
      this.#system.memory.write(Number(pfn), inPage, data.subarray(at, at + length));
      if (this.#views.size > 0) this.#changedBy(allocation, Number(pfn));
      at += length;
    }
  }
}

/** A pointer to a place, used as `pointee`. */
export function pointerAt(place: Place, pointee: CType): PointerValue {
  return { kind: 'pointer', place: { ...place, key: keyOf(place) }, pointee };
}
