/** Macros that declare a variable or a member: `DECLARE_BITMAP(map, 64)` becomes `DECLARE_BITMAP map`. */
import { code } from '../tokens.ts';
import { memberMacroNames, tagWords } from './words.ts';
import type { MaskWork } from './work.ts';

const comma = code(',');

/**
 * Spells the call of the macro at `at` as a type and a name; lowering finds the call in the marks. `false` when no
 * argument can be the name.
 */
export function maskAsVariable(work: MaskWork, at: number, open: number, close: number): boolean {
  const { tokens, marks } = work;
  const name = nameArgument(work, open, close, memberMacroNames.get(tokens.text(at)));
  if (name < 0) return false;
  marks.memberMacros.set(tokens.start(at), { start: tokens.start(at), end: tokens.end(close) });
  if (name > open + 1) work.remove(work.next(open), work.previous(name));
  if (work.next(name) < close) work.remove(work.next(name), work.previous(close));
  work.remove(open, open);
  work.remove(close, close);
  return true;
}

/** The argument at `place`, or else the first that is one word and no type with a tag. */
function nameArgument(work: MaskWork, open: number, close: number, place: number | undefined): number {
  const { tokens } = work;
  let first = work.next(open);
  let argument = 0;
  for (let at = first; at <= close; at = work.step(at)) {
    if (at !== close && !work.is(at, comma)) continue;
    const isOneWord = tokens.isWord(first) && work.next(first) === at && !tagWords.has(tokens.text(first));
    if (isOneWord && (place === undefined || place === argument)) return first;
    if (at === close) break;
    first = work.next(at);
    argument++;
  }
  return -1;
}
