/** Scenarios in an editor: where a mistake stands. */
import { describe, expect, it } from 'vitest';
import { scenarioMistakes } from '../../server/src/ide/scenario.ts';

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
