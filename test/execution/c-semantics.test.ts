/** The executor against C: each function of the fixtures returns what its comment says, as a C compiler has it. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { run } from '../../server/src/execution/run.ts';
import { emptyDialect, numberIn, programOfText, TestWorld, testBudget } from '../support/program.ts';

const folder = new URL('../fixtures/execution/', import.meta.url);

for (const file of ['integers.c', 'memory.c', 'statements.c']) {
  const text = readFileSync(new URL(file, folder), 'utf8');
  const program = programOfText(text);
  const cases = [...text.matchAll(/^\/\* = (-?\d+) \*\/ long (\w+)\(/gm)].map(([, value = '', name = '']) => ({
    name,
    value: BigInt(value),
  }));
  describe(file, () => {
    test('has cases', () => expect(cases.length).toBeGreaterThan(20));
    test.each(cases)('$name is $value', async ({ name, value }) => {
      const outcome = run(await program, emptyDialect, name, [], new TestWorld(), testBudget);
      expect(outcome).toMatchObject({ kind: 'returned' });
      expect(outcome.kind === 'returned' && numberIn(outcome.value)).toBe(value);
    });
  });
}
