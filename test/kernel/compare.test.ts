/** The simulator against what real kernels did, scenario by scenario; see README.md. */
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { beforeAll, describe, expect, it } from 'vitest';
import type { Grammar } from '../../server/src/syntax/grammar.ts';
import { testGrammar } from '../support/grammar.ts';
import { knownDifferences } from './known-differences.ts';
import { compareRecording, recordingsOf } from './runner/compared.ts';
import { type KernelName, kernelNames, recordedKernels, seriesOf } from './runner/kernels.ts';
import { kernelScenarios } from './scenarios/index.ts';

const oracle = fileURLToPath(new URL('.', import.meta.url));

/** Scenarios that may differ, of all that are recorded. */
const mostKnown = 0.02;

/** What is known of a kernel, and of its series where nothing is said of debugging. */
const knownOf = (kernel: KernelName) => knownDifferences.filter((known) => known.kernels === undefined || known.kernels.includes(kernel));

function isKnown(kernel: KernelName, module: string, scenario: string): boolean {
  return knownOf(kernel).some((known) => known.module === module && known.scenarios.includes(scenario));
}

let grammar: Grammar;
beforeAll(async () => {
  grammar = await testGrammar();
});

describe.each(recordedKernels)('the simulator and Linux %s', (kernel) => {
  const recordings = recordingsOf(oracle, kernel);

  it('were asked often enough', () => {
    const recorded = recordings.flatMap(({ module, scenarios }) => scenarios.map(({ name }) => `${module} ${name}`));
    const wanted = kernelScenarios().filter(({ kernels }) => kernels?.includes(seriesOf(kernel)) ?? true);
    expect(recorded.length).toBeGreaterThanOrEqual(600);
    expect(recordings.length).toBeGreaterThanOrEqual(40);
    // Who adds a scenario need not build a kernel for it.
    if (kernelNames.includes(kernel)) expect(wanted.filter(({ module, name }) => !recorded.includes(`${module} ${name}`))).toEqual([]);
    expect(knownOf(kernel).flatMap(({ scenarios }) => scenarios).length).toBeLessThanOrEqual(recorded.length * mostKnown);
  });

  it.each(recordings.map((recording) => [recording.module, recording] as const))('agree on %s', (module, recording) => {
    const compared = compareRecording(oracle, grammar, recording, kernel);
    const report = (wanted: (scenario: string, isDifferent: boolean) => boolean) =>
      compared.filter(({ scenario, differences }) => wanted(scenario, differences.length > 0));
    expect(report((scenario, isDifferent) => isDifferent && !isKnown(kernel, module, scenario))).toEqual([]);
    // One that is listed and agrees now.
    expect(report((scenario, isDifferent) => !isDifferent && isKnown(kernel, module, scenario))).toEqual([]);
  });
});

describe('known differences', () => {
  it('have their reasons in the limits that users read', () => {
    const limits = readFileSync(new URL('../../docs/limits.md', import.meta.url), 'utf8').replace(/\s+/g, ' ');
    expect(knownDifferences.filter(({ limit }) => !limits.includes(limit))).toEqual([]);
  });
});
