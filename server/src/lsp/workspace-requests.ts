/**
 * Asks for a check of the workspace, from clients with a command of their own and from others: progress by the token of the client, or
 * by one that the server makes, and an end when the user cancels either.
 */
import { type CancellationToken, type Connection, RequestType } from 'vscode-languageserver/node';
import { type CheckWorkspaceParams, type CheckWorkspaceResult, checkWorkspaceMethod } from '../protocol/requests.ts';
import { type Report, servedWithProgress, sparingly } from './progress.ts';
import type { WorkspaceCheck } from './workspace-check.ts';

const title = 'Checking mapping handlers';

/** Answers the request of clients that show the result themselves. `folders` are those of the client, as URIs. */
export function serveWorkspaceCheck(connection: Connection, check: WorkspaceCheck, folders: () => readonly string[]): void {
  const type = new RequestType<CheckWorkspaceParams, CheckWorkspaceResult, void>(checkWorkspaceMethod);
  connection.onRequest(type, (params, token) =>
    servedWithProgress(connection, title, params.workDoneToken, token, (report, signal) =>
      check.run(params.folders ?? folders(), report, signal),
    ),
  );
}

/** The command of other clients: progress of the server's own, and what came of it in a sentence. */
export async function checkByCommand(
  connection: Connection,
  check: WorkspaceCheck,
  folders: readonly string[],
  token: CancellationToken,
): Promise<string> {
  const progress = await connection.window.createWorkDoneProgress();
  const ended = new AbortController();
  for (const each of [token, progress.token]) each.onCancellationRequested(() => ended.abort());
  progress.begin(title, 0, '', true);
  const tell: Report = (message, percent) => (percent === undefined ? progress.report(message) : progress.report(percent, message));
  try {
    return summaryOf(await check.run(folders, sparingly(tell), ended.signal));
  } finally {
    progress.done();
  }
}

function summaryOf({ files, checked, findings, filesWithFindings, cancelled }: CheckWorkspaceResult): string {
  const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;
  const found = findings === 0 ? 'No findings' : `${count(findings, 'finding')} in ${count(filesWithFindings, 'file')}`;
  return `${found}; ${cancelled ? `cancelled after ${checked} of ${count(files, 'file')}` : `${count(files, 'file')} checked`}.`;
}
