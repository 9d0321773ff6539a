/** What a word of a scenario means, by where it stands. */
import { describe, expect, it } from 'vitest';
import { scenarioHover } from '../../server/src/ide/scenario.ts';

const text = [
  'open rw',
  'a = mmap len 4p off 0 prot rw shared # mmap again',
  'read a expect zero',
  'in child: munmap a',
  'frobnicate a',
].join('\n');
const at = (line: number, word: string, further = 0) => ({ line, character: (text.split('\n')[line]?.indexOf(word) ?? 0) + further });

describe('scenarioHover', () => {
  it.each([
    [0, 'open'],
    [1, 'mmap'],
    [2, 'read'],
    [3, 'munmap'],
  ])('explains the statement of line %i, `%s`', (line, word) => {
    const hover = scenarioHover(text, at(line, word));
    const start = at(line, word);
    expect(hover?.syntax).toMatch(new RegExp(`(^|[\\] ])${word}\\b`));
    expect(hover?.help).toMatch(/\w/);
    expect(hover?.range).toEqual({ start, end: { line, character: start.character + word.length } });
  });

  it('is the same from the first letter to the end of the word', () => {
    const first = scenarioHover(text, at(2, 'read'));
    expect(scenarioHover(text, at(2, 'read', 'read'.length))).toEqual(first);
    expect(scenarioHover(text, at(2, 'read', 'read'.length + 1))?.syntax).not.toBe(first?.syntax);
  });

  it('knows expectations behind `expect`, and statements elsewhere', () => {
    expect(scenarioHover(text, at(2, 'zero'))?.syntax).toContain('zero');
    expect(scenarioHover('zero a', { line: 0, character: 1 })).toBeUndefined();
  });

  it('says nothing about comments, names, unknown words and places behind the text', () => {
    expect(scenarioHover(text, at(1, 'mmap again'))).toBeUndefined();
    expect(scenarioHover(text, at(1, 'a ='))).toBeUndefined();
    expect(scenarioHover(text, at(4, 'frobnicate'))).toBeUndefined();
    expect(scenarioHover(text, { line: 40, character: 3 })).toBeUndefined();
    expect(scenarioHover(text, { line: 0, character: 400 })).toBeUndefined();
  });
});
