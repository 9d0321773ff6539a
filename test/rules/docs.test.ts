/** Every rule has its page, and the examples of the page do what their headings say. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { formatVersion } from '../../server/src/kernel/version.ts';
import { rules } from '../../server/src/rules/registry.ts';
import { checkText } from '../support/check-text.ts';
import { examplesOf, headingsOf } from '../support/rule-page.ts';

const folder = path.join(import.meta.dirname, '../../docs/rules');

describe('rule pages', () => {
  it('are there for each rule, and for nothing else', () => {
    const pages = readdirSync(folder)
      .filter((file) => file.endsWith('.md') && file !== 'README.md')
      .sort();
    expect(pages).toEqual(rules.map((rule) => `${rule.name}.md`).sort());
  });

  for (const rule of rules) {
    const page = readFileSync(path.join(folder, `${rule.name}.md`), 'utf8');
    describe(rule.name, () => {
      it('has the sections of a page, and the summary of the rule', () => {
        expect(headingsOf(page)).toEqual([
          rule.name,
          'What it does',
          'Why it matters',
          'Bad code',
          'Good code',
          'What happens at run time',
          'Exceptions',
          'Versions',
          'Kernel references',
        ]);
        expect(page.split('\n')[2]).toBe(rule.summary);
      });

      it('tells the versions that the rule is for', () => {
        const told = /\n## Versions\n\n(.+)/.exec(page)?.[1] ?? '';
        const { since, until } = rule.versions ?? {};
        if (since) expect(told).toContain(formatVersion(since));
        if (until) expect(told).toMatch(/^(?:Up to|Before) |\d to \d/);
        if (!since && !until) expect(told).not.toMatch(/^(?:From |Up to |Before )?\d/);
      });

      const examples = examplesOf(page);
      it('has bad and good examples', () => {
        expect(examples.map((example) => example.heading)).toEqual(expect.arrayContaining(['Bad code', 'Good code']));
      });
      for (const [index, example] of examples.entries()) {
        it(`example ${index + 1} (${example.heading}) does what it says`, async () => {
          const { findings } = await checkText({ text: example.code, kernel: example.kernel }, { possible: true });
          // Findings of low confidence, which are off unless asked for, count on the page of their own rule.
          const names = findings.filter((each) => each.confidence !== 'possible' || each.rule === rule.name).map((each) => each.rule);
          expect(names).toEqual(example.heading === 'Bad code' ? [rule.name] : []);
        });
      }
    });
  }
});
