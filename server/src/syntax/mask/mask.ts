/**
 * The kernel dialect as C that the grammar knows, at equal length: every offset of the masked text is an offset of
 * the source. Walks the tokens once, keeping track of which bracket it is in, and lets its neighbours mask what stands
 * there. What meaning needs later is in the marks.
 */
import type { Span } from '../ast.ts';
import type { Scan } from '../scan.ts';
import { type Piece, stretchesOutside } from '../stretches.ts';
import { code, TokenKind } from '../tokens.ts';
import { isCall, maskArguments } from './arguments.ts';
import { maskPastedCall, maskWord } from './attributes.ts';
import { settleCast } from './casts.ts';
import { behindTag, maskDeclaration, removeNamelessBits } from './declarations.ts';
import { separateEntries, separateWords } from './initializers.ts';
import type { Marks } from './marks.ts';
import { maskNumber, maskPaste, maskStringizing } from './pasting.ts';
import { maskStatement } from './statements.ts';
import { closeBracket } from './unclosed.ts';
import { storageWords, tagWords, typeofWords } from './words.ts';
import { BraceKind, MaskWork } from './work.ts';

/** A masked text: as long as the source, line breaks nearly all in place. The body of a function is masked when it is first asked for. */
export interface Masked {
  /** Those of a body are there when its text was asked for. */
  readonly marks: Marks;
  /** What stands between the braces of each function, in the order of the text. */
  readonly bodies: readonly Span[];
  /** All of it. */
  readonly text: string;
  /** Everything outside of bodies. */
  readonly outside: readonly Piece[];
  /** What stands between two offsets. */
  piece(span: Span): Piece;
}

/** What the walk is inside of. */
const Place = { file: 0, block: 1, members: 2, enumerators: 3, initializer: 4, group: 5, parameters: 6 } as const;
type PlaceKind = (typeof Place)[keyof typeof Place];

const openParenthesis = code('(');
const openBracket = code('[');
const openBrace = code('{');
const semicolon = code(';');
const comma = code(',');
const assign = code('=');
const colon = code(':');
const dot = code('.');
const hash = code('#');
const arrow = code('->');

/** Masks the active text of a scan. Linear in its tokens; consumes the scan's characters. */
export function mask(scan: Scan): Masked {
  return new MaskedText(new MaskWork(scan));
}

class MaskedText implements Masked {
  readonly bodies: readonly Span[];
  readonly #work: MaskWork;
  readonly #openers: readonly number[];
  readonly #isMasked: Uint8Array;

  constructor(work: MaskWork) {
    const walk = new Walk(work, Place.file);
    const first = work.next(-1);
    work.begins[first] = 1;
    walk.run(first, work.tokens.count);
    this.#work = work;
    this.#openers = walk.bodies;
    this.#isMasked = new Uint8Array(walk.bodies.length);
    this.bodies = walk.bodies.map((open) => ({ start: work.tokens.end(open), end: work.tokens.start(work.tokens.match(open)) }));
  }

  get marks(): Marks {
    return this.#work.marks;
  }

  get text(): string {
    return this.piece({ start: 0, end: this.#work.source.length }).text;
  }

  get outside(): readonly Piece[] {
    return stretchesOutside(this.bodies, this.#work.source.length).map((stretch) => this.#pieceAsIs(stretch));
  }

  piece(span: Span): Piece {
    for (let at = this.#firstBodyBehind(span.start); (this.bodies[at]?.start ?? span.end) < span.end; at++) this.#maskBody(at);
    return this.#pieceAsIs(span);
  }

  #pieceAsIs({ start, end }: Span): Piece {
    return { start, text: this.#work.maskedText(start, end) };
  }

  /** Index of the first body that ends behind `offset`. */
  #firstBodyBehind(offset: number): number {
    let low = 0;
    let high = this.bodies.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if ((this.bodies[middle]?.end ?? 0) > offset) high = middle;
      else low = middle + 1;
    }
    return low;
  }

  #maskBody(index: number): void {
    const work = this.#work;
    const open = this.#openers[index];
    if (open === undefined || this.#isMasked[index]) return;
    this.#isMasked[index] = 1;
    const first = work.next(open);
    work.begins[first] = 1;
    new Walk(work, Place.block).run(first, work.tokens.match(open));
  }
}

/** The walk over a file, which passes over the bodies of functions, or over one body. */
class Walk {
  readonly #work: MaskWork;
  readonly #places: PlaceKind[] = [];
  readonly #closers: number[] = [];
  #place: PlaceKind;
  /** At file level: whether an `=` stands between the item's begin and here. */
  #initializing = false;
  /** The braces that open the bodies of functions. */
  readonly bodies: number[] = [];

  constructor(work: MaskWork, place: PlaceKind) {
    this.#work = work;
    this.#place = place;
  }

  /** Walks from the token `first` up to `end` (exclusive). */
  run(first: number, end: number): void {
    const work = this.#work;
    const { begins } = work;
    let at = first;
    while (at < end) {
      if (at === this.#closers[this.#closers.length - 1]) {
        at = this.#leave(at);
        continue;
      }
      if (begins[at]) {
        begins[at] = 0;
        const next = this.#begin(at);
        if (next !== at) {
          at = next;
          continue;
        }
        if (work.isRemoved(at)) {
          at = work.next(at);
          continue;
        }
      }
      at = this.#token(at);
    }
  }

  /** A statement, a member or an item begins at `at`. */
  #begin(at: number): number {
    const work = this.#work;
    if (this.#place === Place.file) this.#initializing = false;
    if (!work.tokens.isWord(at)) return at;
    if (this.#place === Place.block) maskStatement(work, at);
    else if (this.#place === Place.file) return maskDeclaration(work, at, false);
    else if (this.#place === Place.members) return maskDeclaration(work, at, true);
    return at;
  }

  #token(at: number): number {
    const work = this.#work;
    const { tokens } = work;
    switch (tokens.kind(at)) {
      case TokenKind.word:
        return this.#word(at);
      case TokenKind.punctuation:
        return this.#punctuation(at);
      case TokenKind.number:
        return maskNumber(work, at);
      default:
        return work.next(at);
    }
  }

  #word(at: number): number {
    const work = this.#work;
    const { tokens } = work;
    const before = tokens.code(work.previous(at));
    if (before === dot || before === arrow) return work.next(at);
    const masked = maskWord(work, at);
    if (masked >= 0) {
      if (this.#place === Place.block && work.isRemoved(at) && this.#beganBefore(at)) work.begins[masked] = 1;
      return masked;
    }
    const word = tokens.text(at);
    const following = work.next(at);
    if (work.is(following, hash)) return maskPaste(work, at);
    if (tokens.isWord(following) && this.#inExpression() && (this.#place !== Place.block || before === assign))
      separateWords(work, at, following, this.#place === Place.initializer || this.#place === Place.enumerators);
    if (tagWords.has(word)) {
      const tag = tokens.isWord(following) ? behindTag(work, following) : following;
      if (work.is(tag, openBrace)) work.braces[tag] = word === 'enum' ? BraceKind.enumerators : BraceKind.members;
      return following;
    }
    if (!isCall(work, at, following)) return following;
    const close = tokens.match(following);
    if (close < following) return following;
    const entry = before === openBrace || before === comma;
    if (this.#place === Place.enumerators && entry) {
      work.remove(following, close);
      if (tokens.isWord(work.next(close))) work.putBehind(close, ',');
    } else if (this.#inExpression() && !storageWords.has(word) && !typeofWords.has(word) && !maskPastedCall(work, at, following, close)) {
      maskArguments(work, following, close);
    }
    return work.next(at);
  }

  #beganBefore(at: number): boolean {
    const before = this.#work.tokens.code(this.#work.previous(at));
    return before === semicolon || before === openBrace || before === code('}') || before === code(':');
  }

  #inExpression(): boolean {
    const place = this.#place;
    return (
      place === Place.block ||
      place === Place.initializer ||
      place === Place.group ||
      place === Place.enumerators ||
      (place === Place.file && this.#initializing)
    );
  }

  #punctuation(at: number): number {
    const work = this.#work;
    const { tokens, begins } = work;
    const c = tokens.code(at);
    const following = work.next(at);
    if (c === hash) {
      return maskStringizing(work, at);
    } else if (this.#place === Place.block && (c === openParenthesis || c === openBracket) && tokens.match(at) < at) {
      closeBracket(work, at);
    } else if (c === openBrace) {
      return this.#openBrace(at);
    } else if (c === openParenthesis) {
      if (this.#inExpression() && settleCast(work, at)) return following;
      this.#enter(at, this.#inExpression() ? Place.group : Place.parameters);
    } else if (c === openBracket) {
      this.#enter(at, Place.group);
    } else if (c === semicolon) {
      if (this.#place !== Place.group && this.#place !== Place.parameters) begins[following] = 1;
    } else if (c === assign && this.#place === Place.file) {
      this.#initializing = true;
    } else if (c === comma && this.#place === Place.file) {
      this.#initializing = false;
    } else if (c === comma && this.#place === Place.members && work.is(following, colon)) {
      return removeNamelessBits(work, at);
    }
    return following;
  }

  #openBrace(at: number): number {
    const work = this.#work;
    const following = work.next(at);
    switch (this.#braceKind(at)) {
      case BraceKind.block:
        if (this.#place === Place.file && work.tokens.match(at) > at) return this.#passBody(at);
        this.#enter(at, Place.block);
        work.begins[following] = 1;
        break;
      case BraceKind.members:
        this.#enter(at, Place.members);
        work.begins[following] = 1;
        break;
      case BraceKind.file:
        this.#enter(at, Place.file);
        work.begins[following] = 1;
        break;
      case BraceKind.enumerators:
        this.#enter(at, Place.enumerators);
        break;
      default:
        this.#enter(at, Place.initializer);
    }
    return following;
  }

  /** Notes the body that `open` opens; returns the index behind it, where an item begins. */
  #passBody(open: number): number {
    const work = this.#work;
    this.bodies.push(open);
    const following = work.next(work.tokens.match(open));
    work.begins[following] = 1;
    return following;
  }

  #braceKind(at: number): number {
    const work = this.#work;
    const settled = work.braces[at] ?? BraceKind.unknown;
    if (settled !== BraceKind.unknown) return settled;
    const before = work.previous(at);
    const c = work.tokens.code(before);
    if (this.#place === Place.block) {
      const statement = this.#beganBefore(at) || work.tokens.isWord(before) || (c === code(')') && !this.#isCompoundLiteral(before));
      return statement ? BraceKind.block : BraceKind.initializer;
    }
    if (this.#place === Place.file) return this.#initializing || c === assign ? BraceKind.initializer : BraceKind.block;
    if (this.#place === Place.group && (c === openParenthesis || c === comma)) return BraceKind.block;
    return BraceKind.initializer;
  }

  /** Whether the parenthesis closed at `close` holds the type of a compound literal: an operator stands before it. */
  #isCompoundLiteral(close: number): boolean {
    const work = this.#work;
    const open = work.tokens.match(close);
    const before = work.previous(open);
    if (open < 0 || work.tokens.isWord(before)) return work.tokens.text(before) === 'return';
    return work.tokens.code(before) !== code(')');
  }

  #enter(at: number, place: PlaceKind): void {
    const close = this.#work.tokens.match(at);
    if (close < at) return;
    this.#places.push(this.#place);
    this.#closers.push(close);
    this.#place = place;
  }

  #leave(close: number): number {
    const work = this.#work;
    const inner = this.#place;
    const began = work.begins[close];
    this.#closers.pop();
    this.#place = this.#places.pop() ?? Place.file;
    const following = work.next(close);
    if (began) work.begins[close] = 0;
    if (inner === Place.block && (this.#place === Place.block || this.#place === Place.file)) work.begins[following] = 1;
    if (inner === Place.file) work.begins[following] = 1;
    if (inner === Place.group && this.#place === Place.initializer) separateEntries(work, close);
    return following;
  }
}
