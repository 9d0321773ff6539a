/**
 * The matrix over kernels: finished traces of one scenario side by side, and the first step at which neighbours differ. Reads
 * traces; runs nothing.
 */
import { compareVersions, formatVersion, type KernelVersion, parseVersion } from '../kernel/version.ts';
import type { Matrix, MatrixDifference, MatrixRow, MatrixRule } from '../protocol/matrix.ts';
import type { Trace, TraceStep } from '../protocol/trace.ts';
import { turningPoints } from './matrix-rules.ts';

/** What a cell says of a statement that a kernel never came to. */
const notReached = '–';

/** The matrix of traces, one for each kernel, that ran the same scenario. */
export function matrixOf(traces: readonly Trace[]): Matrix | undefined {
  const [first] = traces;
  if (!first) return undefined;
  const told = traces.map(statementsOf);
  const longest = told.reduce((left, right) => (right.length > left.length ? right : left));
  const rows = longest.map(({ key, line, statement }): MatrixRow => {
    const cells = told.map((statements) => statements.find((each) => each.key === key)?.cell ?? notReached);
    return { line, statement, cells };
  });
  return {
    file: first.file,
    handler: first.handler,
    scenario: first.scenario,
    kernels: traces.map(({ kernel }) => kernel),
    rows,
    verdicts: traces.map(({ verdict: { outcome, summary } }) => ({ outcome, summary })),
    differences: traces.slice(1).map((trace, index) => difference(traces[index] ?? first, trace)),
  };
}

/**
 * The scenario that all kernels are compared by, when the user gives none: the one made for the newest kernel that the handler
 * runs on, without what came of its statements there.
 */
export function sharedScenario(traces: readonly Trace[]): string {
  const byAge = [...traces].sort((left, right) => compareVersions(versionOf(right), versionOf(left)));
  const chosen = byAge.find(({ verdict }) => verdict.outcome !== 'stopped') ?? byAge[0];
  const lines = chosen?.scenario.split('\n') ?? [];
  return lines
    .filter((line) => !/^kernel\b/.test(line))
    .map((line) => line.replace(/\s+expect .*$/, ''))
    .map((line) => (/^(in \w+: )?(read|write)\b/.test(line) ? `${line} expect any` : line))
    .join('\n');
}

function versionOf({ kernel }: Trace): KernelVersion {
  return parseVersion(kernel) ?? { major: 0, minor: 0, patch: 0 };
}

/** One statement as a kernel ran it. */
interface ToldStatement {
  /** Tells the statements of a scenario apart, those of included ones too. */
  readonly key: string;
  readonly line: number;
  readonly statement: string;
  readonly cell: string;
  /** Everything that was told, without the numbers that differ for no reason. */
  readonly lines: readonly string[];
}

function statementsOf(trace: Trace): readonly ToldStatement[] {
  const groups = new Map<string, TraceStep[]>();
  for (const step of trace.steps) {
    const key = `${step.source?.file ?? ''}:${step.source?.line ?? step.line}`;
    const group = groups.get(key);
    if (group) group.push(step);
    else groups.set(key, [step]);
  }
  return [...groups].flatMap(([key, steps]) => {
    const [first] = steps;
    if (!first || first.statement === '') return [];
    const statement = first.statement.replace(/\s+expect .*$/, '');
    return [{ key, line: first.line, statement, cell: cellOf(steps), lines: steps.flatMap(linesOf) }];
  });
}

/** `the process numbers` of fork say nothing. */
function linesOf(step: TraceStep): readonly string[] {
  const lines = [step.title, ...step.changes, ...step.problems.map(({ message }) => message)];
  return lines.filter((line) => line !== '').map((line) => line.replace(/^fork\(2\) returns \d+/, 'fork(2) returns'));
}

/** What the statement gave, in a word. */
function cellOf(steps: readonly TraceStep[]): string {
  const problem = steps.flatMap((step) => step.problems).at(-1);
  const expectation = steps.find((step) => step.kind === 'expectation' && step.statement.startsWith('expect '));
  if (expectation) return expectation.title.startsWith('as expected') ? 'holds' : 'fails';
  const result = steps.findLast((step) => step.kind === 'result')?.title;
  const word = result === undefined ? 'stops' : wordOf(result);
  if (word === 'stopped') return stopWord(problem?.kind);
  return problem ? `${word} !` : word;
}

function stopWord(kind: string | undefined): string {
  return kind === 'kernel-bug' ? 'BUG' : kind === 'oops' ? 'oops' : 'hang';
}

/** The patterns are those of `run/titles.ts`. */
function wordOf(title: string): string {
  const value = /(?:^|; )the value is (0x[0-9a-f]+)/.exec(title)?.[1];
  if (value !== undefined) return value;
  const failed = /returns -1, (\w+)/.exec(title)?.[1] ?? /^(SIG[A-Z]+)/.exec(title)?.[1];
  if (failed !== undefined) return failed;
  if (title.includes('does not return')) return 'stopped';
  return title.startsWith('nothing is done') ? notReached : 'ok';
}

function difference(older: Trace, newer: Trace): MatrixDifference {
  const pair = { from: older.kernel, to: newer.kernel };
  const [before, after] = [statementsOf(older), statementsOf(newer)];
  for (let index = 0; index < Math.max(before.length, after.length); index++) {
    const [left, right] = [before[index], after[index]];
    const only = (of: ToldStatement | undefined, other: ToldStatement | undefined): readonly string[] =>
      (of?.lines ?? []).filter((line) => !other?.lines.some((each) => withoutKernel(each) === withoutKernel(line)));
    const [wasLines, isLines] = [only(left, right), only(right, left)];
    const isSeen = (left?.cell ?? notReached) !== (right?.cell ?? notReached);
    const statement = left ?? right;
    if ((wasLines.length === 0 && isLines.length === 0 && !isSeen) || !statement) continue;
    const rule = ruleFor(versionOf(older), versionOf(newer), wasLines, isLines);
    const was = clauseOf(left, wasLines, rule?.older, older);
    const is = clauseOf(right, isLines, rule?.newer, newer);
    const at = { line: statement.line, statement: statement.statement, isSeen, was, is, ...(rule ? { rule: rule.rule } : {}) };
    return { ...pair, at };
  }
  return pair;
}

/** Two kernels that both lack a call do the same. */
function withoutKernel(line: string): string {
  return line.replace(gate, '$1');
}

/** What a run says that ends at a call of another time, without the kernel that it ran on. */
const gate = /^(the simulation stops: .* does not exist in Linux) [\d.]+/;

/** What happened on one kernel: the line that the rule names, else the first that the other has not. */
function clauseOf(told: ToldStatement | undefined, lines: readonly string[], wanted: RegExp | undefined, trace: Trace): string {
  if (!told) return trace.verdict.stoppedBecause ?? 'it does not come to this statement';
  return (wanted && lines.find((line) => wanted.test(line))) ?? lines[0] ?? 'nothing of the kind';
}

interface FoundRule {
  readonly rule: MatrixRule;
  readonly older: RegExp | undefined;
  readonly newer: RegExp | undefined;
}

/** The change of Linux between the two versions that the lines show. */
function ruleFor(from: KernelVersion, to: KernelVersion, was: readonly string[], is: readonly string[]): FoundRule | undefined {
  const [old, young] = compareVersions(from, to) <= 0 ? [from, to] : [to, from];
  const [wasLines, isLines] = compareVersions(from, to) <= 0 ? [was, is] : [is, was];
  const shows = (lines: readonly string[], pattern: RegExp | undefined) =>
    pattern === undefined || lines.some((line) => pattern.test(line));
  const ends = [...wasLines, ...isLines].find((line) => gate.test(line));
  const found = turningPoints.find(
    ({ since, older, newer }) =>
      // Where one run ends at a call that its kernel has not, what the other did from there on explains nothing.
      (ends === undefined || older?.test(ends) === true || newer?.test(ends) === true) &&
      compareVersions(old, since) < 0 &&
      compareVersions(since, young) <= 0 &&
      shows(wasLines, older) &&
      shows(isLines, newer),
  );
  if (!found) return undefined;
  const { since, says, number, older, newer } = found;
  return { rule: { since: formatVersion(since), says, ...(number === undefined ? {} : { number }) }, older, newer };
}
