/**
 * Questions about a driver's text, for those who read what it says without running it. Each asks for as little as it needs, so that one who
 * keeps answers over edits can tell which of them an edit leaves as they are. Knows no C but names.
 */
import type { Span } from '../syntax/ast.ts';
import type { Driver, Place } from './model.ts';

/** Some lines of a text. */
export interface Lines {
  /** The offset in the file at which they begin. */
  readonly start: number;
  /** With their line breaks. */
  readonly text: string;
}

/** What is asked of a driver's texts. Functions are those of its own file, in the order of the driver's functions. */
export interface DriverText {
  /** What stands at a place. */
  slice(place: Place): string;
  /** The whole lines that a place touches. */
  lines(place: Place): Lines;
  /** What stands in the nearest braces: from behind the last `{` before a place to the next `}` after it. */
  braced(place: Place): Place;
  /** Whether the driver's own file holds a match anywhere. */
  mentions(pattern: RegExp): boolean;
  /** Whether any file of the driver holds a match. */
  mentionsAnywhere(pattern: RegExp): boolean;
  /** The functions in whose texts each of `patterns` has a match. */
  functionsWith(patterns: readonly RegExp[]): readonly string[];
  /** The functions in whose texts one of `words` stands; a word may stand in a comment. */
  functionsNaming(words: Iterable<string>): readonly string[];
  /** Those functions, and all that lead to one of them by the names of functions: a cheap no, before bodies are parsed. */
  functionsReaching(words: Iterable<string>): ReadonlySet<string>;
  /** Goes on with what was read of the version before, of which these functions alone were edited; that one is not asked again. */
  takeOver(before: DriverText, edited: readonly EditedFunction[]): void;
}

/** A function whose body an edit changed, with its whole text in both versions. */
export class EditedFunction {
  readonly name: string;
  readonly before: string;
  readonly after: string;
  /** It is the same C, laid out in another way. */
  readonly isSame: boolean;
  readonly wordsBefore: ReadonlySet<string>;
  readonly wordsAfter: ReadonlySet<string>;

  constructor(name: string, before: string, after: string, isSame: boolean) {
    this.name = name;
    this.before = before;
    this.after = after;
    this.isSame = isSame;
    this.wordsBefore = new Set(wordsIn(before));
    this.wordsAfter = new Set(wordsIn(after));
  }

  /** Whether the word stands in one of the versions. */
  names(word: string): boolean {
    return this.wordsBefore.has(word) || this.wordsAfter.has(word);
  }

  /** Whether the word came or went. */
  changes(word: string): boolean {
    return this.wordsBefore.has(word) !== this.wordsAfter.has(word);
  }
}

/** The words of a text, as C spells names. */
function wordsIn(text: string): readonly string[] {
  return text.match(/[A-Za-z_]\w*/g) ?? [];
}

/** The functions in whose texts a word stands. */
type Naming = Map<string, Set<string>>;

export class TextOfDriver implements DriverText {
  readonly #driver: Pick<Driver, 'file' | 'ownText' | 'files' | 'functions'>;
  #naming: Naming | undefined;

  constructor(driver: Pick<Driver, 'file' | 'ownText' | 'files' | 'functions'>) {
    this.#driver = driver;
  }

  slice({ file, span }: Place): string {
    return (this.#driver.files.get(file) ?? '').slice(span.start, span.end);
  }

  lines({ file, span: { start, end } }: Place): Lines {
    const text = this.#driver.files.get(file) ?? '';
    const first = text.lastIndexOf('\n', start - 1) + 1;
    const next = text.indexOf('\n', end);
    return { start: first, text: text.slice(first, next < 0 ? text.length : next + 1) };
  }

  braced({ file, span }: Place): Place {
    const text = this.#driver.files.get(file) ?? '';
    const close = text.indexOf('}', span.end);
    return { file, span: { start: text.lastIndexOf('{', span.start) + 1, end: close < 0 ? text.length : close } };
  }

  mentions(pattern: RegExp): boolean {
    return pattern.test(this.#driver.ownText);
  }

  mentionsAnywhere(pattern: RegExp): boolean {
    return [...this.#driver.files.values()].some((text) => pattern.test(text));
  }

  functionsWith(patterns: readonly RegExp[]): readonly string[] {
    const text = this.#driver.ownText;
    if (!patterns.every((pattern) => pattern.test(text))) return [];
    return this.#functions.filter(({ span }) => matchesEach(text.slice(span.start, span.end), patterns)).map(({ name }) => name);
  }

  functionsNaming(words: Iterable<string>): readonly string[] {
    return this.#inOrder(this.#named(words));
  }

  functionsReaching(words: Iterable<string>): ReadonlySet<string> {
    const found = this.#named(words);
    for (const name of found) for (const caller of this.#functionsByWord.get(name) ?? []) found.add(caller);
    return new Set(this.#inOrder(found));
  }

  takeOver(before: DriverText, edited: readonly EditedFunction[]): void {
    const naming = before instanceof TextOfDriver ? before.#naming : undefined;
    if (!naming || this.#naming || before === this) return;
    for (const { name, wordsBefore, wordsAfter } of edited) {
      for (const word of wordsBefore) naming.get(word)?.delete(name);
      for (const word of wordsAfter) note(naming, word, name);
    }
    this.#naming = naming;
  }

  get #functions(): readonly { readonly name: string; readonly span: Span }[] {
    return [...this.#driver.functions.values()].filter(({ file }) => file === this.#driver.file);
  }

  #inOrder(names: ReadonlySet<string>): readonly string[] {
    return names.size > 1 ? [...this.#driver.functions.keys()].filter((name) => names.has(name)) : [...names];
  }

  #named(words: Iterable<string>): Set<string> {
    const found = new Set<string>();
    for (const word of words) for (const name of this.#functionsByWord.get(word) ?? []) found.add(name);
    return found;
  }

  get #functionsByWord(): Naming {
    this.#naming ??= this.#readNaming();
    return this.#naming;
  }

  #readNaming(): Naming {
    const text = this.#driver.ownText;
    const naming: Naming = new Map();
    for (const { name, span } of this.#functions) for (const word of wordsIn(text.slice(span.start, span.end))) note(naming, word, name);
    return naming;
  }
}

function note(naming: Naming, word: string, name: string): void {
  const names = naming.get(word);
  if (names) names.add(name);
  else naming.set(word, new Set([name]));
}

export function matchesEach(text: string, patterns: readonly RegExp[]): boolean {
  return patterns.every((pattern) => pattern.test(text));
}
