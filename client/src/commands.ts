/** The commands of the palette and of lenses. Each that needs the server says so when it is down, instead of failing in silence. */
import * as vscode from 'vscode';
import {
  checkWorkspaceCommand,
  copyFalseAlarmCommand,
  type ExplainParams,
  explainNameCommand,
  explainRuleCommand,
  type FalseAlarmParams,
  runOnKernelsCommand,
  runScenarioCommand,
  type ShowPlacesParams,
  type SimulateParams,
  showPlacesCommand,
  simulateCommand,
} from '../../server/src/protocol/requests.ts';
import { checkWorkspace } from './check-workspace.ts';
import { explainName, explainRule, factPages, openExample, openManual, showRule } from './documents.ts';
import type { HandlerNode } from './handler-nodes.ts';
import type { HandlerTree } from './handler-tree.ts';
import { pickTrace } from './keep-files.ts';
import { pickKernelVersion } from './kernel-setting.ts';
import { activeConfiguration, falseAlarmReport, troubleshootingReport } from './reports.ts';
import { pickKernels, scenarioParams } from './scenario-runs.ts';
import type { ServerConnection } from './server-connection.ts';
import { ShownTexts } from './shown-texts.ts';
import type { SimulationPanel } from './simulation-panel.ts';
import type { SimulationPanels } from './simulation-panels.ts';

export interface CommandServices {
  readonly extension: vscode.Extension<unknown>;
  readonly server: ServerConnection;
  readonly panels: SimulationPanels;
  readonly handlers: HandlerTree;
}

/** Registers all commands; the caller disposes them. */
export function registerCommands(services: CommandServices): readonly vscode.Disposable[] {
  const { extension, server, panels, handlers } = services;
  const texts = new ShownTexts();
  return [
    texts,
    vscode.commands.registerCommand(simulateCommand, (parameters?: SimulateParams) => simulate(services, parameters)),
    vscode.commands.registerCommand(runScenarioCommand, (uri?: string) => runScenario(services, uri)),
    vscode.commands.registerCommand(runOnKernelsCommand, (uri?: string) => runOnKernels(services, uri)),
    vscode.commands.registerCommand(checkWorkspaceCommand, async () => {
      if (await isUp(server)) await checkWorkspace(server);
    }),
    vscode.commands.registerCommand('driverMmap.findHandlers', async () => {
      if (await isUp(server)) await handlers.search();
    }),
    vscode.commands.registerCommand('driverMmap.simulateHandler', (node: HandlerNode) => simulateNode(services, node)),
    vscode.commands.registerCommand('driverMmap.explainFinding', (node: HandlerNode) => {
      if (node.kind === 'finding') return showRule(extension.extensionUri, node.finding.rule);
    }),
    vscode.commands.registerCommand('driverMmap.fixAll', () =>
      vscode.commands.executeCommand('editor.action.codeAction', { kind: 'source.fixAll.driver-mmap', apply: 'first' }),
    ),
    vscode.commands.registerCommand('driverMmap.openTrace', async () => {
      const uri = await pickTrace();
      if (uri) await panels.show({ kind: 'file', uri: uri.toString() });
    }),
    vscode.commands.registerCommand('driverMmap.openExample', () => openExample(extension.extensionUri)),
    vscode.commands.registerCommand('driverMmap.openWalkthrough', () =>
      vscode.commands.executeCommand('workbench.action.openWalkthrough', `${extension.id}#start`, false),
    ),
    vscode.commands.registerCommand('driverMmap.openManual', () => openManual(extension.extensionUri)),
    factPages(server),
    vscode.commands.registerCommand(explainRuleCommand, (rule?: string) =>
      rule === undefined ? explainRule(extension.extensionUri) : showRule(extension.extensionUri, rule),
    ),
    vscode.commands.registerCommand(explainNameCommand, async (given?: ExplainParams) => {
      if (await isUp(server)) await explainName(given);
    }),
    vscode.commands.registerCommand(showPlacesCommand, showPlaces),
    vscode.commands.registerCommand(copyFalseAlarmCommand, async (finding: FalseAlarmParams) => {
      if (await isUp(server)) await falseAlarmReport(server, texts, finding);
    }),
    vscode.commands.registerCommand('driverMmap.pickKernel', () => pickKernelVersion(server)),
    vscode.commands.registerCommand('driverMmap.showActiveConfiguration', async () => {
      if (await isUp(server)) await activeConfiguration(server, texts);
    }),
    vscode.commands.registerCommand('driverMmap.copyTroubleshootingReport', () => troubleshootingReport(extension, server)),
    vscode.commands.registerCommand('driverMmap.restartServer', () => server.restart()),
    vscode.commands.registerCommand('driverMmap.stopServer', () => server.stop()),
    vscode.commands.registerCommand('driverMmap.showOutput', () => server.output.show()),
  ];
}

/** Whether the server runs; when not, the user is told, with the ways out of it. */
async function isUp(server: ServerConnection): Promise<boolean> {
  if (await server.whenSettled()) return true;
  await server.explain('The driver-mmap language server is not running, so nothing can be checked or simulated.');
  return false;
}

/** `parameters` come from a lens or a quick fix; from the palette they are made from the active editor. */
async function simulate(services: CommandServices, parameters: SimulateParams | undefined): Promise<void> {
  if (!parameters && vscode.window.activeTextEditor?.document.languageId === 'mmapsim') return runScenario(services, undefined);
  const wanted = parameters ?? fromActiveEditor();
  if (!wanted) {
    void vscode.window.showInformationMessage('Open the C file of a driver, place the cursor in its mapping handler, and simulate again.');
  } else if (await isUp(services.server)) await services.panels.show({ kind: 'handler', parameters: wanted });
}

/** A list of places in the text, opened where the finding stands. */
async function showPlaces({ uri, range, places }: ShowPlacesParams): Promise<void> {
  const rangeOf = ({ start, end }: ShowPlacesParams['range']) => new vscode.Range(start.line, start.character, end.line, end.character);
  const locations = places.map((place) => new vscode.Location(vscode.Uri.parse(place.uri), rangeOf(place.range)));
  await vscode.commands.executeCommand('editor.action.peekLocations', vscode.Uri.parse(uri), rangeOf(range).start, locations, 'peek');
}

/** A handler of the tree; the server knows open files alone. */
async function simulateNode(services: CommandServices, node: HandlerNode): Promise<void> {
  if (node.kind !== 'handler') return;
  await vscode.workspace.openTextDocument(vscode.Uri.parse(node.uri));
  await simulate(services, { uri: node.uri, handler: node.handler.function });
}

function fromActiveEditor(): SimulateParams | undefined {
  const editor = vscode.window.activeTextEditor;
  if (!editor || !['c', 'cpp'].includes(editor.document.languageId)) return undefined;
  const { line, character } = editor.selection.active;
  return { uri: editor.document.uri.toString(), position: { line, character } };
}

async function runScenario(services: CommandServices, uri: string | undefined): Promise<void> {
  await openScenario(services, uri);
}

async function runOnKernels(services: CommandServices, uri: string | undefined): Promise<void> {
  const kernels = await pickKernels();
  const panel = kernels && (await openScenario(services, uri));
  if (kernels) await panel?.compare(kernels);
}

/** Runs a scenario in its panel; without a name the one in the active editor. */
async function openScenario({ server, panels }: CommandServices, uri: string | undefined): Promise<SimulationPanel | undefined> {
  const document =
    uri === undefined ? vscode.window.activeTextEditor?.document : await vscode.workspace.openTextDocument(vscode.Uri.parse(uri));
  if (document?.languageId !== 'mmapsim') {
    void vscode.window.showInformationMessage('Open a scenario, a file named *.mmapsim, and run it again.');
    return undefined;
  }
  const parameters = await scenarioParams(document.uri, document.getText());
  if (typeof parameters === 'string') {
    void vscode.window.showInformationMessage(parameters);
    return undefined;
  }
  return (await isUp(server)) ? panels.show({ kind: 'handler', parameters }) : undefined;
}
