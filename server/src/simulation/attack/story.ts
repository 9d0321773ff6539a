/**
 * An attack report as text for a terminal: each way to a problem as a story that names the statements, what the driver did and
 * what came of it, and how to see it again. Reads the report and nothing else.
 */
import type { Attack, AttackReport, AttackStep } from '../../protocol/attack.ts';
import type { Location } from '../../protocol/position.ts';
import { dmesgLines, wrapped } from '../story.ts';

export interface AttackStoryOptions {
  /** Columns; lines are wrapped to it. */
  readonly width: number;
  /** Tell those that depend on an assumed value too. */
  readonly possible: boolean;
}

/** The whole report, ending in a line break. */
export function formatAttacks(report: AttackReport, options: AttackStoryOptions): string {
  const { width } = options;
  const head = `An attack on ${report.handler.function} (${report.handler.slot}) in ${baseName(report.file)} on Linux ${report.kernel}`;
  if (report.stoppedBecause !== undefined)
    return `${[head, '', ...wrapped(`There is nothing to try, because ${report.stoppedBecause}.`, width, '')].join('\n')}\n`;
  const shown = report.attacks.filter(({ confidence }) => options.possible || confidence === 'likely');
  const hidden = report.attacks.length - shown.length;
  const lines = [head, ...shown.flatMap((attack, index) => ['', ...attackLines(attack, index + 1, report, width)]), ''];
  lines.push(...wrapped(summary(report, shown.length, hidden), width, ''));
  return `${lines.join('\n')}\n`;
}

function summary(report: AttackReport, shown: number, hidden: number): string {
  const programs = report.tried === 1 ? '1 program was' : `${report.tried} programs were`;
  const tried = `${programs} tried, in ${report.spent} steps, with seed ${report.seed}.`;
  const found =
    shown === 0
      ? 'No way to a problem was found.'
      : shown === 1
        ? 'One way to a problem was found.'
        : `${shown} ways to a problem were found.`;
  const more =
    hidden === 0
      ? ''
      : ` ${hidden === 1 ? 'One more depends' : `${hidden} more depend`} on what is assumed of the driver's state; --possible shows ${hidden === 1 ? 'it' : 'them'}.`;
  return `${found}${more} ${tried}`;
}

function attackLines(attack: Attack, number: number, report: AttackReport, width: number): readonly string[] {
  const at = attack.location ? ` at ${place(attack.location, report.file)}` : '';
  const lines = [...wrapped(`${number}. ${attack.problem}${at}: ${attack.message}`, width, '', '   ')];
  if (attack.kernelLine !== undefined) lines.push(...dmesgLines(attack.kernelLine, width, '   '));
  if (attack.because !== undefined) lines.push(...wrapped(`This is possible rather than certain: ${attack.because}.`, width, '   '));
  lines.push('');
  let statement = 0;
  for (const step of attack.steps) {
    if (step.line !== statement) lines.push(`   ${step.statement}`);
    statement = step.line;
    lines.push(...stepLines(step, report.file, width));
  }
  lines.push('', '   The scenario, for simulate --scenario:', '');
  for (const line of attack.scenario.trimEnd().split('\n')) lines.push(`       ${line}`);
  return lines;
}

function stepLines(step: AttackStep, file: string, width: number): readonly string[] {
  const where = step.location ? `  [${place(step.location, file)}]` : '';
  const lines = step.title === '' ? [] : [...wrapped(`${marks[step.kind]}${step.title}${where}`, width, '      ', '          ')];
  if (step.problems.length > 0) lines.push(`      ✗ ${step.problems.join(', ')}`);
  return lines;
}

const marks: Readonly<Record<AttackStep['kind'], string>> = {
  action: '',
  enter: '→ ',
  call: '  ',
  leave: '← ',
  fault: '! ',
  result: '= ',
  expectation: '? ',
  problem: '✗ ',
};

/** `card.c:36`; only the line for the report's own file. */
function place(location: Location, file: string): string {
  const line = location.range.start.line + 1;
  return location.file === file ? `line ${line}` : `${baseName(location.file)}:${line}`;
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}
