/** Each rule that says what proves its findings: on its own fixtures, a replay in the simulator proves at least one. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../server/src/rules/registry.ts';
import { checkText } from '../support/check-text.ts';
import { readFixture } from '../support/fixture.ts';

const folder = path.join(import.meta.dirname, '../fixtures/rules');

describe('proof by replay', () => {
  it.each(rules.filter(({ provedBy }) => provedBy).map(({ name }) => name))('%s', async (rule) => {
    const proved: string[] = [];
    for (const file of readdirSync(path.join(folder, rule))) {
      const text = readFileSync(path.join(folder, rule, file), 'utf8');
      const { findings } = await checkText({ text, kernel: readFixture(text).kernel }, { select: [rule], possible: true, prove: true });
      if (findings.some(({ confidence }) => confidence === 'proved')) proved.push(file);
    }
    expect(proved).not.toEqual([]);
  });
});
