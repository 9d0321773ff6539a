/** The results of scenarios as the XML that JUnit made common and that CI systems read. */
import path from 'node:path';
import { shown } from './format-text.ts';
import { reasonsOf, type ScenarioTest, testName } from './test-scenarios.ts';

/** A whole report, ending in a line break. */
export function formatJunit(tests: readonly ScenarioTest[]): string {
  const count = (kind: ScenarioTest['outcome']['kind']) => tests.filter(({ outcome }) => outcome.kind === kind).length;
  const counts = `tests="${tests.length}" failures="${count('failed')}" errors="${count('error')}"`;
  return [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<testsuites name="driver-mmap" ${counts}>`,
    `  <testsuite name="scenarios" ${counts}>`,
    ...tests.flatMap(testCase),
    '  </testsuite>',
    '</testsuites>',
    '',
  ].join('\n');
}

function testCase(test: ScenarioTest): readonly string[] {
  const { outcome, file } = test;
  const head = `    <testcase name="${escaped(testName(test))}" classname="${escaped(path.dirname(shown(file)))}" file="${escaped(shown(file))}"`;
  if (outcome.kind === 'passed') return [`${head}/>`];
  const element = outcome.kind === 'failed' ? 'failure' : 'error';
  const [first = '', ...others] = reasonsOf(test);
  const text = others.length > 0 ? `>${escaped(others.join('\n'))}</${element}>` : '/>';
  return [`${head}>`, `      <${element} message="${escaped(first)}"${text}`, '    </testcase>'];
}

const entities: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };

/** Text for XML 1.0, which has no place for most control characters. */
function escaped(text: string): string {
  return text
    .replace(/[&<>"]/g, (each) => entities[each] ?? each)
    .replace(/[^\t\n\r\u0020-\uD7FF\uE000-\uFFFD\u{10000}-\u{10FFFF}]/gu, '?');
}
