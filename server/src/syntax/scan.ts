/**
 * One pass over a file's text: comments, directives and inactive branches become blanks of equal length, the rest
 * becomes tokens. What directives mean is the preprocessor's business, what tokens mean the mask's.
 */
import type { Include, MacroDefinition, Span, SyntaxProblem } from './ast.ts';
import { charactersOf, textOfCharacters } from './characters.ts';
import type { IncludeReader } from './included-text.ts';
import { Preprocessor } from './preprocessor.ts';
import type { SyntaxTarget } from './target.ts';
import { TokenKind, Tokens } from './tokens.ts';

export interface Scan {
  readonly source: string;
  /** The text with everything that is not active code blanked; the mask goes on writing into it. */
  readonly characters: Uint16Array;
  readonly tokens: Tokens;
  readonly macros: readonly MacroDefinition[];
  readonly includes: readonly Include[];
  /** Branches of conditionals that the target does not compile. */
  readonly inactive: readonly Span[];
  /** Active branches that a name decides which no text at hand defines. */
  readonly undecided: readonly Span[];
  readonly problems: readonly SyntaxProblem[];
  /** Signs that no C program has where they stand. */
  readonly strange: number;
}

const newline = 0x0a;
const carriageReturn = 0x0d;
const blank = 0x20;
const backslash = 0x5c;
const slash = 0x2f;
const star = 0x2a;
const hash = 0x23;
const quote = 0x22;
const apostrophe = 0x27;
const equals = 0x3d;

/** Scans `source` for `target`. Linear in the length of the text. `reader` finds the headers whose macros conditions may ask for. */
export function scan(source: string, target: SyntaxTarget, reader?: IncludeReader): Scan {
  const scanner = new Scanner(source, target, reader);
  scanner.run();
  return scanner.result();
}

class Scanner {
  readonly source: string;
  readonly characters: Uint16Array;
  readonly tokens: Tokens;
  readonly problems: SyntaxProblem[] = [];
  strange = 0;
  readonly #preprocessor: Preprocessor;

  constructor(source: string, target: SyntaxTarget, reader: IncludeReader | undefined) {
    this.source = source;
    this.tokens = new Tokens(source);
    this.characters = charactersOf(source);
    this.#preprocessor = new Preprocessor(source, target, this.problems, reader);
  }

  result(): Scan {
    const { source, characters, tokens, problems, strange } = this;
    const { macros, includes, inactive, undecided } = this.#preprocessor;
    return { source, characters, tokens, problems, strange, macros, includes, inactive, undecided };
  }

  run(): void {
    const { characters } = this;
    const length = characters.length;
    let at = 0;
    let lineStart = true;
    while (at < length) {
      const c = characters[at] ?? 0;
      if (c === newline) {
        lineStart = true;
        at++;
      } else if (c <= blank || c === 0xfeff || c === 0xa0) {
        if (c < 0x09) this.strange++;
        if (c !== carriageReturn && c !== 0x09) characters[at] = blank;
        at++;
      } else if (c === slash && this.#commentAt(at)) {
        at = this.#comment(at);
      } else if (c === backslash && this.#lineEndLength(at + 1) > 0) {
        characters[at] = blank;
        at += 1 + this.#lineEndLength(at + 1);
      } else if (c === hash && lineStart) {
        at = this.#directive(at);
      } else {
        lineStart = false;
        at = this.#preprocessor.active ? this.#token(at, c) : this.#skip(at, c);
      }
    }
    this.#preprocessor.end(length);
    this.tokens.settle();
  }

  #commentAt(at: number): boolean {
    const next = this.characters[at + 1];
    return next === slash || next === star;
  }

  /** 1 or 2 when a line ends at `at`, 0 otherwise. */
  #lineEndLength(at: number): number {
    const c = this.characters[at];
    if (c === newline) return 1;
    return c === carriageReturn && this.characters[at + 1] === newline ? 2 : 0;
  }

  /** Blanks the comment at `at`, keeping line breaks; returns the offset behind it. */
  #comment(at: number): number {
    const end = this.#commentEnd(at);
    this.#blank(at, end);
    return end;
  }

  #commentEnd(at: number): number {
    if (this.characters[at + 1] === star) {
      const end = this.source.indexOf('*/', at + 2);
      if (end >= 0) return end + 2;
      this.problems.push({ message: 'This comment is never closed with */.', span: { start: at, end: at + 2 } });
      return this.characters.length;
    }
    return this.#lineEnd(at);
  }

  /** The offset of the line break that ends the line of `at`, continuation lines included. */
  #lineEnd(at: number): number {
    let from = at;
    for (;;) {
      const end = this.source.indexOf('\n', from);
      if (end < 0) return this.characters.length;
      const last = this.characters[end - 1] === carriageReturn ? end - 2 : end - 1;
      if (last < at || this.characters[last] !== backslash) return end;
      from = end + 1;
    }
  }

  #blank(start: number, end: number): void {
    const { characters } = this;
    for (let at = start; at < end; at++) {
      const c = characters[at];
      if (c !== newline && c !== carriageReturn) characters[at] = blank;
    }
  }

  /** Skips one word, literal or sign of an inactive branch, blanking it. */
  #skip(at: number, c: number): number {
    const end = c === quote || c === apostrophe ? this.#literalEnd(at) : at + 1;
    this.#blank(at, end);
    return end;
  }

  /** The offset behind the literal that opens at `at`; an unclosed one ends with its line. */
  #literalEnd(at: number): number {
    const { characters } = this;
    const closer = characters[at];
    let end = at + 1;
    while (end < characters.length) {
      const c = characters[end];
      if (c === closer) return end + 1;
      if (c === backslash) {
        const lineEnd = this.#lineEndLength(end + 1);
        // The grammar goes on with a literal behind a backslash and a newline alone.
        if (lineEnd === 2) characters.set([blank, backslash], end);
        end += 1 + Math.max(1, lineEnd);
      } else if (c === newline) return end;
      else end++;
    }
    return characters.length;
  }

  #token(at: number, c: number): number {
    const { characters, tokens } = this;
    if (isWordStart(c)) {
      let end = at + 1;
      while (end < characters.length && isWordPart(characters[end] ?? 0)) end++;
      const next = characters[end];
      if (end - at <= 2 && (next === quote || next === apostrophe) && /^(L|u|U|u8)$/.test(this.source.slice(at, end)))
        return this.#literal(at, end);
      tokens.add(TokenKind.word, at, end, 0);
      return end;
    }
    if (isDigit(c) || (c === 0x2e && isDigit(characters[at + 1] ?? 0))) return this.#number(at);
    if (c === quote || c === apostrophe) return this.#literal(at, at);
    if (c === 0x40 || c === 0x60 || c === hash || c === backslash) this.strange++;
    const length = this.#punctuatorLength(at, c);
    let punctuation = c;
    if (length > 1) punctuation |= (characters[at + 1] ?? 0) << 8;
    if (length > 2) punctuation |= (characters[at + 2] ?? 0) << 16;
    tokens.add(TokenKind.punctuation, at, at + length, punctuation);
    return at + length;
  }

  #literal(start: number, open: number): number {
    const end = this.#literalEnd(open);
    this.tokens.add(this.characters[open] === quote ? TokenKind.string : TokenKind.character, start, end, 0);
    return end;
  }

  #number(at: number): number {
    const { characters } = this;
    const hexadecimal = characters[at] === 0x30 && ((characters[at + 1] ?? 0) | 0x20) === 0x78;
    let end = at + 1;
    for (; end < characters.length; end++) {
      const c = characters[end] ?? 0;
      const sign = (c === 0x2b || c === 0x2d) && !hexadecimal && ((characters[end - 1] ?? 0) | 0x20) === 0x65;
      if (!sign && !isWordPart(c) && c !== 0x2e) break;
      if (c === 0x2e && characters[end + 1] === 0x2e) break;
    }
    this.tokens.add(TokenKind.number, at, end, 0);
    return end;
  }

  #punctuatorLength(at: number, c: number): number {
    const next = this.characters[at + 1] ?? 0;
    const after = this.characters[at + 2] ?? 0;
    if (c === 0x2e) return next === c && after === c ? 3 : 1;
    if ((c === 0x3c || c === 0x3e) && next === c) return after === equals ? 3 : 2;
    if (c === 0x2d && next === 0x3e) return 2;
    if ((c === 0x26 || c === 0x7c || c === 0x2b || c === 0x2d) && next === c) return 2;
    return next === equals && '=!<>+-*/%&|^'.includes(String.fromCharCode(c)) ? 2 : 1;
  }

  /** Reads the directive whose `#` stands at `at`, blanks it and returns the offset of its line's end. */
  #directive(at: number): number {
    const end = this.#directiveEnd(at);
    const written = this.source.slice(at, end);
    const isPlain = !/[\r\n]|\/[*/]/.test(written);
    const line = isPlain ? written : textOfCharacters(this.characters, at, end).replace(/[\r\n]/g, ' ');
    this.#blank(at, end);
    this.#preprocessor.directive(line, at, end);
    return end;
  }

  /** Where a directive ends: its line's end, continuation lines and comments over several lines included. Blanks both. */
  #directiveEnd(at: number): number {
    const { characters } = this;
    let end = at;
    while (end < characters.length) {
      const c = characters[end] ?? 0;
      if (c === newline) return characters[end - 1] === carriageReturn ? end - 1 : end;
      if (c === slash && this.#commentAt(end)) {
        const close = this.#commentEnd(end);
        for (let inside = end; inside < close; inside++) if (characters[inside] !== newline) characters[inside] = blank;
        end = close;
      } else if (c === quote || c === apostrophe) {
        end = this.#literalEnd(end);
      } else if (c === backslash && this.#lineEndLength(end + 1) > 0) {
        characters[end] = blank;
        end += 1 + this.#lineEndLength(end + 1);
      } else {
        end++;
      }
    }
    return end;
  }
}

function isDigit(c: number): boolean {
  return c >= 0x30 && c <= 0x39;
}

function isWordStart(c: number): boolean {
  return (c >= 0x61 && c <= 0x7a) || (c >= 0x41 && c <= 0x5a) || c === 0x5f || c === 0x24 || c > 0x7f;
}

function isWordPart(c: number): boolean {
  return isWordStart(c) || isDigit(c);
}
