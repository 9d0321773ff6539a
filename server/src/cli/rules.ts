/** `driver-mmap rules`: the table of rules. */
import { formatVersion } from '../kernel/version.ts';
import { rules } from '../rules/registry.ts';
import type { Arguments } from './command.ts';
import { type Output, paint } from './terminal.ts';

export async function runRules(given: Arguments, output: Output): Promise<number> {
  const rows = [...rules].sort((a, b) => (a.name < b.name ? -1 : 1));
  if (given.text('format') === 'json') {
    const json = rows.map((rule) => ({
      rule: rule.name,
      severity: rule.severity,
      summary: rule.summary,
      since: rule.versions?.since ? formatVersion(rule.versions.since) : null,
      until: rule.versions?.until ? formatVersion(rule.versions.until) : null,
    }));
    output.out(`${JSON.stringify({ rules: json }, null, 1)}\n`);
    return 0;
  }
  const width = Math.max(...rows.map((rule) => rule.name.length));
  for (const rule of rows) {
    output.out(`${rule.name.padEnd(width)}  ${paint(output, rule.severity, rule.severity.padEnd(7))}  ${rule.summary}\n`);
  }
  return 0;
}
