/** The slider over the steps with marks at faults and problems, and buttons for those who prefer them. */
import type { Trace } from '../../../../server/src/protocol/trace.ts';
import { stepText } from '../model.ts';

interface Properties {
  readonly trace: Trace;
  readonly index: number;
  readonly show: (index: number) => void;
  readonly isPlaying: boolean;
  readonly play: (playing: boolean) => void;
}

export function Timeline({ trace, index, show, isPlaying, play }: Properties) {
  const last = trace.steps.length - 1;
  return (
    <nav class="timeline" aria-label="Timeline">
      <button type="button" disabled={index <= 0} onClick={() => show(index - 1)} aria-label="Previous step">
        ←
      </button>
      <button type="button" disabled={index >= last} onClick={() => play(!isPlaying)} aria-label={isPlaying ? 'Stop playing' : 'Play'}>
        {isPlaying ? '❚❚' : '▶'}
      </button>
      <span class="slider">
        <input
          type="range"
          min={0}
          max={Math.max(last, 0)}
          value={index}
          aria-label="Step"
          aria-valuetext={stepText(trace, index)}
          onInput={(event) => show(Number(event.currentTarget.value))}
        />
        <Marks trace={trace} />
      </span>
      <button type="button" disabled={index >= last} onClick={() => show(index + 1)} aria-label="Next step">
        →
      </button>
      <output>{`${index + 1} / ${trace.steps.length}`}</output>
    </nav>
  );
}

/** A cross for each problem and a bar for each fault, below the slider. The log says the same in words. */
function Marks({ trace }: { readonly trace: Trace }) {
  const last = Math.max(trace.steps.length - 1, 1);
  const marks = trace.steps.flatMap((step, position) => {
    const kind = step.problems.length > 0 ? 'problem' : step.kind === 'fault' ? 'fault' : undefined;
    return kind === undefined ? [] : [{ kind, at: (position / last) * 1000 }];
  });
  return (
    <svg class="marks" viewBox="-8 0 1016 8" preserveAspectRatio="none" aria-hidden="true">
      {marks.map(({ kind, at }) =>
        kind === 'problem' ? (
          <path key={at} class="problem" d={`M${at - 5} 0L${at + 5} 8M${at + 5} 0L${at - 5} 8`} />
        ) : (
          <path key={at} class="fault" d={`M${at} 1V7`} />
        ),
      )}
    </svg>
  );
}
