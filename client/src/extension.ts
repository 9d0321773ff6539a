/**
 * Entry of the VS Code extension: starts the language server when the first C or scenario file is opened, and offers the
 * commands. Knows nothing about how findings or simulations are computed.
 */
import * as vscode from 'vscode';
import { registerCommands } from './commands.ts';
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
  context.subscriptions.push(output, panels, new ServerStatus(server), ...registerCommands(server, panels));
  void server.start();
}

/** Called by VS Code when it shuts down; waits until the server has ended. */
export function deactivate(): Promise<void> | undefined {
  return connection?.stop();
}
