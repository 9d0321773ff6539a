/** The choice of the Linux version that the driver is written for, kept in the settings of the workspace where there is one. */
import * as vscode from 'vscode';
import { offeredKernels } from '../../server/src/protocol/kernels.ts';
import { statusOf } from './reports.ts';
import type { ServerConnection } from './server-connection.ts';

/** Asks for a version; what the driver in the active editor is checked for now, and why, is said. */
export async function pickKernelVersion(server: ServerConnection): Promise<void> {
  const document = vscode.window.activeTextEditor?.document;
  const settings = vscode.workspace.getConfiguration('driverMmap', document?.uri);
  const status = await statusOf(server, document);
  const placeHolder = status ? `Now ${status.kernel}, from ${status.kernelFrom}` : 'Findings, hovers and simulations follow it';
  const current = settings.get('kernelVersion', 'auto');
  const items: readonly vscode.QuickPickItem[] = [
    { label: 'auto', description: 'the Makefile of the kernel tree above the file, else the newest modelled version' },
    ...offeredKernels.toReversed().map((label) => ({ label })),
    { label: 'Another version…' },
  ];
  const picked = await vscode.window.showQuickPick(
    items.map((item) => (item.label === current ? { ...item, description: `${item.description ?? ''} (now)`.trim() } : item)),
    { title: 'Linux Version of the Driver', placeHolder },
  );
  const version = picked?.label === 'Another version…' ? await askVersion() : picked?.label;
  if (version === undefined) return;
  const target = vscode.workspace.workspaceFolders ? vscode.ConfigurationTarget.Workspace : vscode.ConfigurationTarget.Global;
  await settings.update('kernelVersion', version, target);
}

function askVersion(): Thenable<string | undefined> {
  return vscode.window.showInputBox({
    title: 'Linux Version',
    placeHolder: '6.8',
    validateInput: (text) =>
      /^v?\d+\.\d+(\.\d+)?([-+.].*)?$/.test(text) ? undefined : 'Write a Linux version such as `6.12` or `2.6.15`.',
  });
}
