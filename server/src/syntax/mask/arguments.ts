/**
 * Arguments of calls in expressions. What is a type becomes a name and is remembered; what is no expression at all
 * (a statement, an operator, nothing) becomes a name too, so that the call keeps its shape.
 */
import { code, TokenKind } from '../tokens.ts';
import { isAttribute } from './attributes.ts';
import { maxNamesInString } from './initializers.ts';
import { primitiveWords, qualifierWords, statementWords, storageWords, tagWords, typeofWords } from './words.ts';
import type { MaskWork } from './work.ts';

const comma = code(',');
const semicolon = code(';');
const openParenthesis = code('(');
const openBrace = code('{');
const star = code('*');
const prefixOperators = new Set(['&', '*', '-', '+', '!', '~', '++', '--', '(', '{', '&&', '#'].map(code));
const suffixOperators = new Set([')', ']', '}', '++', '--'].map(code));

type Shape = 'expression' | 'type' | 'opaque' | 'empty';

/** Masks the arguments between the parentheses `open` and `close`. Linear in their tokens at this level. */
export function maskArguments(work: MaskWork, open: number, close: number): void {
  const { tokens } = work;
  let first = work.next(open);
  if (first === close) return;
  for (let at = first; at <= close; at = work.step(at)) {
    if (at !== close && !work.is(at, comma)) continue;
    maskArgument(work, first, at);
    if (at === close || tokens.count <= at) return;
    first = work.next(at);
  }
}

/** Masks the argument of the tokens `first` up to `end` (exclusive), which is a comma or the closing parenthesis. */
function maskArgument(work: MaskWork, first: number, end: number): void {
  const { tokens, marks } = work;
  if (first === end) {
    if (work.putBehind(work.previous(end), '0')) return;
    const follows = work.is(end, comma) && work.putBehind(end, ',');
    if (follows) work.put(tokens.start(end), '0');
    else if (work.is(end, comma)) work.remove(end, end);
    else work.remove(work.previous(end), work.previous(end));
    return;
  }
  const shape = argumentShape(work, first, end);
  if (shape === 'expression') return;
  const start = tokens.start(first);
  const span = { start, end: tokens.end(work.previous(end)) };
  (shape === 'type' ? marks.typeArguments : marks.opaque).set(start, span);
  work.nameOver(span.start, span.end);
  work.erase(first, work.previous(end));
}

function argumentShape(work: MaskWork, first: number, end: number): Shape {
  const { tokens } = work;
  const last = work.previous(end);
  if (tokens.isWord(first)) {
    const word = tokens.text(first);
    if (statementWords.has(word) || storageWords.has(word)) return 'opaque';
    if (tagWords.has(word) || primitiveWords.has(word) || qualifierWords.has(word)) return 'type';
  } else if (tokens.kind(first) === TokenKind.punctuation) {
    if (work.is(first, openBrace)) return bracesHoldStatements(work, first) ? 'expression' : 'opaque';
    if (!prefixOperators.has(tokens.code(first))) return 'opaque';
    if (first === last) return 'opaque';
  }
  if (tokens.kind(last) === TokenKind.punctuation && !suffixOperators.has(tokens.code(last))) {
    return isPointerTo(work, first, last) ? 'type' : 'opaque';
  }
  let previous = -1;
  for (let at = first; at < end; at = work.step(at)) {
    if (work.is(at, semicolon)) return 'opaque';
    const operand = tokens.isWord(at) || tokens.kind(at) === TokenKind.number;
    if (operand && previous >= 0 && clash(work, previous) && !isGluedToString(work, at)) return 'opaque';
    previous = at;
  }
  return 'expression';
}

/** Whether an operand behind the token `previous` makes two operands in a row. */
function clash(work: MaskWork, previous: number): boolean {
  const { tokens } = work;
  if (tokens.kind(previous) === TokenKind.number) return true;
  if (!tokens.isWord(previous) || isAttribute(work, previous)) return false;
  const word = tokens.text(previous);
  return word !== 'sizeof' && !typeofWords.has(word) && word !== '__alignof__';
}

/** `LEVEL PREFIX "text"`: names in a row that a string follows are parts of it. */
function isGluedToString(work: MaskWork, index: number): boolean {
  let at = index;
  for (let words = 0; words < maxNamesInString && work.tokens.isWord(at); words++) at = work.next(at);
  return work.tokens.kind(at) === TokenKind.string;
}

/** `name *`, `name **`: a type by its typedef name. */
function isPointerTo(work: MaskWork, first: number, last: number): boolean {
  if (!work.tokens.isWord(first)) return false;
  for (let at = work.next(first); at <= last; at = work.next(at)) {
    if (!work.is(at, star) && !isAttribute(work, at) && !qualifierWords.has(work.tokens.text(at))) return false;
  }
  return true;
}

/** Whether braces given as an argument hold statements: a semicolon tells. */
function bracesHoldStatements(work: MaskWork, open: number): boolean {
  const close = work.tokens.match(open);
  for (let at = work.next(open); at < close; at = work.step(at)) if (work.is(at, semicolon)) return true;
  return work.next(open) === close;
}

/** Whether `open` is the parenthesis of a call: it stands behind a word that is no statement's. */
export function isCall(work: MaskWork, word: number, open: number): boolean {
  if (!work.is(open, openParenthesis) || !work.tokens.isWord(word)) return false;
  const text = work.tokens.text(word);
  return !statementWords.has(text) && text !== 'sizeof' && !primitiveWords.has(text) && !qualifierWords.has(text);
}
