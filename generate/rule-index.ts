/** The page that lists all rules, docs/rules/README.md, made from the table of rules. */
import { formatVersion } from '../server/src/kernel/version.ts';
import { rules } from '../server/src/rules/registry.ts';
import type { Rule } from '../server/src/rules/rule.ts';

const introduction = `# Rules

What \`driver-mmap check\` and the editor report, each rule with a page: why it matters, bad and good code, what happens at run time, when it
stays silent. How severe a rule is, and whether it runs, [is yours to say](../configuration.md); a comment [ignores one
finding](../configuration.md#ignoring-a-finding).

| Rule | Severity | Linux | What it finds |
|---|---|---|---|
`;

/** The whole page. */
export function ruleIndex(): string {
  const rows = [...rules]
    .sort((a, b) => (a.name < b.name ? -1 : 1))
    .map((rule) => `| [${rule.name}](${rule.name}.md) | ${rule.severity} | ${versionsOf(rule)} | ${rule.summary} |\n`);
  return introduction + rows.join('');
}

/** The versions that a rule is for, in words. */
function versionsOf({ versions }: Rule): string {
  const since = versions?.since && `from ${formatVersion(versions.since)}`;
  const until = versions?.until && `before ${formatVersion(versions.until)}`;
  return [since, until].filter(Boolean).join(', ') || 'all';
}
