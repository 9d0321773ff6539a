/** Every step as a row; the shown one is marked, a click shows another. */
import { useEffect, useRef } from 'preact/hooks';
import type { Trace } from '../../../../server/src/protocol/trace.ts';
import { titleOf } from '../model.ts';

interface Properties {
  readonly trace: Trace;
  readonly index: number;
  readonly show: (index: number) => void;
}

export function EventLog({ trace, index, show }: Properties) {
  const area = useRef<HTMLDivElement>(null);
  useEffect(() => keepInSight(area.current), [trace, index]);
  return (
    <section aria-label="Event log">
      <h2>Event log</h2>
      <div class="scroll" ref={area}>
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
      </div>
    </section>
  );
}

/** Scrolls the log, and nothing else, so far that the marked row can be seen. */
function keepInSight(area: HTMLElement | null): void {
  const row = area?.querySelector<HTMLElement>('[aria-current]');
  if (!area || !row) return;
  const above = row.offsetTop - area.scrollTop;
  if (above < row.offsetHeight) area.scrollTop = row.offsetTop - row.offsetHeight;
  else if (above + 2 * row.offsetHeight > area.clientHeight) area.scrollTop = row.offsetTop + 2 * row.offsetHeight - area.clientHeight;
}
