/** The shown step: what happened, what it changed, what went wrong, and the C stack with its values. */
import type { Location } from '../../../../server/src/protocol/position.ts';
import type { TraceStep } from '../../../../server/src/protocol/trace.ts';
import { lineText, titleOf } from '../model.ts';
import { Prose } from './prose.tsx';

interface Properties {
  readonly step: TraceStep;
  readonly reveal: (location: Location) => void;
}

export function StepCard({ step, reveal }: Properties) {
  return (
    <section class="step" aria-label="Step">
      <h2>
        <Prose text={titleOf(step)} />
      </h2>
      <p>
        <code>{step.statement}</code> <span class="dim">{`${lineText(step)}, by ${step.actor}`}</span>{' '}
        {step.location && <SourceLink location={step.location} reveal={reveal} />}
      </p>
      {step.problems.map((problem) => (
        <p class="problem" role="alert" key={problem.kind}>
          <Prose text={problem.message} />
          {problem.kernelLine && <code class="kernel-line">{problem.kernelLine}</code>}
        </p>
      ))}
      {step.changes.length > 0 && (
        <ul>
          {step.changes.map((change, position) => (
            <li key={`${position} ${change}`}>
              <Prose text={change} />
            </li>
          ))}
        </ul>
      )}
      {step.stack.length > 0 && (
        <table>
          <caption>C stack</caption>
          <thead>
            <tr>
              <th scope="col">Function</th>
              <th scope="col">Values</th>
            </tr>
          </thead>
          <tbody>
            {step.stack.map((frame, depth) => (
              <tr key={`${depth} ${frame.function}`}>
                <th scope="row">
                  {frame.function} {frame.location && <SourceLink location={frame.location} reveal={reveal} />}
                </th>
                <td>
                  {frame.values.map((value) => (
                    <code class="value" key={value.name}>{`${value.name} = ${value.value}`}</code>
                  ))}
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
    </section>
  );
}

function SourceLink({ location, reveal }: { readonly location: Location; readonly reveal: (location: Location) => void }) {
  const name = location.file.split('/').at(-1);
  return (
    <button type="button" class="link" onClick={() => reveal(location)}>
      {`${name}:${location.range.start.line + 1}`}
    </button>
  );
}
