/** What stands behind the lines of a scenario after a run. */
import { describe, expect, it } from 'vitest';
import { lineResults } from '../../client/src/scenario-results.ts';
import type { Trace, TraceStep } from '../../server/src/protocol/trace.ts';

const text = `open rw
write a "expect # nothing" expect ok   # expect any
read a expect SIGBUS
# expect b ok
read a+1p
expect value 7
`;

const step = (index: number, line: number): TraceStep => ({
  index,
  line,
  statement: '',
  title: '',
  kind: 'action',
  actor: 'program',
  stack: [],
  changes: [],
  problems: [],
  state: { processes: [], pages: [] },
});

const trace = (verdict: Partial<Trace['verdict']>): Trace => ({
  kernel: '6.12',
  file: '/a.c',
  handler: { function: 'a_mmap', kind: 'mmap', slot: 'file_operations.mmap' },
  scenario: text,
  assumptions: [],
  steps: [step(0, 1), step(1, 2), step(2, 3), step(3, 5)],
  verdict: { outcome: 'completed', summary: 'Done.', problems: [], failedExpectations: [], ...verdict },
});

describe('lineResults', () => {
  it('tells what held, what failed and what was not reached', () => {
    const failed = { failedExpectations: [{ line: 3, expected: 'SIGBUS', actual: 'ok' }] };
    expect(lineResults(text, trace(failed))).toEqual([
      { line: 1, outcome: 'held', text: '✓ as expected' },
      { line: 2, outcome: 'failed', text: '✗ expected SIGBUS; the run gave ok' },
      { line: 5, outcome: 'not reached', text: '– not reached' },
    ]);
  });

  it('shows a problem that nobody expects at its line', () => {
    const problems = [{ kind: 'kernel-bug', message: 'The kernel stops.', step: 3 }];
    expect(lineResults(text, trace({ problems }))).toContainEqual({ line: 4, outcome: 'failed', text: '✗ kernel-bug: The kernel stops.' });
  });
});
