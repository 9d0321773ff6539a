/** The scenario on several kernels side by side: what each statement gives there, and where neighbours begin to differ. */
import { useState } from 'preact/hooks';
import { offeredKernels } from '../../../../server/src/protocol/kernels.ts';
import type { Matrix, MatrixDifference } from '../../../../server/src/protocol/matrix.ts';
import type { MatrixAnswer } from '../../../../server/src/protocol/view.ts';
import { kernelColumns, kernelsIn } from '../kernels.ts';
import { Prose } from './prose.tsx';

interface Properties {
  readonly answer: MatrixAnswer | undefined;
  readonly ask: (kernels: readonly string[]) => void;
  /** Shows the run on one kernel. */
  readonly show: (kernel: string) => void;
}

export function MatrixPart({ answer, ask, show }: Properties) {
  const [text, setText] = useState(offeredKernels.slice(-6).join(', '));
  return (
    <section aria-label="Other kernels">
      <h2>Other kernels</h2>
      <form
        class="bar"
        onSubmit={(event) => {
          event.preventDefault();
          ask(kernelsIn(text));
        }}
      >
        <label class="wide">
          Linux versions
          <input spellcheck={false} value={text} onInput={(event) => setText(event.currentTarget.value)} />
        </label>
        <button type="submit" class="secondary">
          Run on these kernels
        </button>
      </form>
      {answer?.kind === 'running' && <p role="status">The scenario runs on each kernel.</p>}
      {answer?.kind === 'failed' && <p role="alert">{answer.message}</p>}
      {answer?.kind === 'matrix' && <MatrixTable matrix={answer.matrix} show={show} />}
    </section>
  );
}

function MatrixTable({ matrix, show }: { readonly matrix: Matrix; readonly show: (kernel: string) => void }) {
  const columns = kernelColumns(matrix);
  return (
    <>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <section class="scroll" aria-label="Results by kernel" tabIndex={0}>
        <table class="matrix">
          <thead>
            <tr>
              <th scope="col">Statement</th>
              {columns.map(({ title, kernels }) => (
                <th scope="col" key={title}>
                  <button type="button" class="link" title={`Show the run on Linux ${kernels[0]}`} onClick={() => show(kernels[0] ?? '')}>
                    {title}
                  </button>
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {matrix.rows.map((row, index) => (
              <tr key={`${index} ${row.line}`}>
                <th scope="row">
                  <code>{row.statement}</code>
                </th>
                {columns.map(({ title, first }) => (
                  <td key={title}>{row.cells[first]}</td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <ul>
        {columns.map(({ title, first }) => (
          <li key={title}>
            <strong>{`Linux ${title}:`}</strong> <Prose text={matrix.verdicts[first]?.summary ?? ''} />
          </li>
        ))}
      </ul>
      {matrix.differences.some(({ at }) => at) && <h3>Where they begin to differ</h3>}
      <ul>
        {matrix.differences.map((difference) => (
          <DifferenceItem key={difference.to} difference={difference} />
        ))}
      </ul>
    </>
  );
}

function DifferenceItem({ difference: { from, to, at } }: { readonly difference: MatrixDifference }) {
  if (!at) return null;
  return (
    <li>
      {`From ${from} to ${to}, at `}
      <code>{at.statement}</code>
      {': '}
      <Prose text={`${at.was}; then ${at.is}.`} />
      {at.rule && (
        <>
          {' '}
          <Prose text={`Since ${at.rule.since}: ${at.rule.says}`} />
        </>
      )}
    </li>
  );
}
