/** The whole page: what the host said, kept together, and nothing of how it looks. Knows no editor; see host.ts. */
import { useEffect, useState } from 'preact/hooks';
import type { Trace } from '../../../server/src/protocol/trace.ts';
import type { AttackAnswer, MatrixAnswer, ToView, ViewOrigin } from '../../../server/src/protocol/view.ts';
import type { ViewHost } from './host.ts';
import { TracePage } from './trace-page.tsx';

/** What is known of the host's side. The last trace stays in sight while another run is under way, and when one fails. */
interface Known {
  readonly trace?: Trace;
  readonly origin?: ViewOrigin;
  readonly isRunning: boolean;
  readonly failure?: string;
  readonly matrix?: MatrixAnswer;
  readonly attack?: AttackAnswer;
  readonly cursor?: { readonly file: string; readonly line: number };
}

function take(known: Known, message: ToView): Known {
  const { failure: _, ...rest } = known;
  switch (message.kind) {
    case 'running':
      return { ...known, isRunning: true };
    case 'failed':
      return { ...rest, ...(message.origin && { origin: message.origin }), isRunning: false, failure: message.message };
    case 'trace':
      return { ...rest, trace: message.trace, origin: message.origin, isRunning: false };
    case 'matrix':
      return { ...known, matrix: message.answer };
    case 'attack':
      return { ...known, attack: message.answer };
    case 'cursor':
      return { ...known, cursor: { file: message.file, line: message.line } };
  }
}

export function App({ host }: { readonly host: ViewHost }) {
  const [known, setKnown] = useState<Known>({ isRunning: true });
  useEffect(() => {
    const stop = host.listen((message) => setKnown((now) => take(now, message)));
    host.send({ kind: 'ready' });
    return stop;
  }, [host]);
  const { trace, origin, isRunning, failure, matrix, attack, cursor } = known;
  return (
    <>
      <p class="running" role="status">
        {isRunning ? 'The handler is being simulated.' : ''}
      </p>
      {failure !== undefined && (
        <p class="failure" role="alert">
          {failure}
        </p>
      )}
      {trace && origin && <TracePage host={host} trace={trace} origin={origin} matrix={matrix} attack={attack} cursor={cursor} />}
    </>
  );
}
