/** A trial as the scenario that users keep, and its run as short steps to read. Knows nothing of how it was found. */
import type { AttackStep } from '../../protocol/attack.ts';
import { expectationOf } from '../run/expect.ts';
import { formatScenario, planScenario } from '../scenario/format.ts';
import type { Trial } from './trial.ts';

/** The text of the scenario: what fails in it is expected to fail, so that a replay shows the problem and nothing else. */
export function attackScenario({ scenario, run }: Trial): string {
  const results = new Map(run.results.map(({ statement, result }) => [statement.line, result]));
  const told = run.openChoices.filter(({ name, taken }) => taken > 0 || run.trusted.has(name));
  const alternatives = told.map(({ name, value }) => [name, value] as const);
  const assumed = [...run.suggestionsTaken, ...alternatives, ...run.followed].map(([path, value]) => ({
    action: { kind: 'assume' as const, path, value },
  }));
  const planned = scenario.statements.map(({ action, process, line }) => {
    const result = results.get(line);
    const expectation = result && result.skipped === undefined ? expectationOf(result.outcome) : undefined;
    return { action, ...(process === undefined ? {} : { process }), ...(expectation ? { expectation } : {}) };
  });
  return formatScenario(planScenario([...planned.slice(0, 1), ...assumed, ...planned.slice(1)]));
}

/** What happened, one line a step: statements with their results, the driver's functions and calls, problems. */
export function attackSteps({ run }: Trial): readonly AttackStep[] {
  return run.steps.flatMap((step) =>
    step.title === '' && step.problems.length === 0
      ? []
      : [
          {
            line: step.line,
            statement: step.statement,
            title: step.title,
            kind: step.kind,
            ...(step.location ? { location: step.location } : {}),
            problems: step.problems.map(({ kind }) => kind),
          },
        ],
  );
}
