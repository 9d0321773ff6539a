/** Each rule of the model is cited by the title of a test, or by a line of the limits. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { rules } from './rules.ts';

const root = join(import.meta.dirname, '..', '..');

/** The numbers that a text cites. */
function numbersIn(text: string): readonly string[] {
  return text.match(/\bS\d+\.\d+\b/g) ?? [];
}

/** Titles of tests that cite a rule: a sentence in quotes with its number in it. `rule: 'S5.1'` is none. */
function titlesIn(source: string): readonly string[] {
  const quoted = [...source.matchAll(/(['"`])((?:(?!\1)[^\n])+)\1/g)].map((match) => match[2] ?? '');
  return quoted.filter((text) => text.includes(' ') && numbersIn(text).length > 0);
}

function citedByTests(): readonly string[] {
  return ['mm', 'simulation'].flatMap((folder) =>
    readdirSync(join(root, 'test', folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts'))
      .flatMap((name) => titlesIn(readFileSync(join(root, 'test', folder, name), 'utf8')).flatMap(numbersIn)),
  );
}

const limits = numbersIn(readFileSync(join(root, 'docs', 'limits.md'), 'utf8'));

test('a rule without a test and without a limit is missing', () => {
  const cited = new Set([...citedByTests(), ...limits]);
  expect(rules.filter((rule) => !cited.has(rule))).toEqual([]);
});

test('no test and no limit cites a rule that does not exist', () => {
  const known = new Set(rules);
  expect([...citedByTests(), ...limits].filter((rule) => !known.has(rule))).toEqual([]);
});

test('what a test expects is no citation', () => {
  expect(titlesIn("test('S5.1 twice and S5.2', () => expect(x).toMatchObject({ rule: 'S6.5' }))").flatMap(numbersIn)).toEqual([
    'S5.1',
    'S5.2',
  ]);
});
