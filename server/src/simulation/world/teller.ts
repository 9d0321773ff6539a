/**
 * Tells the trace what the C code does: calls with their arguments and results, writes to the vma, the C stack with its
 * values. Silent while a value's origin is evaluated on the side. Records; decides nothing.
 */
import { placeName } from '../../execution/place.ts';
import type { Place, Value } from '../../execution/value.ts';
import type { ExternalCall, Frame, Machine } from '../../execution/world.ts';
import type { KernelStop } from '../../mm/problem.ts';
import type { Location } from '../../protocol/position.ts';
import type { NamedValue, TraceStep } from '../../protocol/trace.ts';
import type { Span } from '../../syntax/ast.ts';
import { libraryFile } from '../library/library.ts';
import type { Recorder } from '../trace/recorder.ts';
import { formatProt } from '../trace/sentences.ts';
import type { CallContext } from './call-context.ts';
import { learn } from './object-names.ts';
import { formatFault, formatValue, numberOf } from './values.ts';

export interface TellerContext {
  readonly recorder: Recorder;
  locationOf(file: string, span: Span): Location;
  textOf(file: string, span: Span): string;
  /** Names of a function's parameters. */
  parametersOf(name: string): readonly string[];
}

/** Values shown for one frame. */
const maximumValues = 12;

/** Comparisons that are kept of one run. */
const mostCompared = 400;

/** One function on the stack with the values of its variables. */
interface ShownFrame {
  readonly frame: Frame;
  readonly values: Map<string, Value>;
}

export class Teller {
  readonly #context: TellerContext;
  #frames: ShownFrame[] = [];
  #quiet = 0;
  /** Where statements of the driver's code that ran begin; offsets in their files. */
  readonly reached = new Set<number>();
  /** How many statements ran. */
  statementsRun = 0;
  /** The statement that the function at the bottom of the stack ran last: for the line it returns from. */
  #last: { readonly file: string; readonly span: Span } | undefined;
  #stopped: KernelStop | undefined;
  readonly #entered = new Set<string>();

  constructor(context: TellerContext) {
    this.#context = context;
  }

  get isQuiet(): boolean {
    return this.#quiet > 0;
  }

  /** Runs without telling anything: for evaluations on the side. */
  quietly<Result>(run: () => Result): Result {
    const frames = this.#frames;
    const last = this.#last;
    this.#frames = [];
    this.#quiet += 1;
    try {
      return run();
    } finally {
      this.#quiet -= 1;
      this.#frames = frames;
      this.#last = last;
    }
  }

  /** Runs a callback of the driver on a stack of its own. */
  onNewStack<Result>(run: () => Result): Result {
    const frames = this.#frames;
    this.#frames = [];
    try {
      return run();
    } finally {
      this.#frames = frames;
    }
  }

  /** The last statement of the function that was entered from outside; `undefined` when it has none. */
  get lastPlace(): { readonly file: string; readonly span: Span } | undefined {
    return this.#last;
  }

  /** The kernel stopped inside a call: kept, so that whoever started the run can go on unwinding. */
  kernelStopped(stop: KernelStop): void {
    this.#stopped = stop;
  }

  takeKernelStop(): KernelStop | undefined {
    const stop = this.#stopped;
    this.#stopped = undefined;
    return stop;
  }

  /** How many statements have run that are told about. */
  statements = 0;

  statement(machine: Machine, span: Span): void {
    if (machine.file === libraryFile) return;
    if (!this.isQuiet) this.statements += 1;
    this.#last = { file: machine.file, span };
    if (this.isQuiet) return;
    this.reached.add(span.start);
    this.statementsRun += 1;
  }

  /**
   * Numbers that the driver has found to differ, as `left right`: what it wants to be equal is among them. A user address that leads
   * nowhere differs from one that does.
   */
  readonly compared = new Set<string>();

  comparison(left: bigint, right: bigint): void {
    if (left !== right && !this.isQuiet && this.compared.size < mostCompared) this.compared.add(`${left} ${right}`);
  }

  /** Whether the function has run. */
  hasEntered(name: string): boolean {
    return this.#entered.has(name);
  }

  entered(machine: Machine, frame: Frame, args: readonly Value[]): void {
    this.#entered.add(frame.function);
    const names = this.#context.parametersOf(frame.function);
    const values = new Map<string, Value>();
    for (const [index, value] of args.entries()) {
      const name = names[index] ?? `argument ${index + 1}`;
      learn(value, name);
      values.set(name, value);
    }
    if (machine.frames.length === 1) this.#last = undefined;
    this.#frames.length = machine.frames.length - 1;
    this.#frames.push({ frame, values });
  }

  left(machine: Machine, _frame: Frame, _value: Value): void {
    this.#frames.length = Math.max(0, machine.frames.length - 1);
  }

  /** A local variable changed. */
  write(_machine: Machine, place: Place, value: Value): void {
    if (place.object.origin.kind !== 'local' || place.path.length > 0) return;
    learn(value, place.object.name);
    this.#frames.at(-1)?.values.set(place.object.name, value);
  }

  /** A call that is told as a step of its own, with its result in the title. */
  call(context: CallContext, run: () => Value): Value {
    const { call, machine } = context;
    if (this.isQuiet || call.file === libraryFile) return run();
    const foldKey = call.span;
    if (this.#context.recorder.folds(foldKey)) {
      this.#context.recorder.step({ title: call.name, kind: 'call', actor: 'driver', foldKey });
      return run();
    }
    this.#context.recorder.step({
      title: `${call.name}(${call.arguments.map((value, index) => this.#argument(context, value, index)).join(', ')})`,
      kind: 'call',
      actor: 'driver',
      location: this.#context.locationOf(call.file, call.span),
      stack: this.#stack(machine),
      foldKey,
    });
    const told = this.#context.recorder.steps.length;
    const result = run();
    if (result.kind === 'void') return result;
    // Where the call ran functions of the driver, other steps have begun since.
    const isLast = this.#context.recorder.steps.length === told;
    if (isLast) this.#context.recorder.addToTitle(` = ${formatResult(call.name, result)}`);
    else this.#context.recorder.change(`${call.name} returns ${formatResult(call.name, result)}`);
    return result;
  }

  /** Whether the call stands alone as a statement, so that nobody looks at its result. */
  isResultUnused({ file, span }: ExternalCall): boolean {
    const before = this.#context.textOf(file, { start: Math.max(0, span.start - 40), end: span.start });
    const after = this.#context.textOf(file, { start: span.end, end: span.end + 1 });
    return after === ';' && /(^|[;{})]|else|\*\/)\s*$/.test(before);
  }

  /** An unknown call and what it is taken to return. */
  assumedCall(context: CallContext, result: Value): void {
    this.call(context, () => result);
    if (!this.isQuiet) this.#context.recorder.addToTitle(', assumed');
  }

  /** A plain store to a field of the vma, the vmf or the vm_area_desc. */
  fieldWrite(machine: Machine, place: Place, value: Value, span: Span): void {
    if (this.isQuiet) return;
    const protection = lastFieldOf(place) === 'vm_page_prot' ? numberOf(value) : undefined;
    this.#context.recorder.step({
      title: `${placeName(place)} = ${protection === undefined ? formatValue(value) : formatProt(protection)}`,
      kind: 'call',
      actor: 'driver',
      location: this.#context.locationOf(machine.file, span),
      stack: this.#stack(machine),
      foldKey: span,
    });
  }

  /** Something that a reader should know about this line. */
  remark(machine: Machine, span: Span, sentence: string): void {
    if (this.isQuiet) return;
    const line = this.#context.locationOf(machine.file, span).range.start.line + 1;
    this.#context.recorder.change(`line ${line}: ${sentence}`);
  }

  /** The value of a loop's index, for the name of an array's element. */
  indexText(name: string): string | undefined {
    const value = this.#frames.at(-1)?.values.get(name);
    return value && numberOf(value)?.toString();
  }

  /** An argument as users read it: names of constants as written, everything else by its value. */
  #argument({ call }: CallContext, value: Value, index: number): string {
    const expression = call.expressions[index];
    const text = expression ? this.#context.textOf(call.file, expression.span).replace(/\s+/g, ' ') : '';
    const isConstant = /^[A-Z_][A-Z0-9_]*(?: ?\| ?[A-Z_][A-Z0-9_]*)*$/.test(text);
    return isConstant || /prot\b/.test(text) ? text : formatValue(value);
  }

  /** The stack, innermost first. */
  #stack(machine: Machine): TraceStep['stack'] {
    const { locationOf } = this.#context;
    const places = machine.frames.map((_, index) => {
      const inner = machine.frames[index + 1];
      return inner?.calledAt
        ? { file: machine.frames[index]?.file ?? machine.file, span: inner.calledAt }
        : { file: machine.file, span: machine.span };
    });
    return machine.frames
      .map((frame, index) => {
        const at = places[index];
        return { function: frame.function, ...(at ? { location: locationOf(at.file, at.span) } : {}), values: this.#values(index) };
      })
      .toReversed();
  }

  #values(index: number): readonly NamedValue[] {
    const shown = this.#frames[index];
    if (!shown) return [];
    return [...shown.values].slice(-maximumValues).map(([name, value]) => ({ name, value: formatValue(value) }));
  }
}

function lastFieldOf({ path }: Place): string | undefined {
  const last = path.at(-1);
  return last?.kind === 'field' ? last.name : undefined;
}

/** A status, or the fault bits that some calls give. */
function formatResult(name: string, value: Value): string {
  const number = name.startsWith('vmf_') ? numberOf(value) : undefined;
  return number === undefined ? formatValue(value) : formatFault(number);
}
