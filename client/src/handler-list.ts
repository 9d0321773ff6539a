/**
 * The mapping handlers that are known: those of open C files, kept up to date while somebody looks, and those that a search of the
 * workspace has found. Asks the server; nothing is searched unasked.
 */
import * as vscode from 'vscode';
import type { FileHandlers } from '../../server/src/protocol/handlers.ts';
import {
  type CheckWorkspaceParams,
  type HandlersParams,
  handlersMethod,
  type WorkspaceHandlersResult,
  workspaceHandlersMethod,
} from '../../server/src/protocol/requests.ts';
import { documentSelector, type ServerConnection } from './server-connection.ts';

/** Milliseconds without news before the server is asked again. */
const pause = 400;

const isDriver = (document: vscode.TextDocument): boolean =>
  ['c', 'cpp'].includes(document.languageId) && vscode.languages.match(documentSelector, document) > 0;

export class HandlerList implements vscode.Disposable {
  readonly #server: ServerConnection;
  readonly #files = new Map<string, FileHandlers>();
  /** URIs of files that a search has found. */
  readonly #found = new Set<string>();
  readonly #stale = new Set<string>();
  readonly #changed = new vscode.EventEmitter<void>();
  readonly #listeners: readonly vscode.Disposable[];
  #isWatched = false;
  #timer: NodeJS.Timeout | undefined;
  readonly onDidChange = this.#changed.event;

  constructor(server: ServerConnection) {
    this.#server = server;
    this.#listeners = [
      server.onDidChangeState((state) => {
        if (state === 'running') this.#expireAll();
      }),
      vscode.workspace.onDidOpenTextDocument((document) => this.#expire(document)),
      vscode.workspace.onDidChangeTextDocument(({ document }) => this.#expire(document)),
      vscode.workspace.onDidCloseTextDocument((document) => this.#closed(document)),
      vscode.languages.onDidChangeDiagnostics(({ uris }) => {
        const changed = new Set(uris.map((uri) => uri.toString()));
        for (const document of vscode.workspace.textDocuments) if (changed.has(document.uri.toString())) this.#expire(document);
      }),
      vscode.workspace.onDidChangeConfiguration((event) => {
        if (event.affectsConfiguration('driverMmap')) this.#expireAll();
      }),
    ];
    this.#expireAll();
  }

  get files(): Iterable<FileHandlers> {
    return this.#files.values();
  }

  /** While nobody looks, nothing is asked; what has become stale is asked for when somebody does. */
  watch(isWatched: boolean): void {
    this.#isWatched = isWatched;
    this.#askSoon(0);
  }

  /** Searches the folders; gives how many handlers there are, or `undefined` when the user has ended it. */
  async search(folders: readonly string[]): Promise<number | undefined> {
    const options = { location: vscode.ProgressLocation.Notification, title: 'Finding mapping handlers', cancellable: true };
    const { files, cancelled } = await vscode.window.withProgress(options, (progress, token) => {
      let before = 0;
      const parameters: CheckWorkspaceParams = { folders };
      return this.#server.requestWithProgress<CheckWorkspaceParams, WorkspaceHandlersResult>(
        workspaceHandlersMethod,
        parameters,
        token,
        ({ message, percentage = before }) => {
          progress.report({ message, increment: percentage - before });
          before = percentage;
        },
      );
    });
    const open = new Set(vscode.workspace.textDocuments.filter(isDriver).map(({ uri }) => uri.toString()));
    for (const file of files) {
      const uri = vscode.Uri.parse(file.uri).toString();
      this.#found.add(uri);
      // What an open document says goes before.
      if (open.has(uri)) this.#stale.add(uri);
      else this.#files.set(uri, file);
    }
    this.#askSoon(0);
    this.#changed.fire();
    return cancelled ? undefined : files.reduce((sum, { handlers }) => sum + handlers.length, 0);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const listener of this.#listeners) listener.dispose();
    this.#changed.dispose();
  }

  #expire(document: vscode.TextDocument): void {
    if (!isDriver(document)) return;
    this.#stale.add(document.uri.toString());
    this.#askSoon(pause);
  }

  /** What a search has found stays as it was then: there may be thousands of files, and a search is a click away. */
  #expireAll(): void {
    for (const document of vscode.workspace.textDocuments) this.#expire(document);
    this.#askSoon(pause);
  }

  /** What a search has found is read as it is written now; the rest is gone with its document. */
  #closed(document: vscode.TextDocument): void {
    const uri = document.uri.toString();
    if (this.#found.has(uri)) {
      this.#stale.add(uri);
      this.#askSoon(pause);
    } else {
      this.#stale.delete(uri);
      if (this.#files.delete(uri)) this.#changed.fire();
    }
  }

  #askSoon(milliseconds: number): void {
    clearTimeout(this.#timer);
    if (this.#isWatched) this.#timer = setTimeout(() => void this.#ask(), milliseconds);
  }

  async #ask(): Promise<void> {
    if (this.#server.state !== 'running') return;
    const stale = [...this.#stale];
    this.#stale.clear();
    for (const uri of stale) {
      const parameters: HandlersParams = { uri };
      const file = await this.#server.request<FileHandlers>(handlersMethod, parameters).catch(() => undefined);
      if (file) this.#files.set(uri, file);
    }
    if (stale.length > 0) this.#changed.fire();
  }
}
