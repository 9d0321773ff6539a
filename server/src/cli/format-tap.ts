/** The results of scenarios in the Test Anything Protocol, version 14. */
import { reasonsOf, type ScenarioTest, testName } from './test-scenarios.ts';

/** A whole report, ending in a line break. */
export function formatTap(tests: readonly ScenarioTest[]): string {
  const lines = ['TAP version 14', `1..${tests.length}`];
  for (const [index, test] of tests.entries()) {
    const isOk = test.outcome.kind === 'passed';
    // A `#` would begin a directive.
    lines.push(`${isOk ? 'ok' : 'not ok'} ${index + 1} - ${testName(test).replace(/[\\#]/g, '\\$&')}`);
    if (isOk) continue;
    const reasons = reasonsOf(test).map((reason) => `    - ${JSON.stringify(reason)}`);
    lines.push('  ---', `  severity: ${test.outcome.kind === 'failed' ? 'fail' : 'error'}`, '  reasons:', ...reasons, '  ...');
  }
  return `${lines.join('\n')}\n`;
}
