/** Comments and literals by pattern: what is left of a text without them. */
import { expect, it } from 'vitest';
import { codeOf } from '../../server/src/syntax/lexemes.ts';

it.each([
  ['a /* b */ c', 'a   c'],
  ['a // b\nc', 'a  \nc'],
  ['a "b /* c" d', 'a   d'],
  [String.raw`a '\'' b "\"" c`, 'a   b   c'],
  ['a /* b', 'a  '],
  ['a "b\nc', 'a  \nc'],
])('%j leaves %j', (text, left) => {
  expect(codeOf(text)).toBe(left);
});

it('leaves nothing of much that is never closed', () => {
  expect(codeOf('/* '.repeat(200_000))).toBe(' ');
  expect(codeOf(`"${String.raw`\"`.repeat(200_000)}`)).toBe(' ');
});
