/** Watches the files that the server asks to be told about, and tells of them in groups: a checkout writes thousands at once. */
import * as vscode from 'vscode';
import { ErrorCodes, ResponseError } from 'vscode-jsonrpc/node';
import type {
  DidChangeWatchedFilesParams,
  DidChangeWatchedFilesRegistrationOptions,
  FileChangeType,
  RegistrationParams,
  UnregistrationParams,
} from 'vscode-languageserver-protocol';
import type { Wire } from './wire.ts';

const method = 'workspace/didChangeWatchedFiles';

/** Milliseconds in which changes are gathered. */
const pause = 250;

const [created, changed, deleted] = [1, 2, 3] as const satisfies readonly FileChangeType[];

export class WatchedFiles implements vscode.Disposable {
  readonly #wire: Wire;
  readonly #listeners: readonly vscode.Disposable[];
  /** By the identifier that the server gives a registration. */
  readonly #watchers = new Map<string, vscode.Disposable>();
  /** By URI, the last change of each file. */
  readonly #changes = new Map<string, FileChangeType>();
  #timer: NodeJS.Timeout | undefined;

  constructor(wire: Wire) {
    this.#wire = wire;
    this.#listeners = [
      wire.connection.onRequest('client/registerCapability', ({ registrations }: RegistrationParams) => {
        for (const { id, method: wanted, registerOptions } of registrations) {
          if (wanted !== method) return new ResponseError(ErrorCodes.InvalidParams, `${wanted} cannot be registered.`);
          this.#watch(id, registerOptions as DidChangeWatchedFilesRegistrationOptions);
        }
        return null;
      }),
      wire.connection.onRequest('client/unregisterCapability', ({ unregisterations }: UnregistrationParams) => {
        for (const { id } of unregisterations) {
          this.#watchers.get(id)?.dispose();
          this.#watchers.delete(id);
        }
        return null;
      }),
    ];
  }

  dispose(): void {
    clearTimeout(this.#timer);
    for (const each of [...this.#listeners, ...this.#watchers.values()]) each.dispose();
  }

  #watch(id: string, { watchers }: DidChangeWatchedFilesRegistrationOptions): void {
    const all = watchers.flatMap(({ globPattern }) => {
      // Patterns below a folder are not among the capabilities of the client.
      if (typeof globPattern !== 'string') return [];
      const watcher = vscode.workspace.createFileSystemWatcher(globPattern);
      const tellOf = (type: FileChangeType) => (uri: vscode.Uri) => this.#tellSoon(uri, type);
      return [watcher, watcher.onDidCreate(tellOf(created)), watcher.onDidChange(tellOf(changed)), watcher.onDidDelete(tellOf(deleted))];
    });
    this.#watchers.set(id, vscode.Disposable.from(...all));
  }

  #tellSoon(uri: vscode.Uri, type: FileChangeType): void {
    this.#changes.set(uri.toString(), type);
    this.#timer ??= setTimeout(() => {
      this.#timer = undefined;
      const parameters: DidChangeWatchedFilesParams = { changes: [...this.#changes].map(([file, kind]) => ({ uri: file, type: kind })) };
      this.#changes.clear();
      this.#wire.tell(method, parameters);
    }, pause);
  }
}
