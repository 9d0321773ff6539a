/** The item among the language statuses of C files: whether the server runs. A click never stops anything; it opens the output. */
import * as vscode from 'vscode';
import { documentSelector, type ServerConnection, type ServerState } from './server-connection.ts';

const texts: Readonly<Record<ServerState, { readonly text: string; readonly severity: vscode.LanguageStatusSeverity }>> = {
  running: { text: 'driver-mmap', severity: vscode.LanguageStatusSeverity.Information },
  starting: { text: 'driver-mmap starts', severity: vscode.LanguageStatusSeverity.Information },
  stopped: { text: 'driver-mmap is stopped', severity: vscode.LanguageStatusSeverity.Warning },
  failed: { text: 'driver-mmap did not start', severity: vscode.LanguageStatusSeverity.Error },
};

export class ServerStatus implements vscode.Disposable {
  readonly #item = vscode.languages.createLanguageStatusItem('driverMmap.status', documentSelector);
  readonly #listener: vscode.Disposable;

  constructor(server: ServerConnection) {
    this.#item.name = 'driver-mmap';
    this.#show(server.state);
    this.#listener = server.onDidChangeState((state) => this.#show(state));
  }

  dispose(): void {
    this.#listener.dispose();
    this.#item.dispose();
  }

  #show(state: ServerState): void {
    const { text, severity } = texts[state];
    this.#item.text = text;
    this.#item.severity = severity;
    this.#item.busy = state === 'starting';
    this.#item.command =
      state === 'running'
        ? { title: 'Show output', command: 'driverMmap.showOutput' }
        : { title: 'Restart', command: 'driverMmap.restartServer' };
  }
}
