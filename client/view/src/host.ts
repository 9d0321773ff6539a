/**
 * The other side of the page: VS Code's message channel, or, in a plain browser, a recorded trace in `window.recordedTrace`.
 * The rest of the page does not know which.
 */
import type { Trace } from '../../../server/src/protocol/trace.ts';
import type { FromView, ToView, ViewState } from '../../../server/src/protocol/view.ts';

export interface ViewHost {
  send(message: FromView): void;
  /** Calls `receive` for each message until the returned function is called. */
  listen(receive: (message: ToView) => void): () => void;
  /** What was kept before the window was reloaded. */
  readonly kept: ViewState | undefined;
  keep(state: ViewState): void;
}

declare global {
  interface Window {
    readonly acquireVsCodeApi?: () => {
      postMessage(message: FromView): void;
      getState(): ViewState | undefined;
      setState(state: ViewState): void;
    };
    readonly recordedTrace?: Trace;
    /** Answers of the server that a recording has besides its trace, by the kind of the message that asks for them. */
    readonly recordedAnswers?: Readonly<Partial<Record<FromView['kind'], ToView>>>;
  }
}

/** VS Code when the page runs inside it, else the recording. */
export function connectHost(): ViewHost {
  const editor = window.acquireVsCodeApi?.();
  if (!editor) return recordedHost(window.recordedTrace);
  return {
    send: (message) => editor.postMessage(message),
    listen: (receive) => {
      const handle = (event: MessageEvent<ToView>): void => receive(event.data);
      window.addEventListener('message', handle);
      return () => window.removeEventListener('message', handle);
    },
    kept: editor.getState(),
    keep: (state) => editor.setState(state),
  };
}

function recordedHost(trace: Trace | undefined): ViewHost {
  let answer: ((message: ToView) => void) | undefined;
  const message: ToView = trace
    ? { kind: 'trace', trace, origin: { kind: 'handler', parameters: { uri: trace.file } } }
    : { kind: 'failed', message: 'There is no recorded trace in this page.' };
  return {
    send: (sent) => {
      const recorded = sent.kind === 'ready' ? message : window.recordedAnswers?.[sent.kind];
      if (recorded) answer?.(recorded);
      if (sent.kind === 'copy') void navigator.clipboard?.writeText(sent.text);
    },
    listen: (receive) => {
      answer = receive;
      return () => {
        answer = undefined;
      };
    },
    kept: undefined,
    keep: () => {},
  };
}
