/**
 * A driver that notes what is asked of it, so that what was made of the answers can be kept while they stay the same. Counts on edits that
 * change the bodies of functions alone: what stands outside of them is given without a note. Knows nothing of who asks.
 */
import type { Expression, FunctionDefinition, MacroDefinition, MacroMeaning, Span, TypeDefinition, TypeName } from '../syntax/ast.ts';
import { type DriverText, type EditedFunction, type Lines, matchesEach } from './driver-text.ts';
import type { Driver, DriverFunction, DriverProblem, FieldSource, Handler, OpsTable, Place, Target } from './model.ts';

/** What was asked of a driver. */
export class Asked {
  /** Functions whose bodies were read. */
  readonly bodies = new Set<string>();
  /** Functions whose texts were read, blanks and all. */
  readonly texts = new Set<string>();
  /** Fields whose assignments were asked for. */
  readonly fields = new Set<string>();
  /** Words for which the functions that name them were asked for. */
  readonly words = new Set<string>();
  /** Patterns for which the functions that match each of them were asked for. */
  readonly patterns: (readonly RegExp[])[] = [];
  /** Patterns that the whole file was searched for, with the answers. */
  readonly mentions = new Map<RegExp, boolean>();
  /** What others had asked whose answers were used. */
  readonly parts = new Set<Asked>();
  /** Whether it matters which functions name which others. */
  follows = false;
  /** Whether the text was read in a way that says nothing of what mattered. */
  everything = false;

  /** Whether all answers are the same for `driver`, after an edit of these functions. */
  isLeftBy(edited: readonly EditedFunction[], driver: Driver): boolean {
    if (edited.length === 0) return true;
    if (this.everything) return false;
    for (const each of edited) {
      if (this.texts.has(each.name)) return false;
      if (!each.isSame) {
        if (this.bodies.has(each.name)) return false;
        for (const field of this.fields) if (each.names(field)) return false;
      }
      for (const word of this.words) if (each.changes(word)) return false;
      if (this.patterns.some((patterns) => matchesEach(each.before, patterns) !== matchesEach(each.after, patterns))) return false;
    }
    if (this.follows && edited.some((each) => [...driver.functions.keys()].some((name) => each.changes(name)))) return false;
    for (const [pattern, answer] of this.mentions) if (driver.text.mentions(pattern) !== answer) return false;
    for (const part of this.parts) if (!part.isLeftBy(edited, driver)) return false;
    return true;
  }
}

export class AskedDriver implements Driver {
  readonly asked = new Asked();
  readonly whole: Driver;
  readonly text: DriverText;

  constructor(driver: Driver) {
    this.whole = driver;
    this.text = new AskedText(driver, this.asked);
  }

  get file(): string {
    return this.whole.file;
  }

  get target(): Target {
    return this.whole.target;
  }

  get ownText(): string {
    this.asked.everything = true;
    return this.whole.ownText;
  }

  get files(): ReadonlyMap<string, string> {
    this.asked.everything = true;
    return this.whole.files;
  }

  get handlers(): readonly Handler[] {
    return this.whole.handlers;
  }

  get inactiveHandlers(): readonly Handler[] {
    this.asked.everything = true;
    return this.whole.inactiveHandlers;
  }

  get tables(): readonly OpsTable[] {
    return this.whole.tables;
  }

  get functions(): ReadonlyMap<string, DriverFunction> {
    return this.whole.functions;
  }

  get variables(): Driver['variables'] {
    return this.whole.variables;
  }

  get types(): ReadonlyMap<string, TypeDefinition> {
    return this.whole.types;
  }

  get typedefs(): ReadonlyMap<string, TypeName> {
    return this.whole.typedefs;
  }

  get enumerators(): ReadonlyMap<string, Expression | undefined> {
    return this.whole.enumerators;
  }

  get enumeratorSteps(): Driver['enumeratorSteps'] {
    return this.whole.enumeratorSteps;
  }

  get macros(): ReadonlyMap<string, MacroDefinition> {
    return this.whole.macros;
  }

  get problems(): readonly DriverProblem[] {
    return this.whole.problems;
  }

  isUndecided(file: string, span: Span): boolean {
    return this.whole.isUndecided(file, span);
  }

  body(name: string): FunctionDefinition | undefined {
    this.asked.bodies.add(name);
    return this.whole.body(name);
  }

  macro(name: string): MacroMeaning | undefined {
    return this.whole.macro(name);
  }

  sourcesIn(name: string): readonly FieldSource[] {
    this.asked.bodies.add(name);
    return this.whole.sourcesIn(name);
  }

  sourcesOf(struct: string | undefined, field: string): readonly FieldSource[] {
    this.asked.fields.add(field);
    return this.whole.sourcesOf(struct, field);
  }
}

class AskedText implements DriverText {
  readonly #driver: Driver;
  readonly #asked: Asked;

  constructor(driver: Driver, asked: Asked) {
    this.#driver = driver;
    this.#asked = asked;
  }

  slice(place: Place): string {
    this.#note(place.file, place.span);
    return this.#driver.text.slice(place);
  }

  lines(place: Place): Lines {
    const lines = this.#driver.text.lines(place);
    this.#note(place.file, { start: lines.start, end: lines.start + lines.text.length });
    return lines;
  }

  braced(place: Place): Place {
    const braced = this.#driver.text.braced(place);
    this.#note(braced.file, braced.span);
    return braced;
  }

  mentions(pattern: RegExp): boolean {
    const answer = this.#driver.text.mentions(pattern);
    this.#asked.mentions.set(pattern, answer);
    return answer;
  }

  mentionsAnywhere(pattern: RegExp): boolean {
    return this.mentions(pattern) || this.#driver.text.mentionsAnywhere(pattern);
  }

  functionsWith(patterns: readonly RegExp[]): readonly string[] {
    this.#asked.patterns.push(patterns);
    return this.#driver.text.functionsWith(patterns);
  }

  functionsNaming(words: Iterable<string>): readonly string[] {
    return this.#driver.text.functionsNaming(this.#noteWords(words));
  }

  functionsReaching(words: Iterable<string>): ReadonlySet<string> {
    this.#asked.follows = true;
    return this.#driver.text.functionsReaching(this.#noteWords(words));
  }

  takeOver(): void {}

  #noteWords(words: Iterable<string>): readonly string[] {
    const all = [...words];
    for (const word of all) this.#asked.words.add(word);
    return all;
  }

  /** Notes the functions of whose bodies the span holds something. */
  #note(file: string, { start, end }: Span): void {
    if (file !== this.#driver.file) return;
    for (const { name, bodySpan } of this.#driver.functions.values())
      if (bodySpan.start < end && start < bodySpan.end) this.#asked.texts.add(name);
  }
}

/** A place of the version before in the text as it is now. */
export type MovePlace = <P extends Place>(place: P) => P;

interface Made<T> {
  readonly value: T;
  /** What it was made of, where that is noted. */
  readonly asked?: Asked;
}

/** Each takes what was made for one version of a driver over to the next. */
const carriers: ((from: Driver, to: Driver, edited: readonly EditedFunction[], move: MovePlace) => void)[] = [];

/** Takes over from a version of a driver to the next what an edit of these functions leaves as it was. */
export function carryOver(from: Driver, to: Driver, edited: readonly EditedFunction[], move: MovePlace): void {
  to.text.takeOver(from.text, edited);
  for (const carry of carriers) carry(from, to, edited, move);
}

/**
 * Something that is made once for each driver, and shared by all who ask: each of those that note what they ask has then asked what it
 * was made of. With `moved` it is kept over edits, which only move it.
 */
export function perDriver<T>(make: (driver: Driver) => T, moved?: (value: T, move: MovePlace) => T): (driver: Driver) => T {
  const known = new WeakMap<Driver, Made<T>>();
  if (moved)
    carriers.push((from, to, edited, move) => {
      const made = known.get(from);
      if (made?.asked?.isLeftBy(edited, to)) known.set(to, { ...made, value: moved(made.value, move) });
    });
  return (driver) => {
    const isNoted = driver instanceof AskedDriver;
    const whole = isNoted ? driver.whole : driver;
    let made = known.get(whole);
    if (!made || (isNoted && !made.asked)) {
      const own = isNoted ? new AskedDriver(whole) : undefined;
      made = own ? { value: make(own), asked: own.asked } : { value: make(whole) };
      known.set(whole, made);
    }
    if (isNoted && made.asked) driver.asked.parts.add(made.asked);
    return made.value;
  };
}
