/**
 * The analysis' World: unknown values are symbols, branches are choices that `explore.ts` replays, calls of the kernel
 * have the effects of `kernel-calls.ts`. One world is one run; what it saw becomes a `Path`.
 */

import type { Driver } from '../driver/model.ts';
import { type CType, int, long, unsignedInt, unsignedLong } from '../execution/ctype.ts';
import { keyOf, placeName } from '../execution/place.ts';
import type { Term } from '../execution/term.ts';
import { lnot, truth } from '../execution/term-build.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import { termKey } from '../execution/term-key.ts';
import type { IntegerValue, MemoryObject, Place, Value } from '../execution/value.ts';
import type { ExternalCall, Frame, LoopAnswer, Machine, RunOutcome, World } from '../execution/world.ts';
import { type KernelConstant, kernelConstant } from '../kernel/constants.ts';
import { isPrinting } from '../services/hints.ts';
import type { Span } from '../syntax/ast.ts';
import type { Decision } from './explore.ts';
import type { Seen } from './kept-runs.ts';
import { answerCall } from './kernel-calls.ts';
import { Knowledge } from './knowledge.ts';
import { LocksHeld } from './locks-held.ts';
import { Loops } from './loops.ts';
import type { CallEvent, Condition, Doubt, Entry, Path, PathEvent, VmaAt, WriteEvent } from './path.ts';
import { RunState } from './run-state.ts';
import { Unknowns } from './unknowns.ts';

/** The objects that an entry was called with and that events report on. */
export interface EntryObjects {
  /** The vma, or the vm_area_desc in its place. */
  readonly vma?: MemoryObject;
  readonly vmf?: MemoryObject;
}

/** What is the same for all events of a moment. */
type Moment = Omit<CallEvent, 'kind' | 'name' | 'nameSpan' | 'arguments' | 'argumentSpans' | 'pointees' | 'result' | 'known' | 'span'>;

export class SymbolicWorld implements World {
  readonly driver: Driver;
  readonly unknowns: Unknowns;
  readonly locks: LocksHeld;
  readonly decisions: Decision[] = [];
  /** Statements and calls run so far. */
  steps = 0;
  readonly #prefix: readonly boolean[];
  readonly #knowledge = new Knowledge();
  readonly #loops = new Loops();
  readonly #conditions: Condition[] = [];
  readonly #events: PathEvent[] = [];
  readonly #doubts = new Map<string, Doubt>();
  readonly #entered = new Set<string>();
  readonly #state: RunState;
  #objects: EntryObjects = {};
  #vmaKnown = true;
  /** What the last events had, shared while it is the same. */
  #vmaAt: VmaAt | undefined;
  #frames: readonly Frame[] = [];
  /** Writes are the driver's own only while its text is being run. */
  #recording = false;

  constructor(driver: Driver, entry: Entry, prefix: readonly boolean[]) {
    this.driver = driver;
    this.unknowns = new Unknowns(driver);
    this.#state = new RunState(driver);
    this.locks = new LocksHeld(entry.mmapLock);
    this.#prefix = prefix;
  }

  /** The entry's objects are made: from here on the run is the driver's. */
  start(objects: EntryObjects, guarantees: readonly Term[]): void {
    this.#objects = objects;
    for (const guarantee of guarantees) this.#knowledge.assume(guarantee);
    this.#recording = true;
  }

  /** What the run saw. */
  path(outcome: RunOutcome, machine: Machine): Path {
    if (outcome.kind === 'stopped' && outcome.stop.kind === 'fault') {
      this.#events.push({ kind: 'fault', span: outcome.span, message: outcome.stop.message, ...this.#moment(machine, outcome.span) });
    }
    const end = this.vmaNow();
    return { conditions: this.#conditions, events: this.#events, outcome, doubts: [...this.#doubts.values()], ...(end && { end }) };
  }

  /** Runs kernel code: what it writes is no write of the driver. */
  quietly<R>(work: () => R): R {
    const recording = this.#recording;
    this.#recording = false;
    const result = work();
    this.#recording = recording;
    return result;
  }

  /**
   * Something that a rule which needs certainty must know of, as a sentence; the symbols it left, if they are all it did, and those
   * that it was told of, if it saw no more.
   */
  doubt(sentence: string, symbols?: readonly string[], asked?: readonly string[]): void {
    const key = `${sentence} ${symbols?.join()}`;
    if (this.#doubts.has(key)) return;
    this.#doubts.set(key, { sentence, after: this.#conditions.length, ...(symbols && { symbols }), ...(asked && { asked }) });
  }

  /** The vma was given to a call that nobody knows. */
  loseVma(): void {
    this.#vmaKnown = false;
  }

  get objects(): EntryObjects {
    return this.#objects;
  }

  unknown(machine: Machine, place: Place, type: CType): Value {
    return this.quietly(() => this.unknowns.value(machine, place, type));
  }

  branch(machine: Machine, condition: IntegerValue, span: Span): boolean {
    const term = truth(condition.term);
    if (term.kind === 'constant') return term.value !== 0n;
    const known = this.#knowledge.decide(term);
    if (known !== undefined) return known;
    this.#loops.chose(machine, span);
    const taken = this.#prefix[this.decisions.length] ?? false;
    const state = this.#state.at(span, this.#loops.roundAt(machine, span), this.locks.held);
    this.decisions.push({ taken, function: machine.frames.at(-1)?.function ?? '', state, matters: isOfRequest(term) });
    this.#hold(machine, taken ? term : lnot(term), span);
    return taken;
  }

  assume(machine: Machine, condition: IntegerValue, holds: boolean, span: Span): void {
    const term = truth(condition.term);
    if (term.kind === 'constant') return;
    this.#hold(machine, holds ? term : lnot(term), span);
  }

  #hold(machine: Machine, term: Term, span: Span): void {
    if (isOfRequest(term)) this.#state.note(termKey(term));
    this.#knowledge.assume(term);
    const { file } = machine;
    this.#conditions.push({ term, span, file, function: machine.frames.at(-1)?.function ?? '' });
  }

  call(machine: Machine, call: ExternalCall): Value {
    this.steps++;
    const { name, nameSpan, span, arguments: args } = call;
    const moment = this.#moment(machine, span);
    const pointees = args.map((each) => numberAt(each));
    const { value, known, matters } = answerCall(this, machine, call);
    if (isPrinting(name)) return value;
    if (matters) this.#state.note(name);
    const argumentSpans = call.expressions.map(spanOf);
    this.#events.push({ kind: 'call', span, name, nameSpan, arguments: args, argumentSpans, pointees, result: value, known, ...moment });
    return value;
  }

  addressOf(_machine: Machine, place: Place): Term {
    return this.unknowns.addressOf(place);
  }

  placeAt(machine: Machine, address: Term): Place | undefined {
    return this.unknowns.placeAt(machine, address);
  }

  loop(machine: Machine, span: Span, count: number): LoopAnswer {
    return this.#loops.enter(machine, span, count);
  }

  havoc(machine: Machine, place: Place, type: CType, previous: Value | undefined): Value {
    return this.quietly(() => this.unknowns.havoc(machine, place, type, previous));
  }

  constant(name: string): WorldConstant | undefined {
    const { driver } = this;
    const known = constants.get(driver) ?? new Map<string, WorldConstant | undefined>();
    constants.set(driver, known);
    if (!known.has(name)) {
      const constant = kernelConstant(name, driver.target.version);
      known.set(name, constant && { value: constant.value, type: constantTypes[constant.type] });
    }
    return known.get(name);
  }

  /** What the run depends on. */
  get seen(): Seen {
    return { functions: this.#entered, fields: this.unknowns.askedFields };
  }

  onEnter(_machine: Machine, frame: Frame): void {
    this.#entered.add(frame.function);
    this.#state.enter(frame);
  }

  onLeave(): void {
    this.#state.leave();
  }

  onStatement(): void {
    this.steps++;
  }

  onWrite(machine: Machine, place: Place, value: Value, span: Span): void {
    if (!this.#recording || !this.#isWatched(place.object)) return;
    this.#state.note(placeName(place));
    const event: WriteEvent = { ...this.#moment(machine, span), kind: 'write', span, place, name: placeName(place), value };
    this.#events.push(event);
  }

  /** Whether the object is the vma, the vmf or the descriptor of the entry, or was reached through it. */
  #isWatched(object: MemoryObject): boolean {
    let at: MemoryObject | undefined = object;
    for (let depth = 0; at && depth < 8; depth++) {
      if (at === this.#objects.vma || at === this.#objects.vmf) return true;
      at = at.origin.kind === 'assumed' ? at.origin.from?.object : undefined;
    }
    return false;
  }

  #moment(machine: Machine, span: Span): Moment {
    const { file, frames } = machine;
    if (this.#frames.length !== frames.length || this.#frames.at(-1) !== frames.at(-1)) this.#frames = [...frames];
    const vma = this.vmaNow();
    const iteration = this.#loops.roundAt(machine, span);
    return {
      after: this.#conditions.length,
      file,
      frames: this.#frames,
      locks: this.locks.held,
      mmapLock: this.locks.mmap,
      ...(vma && { vma }),
      ...(iteration !== undefined && { iteration }),
    };
  }

  /** The entry's vma as it is now. */
  vmaNow(): VmaAt | undefined {
    const { vma } = this.#objects;
    if (!vma) return undefined;
    const keys = vma.type.kind === 'struct' && vma.type.name === 'vm_area_desc' ? descKeys : vmaKeys;
    const [flags, pgoff, start, end] = keys.map((key) => integerIn(vma, key));
    if (!flags || !pgoff || !start || !end) return undefined;
    const last = this.#vmaAt;
    const known = this.#vmaKnown;
    const same = last && last.flags === flags && last.pgoff === pgoff && last.start === start && last.end === end && last.known === known;
    if (!same) this.#vmaAt = { flags, pgoff, start, end, known };
    return this.#vmaAt;
  }

  /** Whether the value depends on what the system call asked for. */
  isFromRequest(value: Value): boolean {
    if (value.kind !== 'integer' && value.kind !== 'address') return false;
    return isOfRequest(value.term);
  }
}

/** Whether the term depends on what the system call asked for. */
function isOfRequest(term: Term): boolean {
  for (const symbol of symbolsOf(term).values()) if (symbol.control === 'user') return true;
  return false;
}

/** The number in a local variable that the argument points to. */
function numberAt(value: Value): IntegerValue | undefined {
  if (value.kind !== 'pointer' || value.place.object.origin.kind !== 'local') return undefined;
  const cell = value.place.object.cells.get(keyOf(value.place));
  return cell?.kind === 'integer' ? cell : undefined;
}

interface WorldConstant {
  readonly value: bigint;
  readonly type: CType;
}

/** The kernel's constants that a driver used, looked up once. */
const constants = new WeakMap<Driver, Map<string, WorldConstant | undefined>>();

/** Keys of the cells of flags, offset, start and end. */
const vmaKeys = ['.vm_flags', '.vm_pgoff', '.vm_start', '.vm_end'];
const descKeys = ['.vm_flags', '.pgoff', '.start', '.end'];

function integerIn(object: MemoryObject, key: string): Term | undefined {
  const value = object.cells.get(key);
  return value?.kind === 'integer' ? value.term : undefined;
}

function spanOf(expression: { readonly span: Span }): Span {
  return expression.span;
}

const constantTypes: Readonly<Record<KernelConstant['type'], CType>> = {
  int,
  'unsigned int': unsignedInt,
  long,
  'unsigned long': unsignedLong,
  'unsigned long long': { kind: 'integer', bits: 64, signed: false, name: 'unsigned long long' },
  pointer: { kind: 'pointer', to: { kind: 'void' } },
};
