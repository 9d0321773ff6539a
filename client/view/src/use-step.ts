/** The step that is shown, and all that moves it: keys, playing, the cursor of the editor, a reload of the window. */
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Trace } from '../../../server/src/protocol/trace.ts';
import type { ViewOrigin } from '../../../server/src/protocol/view.ts';
import type { ViewHost } from './host.ts';
import { type FileLine, firstStep, stepAtLine, stepForKey } from './model.ts';

/** Milliseconds for each step while it plays. */
const playPause = 800;

export interface ShownStep {
  readonly index: number;
  readonly show: (index: number) => void;
  readonly isPlaying: boolean;
  readonly play: (playing: boolean) => void;
}

interface Given {
  readonly host: ViewHost;
  readonly trace: Trace;
  readonly origin: ViewOrigin;
  readonly cursor: FileLine | undefined;
  readonly toggleHelp: () => void;
}

/** The line that the page was opened for. */
const lineOf = (origin: ViewOrigin): FileLine | undefined => (origin.kind === 'handler' ? origin.parameters.showLine : undefined);

/** Where a page begins: at the step that it showed before the window was reloaded, else where it goes wrong. */
function startOf(host: ViewHost, trace: Trace, origin: ViewOrigin): number {
  const { kept } = host;
  const isSame = kept !== undefined && JSON.stringify(kept.origin) === JSON.stringify(origin);
  return isSame && kept.step < trace.steps.length ? kept.step : firstStep(trace, lineOf(origin));
}

export function useStep({ host, trace, origin, cursor, toggleHelp }: Given): ShownStep {
  const [shown, setShown] = useState({ trace, index: startOf(host, trace, origin) });
  const [isPlaying, play] = useState(false);
  const stale = useRef(host.kept?.cursor);
  // A step of another trace means nothing here.
  const index = shown.trace === trace ? shown.index : firstStep(trace, lineOf(origin));
  const move = (next: (current: number) => number | undefined): void =>
    setShown((now) => {
      const current = now.trace === trace ? now.index : firstStep(trace, lineOf(origin));
      return { trace, index: next(current) ?? current };
    });

  const location = trace.steps[index]?.location;
  useEffect(() => {
    host.send({ kind: 'shown', ...(location && { location }) });
    host.keep({ origin, step: index, ...(cursor && { cursor }) });
  }, [trace, index, cursor]);
  useEffect(() => {
    const isOld = stale.current !== undefined && JSON.stringify(stale.current) === JSON.stringify(cursor);
    if (!cursor) return;
    stale.current = undefined;
    if (!isOld) move((current) => stepAtLine(trace, cursor.file, cursor.line, current));
  }, [cursor]);
  useEffect(() => {
    if (!isPlaying) return;
    const timer = setInterval(() => {
      move((current) => stepForKey('ArrowRight', false, trace.steps, current));
    }, playPause);
    return () => clearInterval(timer);
  }, [isPlaying, trace]);
  useEffect(() => {
    if (index >= trace.steps.length - 1) play(false);
  }, [index, trace]);
  useEffect(() => {
    const press = (event: KeyboardEvent): void => {
      if (event.ctrlKey || event.metaKey || event.altKey || isTyping(event.target)) return;
      if (event.key === '?') toggleHelp();
      else if (event.key === ' ' && !isPressable(event.target)) play((now) => !now);
      else if (event.key === 'Enter' && !isPressable(event.target)) {
        if (location) host.send({ kind: 'reveal', location });
      } else if (stepForKey(event.key, event.shiftKey, trace.steps, 0) === undefined) return;
      // From the step that is shown when this is applied: keys may come faster than the page is drawn.
      else move((current) => stepForKey(event.key, event.shiftKey, trace.steps, current));
      event.preventDefault();
    };
    window.addEventListener('keydown', press);
    return () => window.removeEventListener('keydown', press);
  }, [trace, index]);
  return { index, show: (next) => move(() => next), isPlaying, play };
}

/** Where keys are text. The slider's own keys are those of the page. */
function isTyping(target: EventTarget | null): boolean {
  if (target instanceof HTMLInputElement) return target.type !== 'range';
  return target instanceof HTMLTextAreaElement || target instanceof HTMLSelectElement;
}

/** What Space and Enter press by themselves. */
const isPressable = (target: EventTarget | null): boolean => target instanceof Element && target.closest('button, summary, a') !== null;
