/**
 * What the driver's own functions tell about a cell: the expressions that they assign to it, evaluated by running them on
 * the side. A value that a function sets may also not be set yet; both are choices.
 */
import type { Driver, FieldSource } from '../../driver/model.ts';
import type { CType } from '../../execution/ctype.ts';
import { keyOf } from '../../execution/place.ts';
import type { Place, PointerValue, Value } from '../../execution/value.ts';
import type { RunOutcome } from '../../execution/world.ts';
import type { Location } from '../../protocol/position.ts';
import type { Expression, Span, TypeName } from '../../syntax/ast.ts';
import type { SimulatedProgram } from '../program.ts';
import { formatValue, integer, nothing, nullPointer, numberOf } from '../world/values.ts';
import { type Assumptions, type Choice, formatAssumed } from './assumptions.ts';
import { assignmentsTo, type WrittenFunction, writeFunction, writtenFor, writtenForCall, writtenForVariable } from './provenance.ts';
import { subjectOf } from './subject.ts';
import { constantsComparedWith, hasElementsSet, usesOf } from './uses.ts';

export interface ToldContext {
  readonly driver: Driver;
  readonly program: SimulatedProgram;
  readonly assumptions: Assumptions;
  /** Runs a written function on the side; whatever happens in it, the run goes on. */
  attempt(name: string, args: readonly Value[]): RunOutcome;
  locationOf(file: string, span: Span): Location;
  /** Whether the function has run in this run already. */
  hasRun(name: string): boolean;
  /** Whether the function is running just now. */
  isRunning(name: string): boolean;
}

const hasRunChoices = [
  { value: 0n, text: 'no', reason: 'the driver has been set up, and the scenario has not called it' },
  { value: 1n, text: 'yes', reason: 'what it sets up is needed' },
] as const;

/** Assignments of constants that are looked at for one cell. */
const mostStates = 6;

interface Chosen {
  readonly isGlobal?: boolean;
  /** What else it may have been set to. */
  readonly others?: readonly Choice[];
}

/** How deep one value's origin may need another's. */
const maximumDepth = 8;

/** Calls that store their result through a pointer. */
const storing = /alloc|get_resource|read_u32|property_read/;

export class Told {
  readonly #context: ToldContext;
  readonly #busy = new Set<string>();
  /** What the values being looked for are called: allocations made on the way bear the innermost name. */
  readonly #wanted: string[] = [];
  /** Whether the driver assigns to elements of each of them. */
  readonly #filled: boolean[] = [];

  constructor(context: ToldContext) {
    this.#context = context;
  }

  /** The name for memory that is allocated just now, when it is allocated for a value that was asked for. */
  get wanted(): string | undefined {
    return this.#wanted.at(-1);
  }

  /** Whether the driver assigns to elements of the memory that is allocated just now. */
  get isFilledSince(): boolean {
    return this.#filled.at(-1) === true;
  }

  /** The value that the files tell; `struct` is the tag of the struct that holds the field. */
  valueOf(place: Place, struct: string | undefined, name: string, type: CType): Value | undefined {
    if (this.#busy.has(name) || this.#busy.size >= maximumDepth) return undefined;
    this.#busy.add(name);
    this.#wanted.push(name);
    this.#filled.push(type.kind === 'pointer' && type.to.kind === 'integer' && hasElementsSet(this.#context.driver, subjectOf(place)));
    try {
      const written = this.#written(place, struct);
      for (const [index, each] of written.entries()) {
        const value = this.#evaluate(each, place, type);
        if (!value) continue;
        const others = value.kind === 'integer' ? this.#constants(written.slice(index + 1), place, type) : [];
        return this.#chosen(name, value, each.source, { isGlobal: place.object.origin.kind === 'global', others });
      }
      return this.#storedByCall(place, struct, name, type);
    } finally {
      this.#busy.delete(name);
      this.#wanted.pop();
      this.#filled.pop();
    }
  }

  /**
   * The value of a cell that the set-up left at 0: 0, unless functions that have not run yet are taken to have run; then what
   * they set it to. Nothing when no such function sets it.
   */
  laterValueOf(place: Place, struct: string | undefined, name: string, type: CType): Value | undefined {
    if (this.#busy.has(name) || this.#busy.size >= maximumDepth) return undefined;
    this.#busy.add(name);
    this.#wanted.push(name);
    try {
      for (const each of this.#written(place, struct)) {
        const { function: by, file, span } = each.source;
        if (by === '' || this.#context.hasRun(by) || this.#context.assumptions.asItRuns) continue;
        const location = this.#context.locationOf(file, span);
        if (this.#context.assumptions.choose(`${by}() has run`, hasRunChoices, location) === 0n) continue;
        const value = this.#evaluate(each, place, type);
        if (value) return value;
      }
      return undefined;
    } finally {
      this.#busy.delete(name);
      this.#wanted.pop();
    }
  }

  #isSetUp = false;

  /** The driver's own functions have set it up: what others set is not set yet. */
  setUpEnds(): void {
    this.#isSetUp = true;
  }

  /** The value of a constant expression of the driver. */
  constantValue(value: Expression): bigint | undefined {
    const { driver, program, attempt } = this.#context;
    const written = writeFunction(driver, undefined, { field: '', value, function: '', file: driver.file, span: value.span });
    if (!written) return undefined;
    program.write(written.definition, written.file);
    const outcome = attempt(written.definition.name, []);
    return outcome.kind === 'returned' ? numberOf(outcome.value) : undefined;
  }

  /** Whether no function of the driver assigns to a file-level variable: C has set it to 0. */
  isNeverSet({ object, path }: Place): boolean {
    const variable = path.length === 0 && object.origin.kind === 'global' ? this.#context.driver.variables.get(object.name) : undefined;
    return variable !== undefined && !variable.isExtern && assignmentsTo(this.#context.driver, object.name).length === 0;
  }

  /** Whether the place is in a file-level variable that the set-up could have written, and it is over. */
  isLeftAsItWas({ object }: Place): boolean {
    return this.#isSetUp && object.origin.kind === 'global' && this.#context.driver.variables.get(object.name)?.isExtern === false;
  }

  #written(place: Place, struct: string | undefined): readonly WrittenFunction[] {
    const { driver } = this.#context;
    const subject = subjectOf(place);
    if (subject.kind === 'field') return writtenFor(driver, struct, subject.name, penultimate(place));
    // Memory bears the name of the variable that leads to it.
    const isVariable = place.path.length === 0 && place.object.origin.kind !== 'allocated';
    return isVariable && driver.variables.has(subject.name) ? writtenForVariable(driver, subject.name) : [];
  }

  /** A field whose address a call gets: `dma_alloc_coherent(dev, size, &priv->dma, gfp)` fills it. */
  #storedByCall(place: Place, struct: string | undefined, name: string, type: CType): Value | undefined {
    const { driver } = this.#context;
    const subject = subjectOf(place);
    if (subject.kind !== 'field') return undefined;
    for (const { around, function: inside } of usesOf(driver, subject).slice(0, 20)) {
      const [taken, call] = around;
      if (taken?.kind !== 'addressOf' || call?.kind !== 'call' || call.callee.kind !== 'name' || !storing.test(call.callee.name)) continue;
      const written = writtenForCall(driver, struct, inside, call);
      if (!written || written.owners === 0) continue;
      this.#evaluate(written, place, type);
      const stored = place.object.cells.get(keyOf(place));
      if (stored && stored.kind !== 'opaque') return this.#chosen(name, stored, written.source);
    }
    return undefined;
  }

  #evaluate(written: WrittenFunction, place: Place, type: CType): Value | undefined {
    const { program, attempt } = this.#context;
    program.write(written.definition, written.file);
    const owner = ownerPointer(place);
    const args = Array.from({ length: written.owners }, () => owner);
    const outcome = attempt(written.definition.name, args);
    if (outcome.kind !== 'returned') return undefined;
    // A 0 that was computed from what is not known tells nothing.
    if (written.source.value.kind !== 'number' && numberOf(outcome.value) === 0n) return undefined;
    // Of fresh structs and arrays of pointers only the place is told: what they hold comes later.
    if (isFreshContainer(outcome.value, type) || this.#holdsStructs(outcome.value, place)) return undefined;
    return fits(outcome.value, type) ? outcome.value : undefined;
  }

  /** Fresh memory of bytes that the driver looks at as structs of its own. */
  #holdsStructs(value: Value, place: Place): boolean {
    if (value.kind !== 'pointer' || value.place.object.origin.kind !== 'allocated') return false;
    const { driver } = this.#context;
    const isStruct = (type: TypeName) => type.kind === 'pointer' && type.to.kind === 'tagged' && driver.types.has(type.to.name ?? '');
    return usesOf(driver, subjectOf(place)).some(({ around }) => around.some((each) => each.kind === 'cast' && isStruct(each.type)));
  }

  /** The constants that other functions set the cell to: the states that it goes through. */
  #constants(written: readonly WrittenFunction[], place: Place, type: CType): readonly Choice[] {
    const choices = new Map<bigint, Choice>();
    for (const each of written.slice(0, mostStates)) {
      const { kind } = each.source.value;
      const number = kind === 'number' || kind === 'name' ? numberOf(this.#evaluate(each, place, type) ?? nothing) : undefined;
      if (number === undefined || number === 0n || choices.has(number)) continue;
      choices.set(number, { value: number, text: formatAssumed(number), reason: `${each.source.function} sets it to this` });
    }
    for (const constant of constantsComparedWith(this.#context.driver, subjectOf(place)).slice(0, mostStates)) {
      const number = this.constantValue(constant);
      if (number === undefined || number === 0n || choices.has(number)) continue;
      choices.set(number, { value: number, text: formatAssumed(number), reason: 'the driver compares it with this value', isGuess: true });
    }
    return [...choices.values()].slice(0, mostStates);
  }

  /** What a function of the driver sets, what others do, or 0 where that function has not run yet. */
  #chosen(name: string, value: Value, source: FieldSource, { isGlobal = false, others = [] }: Chosen = {}): Value {
    const { driver, assumptions, locationOf } = this.#context;
    const text = driver.files.get(source.file)?.slice(source.value.span.start, source.value.span.end).replace(/\s+/g, ' ') ?? '';
    const number = value.kind === 'integer' || value.kind === 'address' ? (numberOf(value) ?? 0n) : undefined;
    const shown = number === undefined ? formatValue(value) : formatAssumed(number);
    const by = source.function === '' ? 'its initialiser' : source.function;
    const told = { value: number ?? 1n, text: shown, reason: `${by} sets it to \`${shorten(text)}\`` };
    const location = locationOf(source.file, source.span);
    if (number === 0n || source.function === '') {
      assumptions.note({ name, value: shown, reason: told.reason, location });
      return value;
    }
    const unset = {
      value: 0n,
      text: '0',
      reason: `${by}, which sets it, has not ${this.#context.isRunning(source.function) ? 'come to that yet' : 'run'}`,
    };
    const different = others.filter((other) => other.value !== told.value);
    // What a function is about to set to a pointer was not set before, as far as anybody knows.
    const isAhead = value.kind === 'pointer' && this.#context.isRunning(source.function);
    const choices =
      isAhead || (this.#isSetUp && isGlobal && !this.#context.hasRun(source.function))
        ? ([unset, told, ...different] as const)
        : ([told, unset, ...different] as const);
    const chosen = assumptions.choose(name, choices, location);
    if (chosen === told.value || (chosen !== 0n && value.kind !== 'integer')) return value;
    if (chosen !== 0n && value.kind === 'integer') return integer(value.type, chosen);
    return value.kind === 'integer' ? integer(value.type, 0n) : nullPointer();
  }
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

/** Memory from `kmalloc` and the like for a field that points to structs or to pointers. */
function isFreshContainer(value: Value, type: CType): boolean {
  if (value.kind !== 'pointer') return false;
  const isTyped = type.kind === 'pointer' && type.to.kind !== 'void' && type.to.kind !== 'unknown';
  const to = isTyped ? type.to : value.place.object.type;
  const isContainer = to.kind === 'pointer' || (to.kind === 'struct' && to.name !== 'page');
  return isContainer && value.place.path.length === 0 && value.place.object.origin.kind === 'allocated';
}

/** Whether an evaluated value can be the field's: pointers must lead somewhere, and numbers be numbers. */
function fits(value: Value, type: CType): boolean {
  if (type.kind === 'pointer')
    return value.kind === 'pointer' || value.kind === 'function' || (value.kind === 'address' && (numberOf(value) ?? 0n) > 0xffffn);
  if (type.kind === 'integer') return numberOf(value) !== undefined || value.kind === 'pointer';
  return value.kind === 'pointer' || numberOf(value) !== undefined;
}

function shorten(text: string): string {
  return text.length > 90 ? `${text.slice(0, 87)}…` : text;
}
