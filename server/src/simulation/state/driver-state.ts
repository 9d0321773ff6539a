/**
 * The state of the driver before the scenario: what a cell holds that nobody has written. In this order: what the
 * scenario assumes, what the driver's own functions assign (evaluated by running that expression), what the cell's use
 * and name suggest. Every answer but the driver's constants is listed as an assumption. Long because all kinds of cells meet here.
 */
import { type CType, type IntegerType, unknownType, unsignedLong, voidType } from '../../execution/ctype.ts';
import { placeName } from '../../execution/place.ts';
import { constantOf, type Role } from '../../execution/term.ts';
import type { TypeTable } from '../../execution/type-table.ts';
import type { MemoryObject, Place, Value } from '../../execution/value.ts';
import type { Machine } from '../../execution/world.ts';
import type { Allocation } from '../../mm/physical/allocation.ts';
import type { System } from '../../mm/system.ts';
import { hex, PAGE_SHIFT, PAGE_SIZE } from '../../mm/units.ts';
import type { Location } from '../../protocol/position.ts';
import type { Registered } from '../life/registered.ts';
import type { KernelMemory, PlannedKind } from '../world/kernel-memory.ts';
import { integer, nullPointer, numberOf, pointerTo, ulongValue, zeroOf } from '../world/values.ts';
import type { Choice } from './assumptions.ts';
import { formatAssumed } from './assumptions.ts';
import { bufferUse } from './buffers.ts';
import { fieldOfMemory } from './bus-address.ts';
import { isHeaderConstant, mayBeList, userField } from './cells.ts';
import {
  choicesFor,
  chosenByUser,
  constantChoices,
  isUserCount,
  optionChoices,
  physicalStart,
  userCounts,
  withBitsLeftOut,
  withSingleBits,
} from './choices.ts';
import { countBeside } from './counted-arrays.ts';
import { type Holder, holderOf } from './holder.ts';
import type { Iommu } from './iommu.ts';
import { pointerUse } from './pointer-use.ts';
import { Regions } from './regions.ts';
import { inferRole, isSetWhenWorking } from './roles.ts';
import { type Subject, stateName, subjectOf } from './subject.ts';
import { Told, type ToldContext } from './told.ts';
import { bitsTestedOf, constantsComparedWith, isFaultAddress, structComparedWith } from './uses.ts';

export interface StateContext extends ToldContext {
  machine(): Machine;
  readonly system: System;
  readonly memory: KernelMemory;
  readonly iommu: Iommu;
  readonly types: TypeTable;
  /** What the driver's own set-up made, where it ran. */
  readonly registered: Registered;
  /** Where the program faults just now, when a handler answers a fault. Bytes. */
  faultAddress(): bigint | undefined;
  /** A struct page for a pointer that nobody assigned. */
  page(label: string): Value;
  /** The one object of a struct of which the scenario has one: the task, its mm. */
  single(struct: string): Value | undefined;
}

/** Who needs more than this runs through memory without an end in sight. */
const maximumAssumptions = 400;

/** Cells that a run may ask for, the same name in another round of a loop counted again. */
const maximumQuestions = 1_500;

/** What is assumed of a pointer that leads to something, whatever that is. */
const somewhere = 1n;

/** The end of the physical address space (52 bits on x86-64). Bytes. */
const mostPhysical = 1n << 52n;

/** Longer than what any device has, in bytes: 256 TiB. */
const longestPlausible = 1n << 48n;

/** Numbers whose meaning alone tells which values are likely. */
const measures: ReadonlySet<Role> = new Set(['length', 'count', 'physicalAddress', 'pfn']);

/** The choice of a pointer that leads where another one of its kind leads. */
const sameAsFirst = 2n;

/** A struct of a header that is not at hand. */
const unknownSize = { value: 256n, text: '256', reason: 'the struct, or one inside it, is defined in a header that is not at hand' };

/** Constants by whose names something went well. */
const saysSuccess = /_(ok|okay|success|succeeded|complete|completed)$/i;

/** Names of addresses that the DMA allocator gives; a window of the device may be kept in the same type. */
const isOfMemory = /dma/i;

const functionType: CType = { kind: 'function', returns: unknownType, parameters: [] };

export class DriverState {
  readonly #context: StateContext;
  readonly #regions: Regions;
  readonly #told: Told;
  /** The first object of each struct that a pointer was assumed to lead to: other pointers may lead to the same. */
  readonly #firstOf = new Map<string, MemoryObject>();
  /** The field through which an assumed object was reached. */
  readonly #reachedBy = new Map<MemoryObject, string>();

  constructor(context: StateContext) {
    this.#context = context;
    this.#told = new Told(context);
    this.#regions = new Regions(context.system, context.assumptions.roomy);
  }

  /** The name for memory that is allocated just now, when it is allocated for a value that was asked for. */
  get wanted(): string | undefined {
    return this.#told.wanted;
  }

  /** Whether the driver puts something into the elements of the memory that is allocated just now for a value that was asked for. */
  get isFilledSince(): boolean {
    return this.#told.isFilledSince;
  }

  /** Objects of unknown layout that a user program has filled. */
  readonly #users = new Set<MemoryObject>();

  /** A user program has filled the object, but nobody knows which of its fields lies where: it chooses what they hold. */
  filledByUser({ object }: Place): void {
    this.#users.add(object);
  }

  /** An object that a subsystem passes is there: pointers of the driver may lead to it. */
  met(object: MemoryObject): void {
    const { type } = object;
    if (this.#context.assumptions.trusting && type.kind === 'struct' && !this.#firstOf.has(type.name)) this.#firstOf.set(type.name, object);
  }

  #questions = 0;

  /** The driver's own functions have set it up: what is asked from here on is asked by the scenario. */
  setUpEnds(): void {
    this.#questions = 0;
    this.#assumedBefore = this.#context.assumptions.count;
    this.#told.setUpEnds();
  }

  /** The module's init function is about to run: nobody has written to the driver's variables. */
  moduleLoads(): void {
    this.#told.setUpEnds();
  }

  #assumedBefore = 0;

  /** How often a value was asked for: what a run costs. */
  get questions(): number {
    return this.#questions;
  }

  /** The value of a cell that nobody wrote. */
  valueOf(machine: Machine, place: Place, type: CType): Value {
    this.#questions += 1;
    if (this.#questions > maximumQuestions || this.#context.assumptions.count - this.#assumedBefore >= maximumAssumptions)
      machine.stop({ kind: 'budget', what: 'loop' });
    const name = placeName(place);
    const location = machine.file === '' ? undefined : this.#context.locationOf(machine.file, machine.span);
    const wished = this.#context.assumptions.wished(name, location);
    const given = wished ?? this.#context.assumptions.suggested(name, location);
    if (given !== undefined && !(type.kind === 'pointer' && given === somewhere)) return this.#given(place, name, type, given);
    const single = type.kind === 'pointer' && type.to.kind === 'struct' ? this.#context.single(type.to.name) : undefined;
    if (single) return single;
    const resource = this.#resourceField(place, type);
    if (resource) return resource;
    const users = userField(place);
    if (users !== undefined && type.kind !== 'integer') return ulongValue(users);
    if (isHeaderConstant(place)) return this.#constant(name, type, location);
    const { registered, assumptions } = this.#context;
    if (assumptions.asItRuns && this.#told.isLeftAsItWas(place) && !registered.isEscaped(place)) return zeroOf(type);
    if (registered.isFromSetUp(place.object) && !registered.isEscaped(place)) {
      const later = this.#told.laterValueOf(place, this.#holder(place)?.tag, name, type);
      return later ?? zeroOf(type);
    }
    const bus = type.kind === 'pointer' ? undefined : this.#busAddress(place, name);
    if (bus) return integer(type.kind === 'integer' ? type : unsignedLong, this.#context.assumptions.choose(name, [bus], location));
    const guessed = assumptions.guesses.length;
    const told = this.#told.valueOf(place, this.#holder(place)?.tag, name, type);
    // What is computed from guesses says less than what the number is for.
    if (assumptions.trusting && told?.kind === 'integer' && type.kind === 'integer') {
      const { role } = inferRole(this.#context.driver, subjectOf(place), type.name);
      const isDoubtful = assumptions.guesses.length > guessed || !this.#isPlausible(role, numberOf(told));
      if (measures.has(role) && isDoubtful) return this.#number(place, name, type, location);
    }
    // What a running function calls through a slot that it would fill itself is the function of somebody below.
    if (told && !this.#leadsBack(machine, told)) return this.#orFirst(told, place, type, name, location);
    if (this.#told.isNeverSet(place)) return zeroOf(type);
    if (type.kind === 'pointer') return this.#pointer(machine, place, name, type.to, location);
    if (type.kind === 'integer') return this.#number(place, name, type, location);
    return this.#unknownType(machine, place, name, location);
  }

  /** Whether a function, or a table with it, is one that runs just now: what it calls through its own slot is somebody else's. */
  #leadsBack(machine: Machine, told: Value): boolean {
    const runs = (name: string) => machine.frames.some((frame) => frame.function === name);
    if (told.kind === 'function') return runs(told.name);
    const { name, origin } = told.kind === 'pointer' ? told.place.object : {};
    if (origin?.kind !== 'global') return false;
    return this.#context.driver.tables.some((table) => table.name === name && table.entries.some((entry) => runs(entry.function)));
  }

  /** A pointer that the driver sets, or one to the object of the same kind that was met before: what was set may have been that one. */
  #orFirst(told: Value, place: Place, type: CType, name: string, location: Location | undefined): Value {
    const object = told.kind === 'pointer' && told.place.path.length === 0 ? told.place.object : undefined;
    if (!this.#context.assumptions.trusting || object?.origin.kind !== 'assumed') return told;
    // Where nobody knows what lies there, the cell that holds the pointer does, or what it is compared with.
    const pointed = type.kind === 'pointer' && type.to.kind === 'struct' ? type.to.name : undefined;
    const struct =
      object.type.kind === 'struct' ? object.type.name : (pointed ?? structComparedWith(this.#context.driver, subjectOf(place)));
    if (struct === undefined) return told;
    const first = this.#firstOf.get(struct);
    if (!first) this.#firstOf.set(struct, object);
    if (!first || first === object) return told;
    const own = { value: 0n, text: object.name, reason: 'the driver sets it' };
    const same = { value: 1n, text: `the same as ${first.name}`, reason: 'both point to a struct of this kind' };
    return this.#context.assumptions.choose(`the object of ${name}`, [own, same], location) === 0n ? told : pointerTo(first);
  }

  /** The value that a scenario or the analysis gives: where it is said that the device lies, it lies. */
  #given(place: Place, name: string, type: CType, value: bigint): Value {
    if (type.kind === 'pointer') return value === 0n ? nullPointer(type.to) : ulongValue(value);
    const number = type.kind === 'integer' ? type : unsignedLong;
    const role = value === 0n ? undefined : inferRole(this.#context.driver, subjectOf(place), number.name);
    const physical = role?.role === 'pfn' ? value << PAGE_SHIFT : role?.role === 'physicalAddress' ? value : undefined;
    if (
      physical !== undefined &&
      physical < mostPhysical &&
      !this.#context.system.memory.inDirectMap(Number(physical >> PAGE_SHIFT)) &&
      this.#context.system.memory.owner(Number(physical >> PAGE_SHIFT)) === undefined
    )
      this.region(name, this.#lengthBeside(place, subjectOf(place).name) ?? this.#regions.extent('device'), false, physical);
    return integer(number, value);
  }

  /** Whether a driver that works may have computed this: lengths are not negative, and addresses lead to memory that somebody has. */
  #isPlausible(role: Role, value: bigint | undefined): boolean {
    if (value === undefined) return true;
    const { memory } = this.#context.system;
    if (role === 'length' || role === 'count') return BigInt.asUintN(64, value) < longestPlausible;
    if (role === 'pfn') return memory.owner(Number(value)) !== undefined;
    return role !== 'physicalAddress' || memory.owner(Number(value >> PAGE_SHIFT)) !== undefined;
  }

  /** A sentence for an element that is read behind the end of an array whose count the driver keeps beside it. */
  outsideCounted({ object, path: [step] }: Place): string | undefined {
    const from = object.origin.kind === 'assumed' ? object.origin.from : undefined;
    const field = from?.path.at(-1);
    // Memory that is looked at byte by byte is not looked at by its elements.
    const index = step?.kind === 'element' && step.unit !== 1 ? constantOf(step.index) : undefined;
    if (!from || field?.kind !== 'field' || index === undefined || index <= 0n) return undefined;
    const count = countBeside(this.#context.driver, this.#holder(from)?.tag, field.name);
    const elements = count === undefined ? undefined : numberOf(this.#context.machine().read(this.#beside(from, count), unsignedLong));
    if (elements === undefined || index < elements) return undefined;
    return `\`${object.name}[${index}]\` is read, but \`${object.name}\` is allocated with ${elements} elements: whatever lies behind them is taken for one.`;
  }

  /** A window of the device, or memory with struct pages, the same one each time it is asked for by this name. Bytes. */
  region(...asked: Parameters<Regions['region']>): Allocation {
    return this.#regions.region(...asked);
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

  #pointer(machine: Machine, place: Place, name: string, to: CType, location: Location | undefined): Value {
    const { assumptions, driver } = this.#context;
    const known = { value: somewhere, text: 'not NULL', reason: 'nothing tells where it points' };
    const nowhere = { value: 0n, text: 'NULL', reason: 'nothing tells where it points' };
    const field = place.path.findLast((step) => step.kind === 'field');
    // `next` of something that was itself reached by `next`: lists and trees end somewhere.
    const isChain =
      field?.kind === 'field' && this.#reachedBy.get(place.object) === field.name && mayBeList(field.name, place.object.type, to);
    const first = to.kind === 'struct' && !isChain ? this.#firstOf.get(to.name) : undefined;
    const same = first && { value: sameAsFirst, text: `the same as ${first.name}`, reason: 'both point to a struct of this kind' };
    const usual = isChain ? ([nowhere, known] as const) : ([known, nowhere] as const);
    const taken = assumptions.choose(name, same ? [...usual, same] : usual, location);
    if (taken === 0n) return nullPointer(to);
    if (first && taken === sameAsFirst) return pointerTo(first);
    if (to.kind === 'struct' && (to.name === 'page' || to.name === 'folio')) return this.#context.page(name);
    if (to.kind === 'function') return { kind: 'function', name };
    const own = to.kind === 'struct' && !isChain ? this.#context.registered.onlyOne(to.name) : undefined;
    if (own && own !== place.object) return pointerTo(own);
    const object = machine.allocate(name, to, { kind: 'assumed', from: place });
    if (field?.kind === 'field') this.#reachedBy.set(object, field.name);
    if (to.kind === 'struct' && !this.#firstOf.has(to.name)) this.#firstOf.set(to.name, object);
    const use = bufferUse(driver, subjectOf(place));
    if (use && use.kind !== 'page') this.#context.memory.plan(object, use.kind, this.#regions.extent(use.kind));
    else if (assumptions.roomy && to.kind !== 'struct') this.#context.memory.plan(object, 'pages', this.#regions.extent('pages'));
    return pointerTo(object);
  }

  #constants = 0;

  #constant(name: string, type: CType, location: Location | undefined): Value {
    const choices = name.startsWith('CONFIG_') ? optionChoices : constantChoices(name, this.#constants++);
    const value = this.#context.assumptions.choose(name, choices, location);
    return integer(type.kind === 'integer' ? type : unsignedLong, value);
  }

  #number(place: Place, name: string, type: IntegerType, location: Location | undefined): Value {
    const { driver, assumptions } = this.#context;
    if (name.startsWith('sizeof(')) return integer(type, assumptions.choose(name, [unknownSize], location));
    const subject = subjectOf(place);
    const use = type.bits === 64 ? bufferUse(driver, subject) : undefined;
    if (use && use.kind !== 'page') return this.#address(name, type, use.kind, location);
    const fault = assumptions.trusting ? this.#context.faultAddress() : undefined;
    if (fault !== undefined && isFaultAddress(driver, subject)) {
      const reason = 'the driver maps at it, and the program faults there';
      return integer(type, assumptions.choose(name, [{ value: fault, text: hex(fault), reason }], location));
    }
    const role = inferRole(driver, subject, type.name);
    if (type.name === 'dma_addr_t' && isOfMemory.test(subject.name) && role.role === 'physicalAddress' && this.#context.iommu.isOn) {
      const value = this.#context.iommu.busAddress(name, this.#regions.extent('dma'));
      return integer(
        type,
        assumptions.choose(name, [{ value, text: hex(value), reason: 'a bus address, because it is a dma_addr_t' }], location),
      );
    }
    const region = () =>
      this.region(name, this.#lengthBeside(place, subject.name) ?? this.#regions.extent(role.isRam ? 'pages' : 'device'), role.isRam);
    const choices = isUserCount(name) ? userCounts : choicesFor(role, type, region, isSetWhenWorking(stateName(place)));
    const usual = this.#withCompared(role.role === 'flags' ? this.#withBits(choices, subject) : choices, subject);
    return integer(type, assumptions.choose(name, this.#users.has(place.object) ? chosenByUser(usual) : usual, location));
  }

  readonly #pairing = new Set<string>();

  /** The bus address of memory that the same struct points to. */
  #busAddress(place: Place, name: string): Choice | undefined {
    const field = fieldOfMemory(this.#context.driver, subjectOf(place));
    // The kernel address may have been computed from the bus address.
    if (field === undefined || this.#pairing.has(name) || place.path.at(-1)?.kind !== 'field') return undefined;
    this.#pairing.add(name);
    const beside = this.#beside(place, field);
    const memory = this.#context.machine().read(beside, { kind: 'pointer', to: voidType });
    this.#pairing.delete(name);
    const pfn = memory.kind === 'pointer' ? this.#context.memory.pfnOf(memory.place) : undefined;
    if (pfn === undefined) return undefined;
    const value = this.#context.iommu.busAddress(BigInt(pfn) << PAGE_SHIFT, this.#regions.extent('dma'));
    return { value, text: hex(value), reason: `the bus address of the memory at ${placeName(beside)}` };
  }

  /** Another field of the struct that holds the field `place`. */
  #beside(place: Place, name: string): Place {
    const holder = this.#holder(place);
    const step = (holder && this.#context.types.field(holder.type, name)?.step) ?? { kind: 'field' as const, name };
    return { object: place.object, path: [...place.path.slice(0, -1), step] };
  }

  /** The choices with what the driver compares the value with, where nothing better is known. */
  #withCompared(choices: readonly [Choice, ...Choice[]], subject: Subject): readonly [Choice, ...Choice[]] {
    const [first, ...others] = choices;
    if (!first.isGuess) return choices;
    const compared: Choice[] = [];
    for (const constant of constantsComparedWith(this.#context.driver, subject)) {
      const value = this.#told.constantValue(constant);
      if (value === undefined || [first, ...compared].some((each) => each.value === value)) continue;
      const choice = { value, text: formatAssumed(value), reason: 'the driver compares it with this value', isGuess: true };
      // What a call or a device says of itself is that it went well.
      if (this.#context.assumptions.trusting && constant.kind === 'name' && saysSuccess.test(constant.name)) return [choice, ...choices];
      compared.push(choice);
    }
    return [first, ...compared.slice(0, 3), ...others];
  }

  #withBits(choices: readonly [Choice, ...Choice[]], subject: Subject): readonly [Choice, ...Choice[]] {
    const tested = this.#bitsTested(subject);
    const leftOut = withBitsLeftOut(choices, tested);
    return this.#context.assumptions.trusting ? withSingleBits(leftOut, tested) : leftOut;
  }

  #bitsTested(subject: Subject): readonly { readonly name: string; readonly bits: bigint }[] {
    const isRunning = (name: string) => this.#context.machine().frames.some((frame) => frame.function === name);
    return bitsTestedOf(this.#context.driver, subject, isRunning).flatMap((constant) => {
      const bits = this.#told.constantValue(constant);
      return constant.kind === 'name' && bits !== undefined ? [{ name: constant.name, bits }] : [];
    });
  }

  /** The length in bytes that the driver keeps beside a base address: `smem_len` beside `smem_start`. */
  #lengthBeside(place: Place, base: string): bigint | undefined {
    const stem = /^(.*?)_?(phys_?addr|phys|paddr|dma_?addr|bus_?addr|addr|address|base|start)$/.exec(base)?.[1];
    if (stem === undefined || place.path.at(-1)?.kind !== 'field') return undefined;
    const texts = [...this.#context.driver.files.values()];
    const names = ['size', 'len', 'length', 'bytes'].map((word) => (stem === '' ? word : `${stem}_${word}`));
    const name = names.find((each) => texts.some((text) => new RegExp(`(->|\\.)${each}\\b`).test(text)));
    if (name === undefined) return undefined;
    const length = numberOf(this.#context.machine().read(this.#beside(place, name), unsignedLong));
    return length !== undefined && length >= PAGE_SIZE && length <= 0x4000_0000n ? length : undefined;
  }

  /** A number that is the address of kernel memory, as `unsigned long buf`. */
  #address(name: string, type: IntegerType, kind: PlannedKind, location: Location | undefined): Value {
    const { memory, assumptions, machine } = this.#context;
    const object = machine().allocate(name, { kind: 'void' }, { kind: 'assumed' });
    memory.plan(object, kind, this.#regions.extent(kind));
    const address = memory.addressOf({ object, path: [] });
    const choice = {
      value: address,
      text: formatAssumed(address),
      reason: 'the address of 64 KiB of kernel memory, because of the calls that get it',
    };
    return integer(type, assumptions.choose(name, [choice], location));
  }

  /** A cell of a type that nobody knows: a number or a pointer, as its name and use suggest. */
  #unknownType(machine: Machine, place: Place, name: string, location: Location | undefined): Value {
    const subject = subjectOf(place);
    const use = bufferUse(this.#context.driver, subject);
    if (use?.kind === 'page') return this.#pointer(machine, place, name, { kind: 'struct', tag: 'struct', name: 'page' }, location);
    // Another struct may have a pointer of this name: what is compared with a constant is none.
    const isNumber = constantsComparedWith(this.#context.driver, subject).some(({ kind }) => kind === 'name');
    const held = isNumber ? undefined : pointerUse(this.#context.driver, subject);
    if (held === 'function') return this.#pointer(machine, place, name, functionType, location);
    if (use || held) return this.#pointer(machine, place, name, { kind: 'void' }, location);
    return this.#number(place, name, unsignedLong, location);
  }
}
