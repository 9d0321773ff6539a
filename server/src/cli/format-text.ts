/** Findings for people in a terminal: place, what, the line with carets, the other ends, what to do. */
import path from 'node:path';
import type { Finding } from '../protocol/findings.ts';
import type { Range } from '../protocol/position.ts';
import { type Output, paint } from './terminal.ts';

/** `lineOf(file, line)` gives the text of a line (0-based), for the excerpt. */
export function formatFinding(finding: Finding, output: Output, lineOf: (file: string, line: number) => string | undefined): string {
  const head = `${place(finding.file, finding.range)}: ${paint(output, finding.severity, finding.severity)}: ${paint(output, 'bold', finding.message)} [${finding.rule}]`;
  const lines = [head, ...excerpt(finding.range, lineOf(finding.file, finding.range.start.line), output)];
  for (const related of finding.related)
    lines.push(`  ${paint(output, 'dim', `${place(related.file, related.range)}:`)} ${related.message}`);
  if (finding.witness) lines.push(`  ${paint(output, 'dim', 'proved by:')} ${finding.witness.trim().split('\n').join('; ')}`);
  if (finding.unproved !== undefined) lines.push(`  ${paint(output, 'dim', 'not proved:')} ${finding.unproved}`);
  for (const fix of finding.fixes) lines.push(`  ${paint(output, 'dim', 'fix:')} ${fix.title}`);
  return `${lines.join('\n')}\n`;
}

/** `path:line:column` from 1, relative to the working folder when the file is below it. */
export function place(file: string, range: Range): string {
  return `${shown(file)}:${range.start.line + 1}:${range.start.character + 1}`;
}

export function shown(file: string): string {
  const relative = path.relative(process.cwd(), file);
  return relative === '' || relative.startsWith('..') || path.isAbsolute(relative) ? file : relative;
}

function excerpt(range: Range, text: string | undefined, output: Output): readonly string[] {
  if (text === undefined || text.length > 400) return [];
  const number = String(range.start.line + 1);
  const end = range.end.line === range.start.line ? range.end.character : text.trimEnd().length;
  const carets = '^'.repeat(Math.max(1, end - range.start.character));
  const indent = text.slice(0, range.start.character).replace(/[^\t]/g, ' ');
  return [
    `  ${paint(output, 'dim', `${number} |`)} ${text.trimEnd()}`,
    `  ${' '.repeat(number.length)} ${paint(output, 'dim', '|')} ${indent}${carets}`,
  ];
}
