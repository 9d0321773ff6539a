/** `driver-mmap test`: runs scenario files as a test suite and reports like one. */
import { loadNodeGrammar } from '../host/grammar.ts';
import type { Arguments } from './command.ts';
import { formatJunit } from './format-junit.ts';
import { formatTap } from './format-tap.ts';
import { shown } from './format-text.ts';
import { inputScenarios } from './inputs.ts';
import { distinctProblems } from './inspect.ts';
import { type Output, paint } from './terminal.ts';
import { reasonsOf, runScenarioTests, type ScenarioTest, testName } from './test-scenarios.ts';

/** Exit code 0: all do what they expect; 1: one does not; 2: one could not be run, or not with the settings of its project. */
export async function runTest(given: Arguments, output: Output): Promise<number> {
  const files = inputScenarios(given.operands);
  const grammar = await loadNodeGrammar();
  const format = given.text('format') ?? 'text';
  const tests = runScenarioTests(files, given.list('kernel'), grammar, (test) => {
    if (format === 'text') output.out(formatTest(test, output));
  });
  if (format === 'tap') output.out(formatTap(tests));
  if (format === 'junit') output.out(formatJunit(tests));
  if (format === 'json') output.out(`${JSON.stringify({ tests: tests.map(contract) }, null, 1)}\n`);
  if (format === 'text') output.note(summaryOf(tests));
  const problems = distinctProblems(tests);
  for (const problem of problems) output.note(`${shown(problem.file)}: ${problem.message}`);
  const has = (kind: ScenarioTest['outcome']['kind']) => tests.some(({ outcome }) => outcome.kind === kind);
  return has('error') || problems.length > 0 ? 2 : has('failed') ? 1 : 0;
}

/** `ok    examples/ring.mmapsim on 6.12`, and under it what was not as expected, and what the scenario states for nothing. */
function formatTest(test: ScenarioTest, output: Output): string {
  const { outcome } = test;
  const mark = outcome.kind === 'passed' ? 'ok    ' : paint(output, 'error', outcome.kind === 'failed' ? 'failed' : 'error ');
  const told = [...reasonsOf(test), ...(test.notes ?? []).map((each) => `note: ${each}`)];
  const lines = [`${mark} ${testName(test)}`, ...told.map((each) => `         ${each}`)];
  return `${lines.join('\n')}\n`;
}

function summaryOf(tests: readonly ScenarioTest[]): string {
  const count = (kind: ScenarioTest['outcome']['kind']) => tests.filter(({ outcome }) => outcome.kind === kind).length;
  const [failed, errors] = [count('failed'), count('error')];
  const parts = [
    `${count('passed')} passed`,
    ...(failed > 0 ? [`${failed} failed`] : []),
    ...(errors > 0 ? [`${errors} could not be run`] : []),
  ];
  return `${tests.length} ${tests.length === 1 ? 'scenario' : 'scenarios'}: ${parts.join(', ')}.`;
}

/** Absent values are `null`, as everywhere in the JSON of the command line. */
function contract(test: ScenarioTest): object {
  const { file, driver, kernel, outcome } = test;
  const verdict = outcome.kind === 'failed' ? outcome.verdict : undefined;
  return {
    file,
    driver: driver ?? null,
    kernel: kernel ?? null,
    outcome: outcome.kind,
    reasons: reasonsOf(test),
    notes: test.notes ?? [],
    problems: verdict?.problems ?? [],
    failedExpectations: verdict?.failedExpectations ?? [],
  };
}
