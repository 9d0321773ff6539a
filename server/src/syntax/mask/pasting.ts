/**
 * What only the expansion of macros makes C of: `#x` and `a ## b` in their bodies, `3D` and `60 SECONDS` as their
 * arguments. It becomes a string or a name.
 */
import { code, TokenKind } from '../tokens.ts';
import type { MaskWork } from './work.ts';

const hash = code('#');

const literalPattern = /^(0[xX][\da-fA-F]+|0[bB][01]+|\d+(\.\d*)?|\.\d+)([eE][-+]?\d+)?[uUlLfF]*$/;

/** `3D` is a number to the preprocessor only; `60 SECONDS` lacks the operator that the name brings along. */
export function maskNumber(work: MaskWork, at: number): number {
  const { tokens } = work;
  const following = work.next(at);
  if (tokens.isWord(following)) {
    work.marks.opaque.set(tokens.start(at), { start: tokens.start(at), end: tokens.end(following) });
    work.nameOver(tokens.start(at), tokens.end(following));
    return work.next(following);
  }
  if (!literalPattern.test(tokens.text(at))) work.nameOver(tokens.start(at), tokens.end(at));
  return following;
}

/** `#name` becomes an empty string; a `#` on its own goes. Returns the index to go on from. */
export function maskStringizing(work: MaskWork, at: number): number {
  const { tokens } = work;
  const name = work.next(at);
  if (!tokens.isWord(name)) {
    work.remove(at, at);
    return name;
  }
  work.blank(tokens.start(at), tokens.end(name));
  work.put(tokens.start(at), '""');
  work.erase(at, name);
  return work.next(name);
}

/** `a ## b ## c`, beginning at the word `at`, becomes one name that is remembered as opaque. */
export function maskPaste(work: MaskWork, at: number): number {
  const { tokens } = work;
  let last = at;
  for (;;) {
    const first = work.next(last);
    const second = work.next(first);
    const part = work.next(second);
    if (!work.is(first, hash) || !work.is(second, hash) || tokens.end(first) !== tokens.start(second)) break;
    last = tokens.isWord(part) || tokens.kind(part) === TokenKind.number ? part : second;
  }
  if (last === at) return work.next(at);
  work.marks.opaque.set(tokens.start(at), { start: tokens.start(at), end: tokens.end(last) });
  work.nameOver(tokens.start(at), tokens.end(last));
  work.erase(at, last);
  return work.next(last);
}
