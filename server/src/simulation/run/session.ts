/**
 * One life of a driver on one modelled machine: builds the executor, the world and the recorder around each other and
 * runs the driver's functions when mm or the scenario call for them. Long because all parts of a life meet here.
 * Knows no scenario statement.
 */
import type { Driver, Handler } from '../../driver/model.ts';
import { basicType, lp64 } from '../../execution/basic-types.ts';
import { unknownType } from '../../execution/ctype.ts';
import { createExecutor, type Executor } from '../../execution/run.ts';
import { TypeTable } from '../../execution/type-table.ts';
import type { MemoryObject, Value } from '../../execution/value.ts';
import type { Budget, ExternalCall, Machine, RunOutcome } from '../../execution/world.ts';
import type { KernelVersion } from '../../kernel/version.ts';
import { Mm } from '../../mm/mm.ts';
import { alloc_pages } from '../../mm/physical/allocate.ts';
import { KernelStop } from '../../mm/problem.ts';
import { System, type SystemConfig } from '../../mm/system.ts';
import { higher, PAGE_SHIFT } from '../../mm/units.ts';
import { vma_pages } from '../../mm/vma.ts';
import type { Location } from '../../protocol/position.ts';
import type { MemoryState } from '../../protocol/trace.ts';
import { kernelDialect } from '../../services/kernel-types.ts';
import type { Span } from '../../syntax/ast.ts';
import { configOf } from '../kernel-options.ts';
import { libraryCaller, libraryFile } from '../library/library.ts';
import { DriverLife } from '../life/driver-life.ts';
import { Registered, type RegisteredDevice } from '../life/registered.ts';
import { type SimulatedProgram, simulatedProgram } from '../program.ts';
import { AssumedMemory } from '../state/assumed-memory.ts';
import { Assumptions, type Wishes } from '../state/assumptions.ts';
import { DriverState } from '../state/driver-state.ts';
import { Iommu } from '../state/iommu.ts';
import { NamedMemory } from '../state/named-memory.ts';
import { namedWindows } from '../state/named-windows.ts';
import { windowExtent } from '../state/regions.ts';
import { Recorder } from '../trace/recorder.ts';
import type { Names } from '../trace/sentences.ts';
import { memoryState } from '../trace/snapshot.ts';
import type { Balance } from '../world/balance.ts';
import type { CallEnvironment } from '../world/call-context.ts';
import { Deferred } from '../world/deferred.ts';
import { Failures } from '../world/failures.ts';
import { KernelMemory, type PlannedKind } from '../world/kernel-memory.ts';
import { LockOrder } from '../world/lock-order.ts';
import { foreignFault, foreignOps } from '../world/mapping-helpers.ts';
import { KernelObjects } from '../world/objects.ts';
import { OpsTables } from '../world/ops-tables.ts';
import { OtherHolders } from '../world/other-holders.ts';
import { duringOf } from '../world/paired-calls.ts';
import { reportKept } from '../world/self-checks.ts';
import { Teller } from '../world/teller.ts';
import { UnknownCalls } from '../world/unknown-calls.ts';
import { formatValue, intValue, numberOf, placeOf } from '../world/values.ts';
import { linuxConstant, SimulationWorld } from '../world/world.ts';
import { Arguments } from './arguments.ts';
import { budgetFor, budgetForSetUp, sideBudget } from './budgets.ts';
import { somewhereOwn } from './buffers.ts';
import { isInTable, linesOf } from './driver-text.ts';
import { FileLevel } from './file-level.ts';
import { letGo, oopsLine, sameCall } from './oops.ts';
import { ResultNames } from './result-names.ts';
import { SimulationStop } from './stop.ts';
import { faultSlots, formatReturned } from './titles.ts';
import { jumpIntoNothing } from './unloaded.ts';

/** Whether an int of the driver is an error. */
function isNegative(value: Value): boolean {
  const number = numberOf(value);
  return number !== undefined && BigInt.asIntN(32, number) < 0n;
}

/** What a brief trace shows of memory. */
const noMemory: MemoryState = { processes: [], pages: [] };

export interface SessionOptions {
  readonly driver: Driver;
  readonly handler: Handler;
  readonly version: KernelVersion;
  readonly wishes: Wishes;
  /** Nobody looks at the memory in the trace: no step photographs it. */
  readonly brief?: boolean;
  /** How the modelled kernel is configured, where that is not as usual. */
  readonly config?: Partial<SystemConfig>;
}

export class Session {
  readonly driver: Driver;
  readonly handler: Handler;
  readonly system: System;
  readonly assumptions: Assumptions;
  readonly recorder: Recorder;
  readonly failures = new Failures();
  readonly objects: KernelObjects;
  readonly tables: OpsTables;
  readonly state: DriverState;
  readonly fileLevel: FileLevel;
  /** How often the driver's function in each slot has run. */
  readonly counts = new Map<string, number>();
  /** The module is gone; whoever still calls into it jumps into nothing. */
  unloaded = false;
  /** What the driver has given to the kernel. */
  readonly registered = new Registered();
  /** The device that the scenario opens, where the driver has registered it. */
  opened: RegisteredDevice | undefined;
  readonly life = new DriverLife(this);
  readonly deferred = new Deferred();
  /** The process that the running action belongs to. */
  currentMm: Mm | undefined;
  /** Another process than the program's reaches into its memory. */
  isByOther = false;
  readonly #other: Mm;
  readonly types: TypeTable;
  readonly #brief: boolean;
  readonly #executor: Executor;
  readonly #world: SimulationWorld;
  readonly #environment: CallEnvironment;
  readonly #arguments: Arguments;
  readonly #program: SimulatedProgram;
  readonly #teller: Teller;
  readonly #memory: KernelMemory;
  readonly #others: OtherHolders;
  #faultAddress: bigint | undefined;

  constructor({ driver, handler, version, wishes, brief, config }: SessionOptions, names: Names) {
    this.#brief = brief === true;
    this.driver = driver;
    this.handler = handler;
    this.system = new System(version, { ...configOf(driver.target), ...config });
    this.#other = new Mm(this.system, 0);
    this.assumptions = new Assumptions(wishes);
    this.recorder = new Recorder(this.system, names, brief ? () => noMemory : () => memoryState(this.system, names));
    const program = simulatedProgram(driver);
    this.#program = program;
    const types = new TypeTable(program, kernelDialect);
    this.types = types;
    const machine = () => this.machine;
    this.#memory = new KernelMemory(this.system, machine, types, (run) => this.recorder.silently(run));
    const resultNames = new ResultNames(driver, this.system, (index) => this.#teller.indexText(index));
    this.objects = new KernelObjects(machine, (pfn) => resultNames.page(pfn));
    this.tables = new OpsTables(
      machine,
      this.objects,
      {
        parametersOf: (name) => driver.functions.get(name)?.parameters.length,
        missing: ({ because }) => this.stop(because),
        isDefined: (table) => driver.variables.get(table)?.isExtern === false,
        run: (slot, name, args) => this.runDriver(slot, name, args),
        memory: this.#memory,
        foreign: (table) => foreignOps(environment, table),
        unknownSlot: (table, slot) =>
          this.stop(`the table ${table} is defined in another file, so nothing is known of its ${slot} function`),
      },
      version,
    );
    this.#teller = new Teller({
      recorder: this.recorder,
      locationOf: (file, span) => this.locationOf(file, span),
      textOf: (file, span) => driver.files.get(file)?.slice(span.start, span.end) ?? '',
      parametersOf: (name) => driver.functions.get(name)?.parameters.map((parameter) => parameter.name ?? '') ?? [],
    });
    this.#others = new OtherHolders(driver, this.assumptions, types);
    const iommu = new Iommu(this.assumptions, version);
    this.state = new DriverState({
      driver,
      iommu,
      machine,
      program,
      system: this.system,
      memory: this.#memory,
      assumptions: this.assumptions,
      attempt: (name, args) => this.#attempt(name, args),
      locationOf: (file, span) => this.locationOf(file, span),
      types,
      registered: this.registered,
      hasRun: (name) => this.#teller.hasEntered(name),
      isRunning: (name) => this.machine.frames.some((frame) => frame.function === name),
      faultAddress: () => this.#faultAddress,
      page: (label) => this.#page(label),
      single: (struct) => this.#single(struct),
    });
    this.fileLevel = new FileLevel({ driver, program, attempt: (name) => this.#attempt(name, []) });
    this.#arguments = new Arguments({ driver, registered: this.registered, state: this.state, machine });
    const assumed = new AssumedMemory({ state: this.state, memory: this.#memory, assumptions: this.assumptions, machine });
    const named = new NamedMemory({
      system: this.system,
      assumptions: this.assumptions,
      windows: namedWindows(driver),
      extent: windowExtent(this.assumptions.roomy),
      compared: () => this.#teller.compared,
    });
    const environment: CallEnvironment = {
      system: this.system,
      objects: this.objects,
      memory: this.#memory,
      types,
      registered: this.registered,
      lockOrder: new LockOrder(() => this.currentMm?.mmapLock ?? 'none'),
      deferred: this.deferred,
      asItRuns: this.assumptions.asItRuns,
      iommu,
      currentMm: () => this.currentMm ?? this.stop('there is no process'),
      userFault: (address: bigint) => (address === 0n ? undefined : this.#teller.comparison(address, somewhereOwn)),
      currentTask: () => this.objects.task(this.isByOther ? this.#other : this.currentMm),
      nameOfResult: (call: ExternalCall) => this.state.wanted ?? resultNames.assigned(call) ?? `${call.name}()`,
      isFilledSince: () => this.state.isFilledSince,
      deviceRegion: (name: string, reason: string, length?: bigint) => assumed.region(name, reason, { length }),
      knowAddress: (physical, vma) => named.know(physical, vma),
      assumedBuffer: (name: string, kind: PlannedKind, because: string) => assumed.buffer(name, kind, because),
      mentions: (name: string) => [...driver.files.values()].some((text) => text.includes(name)),
      filledByUser: (place) => this.state.filledByUser(place),
      opsAt: (table: Value) => this.tables.opsAt(table),
      call: (on: Machine, call: ExternalCall) =>
        program.function(call.name) ? on.invoke(call.name, call.arguments) : world.call(on, call),
      ramRegion: (name: string, reason: string) => assumed.region(name, reason, { isRam: true }),
    };
    this.#environment = environment;
    const unknownCalls = new UnknownCalls({
      assumptions: this.assumptions,
      teller: this.#teller,
      locationOf: (file, span) => this.locationOf(file, span),
      page: (label) => this.#page(label),
    });
    const world: SimulationWorld = new SimulationWorld({
      environment,
      failures: this.failures,
      objects: this.objects,
      memory: this.#memory,
      fields: {
        system: this.system,
        objects: this.objects,
        tables: this.tables,
        opened: () => this.opened,
      },
      state: this.state,
      teller: this.#teller,
      unknownCalls,
      duringOf: (name) => duringOf(this.driver, name),
      assumptions: this.assumptions,
      others: this.#others,
      types,
      isConfigured: (call) => {
        const [option] = call.expressions;
        return option?.kind !== 'name' || driver.target.config.get(option.name) !== 'n';
      },
      isForeignFunction: (name) => isInTable(driver, name),
      print: (line) => this.recorder.message(line),
      stopAt: ({ file, span }, { because }) => this.stop(`${because} (${this.#lineOf(file, span)})`),
      constant: (name) => linuxConstant(name, version, (spelling) => basicType(spelling, lp64) ?? unknownType),
    });
    this.#world = world;
    this.#executor = createExecutor(program, kernelDialect, world);
  }

  get machine(): Machine {
    return this.#executor.machine;
  }

  /** Where statements of the driver's code that ran begin, how many ran, and which numbers they found to differ. */
  get coverage(): { readonly reached: ReadonlySet<number>; readonly statementsRun: number; readonly compared: ReadonlySet<string> } {
    return this.#teller;
  }

  /** How many statements of the driver the scenario has run. */
  get statements(): number {
    return this.#teller.statements;
  }

  /** Counts of the driver that have changed since its set-up. */
  get balance(): Pick<Balance, 'changed'> {
    const { balance, pairs } = this.#world;
    return { changed: [...balance.changed, ...pairs.changed] };
  }

  get memory(): KernelMemory {
    return this.#memory;
  }

  /** Ends the simulation: `because` says what cannot be followed. */
  stop(because: string): never {
    throw new SimulationStop(because);
  }

  /** Whether the driver's files define the function. */
  defines(name: string): boolean {
    return this.driver.functions.has(name);
  }

  /**
   * Runs a function of the driver in a slot, told as steps. A fault in it is an oops of the modelled kernel; what cannot
   * be followed ends the simulation.
   */
  runDriver(slot: string, name: string, args: readonly Value[]): Value {
    if (this.unloaded) jumpIntoNothing(this.system, this.driver.file, slot, name);
    this.counts.set(slot, (this.counts.get(slot) ?? 0) + 1);
    if (!this.#program.function(name)) return this.#runForeign(slot, name, args);
    const header = this.driver.functions.get(name);
    this.objects.refresh();
    this.recorder.step({
      title: `${name}(${args.map(formatValue).join(', ')})`,
      kind: 'enter',
      actor: 'driver',
      ...(header ? { location: this.locationOf(header.file, header.nameSpan) } : {}),
    });
    if (slot === 'fault')
      this.#faultAddress = args.map((each) => this.objects.pointed(each, 'vmf')?.vmf.address).find((each) => each !== undefined);
    const { kept } = this.#world;
    if (slot === 'mmap') kept.begin();
    this.#world.callsNow.clear();
    this.#world.putNow.clear();
    this.#others.begin(slot === 'mmap');
    const outcome = this.#teller.onNewStack(() => this.#executor.run(name, args, this.#budgetFor(args)));
    if (slot === 'mmap') this.#reportKept(name, kept.end(outcome.kind !== 'stopped' && isNegative(outcome.value)));
    this.objects.refresh();
    if (outcome.kind === 'stopped') return this.#stopped(outcome);
    const last = this.#teller.lastPlace ?? (header && { file: header.file, span: { start: header.span.end - 1, end: header.span.end } });
    this.recorder.step({
      title: outcome.value.kind === 'void' ? `${name} returns` : `${name} returns ${formatReturned(slot, outcome.value)}`,
      kind: 'leave',
      actor: 'driver',
      ...(last ? { location: this.locationOf(last.file, last.span) } : {}),
    });
    return outcome.value;
  }

  /** The program goes on after a system call. */
  returnToUser(): void {
    reportKept(this.system, this.#environment.lockOrder.watched);
  }

  #reportKept(name: string, messages: readonly string[]): void {
    for (const message of messages) this.system.report({ kind: 'leak', message, where: { function: name, file: this.driver.file } });
  }

  /** Workers do what the driver has left to them. A worker that the kernel stops is not the program's matter. */
  runDeferred(): void {
    if (!this.assumptions.asItRuns || this.unloaded) return;
    try {
      this.deferred.run((name, args) => void this.runDriver('work', name, args));
    } catch (thrown) {
      if (!(thrown instanceof KernelStop)) throw thrown;
    }
  }

  /** The limits of a call with these arguments: a loop over the pages of a large mapping is no loop without end. */
  #budgetFor(args: readonly Value[]): Budget {
    const pages = args.map((each) => this.objects.pointed(each, 'vma')?.vma).map((vma) => (vma ? vma_pages(vma) : 0n));
    const most = pages.reduce(higher, 0n);
    const { pagesAtHand, ...budget } = budgetFor(most, this.#brief);
    this.#world.pagesAtHand = pagesAtHand;
    this.#world.bytesAtHand = most << PAGE_SHIFT;
    return budget;
  }

  /**
   * Arguments for a function by the types of its parameters: `known` by struct tag, or by the type as spelled (`loff_t *`)
   * for other pointers; integers take `numbers` in their order; everything else is assumed.
   */
  argumentsFor(name: string, known: Readonly<Record<string, Value>>, numbers: readonly Value[] = []): readonly Value[] {
    return this.#arguments.for(name, known, numbers);
  }

  locationOf(file: string, span: Span): Location {
    const caller = file === libraryFile ? libraryCaller(this.machine.frames) : undefined;
    if (caller) return this.locationOf(caller.file, caller.span);
    const lines = linesOf(this.driver, file);
    return { file, range: { start: lines.positionAt(span.start), end: lines.positionAt(span.end) } };
  }

  #runForeign(slot: string, name: string, args: readonly Value[]): Value {
    const vmf = this.objects.pointed(args[0], 'vmf')?.vmf;
    const answered = vmf && foreignFault(this.#environment, name, vmf);
    if (answered !== undefined) return intValue(answered);
    const where = `${name}() of the slot ${slot} is defined in another file`;
    if (faultSlots.has(slot) || slot === 'mmap') this.stop(where);
    this.recorder.change(`${where}: it is taken to do nothing`);
    return intValue(0);
  }

  #lineOf(file: string, span: Span): string {
    const { file: shown, range } = this.locationOf(file, span);
    return `${shown.slice(shown.lastIndexOf('/') + 1)}:${range.start.line + 1}`;
  }

  #stopped(outcome: Extract<RunOutcome, { kind: 'stopped' }>): never {
    const { stop, span, file } = outcome;
    const line = this.#lineOf(file, span);
    const freedNow =
      stop.kind === 'fault' && stop.freed && this.#isFreedNow(stop.freed) ? ` ${this.#others.haveLetGo ? letGo : sameCall}` : '';
    switch (stop.kind) {
      case 'kernel': {
        const thrown = this.#teller.takeKernelStop();
        if (thrown) throw thrown;
        return this.system.stop({
          kind: 'bug',
          message: `${stop.message} (${line}).`,
          kernelLog: `kernel BUG at ${line}!`,
          where: { function: this.handler.function, file },
        });
      }
      case 'fault':
        return this.system.stop({
          kind: 'oops',
          message: `${stop.message}${freedNow} The kernel oopses in the driver (${line}).`,
          ...(stop.address === undefined ? {} : { kernelLog: oopsLine(stop.address) }),
          where: { function: this.handler.function, file },
        });
      case 'notUnderstood':
        return this.stop(`${stop.what} cannot be followed (${line})`);
      case 'budget':
        return this.stop(`the driver's code runs too long to be followed (${stop.what}, ${line})`);
    }
  }

  /** Whether the driver's function that runs just now has put a reference to the object and freed it so; no open file has it, whose reference would outlive the call. */
  #isFreedNow(object: MemoryObject): boolean {
    const isOfFile = this.system.files.some((file) => !file.released && placeOf(file.private_data as Value | undefined)?.object === object);
    const { callsNow, putNow } = this.#world;
    return object.freed !== undefined && !isOfFile && putNow.has(object) && callsNow.has(object.freed);
  }

  /** Runs a function of the set-up without telling what it does, whatever happens in it. */
  runQuietly(name: string, args: readonly Value[]): RunOutcome {
    return this.#attempt(name, args, budgetForSetUp(this.#brief));
  }

  #attempt(name: string, args: readonly Value[], limits = sideBudget): RunOutcome {
    return this.#teller.quietly(() => {
      try {
        return this.recorder.silently(() => this.#executor.run(name, args, limits));
      } catch (thrown) {
        if (!(thrown instanceof KernelStop) && !(thrown instanceof SimulationStop)) throw thrown;
        return { kind: 'stopped', stop: { kind: 'kernel', message: thrown.message }, span: this.machine.span, file: this.machine.file };
      } finally {
        this.#teller.takeKernelStop();
      }
    });
  }

  #page(label: string): Value {
    const allocation = this.recorder.silently(() => alloc_pages(this.system, { order: 0, label, zero: true }));
    this.#memory.adopt(allocation, { kind: 'kernel', what: 'memory' });
    return this.objects.page(BigInt(allocation.runs[0]?.pfn ?? 0));
  }

  #single(struct: string): Value | undefined {
    if (struct === 'task_struct') return this.objects.task(this.currentMm);
    return struct === 'mm_struct' && this.currentMm ? this.objects.mm(this.currentMm) : undefined;
  }
}
