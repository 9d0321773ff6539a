/** `driver-mmap simulate --attack`: what a hostile program can do to a driver, as stories or as JSON. */
import { attackDocument } from '../ide/attack.ts';
import type { SourceDocument } from '../ide/document.ts';
import type { AttackReport } from '../protocol/attack.ts';
import { formatAttacks } from '../simulation/attack/story.ts';
import { type Arguments, UsageError } from './command.ts';
import type { Output } from './terminal.ts';

/** Attacks the handler, or the file's first one, on the document's kernel. */
export function attackOn(document: SourceDocument, handler: string | undefined, given: Arguments): AttackReport {
  if (given.text('scenario') !== undefined) throw new UsageError('--attack makes its own scenarios; leave out --scenario.');
  const result = attackDocument(document, {
    ...(handler === undefined ? {} : { handler }),
    version: document.target.version,
    seed: wholeNumber(given, 'seed'),
    budget: wholeNumber(given, 'budget'),
  });
  if (result.kind === 'failed') throw new UsageError(result.message);
  return result.report;
}

/** Prints the reports, one for each kernel. Gives 1 when one of them has a way to a problem that no assumption decides. */
export function printAttacks(reports: readonly AttackReport[], given: Arguments, output: Output): number {
  const possible = given.has('possible');
  const [first] = reports;
  if (given.text('format') === 'json') output.out(`${JSON.stringify(reports.length === 1 ? first : reports, null, 1)}\n`);
  else output.out(reports.map((report) => formatAttacks(report, { width: output.width, possible })).join('\n'));
  return reports.some(({ attacks }) => attacks.some(({ confidence }) => confidence === 'likely')) ? 1 : 0;
}

function wholeNumber(given: Arguments, name: string): number | undefined {
  const text = given.text(name);
  if (text === undefined) return undefined;
  if (!/^\d{1,9}$/.test(text)) throw new UsageError(`--${name} takes a whole number, not ${text === '' ? 'an empty word' : text}.`);
  return Number(text);
}
