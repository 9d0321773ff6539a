/** Every file of `test/fixtures/rules/` gives exactly the findings that its comments annotate. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { rules } from '../../server/src/rules/registry.ts';
import { checkText } from '../support/check-text.ts';
import { describeExpected, readFixture } from '../support/fixture.ts';

const folder = path.join(import.meta.dirname, '../fixtures/rules');
const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.c'))
  .sort();

describe('rule fixtures', () => {
  for (const file of files) {
    it(file, async () => {
      const text = readFileSync(path.join(folder, file), 'utf8');
      const fixture = readFixture(text);
      expect(fixture.problems).toEqual([]);
      const { findings, problems } = await checkText({ text, kernel: fixture.kernel }, { possible: true });
      // Findings of low confidence, which are off unless asked for, count in the folder of their own rule.
      const counted = findings.filter(({ confidence, rule }) => confidence !== 'possible' || file.startsWith(`${rule}/`));
      const found = counted.map(({ rule, range }) =>
        describeExpected({ rule, line: range.start.line, start: range.start.character, end: range.end.character }),
      );
      expect(found.sort()).toEqual(fixture.expected.map(describeExpected).sort());
      expect(problems).toEqual([]);
    });
  }

  it.each(rules.map((rule) => rule.name))('%s has a failing and a passing fixture', (rule) => {
    const own = files.filter((file) => file.startsWith(`${rule}/`));
    const annotated = own.filter((file) =>
      readFixture(readFileSync(path.join(folder, file), 'utf8')).expected.some((each) => each.rule === rule),
    );
    expect(annotated, 'files with a finding').not.toEqual([]);
    expect(own.length, 'files without a finding').toBeGreaterThan(annotated.length);
  });

  it('has no folder of a rule that does not exist', () => {
    const names = new Set(rules.map((rule) => rule.name));
    const strangers = [...new Set(files.map((file) => file.split('/')[0] ?? ''))].filter((name) => !names.has(name));
    expect(strangers).toEqual([]);
  });
});
