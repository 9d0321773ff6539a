/**
 * What a user can send us about a finding that they hold to be wrong: the finding, and the function in which it stands. Tells no paths and
 * nothing else of the files. Sends nothing itself.
 */
import { formatVersion } from '../kernel/version.ts';
import type { Finding } from '../protocol/findings.ts';
import type { SourceDocument } from './document.ts';

/** Markdown, with a place for the user's own words. `productVersion` is ours. */
export function falseAlarmReport(finding: Finding, document: SourceDocument, productVersion: string): string {
  const { rule, severity, confidence, message, related, unproved } = finding;
  const slots = document.driver.handlers.filter((each) => each.function === finding.function).map(({ slot }) => slot);
  const span = document.driver.functions.get(finding.function)?.span;
  const code = span && document.textOf(finding.file).slice(span.start, span.end);
  return [
    `# A finding of ${rule} that seems wrong`,
    '',
    `- driver-mmap ${productVersion}, Linux ${formatVersion(document.target.version)}`,
    `- ${severity}, ${confidence}, in \`${[`${finding.function}\``, ...slots].join(', ')}`,
    ...(unproved === undefined ? [] : [`- ${unproved}`]),
    '',
    ...[message, ...related.map((place) => place.message)].map((text) => `> ${text.replace(/\n/g, '\n> ')}\n`),
    'Why the code is right:',
    '',
    '(say it here)',
    '',
    ...(code === undefined ? [] : ['The function:', '', fenced(code), '']),
  ].join('\n');
}

/** A fence that is longer than each within the code. */
function fenced(code: string): string {
  const longest = Math.max(2, ...[...code.matchAll(/`+/g)].map(([ticks]) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}c\n${code}\n${fence}`;
}
