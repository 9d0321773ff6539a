/**
 * Deliberate mistakes: in correct drivers one check is removed or broken at a time. The originals are quiet, and what is
 * truly wrong is found by a rule that names it. A mutant that survives is listed with its text.
 */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { ruleNamed } from '../../server/src/rules/registry.ts';
import { checkText } from '../support/check-text.ts';
import { readFixture } from '../support/fixture.ts';
import { callMutations } from './calls.ts';
import { faultMutations } from './faults.ts';
import { lengthMutations } from './lengths.ts';
import { type MutatedFunction, type Mutation, mutate } from './mutant.ts';
import { offsetMutations } from './offsets.ts';

const folder = path.join(import.meta.dirname, 'drivers');
const drivers = readdirSync(folder).sort();
const functions: readonly MutatedFunction[] = [...offsetMutations, ...lengthMutations, ...faultMutations, ...callMutations];
const mutants = functions.flatMap((each) => each.mutations.map((mutation) => ({ ...each, mutation })));
const wrong = mutants.filter(({ mutation }) => mutation.equivalent === undefined);
/** In percent of the mutants that are wrong. */
const mustFind = 95;

function textOf(file: string): string {
  return readFileSync(path.join(folder, file), 'utf8');
}

async function rulesFoundIn(text: string): Promise<readonly string[]> {
  const { findings } = await checkText({ text, kernel: readFixture(text).kernel });
  return [...new Set(findings.map(({ rule }) => rule))];
}

function describeMutation({ way, check, to }: Mutation): string {
  return `${way} ${check}${to === undefined ? '' : ` -> ${to}`}`;
}

describe('the originals', () => {
  it.each(drivers)('%s is quiet', async (file) => {
    const text = textOf(file);
    const { findings, problems } = await checkText({ text, kernel: readFixture(text).kernel });
    expect(findings.map(({ rule, message }) => `${rule}: ${message}`)).toEqual([]);
    expect(problems).toEqual([]);
  });

  it.each(drivers)('%s is mutated in four ways and more', (file) => {
    expect(wrong.filter((mutant) => mutant.file === file).length).toBeGreaterThanOrEqual(4);
  });
});

describe('the tables', () => {
  it('mutate thirty drivers and a hundred and twenty checks, each once', () => {
    expect(drivers.length).toBeGreaterThanOrEqual(30);
    expect(wrong.length).toBeGreaterThanOrEqual(120);
    const names = mutants.map((mutant) => `${mutant.file} ${mutant.function} ${describeMutation(mutant.mutation)}`);
    expect(names.filter((name, index) => names.indexOf(name) !== index)).toEqual([]);
  });

  it('name drivers and rules that exist', () => {
    expect(functions.map(({ file }) => file).filter((file) => !drivers.includes(file))).toEqual([]);
    const named = new Set(wrong.flatMap(({ mutation }) => mutation.finds));
    expect([...named].filter((name) => ruleNamed(name) === undefined)).toEqual([]);
    expect(wrong.filter(({ mutation }) => mutation.finds.length === 0)).toEqual([]);
  });
});

describe('the mutants', () => {
  it(`are found, ${mustFind} of a hundred at the least`, async () => {
    const survivors: string[] = [];
    for (const { file, function: name, mutation } of wrong) {
      const found = await rulesFoundIn(await mutate(textOf(file), name, mutation));
      if (mutation.finds.some((rule) => found.includes(rule))) continue;
      survivors.push(
        `${file} ${name}(): ${describeMutation(mutation)} (wanted ${mutation.finds.join(' or ')}; found ${found.join() || 'nothing'})`,
      );
    }
    const most = Math.floor((wrong.length * (100 - mustFind)) / 100);
    expect(survivors.length, `survivors of ${wrong.length}:\n${survivors.join('\n')}`).toBeLessThanOrEqual(most);
  }, 120_000);
});
