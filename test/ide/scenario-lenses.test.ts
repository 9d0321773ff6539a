/** What stands above a scenario. */
import { describe, expect, it } from 'vitest';
import { scenarioLenses } from '../../server/src/ide/scenario-lenses.ts';

describe('scenarioLenses', () => {
  it('stand above the first statement, behind comments and empty lines', () => {
    const range = { start: { line: 3, character: 0 }, end: { line: 3, character: 0 } };
    expect(scenarioLenses('# a story\n\n   # goes on\n  open rw\nread\n')).toEqual([
      { range, title: '▶ Run', runs: 'once' },
      { range, title: '▶ Run on kernels…', runs: 'on kernels' },
    ]);
  });

  it.each(['', '\n\n', '# nothing yet\n', '   '])('are none in %j, which has nothing to run', (text) => {
    expect(scenarioLenses(text)).toEqual([]);
  });

  it('stand on the first line of a text with other line ends', () => {
    expect(scenarioLenses('\r\nopen rw\r\n').map(({ range }) => range.start.line)).toEqual([1, 1]);
  });
});
