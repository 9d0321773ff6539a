/** The choice of the Linux version that the driver is written for, kept in the settings of the workspace where there is one. */
import * as vscode from 'vscode';
import { offeredKernels } from '../../server/src/protocol/kernels.ts';

export async function pickKernelVersion(): Promise<void> {
  const settings = vscode.workspace.getConfiguration('driverMmap', vscode.window.activeTextEditor?.document.uri);
  const current = settings.get('kernelVersion', 'auto');
  const items: readonly vscode.QuickPickItem[] = [
    { label: 'auto', description: 'the Makefile of the kernel tree above the file, else the newest modelled version' },
    ...offeredKernels.toReversed().map((label) => ({ label })),
    { label: 'Another version…' },
  ];
  const picked = await vscode.window.showQuickPick(
    items.map((item) => (item.label === current ? { ...item, description: `${item.description ?? ''} (now)`.trim() } : item)),
    { title: 'Linux Version of the Driver', placeHolder: 'Facts and rules follow it' },
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
