/** The whole page: what the host said last, the step that is shown, and the keys. Knows no editor; see host.ts. */
import { useEffect, useState } from 'preact/hooks';
import type { Trace } from '../../../server/src/protocol/trace.ts';
import type { ToView } from '../../../server/src/protocol/view.ts';
import type { ViewHost } from './host.ts';
import { firstStep, stepForKey, textTwin } from './model.ts';
import { EventLog } from './parts/event-log.tsx';
import { MappingLane } from './parts/mapping-lane.tsx';
import { PageLane } from './parts/page-lane.tsx';
import { ScenarioBox } from './parts/scenario-box.tsx';
import { StepCard } from './parts/step-card.tsx';
import { Timeline } from './parts/timeline.tsx';
import { VerdictLine } from './parts/verdict-line.tsx';

export function App({ host }: { readonly host: ViewHost }) {
  const [message, setMessage] = useState<ToView>({ kind: 'running' });
  useEffect(() => {
    const stop = host.listen(setMessage);
    host.send({ kind: 'ready' });
    return stop;
  }, [host]);
  switch (message.kind) {
    case 'running':
      return <p role="status">The handler is being simulated.</p>;
    case 'failed':
      return <p role="alert">{message.message}</p>;
    case 'trace':
      return <TracePage host={host} trace={message.trace} />;
  }
}

function TracePage({ host, trace }: { readonly host: ViewHost; readonly trace: Trace }) {
  const [index, setIndex] = useState(firstStep(trace));
  useEffect(() => setIndex(firstStep(trace)), [trace]);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      const typing = event.target instanceof HTMLTextAreaElement || event.target instanceof HTMLInputElement;
      if (typing || event.ctrlKey || event.metaKey || event.altKey || stepForKey(event.key, event.shiftKey, trace.steps, 0) === undefined)
        return;
      event.preventDefault();
      // From the step that is shown when this is applied: keys may come faster than the page is drawn.
      setIndex((current) => stepForKey(event.key, event.shiftKey, trace.steps, current) ?? current);
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [trace]);

  const step = trace.steps[index];
  const before = trace.steps[index - 1]?.state;
  return (
    <main>
      <VerdictLine trace={trace} show={setIndex} />
      <Timeline trace={trace} index={index} show={setIndex} />
      {step && <StepCard step={step} reveal={(location) => host.send({ kind: 'reveal', location })} />}
      {step && <MappingLane state={step.state} before={before} />}
      {step && <PageLane state={step.state} before={before} />}
      <EventLog trace={trace} index={index} show={setIndex} />
      <ScenarioBox trace={trace} run={(scenario) => host.send({ kind: 'run', scenario })} />
      <p>
        <button type="button" onClick={() => host.send({ kind: 'copy', text: textTwin(trace, index) })}>
          Copy this step as text
        </button>
      </p>
      <p class="keys">
        Keys: <kbd>←</kbd> <kbd>→</kbd> one step, with <kbd>Shift</kbd> to the next fault or problem, <kbd>Home</kbd> and <kbd>End</kbd>.
      </p>
    </main>
  );
}
