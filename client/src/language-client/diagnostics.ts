/**
 * Shows what the server finds. A diagnostic goes back to the server as it came, so that nothing is lost on the way. Knows no rule.
 */
import * as vscode from 'vscode';
import type { Diagnostic, PublishDiagnosticsParams } from 'vscode-languageserver-protocol';
import { toDiagnostic } from './to-editor.ts';
import type { Wire } from './wire.ts';

/** Milliseconds in which findings of an older text are expected to be followed by those of the text as it is. */
const patience = 500;

export class Diagnostics implements vscode.Disposable {
  readonly #shown = vscode.languages.createDiagnosticCollection('driverMmap');
  readonly #told = new WeakMap<vscode.Diagnostic, Diagnostic>();
  /** What is told of an older text, by URI: it stands at wrong places by now, and is shown only when nothing else comes. */
  readonly #late = new Map<string, NodeJS.Timeout>();
  readonly #listener: vscode.Disposable;

  constructor({ connection }: Wire) {
    this.#listener = connection.onNotification('textDocument/publishDiagnostics', (parameters: PublishDiagnosticsParams) =>
      this.#take(parameters),
    );
  }

  dispose(): void {
    this.#listener.dispose();
    for (const timer of this.#late.values()) clearTimeout(timer);
    this.#shown.dispose();
  }

  /** As the server has told them; those of others are left out. */
  toldAs(shown: readonly vscode.Diagnostic[]): Diagnostic[] {
    return shown.flatMap((each) => this.#told.get(each) ?? []);
  }

  #take(parameters: PublishDiagnosticsParams): void {
    const { uri } = parameters;
    clearTimeout(this.#late.get(uri));
    this.#late.delete(uri);
    if (!isOfOlderText(parameters)) return this.#show(parameters);
    this.#late.set(
      uri,
      setTimeout(() => this.#show(parameters), patience),
    );
  }

  #show({ uri, diagnostics }: PublishDiagnosticsParams): void {
    const shown = diagnostics.map((diagnostic) => {
      const each = toDiagnostic(diagnostic);
      this.#told.set(each, diagnostic);
      return each;
    });
    this.#shown.set(vscode.Uri.parse(uri), shown);
  }
}

function isOfOlderText({ uri, version }: PublishDiagnosticsParams): boolean {
  if (version === undefined) return false;
  const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri);
  return document !== undefined && version < document.version;
}
