/**
 * One life of a program in a world: its objects, the C stack, where the run is and what it has used up. The compiled code
 * works on this; worlds and services see it as `Machine`. Ending early is an exception that never leaves `run.ts`.
 */
import type { Span, TypeName } from '../syntax/ast.ts';
import { type Arithmetic, arithmetic, integerOf } from './arithmetic.ts';
import type { Compiled, FunctionCode } from './code.ts';
import { convert } from './conversion.ts';
import { type CType, type IntegerType, unknownType } from './ctype.ts';
import { type MemoryOwner, readCell, writeCell } from './memory.ts';
import { type Location, wholeOf } from './place.ts';
import { constant, constantOf, type Term } from './term.ts';
import type { TypeTable } from './type-table.ts';
import type { IntegerValue, MemoryObject, Place, Value } from './value.ts';
import type { Budget, Frame, Machine, Stop, World } from './world.ts';

/** Unwinds to `run.ts`. */
export class Stopped extends Error {
  readonly stop: Stop;

  constructor(stop: Stop) {
    super(stop.kind);
    this.stop = stop;
  }
}

const nowhere: Span = { start: 0, end: 0 };

export class Run implements Machine, MemoryOwner {
  readonly world: World;
  readonly compiled: Compiled;
  readonly types: TypeTable;
  readonly frames: Frame[] = [];
  span: Span = nowhere;
  file = '';
  /** The variables of the function that runs, by slot. */
  locals: (Location | undefined)[] = [];
  /** What the function that is being left returns. */
  returned: Value = { kind: 'void' };
  /** What is to be done when the blocks that run are left, the last first. */
  cleanups: ((run: Run) => void)[] = [];
  /** How often each backward `goto` of this function was taken. */
  jumps: Map<object, number> | undefined;
  /** Globals and static locals by their declaration, string literals by their expression. */
  readonly lasting = new Map<object, Location>();
  readonly #assumed = new Map<string, MemoryObject>();
  readonly #functions = new Map<string, MemoryObject>();
  readonly #containers = new Map<string, MemoryObject>();
  readonly #observesStatements: boolean;
  readonly #observesComparisons: boolean;
  #objects = 0;
  #stepsLeft = 0;
  #depthLeft = 0;

  constructor(compiled: Compiled, world: World) {
    this.compiled = compiled;
    this.types = compiled.types;
    this.world = world;
    this.#observesStatements = world.onStatement !== undefined;
    this.#observesComparisons = world.onCompare !== undefined;
  }

  /** Starts counting anew, with an empty stack. Gives what brings the run back that was under way, where one was. */
  begin(budget: Budget): () => void {
    const { locals, span, file, cleanups, jumps } = this;
    const frames = [...this.frames];
    const steps = this.#stepsLeft;
    const depth = this.#depthLeft;
    this.#stepsLeft = budget.steps;
    this.#depthLeft = budget.depth;
    this.frames.length = 0;
    this.locals = [];
    this.cleanups = [];
    this.jumps = undefined;
    if (frames.length === 0) return () => {};
    return () => {
      this.#stepsLeft = steps;
      this.#depthLeft = depth;
      this.frames.splice(0, this.frames.length, ...frames);
      Object.assign(this, { locals, span, file, cleanups, jumps });
    };
  }

  /** Counts one step at `span`. */
  step(span: Span): void {
    this.span = span;
    if (--this.#stepsLeft < 0) this.stop({ kind: 'budget', what: 'steps' });
    if (this.#observesStatements) this.world.onStatement?.(this, span);
  }

  /** Tells the world that two numbers are compared, where both are known. */
  compared(left: IntegerValue, right: IntegerValue): void {
    if (!this.#observesComparisons) return;
    const a = constantOf(left.term);
    const b = constantOf(right.term);
    if (a !== undefined && b !== undefined) this.world.onCompare?.(this, a, b);
  }

  read(place: Place, type: CType): Value {
    return readCell(this, place, type);
  }

  write(place: Place, value: Value, span: Span): void {
    writeCell(this, place, value, span);
  }

  allocate(name: string, type: CType, origin: MemoryObject['origin']): MemoryObject {
    const id = ++this.#objects;
    return { id, name, type, origin, cells: new Map() };
  }

  adopt<Made extends MemoryObject>(make: (id: number) => Made): Made {
    return make(++this.#objects);
  }

  invoke(name: string, args: readonly Value[]): Value {
    const code = this.compiled.function(name);
    if (!code) return this.stop({ kind: 'notUnderstood', what: `the function ${name}, which the program does not define` });
    return this.enter(code, args);
  }

  /** Runs a function on top of the stack. */
  enter(code: FunctionCode, args: readonly Value[]): Value {
    if (--this.#depthLeft < 0) this.stop({ kind: 'budget', what: 'depth' });
    const { locals, span, file, cleanups, jumps } = this;
    const frame: Frame =
      this.frames.length === 0 ? { function: code.name, file: code.file } : { function: code.name, file: code.file, calledAt: span };
    this.frames.push(frame);
    this.file = code.file;
    this.locals = [];
    this.cleanups = [];
    this.jumps = undefined;
    this.world.onEnter?.(this, frame, args);
    const value = code.call(this, args);
    this.world.onLeave?.(this, frame, value);
    this.frames.pop();
    this.locals = locals;
    this.cleanups = cleanups;
    this.jumps = jumps;
    this.span = span;
    this.file = file;
    this.#depthLeft++;
    return value;
  }

  convert(value: Value, type: CType): Value {
    return convert(this, value, type);
  }

  resolve(type: TypeName): CType {
    return this.types.resolve(type);
  }

  sizeOf(type: CType): Term {
    const size = this.types.sizeOf(type);
    if (size !== undefined) return constant(size);
    return this.unknownNumber(`sizeof(${typeText(type)})`, this.types.model.unsignedLong).term;
  }

  /** `left operator right`; the run ends at a division by zero. */
  arithmetic(operator: Arithmetic, left: IntegerValue, right: IntegerValue): IntegerValue {
    return arithmetic(operator, left, right) ?? this.stop({ kind: 'fault', message: 'A number is divided by 0.' });
  }

  stop(stop: Stop): never {
    throw new Stopped(stop);
  }

  /** A number that nobody knows, the same one each time it is asked for by this name. */
  unknownNumber(name: string, type: IntegerType): IntegerValue {
    const value = this.convert(this.read(wholeOf(this.assumed(name, type)), type), type);
    return value.kind === 'integer' ? value : integerOf(type, 0n);
  }

  /** The object that stands for something outside the program, by its name. */
  assumed(name: string, type: CType): MemoryObject {
    return this.#remembered(this.#assumed, name, () => this.allocate(name, type, { kind: 'global' }));
  }

  /** What a pointer that cannot be followed points to. */
  assumedTarget(pointer: string, type: CType, at?: bigint): MemoryObject {
    const origin = { kind: 'assumed' as const, ...(at === undefined ? {} : { at }) };
    return this.#remembered(this.#assumed, `*${pointer}`, () => this.allocate(pointer, type, origin));
  }

  /** The container that was made up for a member, by what identifies it. */
  container(id: string, make: () => MemoryObject): MemoryObject {
    return this.#remembered(this.#containers, id, make);
  }

  /** The object whose address is that of the function. */
  functionObject(name: string): MemoryObject {
    const type: CType = { kind: 'function', returns: unknownType, parameters: [] };
    return this.#remembered(this.#functions, name, () => this.allocate(name, type, { kind: 'global' }));
  }

  #remembered(map: Map<string, MemoryObject>, name: string, make: () => MemoryObject): MemoryObject {
    const known = map.get(name);
    if (known) return known;
    const made = make();
    map.set(name, made);
    return made;
  }
}

/** A type as messages spell it. */
export function typeText(type: CType): string {
  switch (type.kind) {
    case 'void':
      return 'void';
    case 'integer':
      return type.name ?? `${type.signed ? 'int' : 'uint'}${type.bits}`;
    case 'pointer':
      return `${typeText(type.to)} *`;
    case 'array':
      return `${typeText(type.of)}[${type.length ?? ''}]`;
    case 'struct':
      return `${type.tag} ${type.name}`;
    case 'function':
      return `${typeText(type.returns)}()`;
    case 'unknown':
      return type.name ?? 'unknown';
  }
}
