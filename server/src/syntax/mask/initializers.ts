/** Lists in braces: macros that bring their own comma, the old array designators, strings glued to several names. */
import { code, TokenKind } from '../tokens.ts';
import { isTypeWord } from '../type-words.ts';
import { primitiveWords, qualifierWords, tagWords } from './words.ts';
import type { MaskWork } from './work.ts';

const openBracket = code('[');
const openParenthesis = code('(');
const openBrace = code('{');
const comma = code(',');
const dot = code('.');

/** Names that stand before a string as parts of it. */
export const maxNamesInString = 8;

/** Behind the bracket closed at `close`, in a list: `[3] value` lacks its `=`, `MACRO(x) next` its comma. */
export function separateEntries(work: MaskWork, close: number): void {
  const { tokens } = work;
  const open = tokens.match(close);
  const following = work.next(close);
  const kind = tokens.kind(following);
  if (tokens.code(open) === openBracket) {
    const before = tokens.code(work.previous(open));
    if (before !== openBrace && before !== comma) return;
    if (kind !== TokenKind.punctuation || work.is(following, openBrace)) work.putBehind(close, '=');
    return;
  }
  const name = work.previous(open);
  if (!tokens.isWord(name) || /^(sizeof|__alignof__|alignof)$/.test(tokens.text(name))) return;
  const begins =
    kind === TokenKind.word ||
    kind === TokenKind.number ||
    work.is(following, dot) ||
    work.is(following, openBrace) ||
    work.is(following, openBracket);
  if (begins && !beginsAttached(work, close, following)) work.putBehind(close, ',');
}

/** `MACRO(x)[3]` is an element of what the macro gives. */
function beginsAttached(work: MaskWork, close: number, following: number): boolean {
  return (work.is(following, openBracket) || work.is(following, dot)) && !work.breaksBetween(close, following);
}

/** Two names in a row: of several before a string one is left; between entries of a list the comma is added. */
export function separateWords(work: MaskWork, at: number, following: number, inList: boolean): void {
  const { tokens } = work;
  let last = following;
  for (let words = 2; words < maxNamesInString && tokens.isWord(work.next(last)); words++) last = work.next(last);
  if (tokens.kind(work.next(last)) === TokenKind.string) {
    work.remove(at, work.previous(last));
    return;
  }
  const word = tokens.text(at);
  if (!inList || work.is(work.previous(at), openParenthesis)) return;
  if (word === 'sizeof' || tagWords.has(word) || primitiveWords.has(word) || qualifierWords.has(word) || isTypeWord(word, work.typeNames))
    return;
  work.putBehind(at, ',');
}
