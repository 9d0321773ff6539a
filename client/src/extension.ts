/**
 * Entry of the VS Code extension: starts the language server when the first C or scenario file is opened, and offers commands, panels,
 * tests and status. Knows nothing about how findings or simulations are computed.
 */
import * as vscode from 'vscode';
import type { SimulateParams } from '../../server/src/protocol/requests.ts';
import type { Trace } from '../../server/src/protocol/trace.ts';
import { registerCommands } from './commands.ts';
import { HandlerTree } from './handler-tree.ts';
import { InactiveBranches } from './inactive-branches.ts';
import { ScenarioMarks } from './scenario-marks.ts';
import { scenarioTests } from './scenario-tests.ts';
import { ServerConnection } from './server-connection.ts';
import { SimulationPanels } from './simulation-panels.ts';
import { ServerStatus } from './status.ts';

let connection: ServerConnection | undefined;

/** Called by VS Code once. Returns at once: the server starts in the background. */
export function activate(context: vscode.ExtensionContext): void {
  const output = vscode.window.createOutputChannel('driver-mmap', { log: true });
  const server = new ServerConnection(context.extensionPath, output);
  connection = server;
  const panels = new SimulationPanels(context.extensionUri, server);
  const marks = new ScenarioMarks();
  const handlers = new HandlerTree(server);
  const showResults = ({ scenario, scenarioUri }: SimulateParams, trace: Trace, isTest: boolean): void => {
    if (scenario !== undefined && scenarioUri !== undefined) marks.show(scenarioUri, scenario, trace, isTest);
  };
  context.subscriptions.push(
    output,
    panels,
    marks,
    panels.onDidRun(({ parameters, trace }) => showResults(parameters, trace, false)),
    scenarioTests(server, (parameters, trace) => showResults(parameters, trace, true)),
    handlers,
    new ServerStatus(server),
    new InactiveBranches(server),
    ...registerCommands({ extension: context.extension, server, panels, handlers }),
  );
  void server.start();
}

/** Called by VS Code when it shuts down; waits until the server has ended. */
export function deactivate(): Promise<void> | undefined {
  return connection?.stop();
}
