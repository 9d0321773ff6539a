/** The commands of the palette. Each says so when the server is down, instead of failing in silence. */
import * as vscode from 'vscode';
import { type SimulateParams, simulateCommand } from '../../server/src/protocol/requests.ts';
import { driverOf } from './scenario-file.ts';
import type { ServerConnection } from './server-connection.ts';
import type { SimulationPanels } from './simulation-panels.ts';

/** Registers all commands; the caller disposes them. */
export function registerCommands(server: ServerConnection, panels: SimulationPanels): readonly vscode.Disposable[] {
  return [
    vscode.commands.registerCommand(simulateCommand, (parameters?: SimulateParams) => simulate(server, panels, parameters)),
    vscode.commands.registerCommand('driverMmap.restartServer', () => server.restart()),
    vscode.commands.registerCommand('driverMmap.showOutput', () => server.output.show()),
  ];
}

/** `parameters` come from a lens; from the palette they are made from the active editor. */
async function simulate(server: ServerConnection, panels: SimulationPanels, parameters: SimulateParams | undefined): Promise<void> {
  if (server.state !== 'running') {
    const why = server.state === 'starting' ? 'is still starting. Try again in a moment.' : 'is not running, so nothing can be simulated.';
    await server.explain(`The driver-mmap language server ${why}`);
    return;
  }
  const wanted = parameters ?? (await fromActiveEditor());
  if (wanted) await panels.show(wanted);
}

async function fromActiveEditor(): Promise<SimulateParams | undefined> {
  const editor = vscode.window.activeTextEditor;
  if (editor?.document.languageId === 'mmapsim') return fromScenario(editor.document);
  if (editor && ['c', 'cpp'].includes(editor.document.languageId)) {
    const { line, character } = editor.selection.active;
    return { uri: editor.document.uri.toString(), position: { line, character } };
  }
  void vscode.window.showInformationMessage('Open the C file of a driver, place the cursor in its mapping handler, and simulate again.');
  return undefined;
}

async function fromScenario(document: vscode.TextDocument): Promise<SimulateParams | undefined> {
  const scenarioUri = document.uri.toString();
  const { uri, handler } = driverOf(scenarioUri, document.getText());
  const driver = vscode.Uri.parse(uri);
  try {
    await vscode.workspace.fs.stat(driver);
  } catch {
    const name = vscode.workspace.asRelativePath(driver);
    void vscode.window.showInformationMessage(
      `There is no ${name}. Give the scenario the name of its driver or a line \`driver FILE\`, or simulate from the C file.`,
    );
    return undefined;
  }
  return { uri: driver.toString(), scenario: document.getText(), scenarioUri, ...(handler === undefined ? {} : { handler }) };
}
