/** Every example of docs/scenarios.md runs on the demo driver, and does what the page says. */
import { describe, expect, test } from 'vitest';
import { expectationForms } from '../../../server/src/simulation/scenario/expectations.ts';
import { parseScenario } from '../../../server/src/simulation/scenario/parse.ts';
import { statementForms } from '../../../server/src/simulation/scenario/statements.ts';
import { readProjectFile } from '../../support/sources.ts';
import { traceOf } from '../support/simulate.ts';

const demo = readProjectFile('test/simulation/support/demo.c');
const files = { '/drivers/open-and-map.mmapsim': 'open rw\na = mmap len 1p prot rw shared\nread a\n' };

async function runExample(scenario: string) {
  const { verdict, steps } = await traceOf(demo, { scenario, files });
  return { verdict, steps };
}

describe('the example of each statement', () => {
  test.each(statementForms.map(({ name, example }) => [name, example]))('%s', async (name, example) => {
    const { verdict } = await runExample(example);
    expect({ summary: verdict.summary, outcome: verdict.outcome }).toMatchObject({ outcome: 'completed' });
    expect(example).toContain(name);
  });
});

describe('the example of each expectation', () => {
  test.each(expectationForms.map(({ syntax, example }) => [syntax, example]))('%s', async (_, example) => {
    const { verdict } = await runExample(example);
    expect({ summary: verdict.summary, outcome: verdict.outcome }).toMatchObject({ outcome: 'completed' });
  });
});

test('the page has no other scenario than those that run, and those parse', () => {
  const page = readProjectFile('docs/scenarios.md');
  const blocks = [...page.matchAll(/```mmapsim\n([\s\S]*?)\n```/g)].map(([, block = '']) => block);
  const known = new Set([...statementForms, ...expectationForms].map(({ example }) => example));
  const others = blocks.filter((block) => !known.has(block));
  expect(blocks.length).toBeGreaterThanOrEqual(known.size - 1);
  for (const block of others) expect(parseScenario(block).problems).toEqual([]);
});
