/** Scenarios in an editor: where a mistake stands, and what may come next. */
import { describe, expect, it } from 'vitest';
import { scenarioCompletions, scenarioMistakes } from '../../server/src/ide/scenario.ts';

const host = { readFile: (path: string) => (path === '/s/b.mmapsim' ? '\n\nopne rw\n' : undefined) };

describe('scenarioMistakes', () => {
  it('stand under the words that are wrong, from 0', () => {
    expect(scenarioMistakes('open rw\n  munmop 0x1000\n', '/s/a.mmapsim', host)).toMatchObject([
      {
        range: { start: { line: 1, character: 2 }, end: { line: 1, character: 8 } },
        message: expect.stringContaining('Did you mean `munmap`'),
      },
    ]);
  });

  it('of an included file stand at the include', () => {
    expect(scenarioMistakes('open rw\ninclude "b.mmapsim"\n', '/s/a.mmapsim', host)).toMatchObject([
      {
        range: { start: { line: 1, character: 0 }, end: { line: 1, character: 7 } },
        message: expect.stringMatching(/^b\.mmapsim, line 3: `opne`/),
      },
    ]);
  });
});

describe('scenarioCompletions', () => {
  const words = (line: string) => scenarioCompletions(`open rw\n${line}`, { line: 1, character: line.length }).map(({ word }) => word);

  it.each(['', '  mm', 'a = ', 'in child: '])('begin a statement after %j', (line) => {
    expect(words(line)).toEqual(expect.arrayContaining(['mmap', 'read', 'expect']));
    expect(words(line)).not.toContain('prot');
  });

  it('are the words of the statement inside it', () => {
    expect(words('a = mmap len 4p ')).toEqual(expect.arrayContaining(['off', 'prot', 'shared', 'populate', 'fixed_noreplace', 'expect']));
    expect(words('mprotect a ')).toEqual(['len', 'prot', 'expect']);
  });

  it('are expectations after expect', () => {
    expect(words('read a expect ')).toEqual(expect.arrayContaining(['value', 'SIGBUS', 'zero', 'vmflags']));
    expect(words('expect a ')).toContain('ok');
  });

  it('are none in comments and in quotes', () => {
    expect(words('read a # ')).toEqual([]);
    expect(words('write a "')).toEqual([]);
    expect(words('frobnicate a ')).toEqual([]);
  });
});
