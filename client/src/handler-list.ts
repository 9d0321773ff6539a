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
  /** The folders that were searched last, or are being searched. */
  #searched: readonly string[] | undefined;
  /** How many searches have begun, and which of them has told last. */
  #begun = 0;
  #told = 0;
  /** What the search has found is of another Linux version. */
  #isOutdated = false;
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
        if (event.affectsConfiguration('driverMmap.kernelVersion')) this.#searchAgain();
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
    if (isWatched && this.#isOutdated) this.#searchAgain();
  }

  /** Searches the folders; gives how many handlers there are, or `undefined` when the user has ended it. */
  async search(folders: readonly string[]): Promise<number | undefined> {
    // From here on the search follows another Linux version, also while it runs.
    this.#searched = folders;
    const number = ++this.#begun;
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
    // What began before the search that has told already is of older settings.
    if (number > this.#told) {
      this.#told = number;
      this.#take(new Map(files.map((file) => [vscode.Uri.parse(file.uri).toString(), file])), cancelled);
    }
    return cancelled ? undefined : files.reduce((sum, { handlers }) => sum + handlers.length, 0);
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const listener of this.#listeners) listener.dispose();
    this.#changed.dispose();
  }

  /** What an open document says goes before what was found, and a search that came to its end before the one before it. */
  #take(found: ReadonlyMap<string, FileHandlers>, cancelled: boolean): void {
    const open = new Set(vscode.workspace.textDocuments.filter(isDriver).map(({ uri }) => uri.toString()));
    for (const uri of cancelled ? [] : [...this.#found].filter((each) => !found.has(each))) {
      this.#found.delete(uri);
      if (!open.has(uri)) this.#files.delete(uri);
    }
    for (const [uri, file] of found) {
      this.#found.add(uri);
      if (open.has(uri)) this.#stale.add(uri);
      else this.#files.set(uri, file);
    }
    this.#askSoon(0);
    this.#changed.fire();
  }

  /** Another Linux version compiles other handlers: who looks at what was found for the one before sees it follow. */
  #searchAgain(): void {
    this.#isOutdated = this.#searched !== undefined;
    if (!this.#searched || !this.#isWatched || this.#server.state !== 'running') return;
    this.#isOutdated = false;
    void this.search(this.#searched).catch((error) => this.#server.output.warn(`The handlers could not be searched again: ${error}`));
  }

  #expire(document: vscode.TextDocument): void {
    if (!isDriver(document)) return;
    this.#stale.add(document.uri.toString());
    this.#askSoon(pause);
  }

  /** What a search has found stays as it was then, for there may be thousands of files: a search is a click away. */
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
