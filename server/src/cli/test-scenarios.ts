/**
 * Runs scenario files as tests: finds each one's driver, runs it on one kernel or several, and says whether it does what it
 * expects. Knows no output format.
 */
import path from 'node:path';
import { fileHost, readText, reason } from '../host/files.ts';
import { SourceDocument } from '../ide/document.ts';
import { projectFor, targetIn } from '../ide/project.ts';
import { simulateDocument } from '../ide/simulate.ts';
import { formatVersion } from '../kernel/version.ts';
import type { CheckProblem } from '../protocol/findings.ts';
import type { Verdict } from '../protocol/trace.ts';
import { type ParsedScenario, parseScenario } from '../simulation/scenario/parse.ts';
import { notUsed } from '../simulation/simulate.ts';
import type { Grammar } from '../syntax/grammar.ts';
import { shown } from './format-text.ts';

/** One scenario on one kernel. */
export interface ScenarioTest {
  /** Absolute. */
  readonly file: string;
  /** `6.12`; absent when it could not be run. */
  readonly kernel?: string;
  readonly driver?: string;
  readonly outcome: ScenarioOutcome;
  /** What the scenario states for nothing, in a sentence each. */
  readonly notes?: readonly string[];
  /** What is wrong with the settings of the driver's project. */
  readonly problems?: readonly CheckProblem[];
}

export type ScenarioOutcome =
  | { readonly kind: 'passed' }
  /** It ran, and something was not as expected: a sentence for each. */
  | { readonly kind: 'failed'; readonly verdict: Verdict; readonly reasons: readonly string[] }
  /** It could not be run: a line that is not understood, no driver. */
  | { readonly kind: 'error'; readonly message: string };

interface Prepared extends ParsedScenario {
  readonly file: string;
  readonly text: string;
  readonly driver: string | undefined;
  readonly handler: string | undefined;
}

/**
 * Runs the scenarios in `files` in this order. `kernels`: versions, or none for what each scenario says. A scenario that others
 * of them include, and that has no driver itself, is no test.
 */
export function runScenarioTests(
  files: readonly string[],
  kernels: readonly string[],
  grammar: Grammar,
  onTest: (test: ScenarioTest) => void,
): readonly ScenarioTest[] {
  const host = fileHost();
  const tests: ScenarioTest[] = [];
  const add = (test: ScenarioTest) => {
    tests.push(test);
    onTest(test);
  };
  const prepared = files.map((file) => prepare(file, (name) => host.readFile(name)));
  const included = new Set(prepared.flatMap((each) => ('includes' in each ? each.includes : [])));
  for (const each of prepared) {
    if ('outcome' in each) add(each);
    else if (each.driver === undefined && included.has(each.file)) continue;
    else for (const kernel of kernels.length > 0 ? kernels : [undefined]) add(run(each, kernel, grammar, host));
  }
  return tests;
}

function prepare(file: string, readFile: (name: string) => string | undefined): Prepared | ScenarioTest {
  let text: string;
  try {
    text = readText(file);
  } catch (error) {
    return { file, outcome: { kind: 'error', message: `It cannot be read: ${reason(error)}.` } };
  }
  const parsed = parseScenario(text, { file, readFile });
  const stated = parsed.scenario.statements.map(({ action }) => action).find((action) => action.kind === 'driver');
  const driver = stated ? path.resolve(path.dirname(file), stated.file) : driverBeside(file, readFile);
  return { ...parsed, file, text, driver, handler: stated?.handler };
}

/** `ring.mmapsim` and `ring.anything.mmapsim` are about the `ring.c` beside them. */
function driverBeside(file: string, readFile: (name: string) => string | undefined): string | undefined {
  const name = path.basename(file);
  const driver = path.join(path.dirname(file), `${name.slice(0, name.indexOf('.'))}.c`);
  return readFile(driver) === undefined ? undefined : driver;
}

function run(scenario: Prepared, kernel: string | undefined, grammar: Grammar, host: ReturnType<typeof fileHost>): ScenarioTest {
  const { file, driver, text, handler } = scenario;
  const failed = (message: string): ScenarioTest => ({
    file,
    ...(driver === undefined ? {} : { driver }),
    outcome: { kind: 'error', message },
  });
  const [problem] = scenario.problems;
  if (problem)
    return failed(
      `${problem.file === undefined ? 'Line' : `${path.basename(problem.file)}, line`} ${problem.line}, column ${problem.column}: ${problem.message}`,
    );
  if (driver === undefined) {
    const name = path.basename(file);
    return failed(`It has no driver: there is no ${name.slice(0, name.indexOf('.'))}.c beside it, and no \`driver FILE\` in it.`);
  }
  const source = host.readFile(driver);
  if (source === undefined) return failed(`Its driver ${shown(driver)} cannot be read.`);
  const { version } = scenario.scenario;
  const project = projectFor(driver, host);
  const target = targetIn(project, driver, kernel ?? (version ? formatVersion(version) : 'auto'), host);
  const document = new SourceDocument({ grammar, host, target }, driver, source);
  const result = simulateDocument(document, {
    handler,
    scenario: text,
    scenarioFile: file,
    targetWins: kernel !== undefined && kernel !== 'auto',
  });
  if (result.kind === 'failed') return { ...failed(result.message), problems: project.problems };
  const { kernel: ran, verdict, assumptions } = result.trace;
  const notes = assumptions.filter(({ value }) => value === notUsed).map(({ name, reason }) => `\`${name}\` is not used: ${reason}.`);
  return { file, driver, kernel: ran, outcome: outcomeOf(verdict), notes, problems: project.problems };
}

function outcomeOf(verdict: Verdict): ScenarioOutcome {
  if (verdict.outcome === 'completed') return { kind: 'passed' };
  const reasons = verdict.failedExpectations.map(({ line, source, expected, actual }) => {
    const at = source ? `${path.basename(source.file)}, line ${source.line}` : `line ${line}`;
    return `${at}: expected ${expected}, but got ${actual}`;
  });
  return { kind: 'failed', verdict, reasons: verdict.outcome === 'expectationFailed' ? reasons : [verdict.summary, ...reasons] };
}

/** `examples/ring.mmapsim on 6.12`. */
export function testName({ file, kernel }: ScenarioTest): string {
  return kernel === undefined ? shown(file) : `${shown(file)} on ${kernel}`;
}

/** What was not as expected; nothing for a test that passed. */
export function reasonsOf({ outcome }: ScenarioTest): readonly string[] {
  switch (outcome.kind) {
    case 'passed':
      return [];
    case 'failed':
      return outcome.reasons;
    case 'error':
      return [outcome.message];
  }
}
