/** The command that checks the whole workspace: asks the server, shows how far it is, and ends it when the user wants. */
import * as vscode from 'vscode';
import { type CheckWorkspaceParams, type CheckWorkspaceResult, checkWorkspaceMethod } from '../../server/src/protocol/requests.ts';
import type { ServerConnection } from './server-connection.ts';

/** Findings go to the list of problems; resolves when the user has been told what came of it. */
export async function checkWorkspace(server: ServerConnection): Promise<void> {
  const folders = vscode.workspace.workspaceFolders?.map(({ uri }) => uri.toString()) ?? [];
  if (folders.length === 0) {
    void vscode.window.showInformationMessage('Open the folder of a driver to check all of its files.');
    return;
  }
  const options = { location: vscode.ProgressLocation.Notification, title: 'Checking mapping handlers', cancellable: true };
  const result = await vscode.window.withProgress(options, (progress, token) => {
    let before = 0;
    return server.requestWithProgress<CheckWorkspaceParams, CheckWorkspaceResult>(checkWorkspaceMethod, { folders }, token, (at) => {
      progress.report({ message: at.message, increment: (at.percentage ?? before) - before });
      before = at.percentage ?? before;
    });
  });
  const show = 'Show Problems';
  if ((await vscode.window.showInformationMessage(summaryOf(result), ...(result.findings > 0 ? [show] : []))) === show)
    await vscode.commands.executeCommand('workbench.actions.view.problems');
}

function summaryOf({ files, checked, findings, filesWithFindings, cancelled }: CheckWorkspaceResult): string {
  const count = (number: number, one: string): string => `${number} ${one}${number === 1 ? '' : 's'}`;
  const found = findings === 0 ? 'No findings' : `${count(findings, 'finding')} in ${count(filesWithFindings, 'file')}`;
  return cancelled ? `Cancelled after ${checked} of ${count(files, 'file')}: ${found}.` : `${found}; ${count(files, 'file')} checked.`;
}
