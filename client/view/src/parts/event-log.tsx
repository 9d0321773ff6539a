/** The steps as rows; the shown one is marked, a click shows another. Of a long run only the rows around the shown step are drawn. */
import { useEffect, useRef } from 'preact/hooks';
import type { Trace, TraceStep } from '../../../../server/src/protocol/trace.ts';
import { titleOf, windowAround } from '../model.ts';

/** Rows that are drawn at once. */
const rowsShown = 200;

interface Properties {
  readonly trace: Trace;
  readonly index: number;
  readonly show: (index: number) => void;
}

export function EventLog({ trace, index, show }: Properties) {
  const area = useRef<HTMLElement>(null);
  useEffect(() => keepInSight(area.current), [trace, index]);
  const count = trace.steps.length;
  const { from, to } = windowAround(index, count, rowsShown);
  return (
    <section aria-label="Event log">
      <h2>Event log</h2>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard. */}
      <section class="scroll" ref={area} aria-label="Steps" tabIndex={0}>
        <table class="log" aria-rowcount={count + 1}>
          <thead>
            <tr>
              <th scope="col">Step</th>
              <th scope="col">Line</th>
              <th scope="col">By</th>
              <th scope="col">What happens</th>
            </tr>
          </thead>
          <tbody>
            {from > 0 && <MoreRow text={`${from} steps before`} go={() => show(from - 1)} />}
            {trace.steps.slice(from, to).map((step) => (
              <Row key={step.index} step={step} isShown={step.index === index} show={show} />
            ))}
            {to < count && <MoreRow text={`${count - to} steps after`} go={() => show(to)} />}
          </tbody>
        </table>
      </section>
    </section>
  );
}

interface RowProperties {
  readonly step: TraceStep;
  readonly isShown: boolean;
  readonly show: (index: number) => void;
}

function Row({ step, isShown, show }: RowProperties) {
  const isProblem = step.problems.length > 0;
  return (
    <tr class={isProblem ? `${step.kind} problem` : step.kind} aria-current={isShown ? 'step' : undefined} aria-rowindex={step.index + 2}>
      <td>{step.index + 1}</td>
      <td>{step.line}</td>
      <td>{step.actor}</td>
      <td>
        <button type="button" class="link" onClick={() => show(step.index)}>
          {titleOf(step)}
        </button>
        {isProblem && <span class="mark"> ✗ problem</span>}
      </td>
    </tr>
  );
}

function MoreRow({ text, go }: { readonly text: string; readonly go: () => void }) {
  return (
    <tr>
      <td colSpan={4}>
        <button type="button" class="link" onClick={go}>
          {text}
        </button>
      </td>
    </tr>
  );
}

/** Scrolls the log, and nothing else, so far that the marked row can be seen. */
function keepInSight(area: HTMLElement | null): void {
  const row = area?.querySelector<HTMLElement>('[aria-current]');
  if (!area || !row) return;
  const above = row.offsetTop - area.scrollTop;
  if (above < row.offsetHeight) area.scrollTop = row.offsetTop - row.offsetHeight;
  else if (above + row.offsetHeight > area.clientHeight) area.scrollTop = row.offsetTop + row.offsetHeight - area.clientHeight;
}
