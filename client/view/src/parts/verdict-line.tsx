/** The verdict in words: the first thing on the page, with a way to each problem's step. */
import type { Trace } from '../../../../server/src/protocol/trace.ts';
import { lineText } from '../model.ts';
import { Prose } from './prose.tsx';

const headings: Readonly<Record<Trace['verdict']['outcome'], string>> = {
  completed: 'No problem',
  problem: 'Problem',
  expectationFailed: 'Expectation failed',
  stopped: 'Stopped',
};

export function VerdictLine({ trace, show }: { readonly trace: Trace; readonly show: (index: number) => void }) {
  const { verdict, handler } = trace;
  return (
    <header class={`verdict ${verdict.outcome}`}>
      <h1>
        {handler.function} <small>{`${handler.slot}, Linux ${trace.kernel}`}</small>
      </h1>
      <p role="status">
        <strong>{headings[verdict.outcome]}.</strong> <Prose text={verdict.summary} />
      </p>
      {verdict.stoppedBecause && (
        <p>
          <Prose text={verdict.stoppedBecause} />
        </p>
      )}
      <ul>
        {verdict.problems.map((problem) => (
          <li key={`${problem.step} ${problem.kind} ${problem.message}`}>
            <button type="button" class="link" onClick={() => show(problem.step)}>
              {`Step ${problem.step + 1}`}
            </button>{' '}
            {!verdict.summary.includes(problem.message) && <Prose text={problem.message} />}
            {problem.kernelLine && <code class="kernel-line">{problem.kernelLine}</code>}
          </li>
        ))}
        {verdict.failedExpectations.map((failed) => (
          <li
            key={`${lineText(failed)} ${failed.expected}`}
          >{`In ${lineText(failed)}: expected ${failed.expected}; the run gave ${failed.actual}.`}</li>
        ))}
      </ul>
    </header>
  );
}
