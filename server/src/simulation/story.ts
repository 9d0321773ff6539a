/**
 * A finished trace as text for a terminal: what was assumed, each statement with what it made happen, the verdict. Reads the
 * trace and nothing else.
 */
import type { Location } from '../protocol/position.ts';
import type { Trace, TraceStep } from '../protocol/trace.ts';
import { foldChanges, sortAssumptions } from './fold.ts';

export interface StoryOptions {
  /** Columns; lines are wrapped to it. */
  readonly width: number;
}

/** The whole story, ending in a line break. */
export function formatStory(trace: Trace, options: StoryOptions = { width: 100 }): string {
  const lines = [
    ...wrapped(`${trace.handler.function} (${trace.handler.slot}) in ${baseName(trace.file)} on Linux ${trace.kernel}`, options.width, ''),
    ...assumptionLines(trace, options.width),
    ...stepLines(trace, options.width),
    '',
    ...verdictLines(trace, options.width),
  ];
  return `${lines.join('\n')}\n`;
}

/** What the outcomes are called. */
export const outcomeWords: Readonly<Record<Trace['verdict']['outcome'], string>> = {
  completed: 'completed',
  problem: 'problem',
  expectationFailed: 'expectation failed',
  stopped: 'stopped',
};

function assumptionLines(trace: Trace, width: number): readonly string[] {
  if (trace.assumptions.length === 0) return [];
  const lines = ['', 'Assumed, because the files do not tell (change a value with `assume NAME = VALUE`):'];
  const { lines: short, others } = sortAssumptions(trace.assumptions);
  for (const line of short) lines.push(...wrapped(line, width, '  ', '      '));
  for (const { name, value, reason, location } of others) {
    const where = location ? ` [${place(location, trace.file)}]` : '';
    lines.push(...wrapped(`${name} = ${value}: ${reason}${where}`, width, '  ', '      '));
  }
  return lines;
}

function stepLines(trace: Trace, width: number): readonly string[] {
  const lines: string[] = [];
  let last = '';
  for (const step of trace.steps) {
    const at = step.source ? `${baseName(step.source.file)}:${step.source.line}` : String(step.line).padStart(3);
    if (at !== last) lines.push('', `${at}  ${step.statement}`);
    last = at;
    lines.push(...oneStep(step, trace, width));
  }
  return lines;
}

const marks: Readonly<Record<TraceStep['kind'], string>> = {
  action: '',
  enter: '→ ',
  call: '',
  leave: '← ',
  fault: '! ',
  result: '= ',
  expectation: '? ',
  problem: '✗ ',
};

function oneStep(step: TraceStep, trace: Trace, width: number): readonly string[] {
  const indent = `     ${'  '.repeat(Math.min(step.stack.length, 8))}`;
  const where = step.location ? `  [${place(step.location, trace.file)}]` : '';
  const lines = step.title === '' ? [] : [...wrapped(`${marks[step.kind]}${step.title}${where}`, width, indent, `${indent}    `)];
  for (const change of foldChanges(step.changes)) lines.push(...wrapped(`· ${change}`, width, `${indent}  `, `${indent}    `));
  for (const problem of step.problems) {
    lines.push(...wrapped(`✗ ${problem.message}`, width, `${indent}  `, `${indent}    `));
    if (problem.kernelLine !== undefined) lines.push(...dmesgLines(problem.kernelLine, width, `${indent}    `));
  }
  return lines;
}

/** What the kernel's log shows of a problem: one or more lines of it. */
export function dmesgLines(kernelLine: string, width: number, indent: string): readonly string[] {
  const mark = 'dmesg: ';
  return kernelLine.split('\n').flatMap((line, index) => {
    const hanging = indent + ' '.repeat(mark.length);
    return index === 0 ? wrapped(`${mark}${line}`, width, indent, hanging) : wrapped(line, width, hanging);
  });
}

function verdictLines(trace: Trace, width: number): readonly string[] {
  const { verdict } = trace;
  const lines = wrapped(`Verdict: ${outcomeWords[verdict.outcome]}. ${verdict.summary}`, width, '', '  ');
  const failed = verdict.failedExpectations.flatMap(({ line, source, expected, actual }) => {
    const at = source ? `${baseName(source.file)}:${source.line}:` : `line ${line}:`;
    return [`  ${at} expected ${expected}`, `  ${' '.repeat(at.length)} but got ${actual}`];
  });
  return [...lines, ...failed];
}

/** `card.c:36`; only the line for the trace's own file. */
function place(location: Location, file: string): string {
  const line = location.range.start.line + 1;
  return location.file === file ? `line ${line}` : `${baseName(location.file)}:${line}`;
}

function baseName(file: string): string {
  return file.slice(file.lastIndexOf('/') + 1);
}

/** Breaks `text` at blanks so that no line is wider than `width` where a blank allows it. */
export function wrapped(text: string, width: number, indent: string, hanging = indent): readonly string[] {
  const lines: string[] = [];
  let current = indent;
  let empty = true;
  for (const word of text.split(' ')) {
    if (!empty && current.length + 1 + word.length > width) {
      lines.push(current);
      current = hanging;
      empty = true;
    }
    current += empty ? word : ` ${word}`;
    empty = false;
  }
  lines.push(current);
  return lines;
}
