/** A baseline: the findings that a project has decided to live with for now, by their fingerprints. New ones are reported. */
import { readFileSync, writeFileSync } from 'node:fs';
import { reason } from '../host/files.ts';
import type { Finding } from '../protocol/findings.ts';
import { UsageError } from './command.ts';

interface BaselineEntry {
  readonly fingerprint: string;
  /** For readers; the fingerprint alone counts. */
  readonly rule: string;
  readonly file: string;
  readonly function: string;
}

/** The fingerprints of a baseline file. A file that is none is bad usage: everything would be reported. */
export function readBaseline(file: string): ReadonlySet<string> {
  let value: unknown;
  try {
    value = JSON.parse(readFileSync(file, 'utf8'));
  } catch (error) {
    throw new UsageError(`Cannot read the baseline ${file}: ${reason(error)}. Make one with --write-baseline ${file}.`);
  }
  const entries = typeof value === 'object' && value !== null && 'findings' in value ? value.findings : undefined;
  if (!Array.isArray(entries)) throw new UsageError(`${file} is no baseline. Make one with --write-baseline ${file}.`);
  return new Set(
    entries.flatMap((entry: unknown) =>
      typeof entry === 'object' && entry !== null && 'fingerprint' in entry && typeof entry.fingerprint === 'string'
        ? [entry.fingerprint]
        : [],
    ),
  );
}

/** Writes what `readBaseline` reads, in an order that does not depend on the run. */
export function writeBaseline(
  file: string,
  findings: readonly Finding[],
  fingerprints: readonly string[],
  nameOf: (file: string) => string,
): void {
  const entries = findings.map(
    (finding, index): BaselineEntry => ({
      fingerprint: fingerprints[index] ?? '',
      rule: finding.rule,
      file: nameOf(finding.file),
      function: finding.function,
    }),
  );
  try {
    writeFileSync(file, `${JSON.stringify({ version: 1, findings: entries }, undefined, 1)}\n`);
  } catch (error) {
    throw new UsageError(`Cannot write the baseline ${file}: ${reason(error)}.`);
  }
}
