/** Edits that the server asks for by itself: refused when a document has another version than the one that they were made for. */
import * as vscode from 'vscode';
import type { ApplyWorkspaceEditParams, ApplyWorkspaceEditResult, WorkspaceEdit } from 'vscode-languageserver-protocol';
import { textChanges, toWorkspaceEdit } from './to-editor.ts';
import type { Wire } from './wire.ts';

export function applyEdits({ connection }: Wire): vscode.Disposable {
  return connection.onRequest('workspace/applyEdit', async ({ edit }: ApplyWorkspaceEditParams): Promise<ApplyWorkspaceEditResult> => {
    // Nothing may come between this look and the edit.
    if (!isOfTheseTexts(edit)) return { applied: false, failureReason: 'The text has changed meanwhile.' };
    return { applied: await vscode.workspace.applyEdit(toWorkspaceEdit(edit)) };
  });
}

function isOfTheseTexts({ documentChanges = [] }: WorkspaceEdit): boolean {
  const versions = new Map(vscode.workspace.textDocuments.map(({ uri, version }) => [uri.toString(), version]));
  return textChanges(documentChanges).every(({ textDocument: { uri, version } }) => {
    const here = versions.get(vscode.Uri.parse(uri).toString());
    return version === null || here === undefined || here === version;
  });
}
