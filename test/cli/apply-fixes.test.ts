/** Fixes are applied whole or not at all, and never over each other. */
import { describe, expect, it } from 'vitest';
import { applyChanges } from '../../server/src/cli/apply-fixes.ts';

function change(line: number, start: number, end: number, newText: string) {
  return { file: '/a.c', range: { start: { line, character: start }, end: { line, character: end } }, newText };
}

describe('applyChanges', () => {
  it('applies several fixes from the end on', () => {
    const result = applyChanges('one two\nthree\n', [[change(0, 0, 3, 'ONE')], [change(1, 0, 5, '3')]]);
    expect(result).toEqual({ text: 'ONE two\n3\n', applied: 2 });
  });

  it('leaves out a fix that touches an earlier one, as a whole', () => {
    const result = applyChanges('one two\nthree\n', [[change(0, 0, 7, 'x')], [change(1, 0, 5, '3'), change(0, 4, 7, 'y')]]);
    expect(result).toEqual({ text: 'x\nthree\n', applied: 1 });
  });
});
