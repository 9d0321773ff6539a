/** Rubbish in place of a scenario: the parser answers every line with a statement or a problem inside that line, and never throws. */
import { describe, expect, test } from 'vitest';
import { expectationForms } from '../../../server/src/simulation/scenario/expectations.ts';
import { formatScenario, planScenario } from '../../../server/src/simulation/scenario/format.ts';
import { parseScenario } from '../../../server/src/simulation/scenario/parse.ts';
import { statementForms } from '../../../server/src/simulation/scenario/statements.ts';
import { seeded } from '../../support/seeded.ts';

const lines = [...statementForms, ...expectationForms].flatMap(({ example }) => example.split('\n'));
const words = [...new Set(lines.flatMap((line) => line.split(/\s+/)))];
const rubbish = [
  '"',
  '\\',
  '{',
  '}',
  ',',
  '=',
  ':',
  '#',
  '->',
  '𝄞',
  '\t',
  '\0',
  '-',
  '+',
  'p',
  '0x',
  '99999999999999999999',
  '"\\x"',
  'u32(',
  ')',
  'in',
  'expect',
  '.end',
];

/** A text of whole lines, broken lines and words in any order. */
function scenarioFrom(seed: number): string {
  const number = seeded(seed);
  const pick = (list: readonly string[]) => list[number(list.length)] ?? '';
  const made = Array.from({ length: 40 }, () => {
    const line = pick(lines);
    switch (number(5)) {
      case 0:
        return line;
      case 1:
        return line.slice(0, number(line.length + 1)) + pick(rubbish) + line.slice(number(line.length + 1));
      case 2:
        return Array.from({ length: number(9) }, () => pick(words)).join(' ');
      case 3:
        return line.replace(/\S+/g, (word) => (number(4) === 0 ? pick(number(2) === 0 ? words : rubbish) : word));
      default:
        return Array.from({ length: number(30) }, () => String.fromCharCode(number(2) === 0 ? 32 + number(95) : number(0x3000))).join('');
    }
  });
  return made.join('\n');
}

describe('parseScenario', () => {
  test.each(Array.from({ length: 150 }, (_, seed) => seed))('answers the text of seed %i', (seed) => {
    const text = scenarioFrom(seed);
    const { scenario, problems } = parseScenario(text);
    const all = text.split(/\r?\n/);
    const answered = new Set([...scenario.statements, ...problems].map(({ line }) => line));
    for (const { line, column, length } of problems) {
      expect(column).toBeGreaterThanOrEqual(1);
      expect(length).toBeGreaterThanOrEqual(1);
      // What is missing at the end of a line is said one column behind it.
      expect(column).toBeLessThanOrEqual((all[line - 1]?.length ?? 0) + 1);
    }
    expect(problems.length + scenario.statements.length).toBe(answered.size);
    const blank = (line: string) => /^\s*(#|$)/.test(line.replace(/^\uFEFF/, ''));
    expect(all.every((line, index) => blank(line) || answered.has(index + 1))).toBe(true);
    expect(parseScenario(text)).toEqual({ scenario, problems, includes: [] });
  });

  test.each(Array.from({ length: 40 }, (_, seed) => 1000 + seed))(
    'understands what it understood of seed %i when it is formatted',
    (seed) => {
      const { scenario } = parseScenario(scenarioFrom(seed));
      const again = planScenario(scenario.statements);
      const { scenario: reread, problems } = parseScenario(formatScenario(again));
      expect(problems).toEqual([]);
      expect(reread.statements.map(({ action, expectation }) => ({ action, expectation }))).toEqual(
        scenario.statements.map(({ action, expectation }) => ({ action, expectation })),
      );
    },
  );

  test.each([
    ['one endless word', 'a'.repeat(500_000)],
    ['one endless number', `read ${'9'.repeat(500_000)}`],
    ['endless braces', `ioctl GO ${'{ u32 1, '.repeat(60_000)}`],
    ['endless quotes', `write 0x1000 "${'\\'.repeat(500_000)}`],
    ['endless words', 'read '.repeat(120_000)],
    ['endless sums', `read 0x1000${'+1'.repeat(250_000)}`],
  ])('answers %s', (_, text) => {
    const { problems } = parseScenario(text);
    expect(problems).toHaveLength(1);
    expect(problems[0]?.message.length).toBeLessThan(700_000);
  });

  test('takes no more statements than a run can do', () => {
    const { scenario, problems } = parseScenario('close\n'.repeat(20_005));
    expect(scenario.statements).toHaveLength(20_000);
    expect(problems).toHaveLength(1);
  });
});
