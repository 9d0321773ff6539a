/** Keys of cells: what is the same memory has the same key, and parts are found by the range of their whole. */
import { describe, expect, test } from 'vitest';
import { unsignedLong } from '../../server/src/execution/ctype.ts';
import { joinKeys, joinRanges, keySteps, keyWithin, pathKey, rangeOf } from '../../server/src/execution/key.ts';
import { constant, type Term } from '../../server/src/execution/term.ts';
import type { Step } from '../../server/src/execution/value.ts';

const symbol: Term = { kind: 'symbol', symbol: { id: 'i', name: 'i', type: unsignedLong, control: 'driver', role: 'index' } };
const element = (index: Term | number, unit?: number): Step => ({
  kind: 'element',
  index: typeof index === 'number' ? constant(index) : index,
  ...(unit === undefined ? {} : { unit }),
});
const field = (name: string, offset?: number): Step => ({ kind: 'field', name, ...(offset === undefined ? {} : { offset }) });

describe('the key of a path', () => {
  test.each<[string, readonly Step[], string]>([
    ['the whole object', [], ''],
    ['its element 0', [element(0, 8)], ''],
    ['a field at the start', [field('a', 0)], ''],
    ['a field of an element', [element(2, 16), field('b', 4)], '+36'],
    ['bytes back to the start', [field('node', 24), element(-24, 1)], ''],
    ['bytes before the start', [element(-3, 1)], '-3'],
    ['a field of unknown place', [field('base', 8), field('size')], '+8.size'],
    ['an element of unknown size', [element(3)], '[3]'],
    ['an element of unknown index', [field('bar', 8), element(symbol, 16), field('len', 4)], '+8[$i*16]+4'],
  ])('%s', (_what, path, key) => expect(pathKey(path)).toBe(key));
});

describe('a range', () => {
  const range = rangeOf('+8', 16);

  test.each<[string, string | undefined]>([
    ['+8', ''],
    ['+12', '+4'],
    ['+23', '+15'],
    ['+24', undefined],
    ['', undefined],
    ['+8.name', '.name'],
    ['+16[$i*4]', '+8[$i*4]'],
    ['.other', undefined],
  ])('of 16 bytes at +8 has the cell %s as %s', (key, rest) => expect(keyWithin(key, range)).toBe(rest));

  test('below a name does not hold longer names', () => {
    expect(keyWithin('.ab', rangeOf('.a', undefined))).toBeUndefined();
    expect(keyWithin('.a.b', rangeOf('.a', undefined))).toBe('.b');
  });

  test('moves with the place it is in', () => {
    expect(joinRanges('+8', rangeOf('+4', 2))).toEqual({ prefix: '', from: 12, to: 14 });
    expect(joinRanges('.a+8', rangeOf('.b', 2))).toEqual({ prefix: '.a+8.b', from: 0, to: 2 });
  });
});

test.each([
  ['', '+4', '+4'],
  ['+8', '+4', '+12'],
  ['+8', '-8', ''],
  ['+8', '.x', '+8.x'],
  ['.a+8', '+8.b', '.a+16.b'],
])('what lies at %s%s has the key %s', (key, rest, joined) => expect(joinKeys(key, rest)).toBe(joined));

test.each(['+4', '-4', '.name', '+8.name+4.other', '+8[$i*4]+2'])('the steps to %s have that key', (key) => {
  expect(pathKey(keySteps(key))).toBe(key);
});
