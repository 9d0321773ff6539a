/** A trace from top to bottom: the verdict first, then the scenario, the steps with memory and C stack, and what else can be asked. */
import { useEffect, useState } from 'preact/hooks';
import type { Trace } from '../../../server/src/protocol/trace.ts';
import type { AttackAnswer, MatrixAnswer, ViewOrigin } from '../../../server/src/protocol/view.ts';
import type { ViewHost } from './host.ts';
import { textTwin } from './model.ts';
import { AddressLane } from './parts/address-lane.tsx';
import { AssumptionTable } from './parts/assumption-table.tsx';
import { AttackPart } from './parts/attack-list.tsx';
import { EventLog } from './parts/event-log.tsx';
import { KeyHelp } from './parts/key-help.tsx';
import { MatrixPart } from './parts/matrix-table.tsx';
import { PageLane } from './parts/page-lane.tsx';
import { ScenarioBar } from './parts/scenario-bar.tsx';
import { ScenarioBox } from './parts/scenario-box.tsx';
import { StepCard } from './parts/step-card.tsx';
import { TableLane } from './parts/table-lane.tsx';
import { Timeline } from './parts/timeline.tsx';
import { VerdictLine } from './parts/verdict-line.tsx';
import { setKernel } from './scenario-edit.ts';
import { useStep } from './use-step.ts';

interface Properties {
  readonly host: ViewHost;
  readonly trace: Trace;
  readonly origin: ViewOrigin;
  readonly matrix: MatrixAnswer | undefined;
  readonly attack: AttackAnswer | undefined;
  readonly cursor: { readonly file: string; readonly line: number } | undefined;
}

export function TracePage({ host, trace, origin, matrix, attack, cursor }: Properties) {
  const [draft, setDraft] = useState(trace.scenario);
  const [isHelpOpen, openHelp] = useState(false);
  useEffect(() => setDraft(trace.scenario), [trace]);
  const toggleHelp = (): void => openHelp((now) => !now);
  const { index, show, isPlaying, play } = useStep({ host, trace, origin, cursor, toggleHelp });
  const step = trace.steps[index];
  const before = trace.steps[index - 1]?.state;
  const canRun = origin.kind === 'handler';
  const run = (scenario: string): void => {
    setDraft(scenario);
    host.send({ kind: 'run', scenario });
  };
  return (
    <main>
      <VerdictLine trace={trace} show={show} />
      {canRun && <ScenarioBar text={draft} kernel={trace.kernel} change={setDraft} run={run} />}
      {trace.steps.length > 0 && <Timeline trace={trace} index={index} show={show} isPlaying={isPlaying} play={play} />}
      {step && <StepCard step={step} reveal={(location) => host.send({ kind: 'reveal', location })} />}
      {step && (
        <div class="lanes">
          <AddressLane state={step.state} before={before} />
          <TableLane state={step.state} />
          <PageLane state={step.state} before={before} />
        </div>
      )}
      <EventLog trace={trace} index={index} show={show} />
      <AssumptionTable assumptions={trace.assumptions} text={draft} run={canRun ? run : undefined} />
      <ScenarioBox text={draft} change={setDraft} run={canRun ? run : undefined} />
      {canRun && (
        <MatrixPart
          answer={matrix}
          ask={(kernels) => host.send({ kind: 'matrix', scenario: draft, kernels })}
          show={(kernel) => run(setKernel(draft, kernel))}
        />
      )}
      {canRun && <AttackPart answer={attack} ask={() => host.send({ kind: 'attack' })} replay={run} />}
      <section class="keep" aria-label="Copy and save">
        <button type="button" class="secondary" onClick={() => host.send({ kind: 'copy', text: textTwin(trace, index) })}>
          Copy this step as text
        </button>
        <button type="button" class="secondary" onClick={() => host.send({ kind: 'copy', text: draft })}>
          Copy the scenario
        </button>
        <button type="button" class="secondary" onClick={() => host.send({ kind: 'saveScenario', scenario: draft })}>
          Save the scenario
        </button>
        <button type="button" class="secondary" onClick={() => host.send({ kind: 'saveTrace' })}>
          Save the trace
        </button>
      </section>
      <KeyHelp open={isHelpOpen} toggle={openHelp} />
    </main>
  );
}
