/**
 * The concrete world around the driver's C code: kernel objects are mm's records, mapping calls are the mm model, memory
 * has pages, everyday helpers are the services, and what nobody knows is assumed and said. Long because all calls of a
 * driver come through here. Knows no scenario.
 */
import { type CType, unknownType, voidType } from '../../execution/ctype.ts';
import { forget } from '../../execution/memory.ts';
import { placeName } from '../../execution/place.ts';
import { constant, constantOf, type Term } from '../../execution/term.ts';
import type { TypeTable } from '../../execution/type-table.ts';
import type { IntegerValue, MemoryObject, Place, Value } from '../../execution/value.ts';
import type { ExternalCall, Frame, IteratorRound, LoopAnswer, Machine, World } from '../../execution/world.ts';
import { kernelConstant } from '../../kernel/constants.ts';
import { KernelStop } from '../../mm/problem.ts';
import { allocationSize, allocatorOf } from '../../services/allocators.ts';
import { callService, isService } from '../../services/services.ts';
import type { Span } from '../../syntax/ast.ts';
import { runRegistrationCall } from '../life/registration-calls.ts';
import type { Assumptions } from '../state/assumptions.ts';
import type { DriverState } from '../state/driver-state.ts';
import { allocationCalls } from './allocation-calls.ts';
import { outsideArray } from './array-ends.ts';
import { Balance } from './balance.ts';
import { CallContext, type CallEnvironment, type KernelCallTable } from './call-context.ts';
import { certainCalls, kernelNumber, runAssumedCall } from './certain-calls.ts';
import { dmaMappingCalls } from './dma-mapping-calls.ts';
import { entryCalls } from './entry-calls.ts';
import type { Failures } from './failures.ts';
import { reportNoError } from './fault-codes.ts';
import { type FieldContext, readField, writeField } from './fields.ts';
import { historicCalls } from './historic-calls.ts';
import { nextRound } from './iterators.ts';
import { KeptReferences } from './kept-references.ts';
import type { KernelMemory } from './kernel-memory.ts';
import { libraryCalls } from './library-calls.ts';
import { noteTakenWithLast, runLockCall } from './lock-calls.ts';
import { mappingCalls, vmaQuestions } from './mapping-calls.ts';
import { memoryCopyCalls } from './memory-copy-calls.ts';
import { type KernelObjects, PAGE_STRUCT_BYTES, VMEMMAP_START } from './objects.ts';
import type { OtherHolders } from './other-holders.ts';
import { pageCalls } from './page-calls.ts';
import { pageSizeCalls } from './page-size-calls.ts';
import { pageTableCalls } from './page-table-calls.ts';
import { type During, PairedCalls } from './paired-calls.ts';
import { printedLine, printsOnce } from './print-calls.ts';
import { protectionCalls } from './protection-calls.ts';
import { registerMappingCalls, reserved } from './register-mappings.ts';
import { resourceCalls } from './resource-calls.ts';
import { scatterListCalls } from './scatter-lists.ts';
import { checkSleep } from './self-checks.ts';
import type { Teller } from './teller.ts';
import { textCalls } from './text-calls.ts';
import { textNumberCalls } from './text-numbers.ts';
import { checksMapping, type UnknownCalls } from './unknown-calls.ts';
import { userCopyCalls } from './user-copy-calls.ts';
import { userPageCalls } from './user-page-calls.ts';
import { integer, intValue, nullPointer, numberOf, placeOf, pointerTo } from './values.ts';
import { type Gap, missingCall, missingFlag } from './version-gate.ts';
import { seePhysical, viewCalls } from './view-calls.ts';
import { wholeDriverCalls } from './whole-driver-calls.ts';

export interface WorldParts {
  readonly environment: CallEnvironment;
  readonly objects: KernelObjects;
  readonly memory: KernelMemory;
  readonly fields: FieldContext;
  readonly state: DriverState;
  readonly teller: Teller;
  readonly unknownCalls: UnknownCalls;
  readonly duringOf: (handler: string) => During;
  readonly failures: Failures;
  readonly assumptions: Assumptions;
  readonly others: OtherHolders;
  readonly types: TypeTable;
  readonly constant: World['constant'];
  /** Whether the option that the call names is on; unknown ones are. */
  isConfigured(call: ExternalCall): boolean;
  /** A line of the kernel's log. */
  print(line: string): void;
  /** Ends the simulation at a place of the driver's text, for this reason. */
  stopAt(at: { readonly file: string; readonly span: Span }, gap: Gap): never;
  /** Whether a name that no file at hand defines is put into a table by an initialiser. */
  isForeignFunction(name: string): boolean;
}

/** Rounds of one loop before the run gives up on it, beside one for each page of the vma at hand. */
const maximumRounds = 5_000;
/** The same where everything is as it runs: memory may be filled byte by byte, and no assumption makes a loop endless. */
const maximumRoundsAsItRuns = 200_000;

/** `IS_ENABLED(CONFIG_X)` and its relatives. */
const isEnabledMacro = /^IS_(ENABLED|BUILTIN|MODULE|REACHABLE)$/;

/** Calls that are told as steps, besides the mapping calls. */
const toldCalls = /^(get_page|put_page|folio_get|folio_put|SetPageReserved|ClearPageReserved|vm_flags_\w+)$/;

/** Allocations that the device core frees when the driver leaves the device. */
const managedCall = /^(devm|dmam|pcim)_/;

export class SimulationWorld implements World {
  readonly #parts: WorldParts;
  /** Places of the calls that have printed. */
  readonly #printed = new Set<string>();
  readonly #constants = new Map<string, ReturnType<World['constant']>>();
  /** Names of calls that exist in the kernel of the run, of those that were made. */
  readonly #available = new Set<string>();

  readonly balance = new Balance();
  readonly pairs = new PairedCalls();
  readonly kept: KeptReferences;

  /** Where the function of the driver that runs just now has made calls, and of what it has put a reference. */
  readonly callsNow = new Set<Span>();
  readonly putNow = new Set<MemoryObject>();

  /** Pages of the vma that the running call is about: a loop may take a round for each. */
  pagesAtHand = 0;
  /** How long the vma is that the running call is about. */
  bytesAtHand = 0n;

  constructor(parts: WorldParts) {
    this.#parts = parts;
    this.kept = new KeptReferences((name) => parts.environment.mentions(name));
  }

  unknown(machine: Machine, place: Place, type: CType): Value {
    const { objects, memory, fields, state, environment } = this.#parts;
    const record = objects.recordOf(place.object);
    const field = record && readField(record, place, fields);
    if (field) return field;
    if (place.object.origin.kind === 'global') {
      const missing = place.path.length === 0 ? missingFlag(place.object.name, environment.system.version) : undefined;
      if (missing !== undefined) this.#parts.stopAt({ file: machine.file, span: machine.span }, missing);
      const number = place.path.length === 0 ? kernelNumber(place.object.name, type, environment.deferred.clock) : undefined;
      if (number) objects.passes(place);
      if (number) return number;
      if (place.object.name === 'high_memory' && place.path.length === 0)
        return { kind: 'address', term: constant(environment.system.memory.highMemory), pointee: voidType };
      if (place.object.name === 'current' && place.path.length === 0) {
        objects.changes(place.object);
        return environment.currentTask();
      }
      if (place.path.length === 0 && this.#parts.isForeignFunction(place.object.name)) return { kind: 'function', name: place.object.name };
      if (place.object.name === '__func__') return pointerTo(machine.allocate('__func__', { kind: 'void' }, { kind: 'literal' }));
      if (type.kind === 'pointer' && type.to.kind === 'function') return { kind: 'address', term: constant(0), pointee: type.to };
    }
    if (type.kind === 'integer' && (place.object.type.kind === 'array' || memory.isFilled(place.object))) {
      const loaded = memory.filledByDriver.has(place.object) ? undefined : memory.load(place, type);
      if (loaded) return loaded;
    }
    const outside = outsideArray(place, this.#parts.types) ?? state.outsideCounted(place);
    if (outside !== undefined) return machine.stop({ kind: 'fault', message: outside });
    return state.valueOf(machine, place, type);
  }

  branch(machine: Machine, _condition: IntegerValue, span: Span): boolean {
    this.#parts.teller.remark(machine, span, 'This condition has no known value; it is taken as false.');
    return false;
  }

  call(machine: Machine, call: ExternalCall): Value {
    const { environment, failures, teller } = this.#parts;
    const context = new CallContext(machine, call, environment);
    try {
      checkSleep(context);
      // What is run to find out the state that the driver was in before does not fail.
      const failure = teller.isQuiet || neverFails(context) ? undefined : failures.take(call.name);
      const put = !teller.isQuiet && givesBack.test(call.name) ? placeOf(call.arguments[0]) : undefined;
      if (put) this.putNow.add(put.object);
      const known = failure ? teller.call(context, () => failure) : this.#known(context);
      const result = known ?? this.#foreign(context);
      if (!teller.isQuiet) this.callsNow.add(call.span);
      if (!teller.isQuiet) this.kept.called(call, result, known === undefined);
      failures.came(call.name, result);
      noteTakenWithLast(context, result);
      this.#remember(call, result);
      return result;
    } catch (thrown) {
      if (!(thrown instanceof KernelStop)) throw thrown;
      this.#parts.teller.kernelStopped(thrown);
      return machine.stop({ kind: 'kernel', message: thrown.message });
    } finally {
      this.#parts.objects.refresh();
    }
  }

  addressOf(_machine: Machine, place: Place): Term {
    const { objects, memory } = this.#parts;
    const record = objects.recordOf(place.object);
    if (record?.kind === 'page') return constant(VMEMMAP_START + record.pfn * PAGE_STRUCT_BYTES + BigInt(memory.offsetOf(place) ?? 0));
    return constant(memory.addressOf(place));
  }

  placeAt(_machine: Machine, address: Term): Place | undefined {
    const number = constantOf(address);
    if (number === undefined) return undefined;
    const wrapped = BigInt.asUintN(64, number);
    if (wrapped >= VMEMMAP_START && wrapped < VMEMMAP_START + (1n << 44n)) {
      return this.#parts.objects.page((wrapped - VMEMMAP_START) / PAGE_STRUCT_BYTES).place;
    }
    return this.#parts.memory.placeAt(wrapped);
  }

  loop(machine: Machine, span: Span, count: number): LoopAnswer {
    const rounds = (this.#parts.environment.asItRuns ? maximumRoundsAsItRuns : maximumRounds) + this.pagesAtHand;
    if (count <= rounds) return 'run';
    this.#parts.teller.remark(machine, span, `This loop is left after ${rounds} rounds.`);
    return machine.stop({ kind: 'budget', what: 'loop' });
  }

  iterate(machine: Machine, round: IteratorRound): boolean | undefined {
    const { assumptions, types, teller, others } = this.#parts;
    const goesOn = nextRound(machine, round, assumptions, types);
    const [type] = round.types;
    const position = goesOn === true && !teller.isQuiet ? round.place(0) : undefined;
    if (position && type) others.met(machine.read(position, type));
    return goesOn;
  }

  havoc(_machine: Machine, _place: Place, type: CType, previous: Value | undefined): Value {
    return previous ?? (type.kind === 'integer' ? integer(type, 0n) : { kind: 'opaque', why: 'a loop was left' });
  }

  constant(name: string): ReturnType<World['constant']> {
    if (!this.#constants.has(name)) this.#constants.set(name, this.#parts.constant(name));
    return this.#constants.get(name);
  }

  onStatement(machine: Machine, span: Span): void {
    this.#parts.teller.statement(machine, span);
  }

  onWrite(machine: Machine, place: Place, value: Value, span: Span, previous: Value | undefined): void {
    const { objects, memory, fields, teller } = this.#parts;
    if (!teller.isQuiet) {
      this.balance.written(place, value, previous);
      this.kept.stored(place, value);
    }
    const record = objects.recordOf(place.object);
    if (record) {
      const isMm = record.kind === 'vma' || record.kind === 'vmf' || record.kind === 'desc';
      if (isMm) teller.fieldWrite(machine, place, value, span);
      writeField(record, place, value, fields);
      // lseek(2) and read(2) move it, too.
      if (record.kind === 'file' && place.path.some((step) => step.kind === 'field' && step.name === 'f_pos')) forget(place, 8);
      if (isMm) objects.refresh();
    } else memory.stored(place, value);
    teller.write(machine, place, value);
  }

  onEnter(machine: Machine, frame: Frame, args: readonly Value[]): void {
    this.#parts.teller.entered(machine, frame, args);
  }

  onCompare(_machine: Machine, left: bigint, right: bigint): void {
    this.#parts.teller.comparison(left, right);
  }

  onLeave(machine: Machine, frame: Frame, value: Value): void {
    this.#parts.teller.left(machine, frame, value);
  }

  /** Where the calls that a run makes most are found; looked up once for each name. */
  readonly #tables = new Map<string, KernelCallTable | undefined>();

  /** The table whose calls must be understood that has the name. */
  #tableOf(name: string): KernelCallTable | undefined {
    const known = this.#tables.get(name);
    if (known || this.#tables.has(name)) return known;
    const table = understood.find((each) => Object.hasOwn(each, name));
    this.#tables.set(name, table);
    return table;
  }

  /** The result of a call whose meaning is known; `undefined` for all others. */
  #known(context: CallContext): Value | undefined {
    const { machine, call } = context;
    const { teller } = this.#parts;
    if (!this.#available.has(call.name)) {
      const missing = missingCall(call.name, context.system.version);
      if (missing !== undefined) this.#parts.stopAt(call, missing);
      this.#available.add(call.name);
    }
    const own = this.#tableOf(call.name);
    if (own) {
      if (own === pageCalls && !toldCalls.test(call.name)) return run(pageCalls, context) ?? notFollowed(context);
      return teller.call(context, () => run(own, context) ?? notFollowed(context));
    }
    const locked = runLockCall(context);
    if (locked && !teller.isQuiet) this.#parts.others.called(call, (put) => this.#putByOther(machine, put));
    if (locked) return locked;
    if (Object.hasOwn(userCopyCalls, call.name)) {
      return teller.call(context, () => run(userCopyCalls, context) ?? this.#parts.unknownCalls.answer(context));
    }
    const registration = runRegistrationCall(context) ?? run(certainCalls, context) ?? runAssumedCall(context, this.#parts.assumptions);
    if (registration) return registration;
    if (isEnabledMacro.test(call.name)) return intValue(this.#parts.isConfigured(call) ? 1 : 0);
    const known =
      run(vmaQuestions, context) ??
      run(userPageCalls, context) ??
      run(protectionCalls, context) ??
      run(wholeDriverCalls, context) ??
      run(resourceCalls, context) ??
      run(pageTableCalls, context) ??
      run(scatterListCalls, context) ??
      run(dmaMappingCalls, context) ??
      run(registerMappingCalls, context) ??
      run(viewCalls, context) ??
      run(pageSizeCalls, context) ??
      run(memoryCopyCalls, context) ??
      run(textCalls, context) ??
      run(textNumberCalls, context);
    if (known) return known;
    this.#print(call);
    const served = callService(machine, call, this);
    if (served) return this.#served(call, served, context);
    if (isService(call.name)) return undefined;
    return this.#allocated(context);
  }

  /** Somebody else gives a reference back. */
  #putByOther(machine: Machine, call: ExternalCall): void {
    const place = placeOf(call.arguments[0]);
    if (place) this.putNow.add(place.object);
    callService(machine, call, this);
  }

  #print(call: ExternalCall): void {
    const line = printedLine(call);
    if (line === undefined || this.#parts.teller.isQuiet) return;
    const key = `${call.file}:${call.span.start}`;
    if (printsOnce(call.name) && this.#printed.has(key)) return;
    this.#printed.add(key);
    this.#parts.print(line);
  }

  #foreign(context: CallContext): Value {
    const { call, machine } = context;
    const result = this.#parts.unknownCalls.answer(context);
    if (checksMapping(call, result, this.bytesAtHand)) this.#parts.assumptions.checking.add(`${call.name}()`);
    if (!this.#parts.teller.isQuiet) this.pairs.called(call, result, this.#parts.duringOf(machine.frames[0]?.function ?? ''));
    return result;
  }

  /** Memory of the driver is kept with its device, or as what its set-up made. */
  #remember(call: ExternalCall, result: Value): void {
    if (result.kind !== 'pointer' || result.place.path.length > 0 || result.place.object.origin.kind !== 'allocated') return;
    this.#parts.environment.registered.allocated(result.place.object, managedCall.test(call.name));
  }

  #served(call: ExternalCall, result: Value, context: CallContext): Value {
    if (call.name === 'ERR_PTR' && !this.#parts.teller.isQuiet) reportNoError(context);
    if (call.name === 'memset' || call.name === 'memset_io') {
      const place = context.place(0);
      if (place) this.#parts.memory.fill(place, Number((context.ulong(1) ?? 0n) & 0xffn), context.ulong(2) ?? 0n);
    }
    return result;
  }

  /** `kmalloc` and its relatives: an object that gets pages when somebody asks where it is. */
  #allocated(context: CallContext): Value | undefined {
    const { call, machine } = context;
    const allocator = allocatorOf(call.name);
    if (!allocator) return undefined;
    const expected = call.expected.kind === 'pointer' ? call.expected.to : unknownType;
    const size = allocationSize(call, allocator);
    const gfp = allocator.gfp === undefined ? 0n : (context.ulong(allocator.gfp) ?? 0n);
    const zeroed = allocator.zeroed === true || (gfp & 0x100n) !== 0n;
    const origin = {
      kind: 'allocated',
      call: call.name,
      ...(size ? { size } : {}),
      arguments: call.arguments,
      span: call.span,
      zeroed,
    } as const;
    if (!reserved(context)) return nullPointer();
    const object = machine.allocate(context.label(), expected, origin);
    if (allocator.memory === 'iomem') this.#parts.memory.plan(object, 'device', (size && constantOf(size)) || 0x1_0000n);
    const result = pointerTo(object);
    seePhysical(context, result);
    return result;
  }
}

/** Calls that give a reference back, and tell or free where it was the last one. */
const givesBack = /^(kref_put(_mutex|_lock)?|(refcount|atomic)_dec_and_(test|lock|mutex_lock))$/;

/** Tables of calls that end the simulation with arguments that they do not understand. */
const understood: readonly KernelCallTable[] = [mappingCalls, historicCalls, entryCalls, libraryCalls, allocationCalls, pageCalls];

function run(table: KernelCallTable, context: CallContext): Value | undefined {
  return Object.hasOwn(table, context.call.name) ? table[context.call.name]?.(context) : undefined;
}

/** An allocation with `__GFP_NOFAIL` waits until there is memory. */
function neverFails(context: CallContext): boolean {
  const gfp = allocatorOf(context.call.name)?.gfp;
  const flags = gfp === undefined ? undefined : context.ulong(gfp);
  const { value } = kernelConstant('__GFP_NOFAIL', context.system.version) ?? { value: 0n };
  return flags !== undefined && (flags & value) !== 0n;
}

/** A call that the model knows, with arguments that it does not understand. */
function notFollowed(context: CallContext): never {
  const { call, machine } = context;
  const missing = call.arguments.findIndex((value) => value.kind === 'opaque' || numberOf(value) === 0n);
  const argument = call.arguments[missing];
  if (argument?.kind === 'address') {
    return machine.stop({ kind: 'fault', message: `${call.name} gets NULL as its argument ${missing + 1}.` });
  }
  return machine.stop({ kind: 'notUnderstood', what: `the arguments of ${call.name}` });
}

/** Forgets the number behind a pointer that an unknown call got: it may have been filled in. */
export function forgetFilled(value: Value): string | undefined {
  if (value.kind !== 'pointer' || value.place.object.origin.kind !== 'local') return undefined;
  forget(value.place);
  return placeName(value.place);
}

/** Constants of Linux for the executor. */
export function linuxConstant(
  name: string,
  version: Parameters<typeof kernelConstant>[1],
  typeOf: (spelling: string) => CType,
): ReturnType<World['constant']> {
  const found = kernelConstant(name, version);
  if (!found) return undefined;
  return { value: found.value, type: found.type === 'pointer' ? { kind: 'pointer', to: { kind: 'void' } } : typeOf(found.type) };
}
