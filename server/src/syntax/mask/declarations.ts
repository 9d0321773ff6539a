/**
 * Items at file level and members of structs: macro calls that are no C, functions made by macros, and attributes
 * that only their place gives away (`static int HERE name`). Does not know statements.
 */
import type { FileMacroCall } from '../ast.ts';
import { code } from '../tokens.ts';
import { attributeEnd, isAttribute, removeAttribute } from './attributes.ts';
import { maskAsVariable } from './macro-variables.ts';
import { asmWords, primitiveWords, qualifierWords, statementWords, storageWords, tagWords, typeofWords } from './words.ts';
import { BraceKind, type MaskWork } from './work.ts';

const openParenthesis = code('(');
const openBracket = code('[');
const openBrace = code('{');
const semicolon = code(';');
const comma = code(',');
const closeBrace = code('}');
const colon = code(':');
const assign = code('=');
const star = code('*');

/** Plain words in one declaration before its name; where there are more, it is no declaration. */
const maxHeaderWords = 16;

/** What the specifiers and the first declarator of a declaration hold, as far as it was read. */
interface Header {
  /** Plain words that may be the type, the name or an unknown attribute. */
  readonly names: number[];
  typed: boolean;
  storage: boolean;
  pointer: boolean;
  /** Behind the brackets of an array: what follows can only be attributes. */
  complete: boolean;
  /** The parenthesis of the parameters, once seen. */
  parameters: number;
}

/** Reads the item or member that begins at the word `index`. Returns the index to go on from (`index`, or behind what was removed). */
export function maskDeclaration(work: MaskWork, index: number, member: boolean): number {
  const { tokens } = work;
  const header: Header = { names: [], typed: false, storage: false, pointer: false, complete: false, parameters: -1 };
  let at = index;
  for (;;) {
    if (at >= tokens.count || header.names.length > maxHeaderWords) break;
    const stop = tokens.code(at);
    if (stop === semicolon || stop === assign || stop === comma || stop === openBrace || stop === closeBrace || (member && stop === colon))
      break;
    if (!tokens.isWord(at)) {
      if (stop === star) header.pointer = true;
      else if (stop === openBracket && header.names.length > (header.typed ? 0 : 1)) header.complete = true;
      else if (stop === openParenthesis) removeCallingConvention(work, at);
      at = work.step(at);
      continue;
    }
    const result = readWord(work, header, index, at, member);
    if (result.done) return result.next;
    at = result.next;
  }
  if (member) {
    const nameless = header.names.length < (header.typed ? 1 : 2) && !header.pointer && !work.braces[at];
    if (work.is(at, colon) && nameless) return removeMember(work, index, at);
    if (work.is(at, closeBrace)) {
      for (const name of header.names.splice(0)) work.remove(name, name);
    }
  }
  settleNames(work, header);
  const named = header.names[header.names.length - 1];
  if (named !== undefined && tokens.text(index) === 'typedef') work.typeNames.add(tokens.text(named));
  if (work.is(at, openBrace) && !work.braces[at]) {
    work.braces[at] = work.source.startsWith('"', tokens.start(work.previous(at)))
      ? BraceKind.file
      : member
        ? BraceKind.unknown
        : BraceKind.block;
  }
  return work.isRemoved(index) ? work.next(index) : index;
}

/** Takes a bit-field without a name out, up to its semicolon. */
function removeMember(work: MaskWork, first: number, from: number): number {
  let at = from;
  while (at < work.tokens.count && !work.is(at, semicolon) && !work.is(at, closeBrace)) at = work.step(at);
  const last = work.is(at, semicolon) ? at : work.previous(at);
  work.remove(first, last);
  work.begins[work.next(last)] = 1;
  return work.next(last);
}

/** Takes `, : 3` out: a further bit-field without a name. Returns the index of what follows. */
export function removeNamelessBits(work: MaskWork, from: number): number {
  let at = work.next(from);
  while (at < work.tokens.count && !work.is(at, semicolon) && !work.is(at, comma) && !work.is(at, closeBrace)) at = work.step(at);
  work.remove(from, work.previous(at));
  return at;
}

/** `(__efiapi *name)(…)`: words before the star of a function pointer. */
function removeCallingConvention(work: MaskWork, open: number): void {
  const { tokens } = work;
  const first = work.next(open);
  let at = first;
  while (tokens.isWord(at)) at = work.next(at);
  if (at === first || !work.is(at, star)) return;
  const close = work.next(work.next(at));
  if (close === tokens.match(open) && work.is(work.next(close), openParenthesis)) work.remove(first, work.previous(at));
}

interface Step {
  readonly next: number;
  /** The whole item was dealt with; the walk goes on at `next`. */
  readonly done?: boolean;
}

function readWord(work: MaskWork, header: Header, item: number, at: number, member: boolean): Step {
  const { tokens } = work;
  const word = tokens.text(at);
  const following = work.next(at);
  if (isAttribute(work, at)) return { next: removeAttribute(work, at) };
  if (tagWords.has(word)) return { next: readTag(work, header, at) };
  if (storageWords.has(word)) {
    for (const name of header.names.splice(0)) work.remove(name, name);
    header.storage = true;
    return { next: following };
  }
  if (qualifierWords.has(word)) return { next: following };
  if (primitiveWords.has(word) || typeofWords.has(word)) {
    header.typed = true;
    return { next: typeofWords.has(word) ? work.step(following) : following };
  }
  if (asmWords.has(word) && header.parameters >= 0) {
    const close = tokens.match(following);
    if (close > following) work.remove(at, close);
    return { next: work.next(Math.max(at, close)) };
  }
  if (statementWords.has(word)) return { next: following };
  if (header.complete) {
    const close = work.is(following, openParenthesis) ? tokens.match(following) : -1;
    work.remove(at, Math.max(at, close));
    return { next: work.next(Math.max(at, close)) };
  }
  if (!work.is(following, openParenthesis)) {
    header.names.push(at);
    return { next: following };
  }
  return readCall(work, header, item, at, following, member);
}

/** `struct tag { … }`: settles what the brace opens and passes over it. */
function readTag(work: MaskWork, header: Header, at: number): number {
  header.typed = true;
  let next = work.next(at);
  while (isAttribute(work, next)) next = removeAttribute(work, next);
  if (work.tokens.isWord(next)) next = behindTag(work, next);
  if (!work.is(next, openBrace)) return next;
  work.braces[next] = work.tokens.text(at) === 'enum' ? BraceKind.enumerators : BraceKind.members;
  return work.tokens.match(next) > next ? work.step(next) : next;
}

/** The token behind the tag at `tag`; the arguments of a tag that a macro makes go: `struct HEADER(2) name`. */
export function behindTag(work: MaskWork, tag: number): number {
  const open = work.next(tag);
  const close = work.tokens.match(open);
  if (!work.is(open, openParenthesis) || close < open || !work.tokens.isWord(work.next(close))) return open;
  work.remove(open, close);
  return work.next(close);
}

/** `name(…)`: the declarator of a function, an attribute with arguments, or a macro that stands for the item. */
function readCall(work: MaskWork, header: Header, item: number, at: number, open: number, member: boolean): Step {
  const { tokens } = work;
  const close = tokens.match(open);
  if (close < open) return { next: work.next(open) };
  let behind = work.next(close);
  while (isAttribute(work, behind)) behind = work.next(attributeEnd(work, behind));
  const following = tokens.text(behind);
  if (header.parameters >= 0) {
    work.remove(at, close);
    return { next: work.next(close) };
  }
  if (header.typed || header.names.length > 0 || header.pointer) {
    const shouts = /^([A-Z][A-Z0-9_]*|__\w+)$/.test(tokens.text(at));
    if (shouts && tokens.isWord(behind) && !primitiveWords.has(following) && !tagWords.has(following)) {
      work.remove(at, close);
      return { next: work.next(close) };
    }
    header.names.push(at);
    header.parameters = open;
    return { next: work.next(close) };
  }
  removeCallingConvention(work, open);
  if (work.is(work.next(open), star)) {
    header.names.push(at);
    return { next: work.next(close) };
  }
  if (member) return { next: maskMemberMacro(work, at, open, close), done: true };
  if (work.is(behind, openBrace)) {
    nameMacroFunction(work, at, open, close);
    work.braces[behind] = BraceKind.block;
    return { next: item, done: true };
  }
  if (work.is(behind, assign) && maskAsVariable(work, at, open, close)) return { next: item, done: true };
  if (header.storage && tokens.isWord(behind)) {
    work.remove(at, close);
    return { next: work.next(close) };
  }
  recordCall(work, item, at, open, close);
  const end = work.is(behind, semicolon) ? behind : work.previous(behind);
  work.remove(item, end);
  work.begins[work.next(end)] = 1;
  return { next: work.next(end), done: true };
}

/** Leaves one name, and one word for the type unless it is known already; the other words are attributes. */
function settleNames(work: MaskWork, header: Header): void {
  const { names } = header;
  const keep = header.typed ? 1 : 2;
  while (names.length > keep) {
    const [surplus] = names.splice(surplusOf(work, header), 1);
    if (surplus !== undefined) work.remove(surplus, surplus);
  }
}

/** Which of too many words is no type and no name: one that looks like an attribute, else the first. */
function surplusOf(work: MaskWork, { names, parameters }: Header): number {
  const last = names.length - 1;
  const underscored = names.findIndex((name, place) => place > 0 && place < last && work.tokens.text(name).startsWith('__'));
  if (underscored >= 0) return underscored;
  if (parameters >= 0) return 0;
  if (work.tokens.text(names[last] ?? -1).startsWith('__')) return last;
  return Math.max(
    0,
    names.findIndex((name, place) => place > 0 && /^[A-Z_0-9]+$/.test(work.tokens.text(name))),
  );
}

/** `static NAME(args) {` becomes `N AME() {`: a type and a function. */
function nameMacroFunction(work: MaskWork, at: number, open: number, close: number): void {
  const { tokens, marks } = work;
  const start = tokens.start(at);
  if (tokens.end(at) - start < 3) return;
  const first = work.next(open);
  const named = tokens.isWord(first) && !primitiveWords.has(tokens.text(first)) && !tagWords.has(tokens.text(first)) ? first : at;
  marks.macroFunctions.set(start + 2, { name: tokens.text(named), nameSpan: { start: tokens.start(named), end: tokens.end(named) } });
  work.put(start + 1, ' ');
  if (named === at) return;
  work.blank(tokens.end(open), tokens.start(close));
  if (first < close) work.remove(first, work.previous(close));
}

function recordCall(work: MaskWork, item: number, at: number, open: number, close: number): void {
  const { tokens, marks } = work;
  const call: FileMacroCall = {
    name: tokens.text(at),
    arguments: argumentTexts(work, open, close),
    span: { start: tokens.start(item), end: tokens.end(close) },
  };
  marks.fileMacroCalls.push(call);
}

function argumentTexts(work: MaskWork, open: number, close: number): string[] {
  const { tokens } = work;
  const texts: string[] = [];
  let from = tokens.end(open);
  for (let at = work.next(open); at < close; at = work.step(at)) {
    if (!work.is(at, comma)) continue;
    texts.push(work.source.slice(from, tokens.start(at)).trim());
    from = tokens.end(at);
  }
  const last = work.source.slice(from, tokens.start(close)).trim();
  if (last !== '' || texts.length > 0) texts.push(last);
  return texts;
}

/** A macro among the members: it declares one, holds some, or is taken out. */
function maskMemberMacro(work: MaskWork, at: number, open: number, close: number): number {
  let lastComma = -1;
  for (let inside = work.next(open); inside < close; inside = work.step(inside)) {
    if (work.is(inside, semicolon)) return maskMemberGroup(work, at, open, close, lastComma);
    if (work.is(inside, comma)) lastComma = inside;
  }
  const behind = work.next(close);
  const ends = work.is(behind, semicolon);
  const next = ends ? behind : work.previous(behind);
  if (/assert|ASSERT/.test(work.tokens.text(at)) || !maskAsVariable(work, at, open, close)) work.remove(at, next);
  else if (!ends) work.put(work.tokens.start(close), ';');
  work.begins[work.next(next)] = 1;
  return work.next(next);
}

/** `struct_group(name, int a; int b;)` becomes `struct {int a; int b;}`. */
function maskMemberGroup(work: MaskWork, at: number, open: number, close: number, lastComma: number): number {
  const { tokens } = work;
  if (tokens.end(at) - tokens.start(at) < 'struct'.length) return work.next(at);
  work.blank(tokens.start(at), tokens.end(at));
  work.put(tokens.start(at), 'struct');
  const from = lastComma > open ? lastComma : open;
  if (lastComma > open) work.blank(tokens.start(open), tokens.end(lastComma));
  work.put(tokens.start(from), '{');
  work.put(tokens.start(close), '}');
  work.begins[work.next(from)] = 1;
  return work.next(from);
}
