/**
 * Statements that only the kernel's macros make possible: iterators, calls without a semicolon, labels before a
 * closing brace, case ranges. Does not know declarations at file level.
 */
import { code } from '../tokens.ts';
import { isAttribute } from './attributes.ts';
import { maskAsVariable } from './macro-variables.ts';
import { asmWords, isIteratorName, primitiveWords, qualifierWords, statementWords, storageWords, tagWords, typeofWords } from './words.ts';
import { BraceKind, type MaskWork } from './work.ts';

const openParenthesis = code('(');
const openBrace = code('{');
const closeBrace = code('}');
const colon = code(':');
const semicolon = code(';');
const assign = code('=');
const ellipsis = code('...');

/** Looks at the statement that begins at the word `index`; marks where the statements inside it begin. */
export function maskStatement(work: MaskWork, index: number): void {
  const { tokens, begins } = work;
  const word = tokens.text(index);
  const following = work.next(index);
  if (word === 'if' || word === 'while' || word === 'switch' || word === 'for') {
    control(work, following);
  } else if (word === 'else') {
    begins[following] = 1;
  } else if (word === 'do') {
    maskDo(work, index);
  } else if (word === 'case' || word === 'default') {
    maskCase(work, index);
  } else if (statementWords.has(word)) {
    return;
  } else if (work.is(following, colon)) {
    label(work, following);
  } else if (work.is(following, openParenthesis)) {
    maskMacroStatement(work, index, following);
  } else if (storageWords.has(word)) {
    maskStaticMacro(work, index);
  } else if (!asmWords.has(word) && !tagWords.has(word) && !primitiveWords.has(word) && !qualifierWords.has(word)) {
    maskBareMacro(work, index, following);
  }
}

/** A word that is a whole statement, or the head of one: `LIST_OF_CASES default:`, `forever {`, `POSTAMBLE }`. */
function maskBareMacro(work: MaskWork, index: number, following: number): void {
  const { tokens, begins } = work;
  if (work.is(following, openBrace)) {
    work.remove(index, index);
    begins[following] = 1;
  } else if (work.is(following, closeBrace)) {
    work.putBehind(index, ';');
  } else if (tokens.isWord(following)) {
    const shouts = /^[A-Z][A-Z0-9_]*$/.test(tokens.text(index)) && work.breaksBetween(index, following);
    if (!shouts && !statementWords.has(tokens.text(following))) return;
    if (work.putBehind(index, ';')) begins[following] = 1;
  }
}

/** `static DECLARE_WORK(work, run);` in a function: a macro with a storage word. */
function maskStaticMacro(work: MaskWork, index: number): void {
  const { tokens } = work;
  let at = index;
  while (storageWords.has(tokens.text(at)) || qualifierWords.has(tokens.text(at)) || isAttribute(work, at)) at = work.next(at);
  const open = work.next(at);
  const close = tokens.match(open);
  const word = tokens.text(at);
  if (!tokens.isWord(at) || !work.is(open, openParenthesis) || close < open || primitiveWords.has(word) || typeofWords.has(word)) return;
  const behind = work.next(close);
  if (work.is(behind, semicolon) || work.is(behind, assign)) maskAsVariable(work, at, open, close);
}

/** Behind the parentheses of `if (…)` a statement begins. */
function control(work: MaskWork, open: number): void {
  const close = work.tokens.match(open);
  if (work.is(open, openParenthesis) && close > open) work.begins[work.next(close)] = 1;
  else if (work.tokens.isWord(open)) addParentheses(work, open);
}

/** `if name(x) …`, where the macro brings the parentheses. */
function addParentheses(work: MaskWork, name: number): void {
  const open = work.next(name);
  const close = work.tokens.match(open);
  if (!work.is(open, openParenthesis) || close < open) return;
  if (work.putBehind(work.previous(name), '(') && work.putBehind(close, ')')) work.begins[work.next(close)] = 1;
}

/** `do { … } while_each(x);`: the macro closes the loop that another one opened. */
function maskDo(work: MaskWork, index: number): void {
  const { tokens } = work;
  const body = work.next(index);
  const end = work.next(tokens.match(body));
  work.begins[body] = 1;
  if (!work.is(body, openBrace) || tokens.match(body) < body || !tokens.isWord(end) || tokens.text(end) === 'while') return;
  const start = tokens.start(end);
  if (!work.is(work.next(end), openParenthesis) || tokens.end(end) - start < 'while'.length) return;
  work.marks.iterators.set(tokens.start(index), tokens.text(end));
  work.blank(start, tokens.end(end));
  work.put(start, 'while');
}

function label(work: MaskWork, at: number): void {
  const following = work.next(at);
  if (work.is(following, closeBrace)) work.putBehind(at, ';');
  else work.begins[following] = 1;
}

function maskCase(work: MaskWork, index: number): void {
  const { tokens } = work;
  let range = -1;
  let at = work.next(index);
  while (at < tokens.count && !work.is(at, colon)) {
    if (work.is(at, semicolon) || work.is(at, openBrace) || work.is(at, closeBrace) || tokens.text(at) === 'case') return;
    if (work.is(at, ellipsis)) range = at;
    at = work.step(at);
  }
  if (range > 0) {
    work.put(tokens.start(range), '|| ');
    work.marks.caseRanges.add(tokens.start(index));
  }
  work.begins[work.next(at)] = 1;
}

/** `NAME(…)` at the begin of a statement: an iterator, a statement without its semicolon, or an ordinary call. */
function maskMacroStatement(work: MaskWork, index: number, open: number): void {
  const { tokens } = work;
  const close = tokens.match(open);
  const word = tokens.text(index);
  if (close < open || primitiveWords.has(word) || qualifierWords.has(word) || storageWords.has(word) || typeofWords.has(word)) return;
  const following = work.next(close);
  if (work.is(following, assign) && work.is(work.next(following), openBrace)) {
    maskAsVariable(work, index, open, close);
  } else if (work.is(following, openBrace)) {
    maskIterator(work, index, open, close);
  } else if (work.is(following, closeBrace)) {
    work.putBehind(close, ';');
  } else if (work.is(following, semicolon)) {
    return;
  } else if ((isIteratorName(word) || work.shape(word) === 'head') && beginsStatement(work, following)) {
    maskIterator(work, index, open, close);
  } else if (tokens.isWord(following) && !isAttribute(work, following)) {
    if (declares(work, close, following)) return;
    if (work.putBehind(close, ';')) work.begins[following] = 1;
  }
}

/** Whether a statement may begin with the token: a name, or the prefix of an expression. */
function beginsStatement(work: MaskWork, index: number): boolean {
  return work.tokens.isWord(index) || work.is(index, openParenthesis) || work.is(index, code('*')) || work.is(index, code('++'));
}

/** `MACRO(x) name = …` on one line declares a variable of a type made by a macro. */
function declares(work: MaskWork, close: number, name: number): boolean {
  if (work.breaksBetween(close, name) || statementWords.has(work.tokens.text(name))) return false;
  const following = work.tokens.code(work.next(name));
  return following === code('=') || following === semicolon || following === code(',') || following === code('[');
}

/** Spells an iterator as `while (…)`, or as `if (…)` when its name is too short for that. */
function maskIterator(work: MaskWork, index: number, open: number, close: number): void {
  const { tokens, marks } = work;
  const start = tokens.start(index);
  const keyword = tokens.end(index) - start >= 'while'.length ? 'while' : 'if';
  if (tokens.end(index) - start < keyword.length) return;
  marks.iterators.set(start, tokens.text(index));
  work.blank(start, tokens.end(index));
  work.put(start, keyword);
  if (work.next(open) === close && !work.putBehind(open, '0')) {
    const behind = start + keyword.length;
    if (behind >= tokens.start(open)) return;
    work.put(behind, '(');
    work.put(tokens.start(open), '0');
  }
  const following = work.next(close);
  work.begins[following] = 1;
  if (work.is(following, openBrace)) work.braces[following] = BraceKind.block;
}
