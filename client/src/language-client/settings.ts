/** The settings of the editor as the server may ask for them, and the word that they have changed. */
import * as vscode from 'vscode';
import type { ConfigurationParams, DidChangeConfigurationParams } from 'vscode-languageserver-protocol';
import type { Wire } from './wire.ts';

/** Answers what the server asks; works before the server is ready. */
export function answerSettings({ connection }: Wire): vscode.Disposable {
  return connection.onRequest('workspace/configuration', ({ items }: ConfigurationParams) =>
    items.map(({ scopeUri, section = '' }) => {
      const scope = scopeUri === undefined ? undefined : vscode.Uri.parse(scopeUri);
      return vscode.workspace.getConfiguration(undefined, scope).get(section) ?? null;
    }),
  );
}

/** Tells the server when a setting of `section` has changed anywhere. */
export function tellChangedSettings({ tell }: Wire, section: string): vscode.Disposable {
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (!event.affectsConfiguration(section)) return;
    const parameters: DidChangeConfigurationParams = { settings: { [section]: vscode.workspace.getConfiguration().get(section) } };
    tell('workspace/didChangeConfiguration', parameters);
  });
}
