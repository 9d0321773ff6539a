/** What a hostile program can do: each way to a problem, one click from its replay. */
import type { Attack, AttackReport } from '../../../../server/src/protocol/attack.ts';
import type { AttackAnswer } from '../../../../server/src/protocol/view.ts';
import { Prose } from './prose.tsx';

interface Properties {
  readonly answer: AttackAnswer | undefined;
  readonly ask: () => void;
  /** Runs the scenario of an attack. */
  readonly replay: (scenario: string) => void;
}

export function AttackPart({ answer, ask, replay }: Properties) {
  return (
    <section aria-label="Adversary">
      <h2>Adversary</h2>
      <p>
        <button type="button" class="secondary" onClick={ask} disabled={answer?.kind === 'running'}>
          Look for ways to a problem
        </button>
      </p>
      {answer?.kind === 'running' && <p role="status">Hostile programs are tried on the handler.</p>}
      {answer?.kind === 'failed' && <p role="alert">{answer.message}</p>}
      {answer?.kind === 'report' && <Attacks report={answer.report} replay={replay} />}
    </section>
  );
}

function Attacks({ report, replay }: { readonly report: AttackReport; readonly replay: (scenario: string) => void }) {
  const { attacks, tried, stoppedBecause } = report;
  return (
    <>
      <p role="status">
        {stoppedBecause !== undefined
          ? `Nothing could be tried: ${stoppedBecause}.`
          : `${attacks.length === 0 ? 'No way' : attacks.length === 1 ? '1 way' : `${attacks.length} ways`} to a problem in ${tried} programs on Linux ${report.kernel}.`}
      </p>
      <ol class="attacks">
        {attacks.map((attack) => (
          <AttackItem key={`${attack.problem} ${attack.scenario}`} attack={attack} replay={replay} />
        ))}
      </ol>
    </>
  );
}

function AttackItem({ attack, replay }: { readonly attack: Attack; readonly replay: (scenario: string) => void }) {
  return (
    <li>
      <strong>{attack.problem}</strong> <Prose text={attack.message} />{' '}
      {attack.confidence === 'possible' && (
        <span class="dim">{`It depends on ${attack.because ?? 'a value that the driver’s files do not tell'}.`}</span>
      )}
      <pre>{attack.scenario.trim()}</pre>
      <button type="button" class="secondary" onClick={() => replay(attack.scenario)} aria-label={`Replay: ${attack.message}`}>
        Replay
      </button>
    </li>
  );
}
