/**
 * Bugs that drivers once had, told again as small drivers of our own: a rule of the table names the bug in the buggy one, in a function
 * that the fixed one has too, and is silent about the fixed one.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { precedents } from '../corpus/precedents-table.ts';
import { checkText } from '../support/check-text.ts';

const folder = path.join(import.meta.dirname, '../fixtures/precedents');
const files = readdirSync(folder).filter((file) => file.endsWith('.c'));
const told = files.filter((file) => file.endsWith('.buggy.c')).map((file) => file.slice(0, -'.buggy.c'.length));

/** The findings of the rules that name the bug. */
async function named(id: string, which: 'buggy' | 'fixed'): Promise<readonly { readonly rule: string; readonly function: string }[]> {
  const precedent = precedents.find((each) => each.id === id);
  const text = readFileSync(path.join(folder, `${id}.${which}.c`), 'utf8');
  const { findings, problems } = await checkText({ text, kernel: precedent?.kernel ?? '' }, {});
  expect(problems).toEqual([]);
  return findings
    .filter(({ rule }) => precedent?.rules.includes(rule))
    .map((finding) => ({ rule: finding.rule, function: finding.function }));
}

describe('precedents', () => {
  it.each(told)('%s is found when it is buggy', async (id) => {
    const fixed = readFileSync(path.join(folder, `${id}.fixed.c`), 'utf8');
    const found = await named(id, 'buggy');
    expect(found).not.toEqual([]);
    for (const finding of found) expect(fixed).toContain(finding.function);
  });

  it.each(told)('%s is left alone when it is fixed', async (id) => {
    expect(await named(id, 'fixed')).toEqual([]);
  });

  it('has a row of the table, a buggy and a fixed driver for each', () => {
    expect(files.sort()).toEqual(told.flatMap((id) => [`${id}.buggy.c`, `${id}.fixed.c`]).sort());
    expect(told.filter((id) => !precedents.some((each) => each.id === id))).toEqual([]);
    expect(new Set(precedents.map(({ id }) => id)).size).toBe(precedents.length);
  });
});
