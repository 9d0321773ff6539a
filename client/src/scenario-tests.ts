/** The scenarios of the workspace in the Test Explorer. They are looked for when somebody opens it, and run by the server. */
import * as vscode from 'vscode';
import { type SimulateParams, type SimulateResult, simulateMethod } from '../../server/src/protocol/requests.ts';
import type { Trace } from '../../server/src/protocol/trace.ts';
import { scenarioParams } from './scenario-runs.ts';
import type { ServerConnection } from './server-connection.ts';

const pattern = '**/*.mmapsim';

/** Registers the tests; `ran` is told of each finished run. */
export function scenarioTests(server: ServerConnection, ran: (parameters: SimulateParams, trace: Trace) => void): vscode.Disposable {
  const controller = vscode.tests.createTestController('driverMmap.scenarios', 'mmap scenarios');
  let watcher: vscode.FileSystemWatcher | undefined;
  const add = (uri: vscode.Uri): void => {
    const item = controller.createTestItem(uri.toString(), vscode.workspace.asRelativePath(uri), uri);
    item.range = new vscode.Range(0, 0, 0, 0);
    controller.items.add(item);
  };
  const discover = async (): Promise<void> => {
    if (!watcher) {
      watcher = vscode.workspace.createFileSystemWatcher(pattern, false, true, false);
      watcher.onDidCreate(add);
      watcher.onDidDelete((uri) => controller.items.delete(uri.toString()));
    }
    for (const uri of await vscode.workspace.findFiles(pattern)) add(uri);
  };
  controller.resolveHandler = async (item) => {
    if (!item) await discover();
  };
  controller.refreshHandler = discover;
  const opened = vscode.workspace.onDidOpenTextDocument(({ languageId, uri }) => {
    if (languageId === 'mmapsim' && !controller.items.get(uri.toString())) add(uri);
  });
  for (const { languageId, uri } of vscode.workspace.textDocuments) if (languageId === 'mmapsim') add(uri);
  const runAll = async (request: vscode.TestRunRequest, token: vscode.CancellationToken): Promise<void> => {
    if (!request.include) await discover();
    const run = controller.createTestRun(request);
    const excluded = new Set(request.exclude?.map(({ id }) => id));
    const items = request.include ?? [...controller.items].map(([, item]) => item);
    for (const item of items.filter(({ id }) => !excluded.has(id))) {
      if (token.isCancellationRequested) run.skipped(item);
      else await runOne(server, run, item, ran);
    }
    run.end();
  };
  controller.createRunProfile('Run', vscode.TestRunProfileKind.Run, runAll, true);
  return vscode.Disposable.from(controller, opened, { dispose: () => watcher?.dispose() });
}

async function runOne(
  server: ServerConnection,
  run: vscode.TestRun,
  item: vscode.TestItem,
  ran: (parameters: SimulateParams, trace: Trace) => void,
): Promise<void> {
  if (!item.uri) return;
  run.started(item);
  try {
    const document = await vscode.workspace.openTextDocument(item.uri);
    const parameters = await scenarioParams(item.uri, document.getText());
    if (typeof parameters === 'string') {
      run.errored(item, new vscode.TestMessage(parameters));
      return;
    }
    await vscode.workspace.openTextDocument(vscode.Uri.parse(parameters.uri));
    await server.whenSettled();
    const result = await server.request<SimulateResult>(simulateMethod, parameters);
    if (result.kind === 'failed') {
      run.errored(item, new vscode.TestMessage(result.message));
      return;
    }
    ran(parameters, result.trace);
    if (result.trace.verdict.outcome === 'completed') run.passed(item);
    else run.failed(item, messagesOf(result.trace, item.uri));
  } catch (error) {
    run.errored(item, new vscode.TestMessage(error instanceof Error ? error.message : String(error)));
  }
}

/** One message for each expectation that failed and each problem, at its line; else the verdict. */
function messagesOf({ verdict, steps }: Trace, uri: vscode.Uri): vscode.TestMessage[] {
  const at = (message: vscode.TestMessage, line: number): vscode.TestMessage => {
    message.location = new vscode.Location(uri, new vscode.Position(line - 1, 0));
    return message;
  };
  const messages = [
    ...verdict.failedExpectations.map(({ line, expected, actual }) =>
      at(vscode.TestMessage.diff(`Expected ${expected}; the run gave ${actual}.`, expected, actual), line),
    ),
    ...verdict.problems.map(({ message, step }) => at(new vscode.TestMessage(message), steps[step]?.line ?? 1)),
  ];
  return messages.length > 0 ? messages : [new vscode.TestMessage(verdict.summary)];
}
