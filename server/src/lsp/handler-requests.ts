/**
 * Where the mapping handlers are: of one file, open or not, and of all files below the folders of the client, in worker threads and only
 * when somebody asks. Knows no tree of an editor.
 */
import { availableParallelism } from 'node:os';
import { type Connection, RequestType } from 'vscode-languageserver/node';
import { createInspector } from '../cli/inspect.ts';
import { inspectAll } from '../cli/pool.ts';
import { handlerTree } from '../ide/handler-tree.ts';
import { type HandlerRow, listHandlers } from '../ide/handlers.ts';
import type { FileHandlers } from '../protocol/handlers.ts';
import {
  type CheckWorkspaceParams,
  type HandlersParams,
  handlersMethod,
  type WorkspaceHandlersResult,
  workspaceHandlersMethod,
} from '../protocol/requests.ts';
import { pathOf, uriOf } from './convert.ts';
import type { OpenDocuments } from './open-documents.ts';
import { type Report, servedWithProgress } from './progress.ts';
import { sourcesBelow } from './workspace-sources.ts';

/** Answers the requests of this connection. `folders` are those of the client, as URIs. */
export function serveHandlers(connection: Connection, open: OpenDocuments, folders: () => readonly string[]): void {
  connection.onRequest(new RequestType<HandlersParams, FileHandlers, void>(handlersMethod), async ({ uri }) => ({
    uri,
    handlers: (await ofOpenFile(open, uri)) ?? (await ofWrittenFile(open, uri)),
  }));
  const type = new RequestType<CheckWorkspaceParams, WorkspaceHandlersResult, void>(workspaceHandlersMethod);
  connection.onRequest(type, (params, token) =>
    servedWithProgress(connection, 'Finding mapping handlers', params.workDoneToken, token, (report, signal) =>
      ofFolders(connection, open, params.folders ?? folders(), report, signal),
    ),
  );
}

async function ofOpenFile(open: OpenDocuments, uri: string): Promise<FileHandlers['handlers'] | undefined> {
  if (!open.has(uri)) return undefined;
  const document = await open.current(uri);
  if (!document) return [];
  return handlerTree(document.file, listHandlers(document), { driver: document.driver, findings: open.findings(uri), uriOf });
}

async function ofWrittenFile(open: OpenDocuments, uri: string): Promise<FileHandlers['handlers']> {
  const { enable, kernelVersion } = await open.settings(uri);
  if (!enable || !uri.startsWith('file:')) return [];
  const inspect = await createInspector({ kind: 'handlers', kernel: kernelVersion, options: {} });
  const file = pathOf(uri);
  return handlerTree(file, inspect(file).handlers);
}

/** Each file once, whichever others lead to its handlers. */
async function ofFolders(
  connection: Connection,
  open: OpenDocuments,
  folders: readonly string[],
  report: Report,
  signal: AbortSignal,
): Promise<WorkspaceHandlersResult> {
  const rows: HandlerRow[] = [];
  for (const folder of folders) {
    const { enable, exclude, kernelVersion } = await open.settings(folder);
    if (!enable || !folder.startsWith('file:')) continue;
    const warn = (message: string) => connection.console.warn(message);
    const files = await sourcesBelow(pathOf(folder), exclude, { report, warn, signal });
    if (files.length === 0) continue;
    const task = { kind: 'handlers', kernel: kernelVersion, options: {} } as const;
    const done = (count: number) => report(`${count} of ${files.length} files`, Math.floor((100 * count) / files.length));
    const results = await inspectAll(files, task, Math.max(availableParallelism() - 1, 1), done, { aside: true, signal });
    rows.push(...results.flatMap(({ handlers }) => handlers));
  }
  const files = [...new Set(rows.map(({ file }) => file))].sort();
  return { files: files.map((file) => ({ uri: uriOf(file), handlers: handlerTree(file, rows) })), cancelled: signal.aborted };
}
