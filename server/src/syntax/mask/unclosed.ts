/**
 * Code that is being typed: a parenthesis that is not closed yet gets its partner where its statement ends, so that the
 * grammar does not take the rest of the file for its contents.
 */
import { code } from '../tokens.ts';
import { statementWords } from './words.ts';
import type { MaskWork } from './work.ts';

const openParenthesis = code('(');
const openBrace = code('{');
const closeBrace = code('}');
const semicolon = code(';');

/** Tokens that are looked at for the end of the statement. */
const maxDistance = 256;

/** Closes the bracket at `open`, which has no partner, or takes it out where there is no room for one. */
export function closeBracket(work: MaskWork, open: number): void {
  const { tokens, begins } = work;
  let end = work.next(open);
  for (let distance = 0; distance < maxDistance && !endsStatement(work, end); distance++) end = work.step(end);
  const closer = work.is(open, openParenthesis) ? ')' : ']';
  const last = work.previous(end);
  const room = tokens.start(end) - tokens.end(last);
  if (work.is(end, semicolon) && work.putBehind(end, ';')) {
    work.put(tokens.start(end), closer);
  } else if (work.is(end, openBrace) && room >= 1) {
    work.put(tokens.end(last), closer);
    begins[end] = 1;
  } else if (endsStatement(work, end) && room >= 2) {
    work.put(tokens.end(last), `${closer};`);
    begins[end] = 1;
  } else {
    work.remove(open, open);
  }
}

function endsStatement(work: MaskWork, at: number): boolean {
  const { tokens } = work;
  if (at >= tokens.count) return false;
  return work.is(at, semicolon) || work.is(at, openBrace) || work.is(at, closeBrace) || statementWords.has(tokens.text(at));
}
