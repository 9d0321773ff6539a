/** The verdict of a finished run, and the sentences that sum it up. Reads the run, changes nothing. */
import { errnoName } from '../kernel/errno.ts';
import { formatSize } from '../mm/units.ts';
import type { FailedExpectation, TraceProblem, Verdict } from '../protocol/trace.ts';
import type { FinishedRun, StatementResult } from './run/run.ts';

/** `handler` is the function that the run is about; `wasSearched`: other values and mappings were tried before. */
export function verdictOf(run: FinishedRun, handler: string, wasSearched: boolean): Verdict {
  const unexpected = unexpectedProblems(run);
  const base = { problems: run.problems, failedExpectations: run.failedExpectations };
  if (run.stoppedBecause !== undefined) {
    return {
      ...base,
      outcome: 'stopped',
      summary: `The simulation ends early, because ${run.stoppedBecause}. What is shown up to there holds.`,
      stoppedBecause: run.stoppedBecause,
    };
  }
  const doubt = wasSearched ? doubtAbout(run, unexpected) : undefined;
  if (doubt !== undefined)
    return { ...base, outcome: 'stopped', summary: `${doubt} Set what is known with \`assume\`.`, stoppedBecause: doubt };
  if (unexpected.length > 0) return { ...base, outcome: 'problem', summary: problemSummary(run, unexpected) };
  const [failed] = run.failedExpectations;
  if (failed) {
    const more = run.failedExpectations.length > 1 ? ` ${run.failedExpectations.length - 1} more expectations fail.` : '';
    return {
      ...base,
      outcome: 'expectationFailed',
      summary: `${lineOf(failed)} expects ${failed.expected}, but gets ${failed.actual}.${more}`,
    };
  }
  return { ...base, outcome: 'completed', summary: completedSummary(run, handler, wasSearched) };
}

/** `Line 3`, or where an included line stands. */
function lineOf({ line, source }: FailedExpectation): string {
  return source ? `Line ${source.line} of ${source.file.slice(source.file.lastIndexOf('/') + 1)}` : `Line ${line}`;
}

/** Problems that a wrong guess about the driver's state can cause as well as a mistake in its code. */
const guessable: ReadonlySet<string> = new Set([
  'oops',
  'driver-bug',
  'bad-return',
  'bad-vma-change',
  'foreign-memory',
  'bad-page-state',
  'refcount-underflow',
  'endless-fault',
]);

/** Why a problem of the default scenario is not held against the driver: values were guessed that may have caused it. */
function doubtAbout(run: FinishedRun, problems: readonly TraceProblem[]): string | undefined {
  const [first] = problems;
  if (!first || run.guesses.length === 0 || problems.some(({ kind }) => !guessable.has(kind))) return undefined;
  const guesses = [...new Set(run.guesses)];
  const named = guesses.length > 3 ? `${guesses.slice(0, 3).join(', ')} and ${guesses.length - 3} more` : guesses.join(', ');
  return `Too little is known of the driver's state (${named}): with what is assumed it runs into something that may not be its fault. ${first.message}`;
}

/** Problems of statements that do not expect one. */
function unexpectedProblems(run: FinishedRun): readonly TraceProblem[] {
  return run.problems.filter((_, index) => !run.expectedProblems.has(index));
}

function problemSummary(run: FinishedRun, problems: readonly TraceProblem[]): string {
  const [first] = problems;
  if (!first) return '';
  const step = run.steps[first.step];
  const line = step?.location ? ` (line ${step.location.range.start.line + 1})` : '';
  const others = problems.length - 1;
  const more = others === 0 ? '' : others === 1 ? ' One more problem follows.' : ` ${others} more problems follow.`;
  return `\`${step?.statement ?? ''}\` runs into a problem${line}: ${first.message}${more}`;
}

function completedSummary(run: FinishedRun, handler: string, wasSearched: boolean): string {
  const mapped = run.results.filter(({ statement }) => statement.action.kind === 'mmap');
  const [first] = mapped;
  if (!first) return 'The scenario maps nothing.';
  if (!wasSearched) return scenarioSummary(run);
  const parts = [mapSentence(run, first, handler)];
  if (wasSearched && first.result.outcome.kind === 'error')
    parts.push('None of the other values and mappings that were tried gets further.');
  const signals = run.results.filter(({ result }) => result.outcome.kind === 'signal');
  const accesses = run.results.filter(({ statement, result }) => isAccess(statement.action.kind) && result.skipped === undefined);
  if (accesses.length > 0) {
    parts.push(
      signals.length === 0
        ? `All ${accesses.length} accesses work.`
        : `${signals.map(({ statement, result }) => `\`${withoutExpectation(statement.text)}\` gets ${signalName(result.outcome)}`).join(', ')}.`,
    );
  }
  const second = mapped.slice(1).find(({ result }) => result.outcome.kind === 'error');
  if (second) parts.push(mapSentence(run, second, handler));
  return parts.join(' ');
}

/** Of a scenario that somebody wrote: what they expect is what counts. */
function scenarioSummary(run: FinishedRun): string {
  const { expectationsHeld } = run;
  const held =
    expectationsHeld === 0
      ? ''
      : expectationsHeld === 1
        ? ', and its expectation holds'
        : `, and its ${expectationsHeld} expectations hold`;
  return `The scenario runs to its end${held}.`;
}

function mapSentence(run: FinishedRun, { statement, result }: StatementResult, handler: string): string {
  const { action } = statement;
  if (action.kind !== 'mmap') return '';
  const what = `${action.sharing === 'shared' ? 'A shared' : 'A private'} mapping of ${formatSize(action.length)}`;
  if (result.outcome.kind === 'ok') return `${what} succeeds.`;
  const name = result.outcome.kind === 'error' ? (errnoName(result.outcome.errno) ?? result.outcome.name) : 'nothing';
  const left = run.steps.findLast((step) => step.line === statement.line && step.kind === 'leave');
  if (!left) return `${what} is refused with ${name} before ${handler} is called.`;
  const line = left.location ? ` at line ${left.location.range.start.line + 1}` : '';
  return `${what} is refused with ${name}: ${left.title}${line}.`;
}

function isAccess(kind: string): boolean {
  return kind === 'read' || kind === 'write';
}

function signalName(outcome: StatementResult['result']['outcome']): string {
  return outcome.kind === 'signal' ? outcome.signal : 'nothing';
}

function withoutExpectation(text: string): string {
  return text.replace(/\s+expect .*$/, '');
}
