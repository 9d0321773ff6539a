/** The JSON of the command-line contract: absent values are `null`, ranges are 0-based in UTF-16 units. */
import { whyNotProved } from '../ide/unproved.ts';
import type { CheckProblem, Finding } from '../protocol/findings.ts';

export interface CheckReport {
  /** Of driver-mmap. */
  readonly version: string;
  /** The version that the files were read for; `auto` when they lie in trees of several. */
  readonly kernel: string;
  readonly files: number;
  readonly findings: readonly Finding[];
  readonly problems: readonly CheckProblem[];
}

export function formatCheckJson(report: CheckReport): string {
  const findings = report.findings.map((finding) => ({
    rule: finding.rule,
    severity: finding.severity,
    confidence: finding.confidence,
    message: finding.message,
    file: finding.file,
    range: finding.range,
    function: finding.function,
    handler: finding.handler ?? null,
    related: finding.related,
    witness: finding.witness ?? null,
    unproved: whyNotProved(finding) ?? null,
  }));
  return `${JSON.stringify({ ...report, findings }, null, 1)}\n`;
}
