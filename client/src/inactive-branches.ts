/** Draws pale what the server says is not compiled for the driver's kernel. The text stays readable, and selectable as ever. */
import * as vscode from 'vscode';
import { type InactiveRegionsParams, inactiveRegionsMethod } from '../../server/src/protocol/requests.ts';
import type { ServerConnection } from './server-connection.ts';

export class InactiveBranches implements vscode.Disposable {
  readonly #decoration = vscode.window.createTextEditorDecorationType({ isWholeLine: true, opacity: '0.55' });
  /** By the URI of the file. */
  readonly #ranges = new Map<string, readonly vscode.Range[]>();
  readonly #listeners: readonly vscode.Disposable[];

  constructor(server: ServerConnection) {
    this.#listeners = [
      server.onNotification<InactiveRegionsParams>(inactiveRegionsMethod, ({ textDocument, regions }) => {
        const uri = vscode.Uri.parse(textDocument.uri).toString();
        this.#ranges.set(
          uri,
          regions.map(({ start, end }) => new vscode.Range(start.line, start.character, end.line, end.character)),
        );
        this.#draw(uri);
      }),
      server.onDidChangeState((state) => {
        if (state === 'running') return;
        this.#ranges.clear();
        this.#draw();
      }),
      vscode.window.onDidChangeVisibleTextEditors(() => this.#draw()),
      vscode.workspace.onDidCloseTextDocument(({ uri }) => this.#ranges.delete(uri.toString())),
    ];
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#decoration.dispose();
  }

  /** Draws what is known, in the editors of `only` or in all. */
  #draw(only?: string): void {
    for (const editor of vscode.window.visibleTextEditors) {
      const uri = editor.document.uri.toString();
      if (only === undefined || only === uri) editor.setDecorations(this.#decoration, this.#ranges.get(uri) ?? []);
    }
  }
}
