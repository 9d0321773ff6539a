/**
 * Items among the language statuses: whether the server runs, and, in C files with mapping handlers, the Linux version that they are
 * checked for. A click never stops anything.
 */
import * as vscode from 'vscode';
import type { FileStatus } from '../../server/src/protocol/requests.ts';
import { statusOf } from './reports.ts';
import { documentSelector, type ServerConnection, type ServerState } from './server-connection.ts';

const texts: Readonly<Record<ServerState, { readonly text: string; readonly severity: vscode.LanguageStatusSeverity }>> = {
  running: { text: 'driver-mmap', severity: vscode.LanguageStatusSeverity.Information },
  starting: { text: 'driver-mmap starts', severity: vscode.LanguageStatusSeverity.Information },
  stopped: { text: 'driver-mmap is stopped', severity: vscode.LanguageStatusSeverity.Warning },
  failed: { text: 'driver-mmap does not run', severity: vscode.LanguageStatusSeverity.Error },
};

/** Milliseconds without news before the server is asked again. */
const pause = 400;

export class ServerStatus implements vscode.Disposable {
  readonly #server: ServerConnection;
  readonly #state = vscode.languages.createLanguageStatusItem('driverMmap.status', documentSelector);
  readonly #listeners: readonly vscode.Disposable[];
  #kernel: vscode.LanguageStatusItem | undefined;
  #timer: NodeJS.Timeout | undefined;

  constructor(server: ServerConnection) {
    this.#server = server;
    this.#state.name = 'driver-mmap';
    this.#showState(server.state);
    this.#listeners = [
      server.onDidChangeState((state) => {
        this.#showState(state);
        this.#askSoon();
      }),
      vscode.window.onDidChangeActiveTextEditor(() => this.#askSoon()),
      vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        const active = vscode.window.activeTextEditor?.document.uri.toString();
        if (uris.some((uri) => uri.toString() === active)) this.#askSoon();
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('driverMmap')) this.#askSoon();
      }),
    ];
    this.#askSoon();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const listener of this.#listeners) listener.dispose();
    this.#state.dispose();
    this.#kernel?.dispose();
  }

  #showState(state: ServerState): void {
    const { text, severity } = texts[state];
    this.#state.text = text;
    this.#state.severity = severity;
    this.#state.busy = state === 'starting';
    this.#state.command =
      state === 'running'
        ? { title: 'Show output', command: 'driverMmap.showOutput' }
        : { title: 'Restart', command: 'driverMmap.restartServer' };
  }

  #askSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.#ask(), pause);
  }

  async #ask(): Promise<void> {
    const document = vscode.window.activeTextEditor?.document;
    const status = await statusOf(this.#server, document);
    if (document !== vscode.window.activeTextEditor?.document) return;
    if (!status || status.handlers.length === 0) {
      this.#kernel?.dispose();
      this.#kernel = undefined;
      return;
    }
    this.#kernel ??= vscode.languages.createLanguageStatusItem('driverMmap.kernel', documentSelector);
    showKernel(this.#kernel, status);
  }
}

function showKernel(item: vscode.LanguageStatusItem, { kernel, kernelFrom, findings, checkedIn, problems }: FileStatus): void {
  const skipped = problems.length === 0 ? '' : `, ${problems.length} ${problems.length === 1 ? 'place' : 'places'} not judged in full`;
  item.name = 'driver-mmap: Linux version';
  item.text = `Linux ${kernel}`;
  item.detail = `from ${kernelFrom}; ${findings} ${findings === 1 ? 'finding' : 'findings'} in ${checkedIn} ms${skipped}`;
  item.command = { title: 'Pick', command: 'driverMmap.pickKernel', tooltip: problems.join('\n') };
}
