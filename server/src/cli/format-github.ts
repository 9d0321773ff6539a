/** Workflow commands of GitHub Actions: one annotation a finding. */
import type { Finding, Severity } from '../protocol/findings.ts';
import { shown } from './format-text.ts';

const commandOf: Readonly<Record<Severity, string>> = { error: 'error', warning: 'warning', info: 'notice', hint: 'notice' };

export function formatGithub(finding: Finding): string {
  const { start, end } = finding.range;
  const properties = [
    `file=${escapeProperty(shown(finding.file))}`,
    `line=${start.line + 1}`,
    `endLine=${end.line + 1}`,
    `col=${start.character + 1}`,
    `endColumn=${end.character + 1}`,
    `title=${escapeProperty(finding.rule)}`,
  ];
  return `::${commandOf[finding.severity]} ${properties.join(',')}::${escapeData(finding.message)}\n`;
}

function escapeData(text: string): string {
  return text.replace(/%/g, '%25').replace(/\r/g, '%0D').replace(/\n/g, '%0A');
}

function escapeProperty(text: string): string {
  return escapeData(text).replace(/:/g, '%3A').replace(/,/g, '%2C');
}
