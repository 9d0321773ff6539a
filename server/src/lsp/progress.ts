/** How far something long is, told by the protocol's means: by the token of the client, sparingly, and with an end on demand. */
import {
  type CancellationToken,
  type Connection,
  WorkDoneProgress,
  type WorkDoneProgressBegin,
  type WorkDoneProgressEnd,
  type WorkDoneProgressReport,
} from 'vscode-languageserver/node';

/** Told in words how far the work is. `percent` is absent while it is being measured. */
export type Report = (message: string, percent?: number) => void;

/** Answers a request with `work`; its progress is told by `workDoneToken`, when the client has given one. */
export async function servedWithProgress<T>(
  connection: Connection,
  title: string,
  workDoneToken: number | string | undefined,
  token: CancellationToken,
  work: (report: Report, signal: AbortSignal) => Promise<T>,
): Promise<T> {
  const tell = (value: WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd) => {
    if (workDoneToken !== undefined) void connection.sendProgress(WorkDoneProgress.type, workDoneToken, value);
  };
  tell({ kind: 'begin', title, cancellable: true });
  try {
    const report: Report = (message, percentage) => tell({ kind: 'report', message, ...(percentage === undefined ? {} : { percentage }) });
    return await work(sparingly(report), signalOf(token));
  } finally {
    tell({ kind: 'end' });
  }
}

/** Tells what is new in percent, and nothing in between. */
export function sparingly(tell: Report): Report {
  let last: number | undefined;
  return (message, percent) => {
    if (percent !== undefined && percent === last) return;
    last = percent;
    tell(message, percent);
  };
}

function signalOf(token: CancellationToken): AbortSignal {
  const controller = new AbortController();
  if (token.isCancellationRequested) controller.abort();
  token.onCancellationRequested(() => controller.abort());
  return controller.signal;
}
