/**
 * The state of the driver before the scenario: what a cell holds that nobody has written. In this order: what the
 * scenario assumes, what the driver's own functions assign (evaluated by running that expression), what the cell's use
 * and name suggest. Every answer but the driver's constants is listed as an assumption.
 */
import type { Driver, FieldSource } from '../../driver/model.ts';
import { type CType, type IntegerType, unsignedLong } from '../../execution/ctype.ts';
import { placeName } from '../../execution/place.ts';
import type { TypeTable } from '../../execution/type-table.ts';
import type { MemoryObject, Place, PointerValue, Value } from '../../execution/value.ts';
import type { Machine, RunOutcome } from '../../execution/world.ts';
import { addDeviceRegion } from '../../mm/physical/allocate.ts';
import type { Allocation } from '../../mm/physical/allocation.ts';
import type { System } from '../../mm/system.ts';
import type { Location } from '../../protocol/position.ts';
import type { Span } from '../../syntax/ast.ts';
import type { SimulatedProgram } from '../program.ts';
import type { KernelMemory, PlannedKind } from '../world/kernel-memory.ts';
import { integer, nullPointer, numberOf, pointerTo, ulongValue, zeroOf } from '../world/values.ts';
import { type Assumptions, formatAssumed } from './assumptions.ts';
import { bufferUse } from './buffers.ts';
import { assumedLength, choicesFor, constantChoices, physicalStart } from './choices.ts';
import { type Holder, holderOf } from './holder.ts';
import { type WrittenFunction, writtenFor, writtenForCall, writtenForVariable } from './provenance.ts';
import { inferRole, isSetWhenWorking } from './roles.ts';
import { usesOf } from './uses.ts';

export interface StateContext {
  machine(): Machine;
  readonly driver: Driver;
  readonly program: SimulatedProgram;
  readonly system: System;
  readonly memory: KernelMemory;
  readonly assumptions: Assumptions;
  /** Runs a written function on the side; whatever happens in it, the run goes on. */
  attempt(name: string, args: readonly Value[]): RunOutcome;
  locationOf(file: string, span: Span): Location;
  readonly types: TypeTable;
  /** A struct page for a pointer that nobody assigned. */
  page(label: string): Value;
  formatValue(value: Value): string;
  /** The one object of a struct of which the scenario has one: the task, its mm. */
  single(struct: string): Value | undefined;
}

/** How deep one value's origin may need another's. */
const maximumDepth = 8;

export class DriverState {
  readonly #context: StateContext;
  readonly #regions = new Map<string, Allocation>();
  readonly #busy = new Set<string>();
  /** The field through which an assumed object was reached. */
  readonly #reachedBy = new Map<MemoryObject, string>();
  /** What the value being looked for is called: allocations made on the way bear its name. */
  readonly #wanted: string[] = [];

  constructor(context: StateContext) {
    this.#context = context;
  }

  /** The name for memory that is allocated just now, when it is allocated for a value that was asked for. */
  get wanted(): string | undefined {
    return this.#wanted.at(-1);
  }

  /** The value of a cell that nobody wrote. */
  valueOf(machine: Machine, place: Place, type: CType): Value {
    const name = placeName(place);
    const location = this.#context.locationOf(machine.file, machine.span);
    const wished = this.#context.assumptions.wished(name, location);
    if (wished !== undefined) return type.kind === 'integer' ? integer(type, wished) : wished === 0n ? nullPointer() : ulongValue(wished);
    const single = type.kind === 'pointer' && type.to.kind === 'struct' ? this.#context.single(type.to.name) : undefined;
    if (single) return single;
    const resource = this.#resourceField(place, type);
    if (resource) return resource;
    if (isHeaderConstant(place)) return this.#constant(name, type, location);
    const told = this.#told(place, name, type);
    if (told) return told;
    if (this.#isNeverSet(place)) return zeroOf(type);
    if (type.kind === 'pointer') return this.#pointer(machine, place, name, type.to, location);
    if (type.kind === 'integer') return this.#number(place, name, type, location);
    return this.#unknownType(machine, place, name, location);
  }

  /** A window of the device, the same one each time it is asked for by this name. Length in bytes. */
  region(name: string, length: bigint = assumedLength): Allocation {
    let region = this.#regions.get(name);
    if (!region) {
      region = addDeviceRegion(this.#context.system, { bytes: length, label: name });
      this.#regions.set(name, region);
    }
    return region;
  }

  #holder(place: Place): Holder | undefined {
    return holderOf(place, this.#context.types);
  }

  /** `res->start`, `res->end` and `res->flags` of a resource that nobody filled describe one window. */
  #resourceField(place: Place, type: CType): Value | undefined {
    const last = place.path.at(-1);
    if (last?.kind !== 'field' || this.#holder(place)?.tag !== 'resource' || type.kind !== 'integer') return undefined;
    const name = placeName({ object: place.object, path: place.path.slice(0, -1) });
    const region = this.region(name);
    const start = physicalStart(region);
    this.#context.assumptions.note({
      name,
      value: `[${formatAssumed(start)}, ${formatAssumed(start + region.bytes - 1n)}]`,
      reason: 'a window of the device, 64 KiB',
    });
    if (last.name === 'start') return integer(type, start);
    if (last.name === 'end') return integer(type, start + region.bytes - 1n);
    // IORESOURCE_MEM
    return last.name === 'flags' ? integer(type, 0x200n) : undefined;
  }

  /** What the driver's functions assign to the field, evaluated. */
  #told(place: Place, name: string, type: CType): Value | undefined {
    if (this.#busy.has(name) || this.#busy.size >= maximumDepth) return undefined;
    const last = place.path.findLast((step) => step.kind === 'field');
    const { driver } = this.#context;
    const struct = this.#holder(place)?.tag;
    const variable = place.path.length === 0 && driver.variables.has(place.object.name) ? place.object.name : undefined;
    const written =
      last?.kind === 'field'
        ? writtenFor(driver, struct, last.name, penultimate(place))
        : variable === undefined
          ? []
          : writtenForVariable(driver, variable);
    this.#busy.add(name);
    this.#wanted.push(name);
    try {
      for (const each of written) {
        const value = this.#evaluate(each, place, type);
        if (value) return this.#note(name, value, each.source);
      }
      return last?.kind === 'field' ? this.#filledByCall(place, struct, last.name, name, type) : undefined;
    } finally {
      this.#busy.delete(name);
      this.#wanted.pop();
    }
  }

  /** A field whose address a call gets: `dma_alloc_coherent(dev, size, &priv->dma, gfp)` fills it. */
  #filledByCall(place: Place, struct: string | undefined, field: string, name: string, type: CType): Value | undefined {
    const { driver } = this.#context;
    for (const { around, function: inside } of usesOf(driver, field, 'field').slice(0, 20)) {
      const [taken, call] = around;
      if (taken?.kind !== 'addressOf' || call?.kind !== 'call' || call.callee.kind !== 'name') continue;
      if (!/alloc|get_resource|read_u32|property_read/.test(call.callee.name)) continue;
      const written = writtenForCall(driver, struct, inside, call);
      if (!written || written.owners === 0) continue;
      this.#evaluate(written, place, type);
      const filled = place.object.cells.get(place.key ?? '');
      if (filled && filled.kind !== 'opaque') return this.#note(name, filled, written.source);
    }
    return undefined;
  }

  #evaluate(written: WrittenFunction, place: Place, type: CType): Value | undefined {
    this.#context.program.write(written.definition, written.file);
    const owner = ownerPointer(place);
    const outcome = this.#context.attempt(
      written.definition.name,
      Array.from({ length: written.owners }, () => owner),
    );
    if (outcome.kind !== 'returned') return undefined;
    // A 0 that was computed from what is not known tells nothing.
    if (written.source.value.kind !== 'number' && numberOf(outcome.value) === 0n) return undefined;
    return fits(outcome.value, type) ? outcome.value : undefined;
  }

  /** What a function of the driver sets, or 0 where that function has not run yet. */
  #note(name: string, value: Value, source: FieldSource): Value {
    const { driver, assumptions, locationOf, formatValue } = this.#context;
    const text = driver.files.get(source.file)?.slice(source.value.span.start, source.value.span.end).replace(/\s+/g, ' ') ?? '';
    const number = value.kind === 'integer' || value.kind === 'address' ? (numberOf(value) ?? 0n) : undefined;
    const shown = number === undefined ? formatValue(value) : formatAssumed(number);
    const by = source.function === '' ? 'its initialiser' : source.function;
    const told = { value: 1n, text: shown, reason: `${by} sets it to \`${shorten(text)}\`` };
    const location = locationOf(source.file, source.span);
    if (number === 0n || source.function === '') {
      assumptions.note({ name, value: shown, reason: told.reason, location });
      return value;
    }
    const unset = { value: 0n, text: '0', reason: `${by}, which sets it, has not run` };
    if (assumptions.choose(name, [told, unset], location) === 1n) return value;
    return value.kind === 'integer' ? integer(value.type, 0n) : nullPointer();
  }

  #pointer(machine: Machine, place: Place, name: string, to: CType, location: Location): Value {
    const { assumptions, driver } = this.#context;
    const somewhere = { value: 1n, text: 'not NULL', reason: 'nothing tells where it points' };
    const nowhere = { value: 0n, text: 'NULL', reason: 'nothing tells where it points' };
    const field = place.path.findLast((step) => step.kind === 'field');
    // `next` of something that was itself reached by `next`: lists and trees end somewhere.
    const isChain = field?.kind === 'field' && this.#reachedBy.get(place.object) === field.name;
    const taken = assumptions.choose(name, isChain ? [nowhere, somewhere] : [somewhere, nowhere], location);
    if (taken === 0n) return nullPointer(to);
    if (to.kind === 'struct' && to.name === 'page') return this.#context.page(name);
    if (to.kind === 'function') return { kind: 'function', name };
    const object = machine.allocate(name, to, { kind: 'assumed', from: place });
    if (field?.kind === 'field') this.#reachedBy.set(object, field.name);
    if (to.kind === 'void' || to.kind === 'integer') {
      const use = bufferUse(driver, field?.kind === 'field' ? field.name : place.object.name, field ? 'field' : 'variable');
      if (use && use.kind !== 'page') this.#context.memory.plan(object, use.kind, assumedLength);
    }
    return pointerTo(object);
  }

  /** A file-level variable that no function assigns: C has set it to 0. */
  #isNeverSet({ object, path }: Place): boolean {
    const variable = path.length === 0 && object.origin.kind === 'global' ? this.#context.driver.variables.get(object.name) : undefined;
    return variable !== undefined && !variable.isExtern && writtenForVariable(this.#context.driver, object.name).length === 0;
  }

  #constants = 0;

  #constant(name: string, type: CType, location: Location): Value {
    const value = this.#context.assumptions.choose(name, constantChoices(name, this.#constants++), location);
    return integer(type.kind === 'integer' ? type : unsignedLong, value);
  }

  #number(place: Place, name: string, type: IntegerType, location: Location): Value {
    const { driver, assumptions } = this.#context;
    const field = place.path.findLast((step) => step.kind === 'field');
    const word = field?.kind === 'field' ? field.name : place.object.name;
    const use = type.bits === 64 ? bufferUse(driver, word, field ? 'field' : 'variable') : undefined;
    if (use && use.kind !== 'page') return this.#address(name, type, use.kind, location);
    const role = inferRole(
      driver,
      word,
      field ? 'field' : 'variable',
      type.name === undefined ? undefined : { kind: 'named', name: type.name },
    );
    const choices = choicesFor(
      role,
      type,
      () => this.region(name, this.#lengthBeside(place, word)),
      isSetWhenWorking(word) || isReferenceCount(name),
    );
    return integer(type, assumptions.choose(name, choices, location));
  }

  /** The length in bytes that the driver keeps beside a base address: `smem_len` beside `smem_start`. */
  #lengthBeside(place: Place, base: string): bigint | undefined {
    const stem = /^(.*?)_?(phys_?addr|phys|paddr|dma_?addr|bus_?addr|addr|address|base|start)$/.exec(base)?.[1];
    if (stem === undefined || place.path.at(-1)?.kind !== 'field') return undefined;
    const texts = [...this.#context.driver.files.values()];
    const names = ['size', 'len', 'length', 'bytes'].map((word) => (stem === '' ? word : `${stem}_${word}`));
    const name = names.find((each) => texts.some((text) => new RegExp(`(->|\\.)${each}\\b`).test(text)));
    if (name === undefined) return undefined;
    const holder = this.#holder(place);
    const step = (holder && this.#context.types.field(holder.type, name)?.step) ?? { kind: 'field' as const, name };
    const beside: Place = { object: place.object, path: [...place.path.slice(0, -1), step] };
    const length = numberOf(this.#context.machine().read(beside, unsignedLong));
    return length !== undefined && length >= 4096n && length <= 0x4000_0000n ? length : undefined;
  }

  /** A number that is the address of kernel memory, as `unsigned long buf`. */
  #address(name: string, type: IntegerType, kind: PlannedKind, location: Location): Value {
    const { memory, assumptions, machine } = this.#context;
    const object = machine().allocate(name, { kind: 'void' }, { kind: 'assumed' });
    memory.plan(object, kind, assumedLength);
    const address = memory.addressOf({ object, path: [] });
    const choice = {
      value: address,
      text: formatAssumed(address),
      reason: 'the address of 64 KiB of kernel memory, because of the calls that get it',
    };
    return integer(type, assumptions.choose(name, [choice], location));
  }

  /** A cell of a type that nobody knows: a number or a pointer, as its name and use suggest. */
  #unknownType(machine: Machine, place: Place, name: string, location: Location): Value {
    const field = place.path.findLast((step) => step.kind === 'field');
    const word = field?.kind === 'field' ? field.name : place.object.name;
    const kind = field ? 'field' : 'variable';
    const use = bufferUse(this.#context.driver, word, kind);
    if (use?.kind === 'page') return this.#pointer(machine, place, name, { kind: 'struct', tag: 'struct', name: 'page' }, location);
    if (use || isFollowed(this.#context.driver, word, kind)) return this.#pointer(machine, place, name, { kind: 'void' }, location);
    return this.#number(place, name, unsignedLong, location);
  }
}

/** A name in capitals that no file at hand defines. */
function isHeaderConstant({ object, path }: Place): boolean {
  return path.length === 0 && object.origin.kind === 'global' && /^[A-Z][A-Z0-9_]*$/.test(object.name);
}

/** The field that holds the struct that holds the field: `fix` for `info->fix.smem_start`. */
function penultimate(place: Place): string | undefined {
  const fields = place.path.flatMap((step) => (step.kind === 'field' ? [step.name] : []));
  return fields.at(-2);
}

/** A pointer to the struct whose field the place is. */
function ownerPointer(place: Place): PointerValue {
  const at = place.path.findLastIndex((step) => step.kind === 'field');
  const path = place.path.slice(0, Math.max(at, 0));
  return { kind: 'pointer', place: { object: place.object, path }, pointee: path.length === 0 ? place.object.type : { kind: 'unknown' } };
}

/** Whether an evaluated value can be the field's: pointers must lead somewhere, and numbers be numbers. */
function fits(value: Value, type: CType): boolean {
  if (type.kind === 'pointer')
    return value.kind === 'pointer' || value.kind === 'function' || (value.kind === 'address' && (numberOf(value) ?? 0n) > 0xffffn);
  if (type.kind === 'integer') return numberOf(value) !== undefined || value.kind === 'pointer';
  return value.kind === 'pointer' || numberOf(value) !== undefined;
}

/** Whether the driver follows the value as a pointer: `name->x`, `*name`, `name[i]`. */
function isFollowed(driver: Driver, name: string, kind: 'field' | 'variable'): boolean {
  return usesOf(driver, name, kind)
    .slice(0, 12)
    .some(({ expression, around }) => {
      const [outer] = around;
      if (outer?.kind === 'member') return outer.arrow && outer.object === expression;
      return outer?.kind === 'dereference' || (outer?.kind === 'index' && outer.object === expression);
    });
}

/** The count inside a `kref`, `refcount_t` or `atomic_t` by which an object is alive. */
function isReferenceCount(name: string): boolean {
  return /(ref|kref|refs|refcount|usage|users)(\.\w+)*\.counter$/.test(name);
}

function shorten(text: string): string {
  return text.length > 90 ? `${text.slice(0, 87)}…` : text;
}
