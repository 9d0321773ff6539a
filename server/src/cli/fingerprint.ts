/**
 * What tells a finding from the others of its file, and stays the same when lines above it come and go: the rule, the function, the
 * text of the line, and which of several equal ones it is.
 */
import { createHash } from 'node:crypto';
import type { Finding } from '../protocol/findings.ts';

/** The text of a line of a file (0-based), or `undefined` when it cannot be read. */
export type LineReader = (file: string, line: number) => string | undefined;

/** The fingerprints of `findings`, in their order; `nameOf` gives the name of a file that is the same on every machine. */
export function fingerprintsOf(findings: readonly Finding[], lines: LineReader, nameOf: (file: string) => string): readonly string[] {
  const seen = new Map<string, number>();
  return findings.map((finding) => {
    const line = (lines(finding.file, finding.range.start.line) ?? '').replace(/\s+/g, ' ').trim();
    const key = JSON.stringify([nameOf(finding.file), finding.rule, finding.function, line]);
    const count = seen.get(key) ?? 0;
    seen.set(key, count + 1);
    return createHash('sha256').update(`${key} ${count}`).digest('hex').slice(0, 32);
  });
}
