/**
 * Attributes, inline assembly and `typeof`: words that the grammar does not expect where the kernel writes them, and
 * that mean the same wherever they stand. Does not know the statement or declaration around them.
 */
import { code, TokenKind } from '../tokens.ts';
import { asmWords, isAttributeWord, isWordyAttribute, looksLikeSection, operatorCalls, statementWords, typeofWords } from './words.ts';
import type { MaskWork } from './work.ts';

const openParenthesis = code('(');
const star = code('*');
const declaratorEnds = new Set([')', ']'].map(code));
const declarationGoesOn = new Set(['=', ';', '{', ','].map(code));

/** Whether the word at `index` is an attribute, by the tables, by the file's own macros, or by its form and place. */
export function isAttribute(work: MaskWork, index: number): boolean {
  if (!work.tokens.isWord(index)) return false;
  const word = work.tokens.text(index);
  return isAttributeWord(word) || work.shape(word) === 'attribute' || (looksLikeSection(word) && standsAsAttribute(work, index));
}

/** Whether a word stands where a name cannot: before another word, or behind a declarator that has its name. */
function standsAsAttribute(work: MaskWork, index: number): boolean {
  const { tokens } = work;
  const following = work.next(index);
  if (tokens.isWord(following)) return true;
  const before = work.previous(index);
  const behindName = tokens.isWord(before) ? !statementWords.has(tokens.text(before)) : declaratorEnds.has(tokens.code(before));
  return behindName && declarationGoesOn.has(tokens.code(following));
}

/** Index of the last token of the attribute at `index`, its arguments included. */
export function attributeEnd(work: MaskWork, index: number): number {
  const word = work.tokens.text(index);
  const following = work.next(index);
  if (work.tokens.code(following) !== openParenthesis || isWordyAttribute(word)) return index;
  if (work.shape(word) !== undefined && !work.takesArguments(word)) return index;
  const close = work.tokens.match(following);
  return close > following && !work.is(work.next(following), star) ? close : index;
}

/** Takes the attribute at `index` out; `__free(kfree)` is remembered. Returns the index of the next token. */
export function removeAttribute(work: MaskWork, index: number): number {
  const { tokens, marks } = work;
  const end = attributeEnd(work, index);
  if (tokens.text(index) === '__free' && end > index) {
    marks.cleanups.set(tokens.start(index), work.source.slice(tokens.end(work.next(index)), tokens.start(end)).trim());
  }
  work.remove(index, end);
  return work.next(end);
}

/**
 * Masks the word at `index` where it has a meaning of its own in the dialect. Returns the index to go on from, or
 * -1 when it is an ordinary word.
 */
export function maskWord(work: MaskWork, index: number): number {
  const { tokens } = work;
  const word = tokens.text(index);
  const following = work.next(index);
  const call = tokens.code(following) === openParenthesis ? tokens.match(following) : -1;
  if (typeofWords.has(word) && call > 0) {
    const start = tokens.start(index);
    work.marks.typeofs.set(start, { start: tokens.end(following), end: tokens.start(call) });
    work.nameOver(start, tokens.end(call));
    return work.next(call);
  }
  if (asmWords.has(word)) return maskAssembly(work, index);
  if (operatorCalls.has(word)) {
    if (call > 0) {
      work.put(tokens.end(index) - 1, 'X');
    } else {
      work.blank(tokens.start(index), tokens.end(index));
      work.put(tokens.start(index), 'sizeof');
    }
    return -1;
  }
  if (isAttribute(work, index)) return removeAttribute(work, index);
  return -1;
}

/** `asm volatile("…" : … )` becomes `asm ("" )`. */
function maskAssembly(work: MaskWork, index: number): number {
  const { tokens } = work;
  let at = work.next(index);
  while (tokens.isWord(at) && /^(volatile|__volatile__|__volatile|goto|inline|__inline__)$/.test(tokens.text(at))) {
    work.remove(at, at);
    at = work.next(at);
  }
  const close = tokens.match(at);
  if (tokens.code(at) !== openParenthesis || close < at) return -1;
  if (namesRegister(work, index)) {
    work.remove(index, close);
    return work.next(close);
  }
  work.blank(tokens.start(index), tokens.end(index));
  work.put(tokens.start(index), 'asm');
  if (tokens.start(close) - tokens.end(at) >= 2) {
    work.blank(tokens.end(at), tokens.start(close));
    work.put(tokens.end(at), '""');
  }
  return work.next(close);
}

/** `register int r asm("r0")`: behind a name, the assembly is part of the declaration. */
function namesRegister(work: MaskWork, index: number): boolean {
  const before = work.previous(index);
  return work.tokens.isWord(before) && !statementWords.has(work.tokens.text(before));
}

/** A macro call glued to a string (`"a" __stringify(X) "b"`) becomes the macro's name alone, which the grammar knows. */
export function maskPastedCall(work: MaskWork, index: number, open: number, close: number): boolean {
  const { tokens } = work;
  const glued = tokens.kind(work.previous(index)) === TokenKind.string || tokens.kind(work.next(close)) === TokenKind.string;
  if (glued) work.remove(open, close);
  return glued;
}
