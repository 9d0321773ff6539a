/** What a run of a scenario says at each line that expects something, as short texts. Knows text and trace alone. */
import type { Trace } from '../../server/src/protocol/trace.ts';

export interface LineResult {
  /** From 0. */
  readonly line: number;
  readonly outcome: 'held' | 'failed' | 'not reached';
  readonly text: string;
}

/** One result for each line with an expectation or a problem that nobody expects, in the order of the text. */
export function lineResults(text: string, trace: Trace): readonly LineResult[] {
  const reached = new Set(trace.steps.map(({ line }) => line));
  const { failedExpectations, problems } = trace.verdict;
  return text.split('\n').flatMap((whole, line): readonly LineResult[] => {
    const number = line + 1;
    const failed = failedExpectations.find((each) => each.line === number);
    if (failed) return [{ line, outcome: 'failed', text: `✗ expected ${failed.expected}; the run gave ${failed.actual}` }];
    const problem = problems.find(({ step }) => trace.steps[step]?.line === number);
    if (problem) return [{ line, outcome: 'failed', text: `✗ ${problem.kind}: ${problem.message}` }];
    if (!/(^|\s)expect\s/.test(withoutComment(whole))) return [];
    return [
      reached.has(number) ? { line, outcome: 'held', text: '✓ as expected' } : { line, outcome: 'not reached', text: '– not reached' },
    ];
  });
}

/** A `#` in quotes begins no comment. */
const withoutComment = (line: string): string => line.replace(/"(?:\\.|[^"\\])*"/g, '""').replace(/#.*$/, '');
