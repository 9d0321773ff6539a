/**
 * The tools every part of the mask works with: the tokens that are still there, writing stand-ins of equal length,
 * and what the file's own macros look like. Does not decide what is masked.
 */
import type { MacroDefinition } from '../ast.ts';
import { textOfCharacters } from '../characters.ts';
import type { Scan } from '../scan.ts';
import { TokenKind, type Tokens } from '../tokens.ts';
import { emptyMarks, type Marks } from './marks.ts';
import { isAttributeWord, isIteratorName } from './words.ts';

/** What a `{` opens. */
export const BraceKind = { unknown: 0, block: 1, members: 2, enumerators: 3, initializer: 4, file: 5 } as const;

/** What a macro of this file is by its body: nothing but attributes, the head of a statement, or anything else. */
export type MacroShape = 'attribute' | 'head' | 'other';

const attributeBody = /^(__attribute__\s*\(\(.*\)\))?$/;
const headBody = /^\s*(for|while|if|switch)\b/;

export class MaskWork {
  readonly tokens: Tokens;
  readonly source: string;
  readonly marks: Marks = emptyMarks();
  /** Set for a token where a statement, a member or a file-level item begins. */
  readonly begins: Uint8Array;
  /** A `BraceKind` for a `{` whose meaning was settled before the walk comes to it. */
  readonly braces: Uint8Array;
  /** Typedefs of the file, as far as the walk has come. */
  readonly typeNames = new Set<string>();
  readonly #characters: Uint16Array;
  readonly #removed: Uint8Array;
  readonly #macros = new Map<string, MacroDefinition>();
  readonly #shapes = new Map<string, MacroShape>();

  constructor(scan: Scan) {
    this.tokens = scan.tokens;
    this.source = scan.source;
    this.#characters = scan.characters;
    this.begins = new Uint8Array(scan.tokens.count + 2);
    this.braces = new Uint8Array(scan.tokens.count + 2);
    this.#removed = new Uint8Array(scan.tokens.count + 2);
    for (const macro of scan.macros) {
      const known = this.#macros.get(macro.name);
      if (known && known.body.trim() !== macro.body.trim()) this.#shapes.set(macro.name, 'other');
      this.#macros.set(macro.name, macro);
    }
  }

  /** Index of the next token that is still there. */
  next(index: number): number {
    let at = index + 1;
    while (this.#removed[at]) at++;
    return at;
  }

  previous(index: number): number {
    let at = index - 1;
    while (at >= 0 && this.#removed[at]) at--;
    return at;
  }

  isRemoved(index: number): boolean {
    return this.#removed[index] === 1;
  }

  /** The token behind `index`, or behind its matching bracket when it opens one that is closed. */
  step(index: number): number {
    const match = this.tokens.match(index);
    return this.next(match > index ? match : index);
  }

  /** Takes tokens `first` to `last` (inclusive) out of the text. */
  remove(first: number, last: number): void {
    this.blank(this.tokens.start(first), this.tokens.end(last));
    this.#removed.fill(1, first, last + 1);
  }

  /** Lets the walk pass over tokens whose text was already replaced. */
  erase(first: number, last: number): void {
    this.#removed.fill(1, first, last + 1);
  }

  /** Blanks from one offset to another, keeping line breaks. */
  blank(start: number, end: number): void {
    const characters = this.#characters;
    for (let at = start; at < end; at++) {
      const c = characters[at];
      if (c !== 0x0a && c !== 0x0d) characters[at] = 0x20;
    }
  }

  put(offset: number, text: string): void {
    for (let at = 0; at < text.length; at++) this.#characters[offset + at] = text.charCodeAt(at);
  }

  /** Makes one name of the text between two offsets: `struct page *` becomes `struct_page__`. */
  nameOver(start: number, end: number): void {
    const characters = this.#characters;
    for (let at = start; at < end; at++) {
      const c = characters[at] ?? 0;
      const letter = (c >= 0x61 && c <= 0x7a) || (c >= 0x41 && c <= 0x5a) || (c >= 0x30 && c <= 0x39 && at > start);
      if (!letter) characters[at] = 0x5f;
    }
  }

  /** Puts `mark` into the gap behind token `index`; `false` when there is no gap. */
  putBehind(index: number, mark: string): boolean {
    const at = this.tokens.end(index);
    const following = this.next(index);
    const limit = following < this.tokens.count ? this.tokens.start(following) : this.#characters.length;
    if (at >= limit) return false;
    this.#characters[at] = mark.charCodeAt(0);
    return true;
  }

  /** Whether a line break stands between two tokens. */
  breaksBetween(left: number, right: number): boolean {
    return this.source.slice(this.tokens.end(left), this.tokens.start(right)).includes('\n');
  }

  is(index: number, punctuation: number): boolean {
    return this.tokens.kind(index) === TokenKind.punctuation && this.tokens.code(index) === punctuation;
  }

  /** What the file's own definition of a macro says of it; `undefined` when the file does not define it. */
  shape(name: string): MacroShape | undefined {
    const macro = this.#macros.get(name);
    if (!macro) return undefined;
    let shape = this.#shapes.get(name);
    if (!shape) {
      const body = macro.body.trim();
      const head = body.length < 4096 && !/[;}]$/.test(body) && (headBody.test(body) || isIteratorName(/^\w*/.exec(body)?.[0] ?? ''));
      shape = head ? 'head' : body.length < 512 && (attributeBody.test(body) || isAttributeWord(body)) ? 'attribute' : 'other';
      this.#shapes.set(name, shape);
    }
    return shape;
  }

  /** Whether the file defines `name` as a macro with parameters. */
  takesArguments(name: string): boolean {
    return this.#macros.get(name)?.parameters !== undefined;
  }

  /** The text between two offsets as it is masked by now. */
  maskedText(start: number, end: number): string {
    return textOfCharacters(this.#characters, start, end);
  }
}
