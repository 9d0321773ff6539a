/**
 * The tokens of pieces of a masked text, each as a symbol with its place. Masked text has no comments and no directives.
 * Knows no C beyond spelling.
 */
import type { Piece } from '../stretches.ts';
import { Token, tokenOfWord } from './words.ts';

export interface PlainTokens {
  readonly count: number;
  /** A `Token`, or `code()` of a punctuator. */
  readonly symbols: Int32Array;
  /** UTF-16 offsets. */
  readonly starts: Int32Array;
  readonly ends: Int32Array;
}

const quote = 0x22;
const apostrophe = 0x27;
const backslash = 0x5c;
const equals = 0x3d;
const literalPrefix = /^(L|u|U|u8)$/;
const dot = 0x2e;

/** The tokens of the pieces, in their order. Linear in their length. */
export function plainTokensOf(pieces: readonly Piece[]): PlainTokens {
  const length = pieces.reduce((sum, { text }) => sum + text.length, 0);
  let symbols = new Int32Array((length >> 3) + 64);
  let starts = new Int32Array(symbols.length);
  let ends = new Int32Array(symbols.length);
  let count = 0;
  for (const { start, text } of pieces) {
    for (let at = 0; at < text.length; ) {
      const c = text.charCodeAt(at);
      if (c <= 0x20) {
        at++;
        continue;
      }
      if (count === symbols.length) {
        symbols = doubled(symbols);
        starts = doubled(starts);
        ends = doubled(ends);
      }
      starts[count] = start + at;
      if (isWordStart(c)) {
        const end = wordEnd(text, at);
        const next = text.charCodeAt(end);
        const opens = (next === quote || next === apostrophe) && literalPrefix.test(text.slice(at, end));
        symbols[count] = opens ? literalSymbol(next) : (tokenOfWord.get(text.slice(at, end)) ?? Token.name);
        at = opens ? literalEnd(text, end) : end;
      } else if (isDigit(c) || (c === dot && isDigit(text.charCodeAt(at + 1)))) {
        symbols[count] = Token.number;
        at = numberEnd(text, at);
      } else if (c === quote || c === apostrophe) {
        symbols[count] = literalSymbol(c);
        at = literalEnd(text, at);
      } else if (c > 0x7e) {
        symbols[count] = Token.strange;
        at++;
      } else {
        const length = punctuatorLength(text, at, c);
        symbols[count] = c | (length > 1 ? text.charCodeAt(at + 1) << 8 : 0) | (length > 2 ? text.charCodeAt(at + 2) << 16 : 0);
        at += length;
      }
      ends[count++] = start + at;
    }
  }
  return { count, symbols, starts, ends };
}

function doubled(table: Int32Array): Int32Array<ArrayBuffer> {
  const wider = new Int32Array(table.length * 2);
  wider.set(table);
  return wider;
}

function literalSymbol(quotation: number): number {
  return quotation === quote ? Token.string : Token.character;
}

function isDigit(c: number): boolean {
  return c >= 0x30 && c <= 0x39;
}

function isWordStart(c: number): boolean {
  return (c >= 0x61 && c <= 0x7a) || (c >= 0x41 && c <= 0x5a) || c === 0x5f || c === 0x24;
}

function wordEnd(text: string, start: number): number {
  let at = start + 1;
  for (let c = text.charCodeAt(at); isWordStart(c) || isDigit(c); c = text.charCodeAt(at)) at++;
  return at;
}

function numberEnd(text: string, start: number): number {
  const hexadecimal = (text.charCodeAt(start + 1) | 0x20) === 0x78;
  let at = start + 1;
  for (let c = text.charCodeAt(at); ; c = text.charCodeAt(at)) {
    const sign = (c === 0x2b || c === 0x2d) && !hexadecimal && (text.charCodeAt(at - 1) | 0x20) === 0x65;
    if (!sign && !isWordStart(c) && !isDigit(c) && c !== dot) return at;
    at++;
  }
}

/** Behind the closing quote; an unclosed literal ends with its line. */
function literalEnd(text: string, start: number): number {
  const closer = text.charCodeAt(start);
  for (let at = start + 1; at < text.length; at++) {
    const c = text.charCodeAt(at);
    if (c === closer) return at + 1;
    if (c === backslash) at++;
    else if (c === 0x0a) return at;
  }
  return text.length;
}

function punctuatorLength(text: string, at: number, c: number): number {
  const next = text.charCodeAt(at + 1);
  if (c === dot) return next === c && text.charCodeAt(at + 2) === c ? 3 : 1;
  if ((c === 0x3c || c === 0x3e) && next === c) return text.charCodeAt(at + 2) === equals ? 3 : 2;
  if (c === 0x2d && next === 0x3e) return 2;
  if ((c === 0x26 || c === 0x7c || c === 0x2b || c === 0x2d) && next === c) return 2;
  return next === equals && '=!<>+-*/%&|^'.includes(text[at] ?? ' ') ? 2 : 1;
}
