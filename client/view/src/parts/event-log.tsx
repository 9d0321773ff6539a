/** Every step as a row; the shown one is marked, a click shows another. */
import type { Trace } from '../../../../server/src/protocol/trace.ts';
import { titleOf } from '../model.ts';

interface Properties {
  readonly trace: Trace;
  readonly index: number;
  readonly show: (index: number) => void;
}

export function EventLog({ trace, index, show }: Properties) {
  return (
    <section aria-label="Event log">
      <h2>Event log</h2>
      <table class="log">
        <thead>
          <tr>
            <th scope="col">Step</th>
            <th scope="col">Line</th>
            <th scope="col">By</th>
            <th scope="col">What happens</th>
          </tr>
        </thead>
        <tbody>
          {trace.steps.map((step) => (
            <tr
              key={step.index}
              class={`${step.kind} ${step.problems.length > 0 ? 'problem' : ''}`}
              aria-current={step.index === index ? 'step' : undefined}
            >
              <td>{step.index + 1}</td>
              <td>{step.line}</td>
              <td>{step.actor}</td>
              <td>
                <button type="button" class="link" onClick={() => show(step.index)}>
                  {titleOf(step)}
                </button>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </section>
  );
}
