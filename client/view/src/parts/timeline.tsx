/** The slider over the steps, with buttons for those who prefer them. */
import type { Trace } from '../../../../server/src/protocol/trace.ts';
import { stepText } from '../model.ts';

interface Properties {
  readonly trace: Trace;
  readonly index: number;
  readonly show: (index: number) => void;
}

export function Timeline({ trace, index, show }: Properties) {
  const last = trace.steps.length - 1;
  return (
    <nav class="timeline" aria-label="Timeline">
      <button type="button" disabled={index <= 0} onClick={() => show(index - 1)} aria-label="Previous step">
        ←
      </button>
      <input
        type="range"
        min={0}
        max={Math.max(last, 0)}
        value={index}
        aria-label="Step"
        aria-valuetext={stepText(trace, index)}
        onInput={(event) => show(Number(event.currentTarget.value))}
      />
      <button type="button" disabled={index >= last} onClick={() => show(index + 1)} aria-label="Next step">
        →
      </button>
      <output>{`${index + 1} / ${trace.steps.length}`}</output>
    </nav>
  );
}
