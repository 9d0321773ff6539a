/**
 * `(size) - rest * 2` and `(u32) - 1` look the same to a grammar that does not know types. Here the words decide: the
 * parentheses of a value go, and a type is spelled as a word that the grammar knows for one.
 */
import { code, TokenKind } from '../tokens.ts';
import { isTypeWord } from '../type-words.ts';
import type { MaskWork } from './work.ts';

const closeParenthesis = code(')');
/** What may go on with a value as well as begin the operand of a cast. */
const ambiguous = new Set(['-', '+', '&', '*', '('].map(code));
const opening = new Set(['(', '['].map(code));
const operandEnds = new Set([')', ']', '}'].map(code));
const knownType = 'int';

/**
 * Settles the parenthesis at `open`. Returns `true` when it was taken out of the text. Looks at one name and what is
 * bracketed behind it, nothing more.
 */
export function settleCast(work: MaskWork, open: number): boolean {
  const { tokens } = work;
  const close = tokens.match(open);
  const name = work.next(open);
  if (close < open || !tokens.isWord(name) || !ambiguous.has(tokens.code(work.next(close)))) return false;
  if (!beginsOperand(work, open)) return false;
  let at = work.next(name);
  const bare = at === close;
  while (at < close && opening.has(tokens.code(at)) && tokens.match(at) > at) at = work.step(at);
  if (at !== close) return false;
  const word = tokens.text(name);
  if (!isTypeWord(word, work.typeNames) && !castsNext(work, work.next(close))) {
    work.remove(close, close);
    work.remove(open, open);
    return true;
  }
  if (bare && word.length >= knownType.length) {
    const start = tokens.start(name);
    work.marks.typeArguments.set(start, { start, end: tokens.end(name) });
    work.blank(start, tokens.end(name));
    work.put(start, knownType);
  }
  return false;
}

/** `(name)(type)value`: an operand behind the second parentheses makes both of them casts. */
function castsNext(work: MaskWork, open: number): boolean {
  const { tokens } = work;
  const close = tokens.match(open);
  if (tokens.code(open) !== code('(') || close < open) return false;
  const kind = tokens.kind(work.next(close));
  return kind !== 0 && kind !== TokenKind.punctuation;
}

/** Whether an operand begins at `open`, so that the parenthesis is neither a call's nor a statement's nor `sizeof`'s. */
function beginsOperand(work: MaskWork, open: number): boolean {
  const { tokens } = work;
  const before = work.previous(open);
  if (tokens.isWord(before)) return /^(return|case)$/.test(tokens.text(before));
  if (tokens.kind(before) !== TokenKind.punctuation) return false;
  return !operandEnds.has(tokens.code(before)) || isCastBefore(work, before);
}

/** `(u32)(size) - 1`: the parenthesis before is a cast, so an operand follows it. */
function isCastBefore(work: MaskWork, close: number): boolean {
  const { tokens } = work;
  const open = tokens.match(close);
  const last = work.previous(close);
  if (!work.is(close, closeParenthesis) || open < 0 || open === last) return false;
  return (
    work.is(last, code('*')) ||
    (tokens.isWord(last) && isTypeWord(tokens.text(last), work.typeNames) && !tokens.isWord(work.previous(open)))
  );
}
