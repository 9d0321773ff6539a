/** A small editor: starts the packaged language server as a process and talks to it over standard input and output. */
import { type ChildProcess, spawn } from 'node:child_process';
import path from 'node:path';
import {
  type CancellationToken,
  createMessageConnection,
  type InitializeResult,
  type MessageConnection,
  type PublishDiagnosticsParams,
  StreamMessageReader,
  StreamMessageWriter,
  WorkDoneProgress,
  type WorkDoneProgressBegin,
  type WorkDoneProgressEnd,
  type WorkDoneProgressReport,
} from 'vscode-languageserver/node';

const server = path.join(import.meta.dirname, '../../server/dist/cli.cjs');

export class LanguageClient {
  readonly #process: ChildProcess;
  readonly #connection: MessageConnection;
  readonly #published = new Map<string, PublishDiagnosticsParams[]>();
  readonly #waiting: {
    readonly accepts: (params: PublishDiagnosticsParams) => boolean;
    readonly done: (params: PublishDiagnosticsParams) => void;
  }[] = [];

  constructor() {
    this.#process = spawn(process.execPath, [server, 'lsp', '--stdio'], { stdio: ['pipe', 'pipe', 'pipe'] });
    const { stdin, stdout } = this.#process;
    if (!stdin || !stdout) throw new Error('the server has no pipes');
    this.#connection = createMessageConnection(new StreamMessageReader(stdout), new StreamMessageWriter(stdin));
    this.#connection.onNotification('textDocument/publishDiagnostics', (params: PublishDiagnosticsParams) => {
      this.#published.set(params.uri, [...(this.#published.get(params.uri) ?? []), params]);
      for (const [index, waiting] of [...this.#waiting.entries()].reverse()) {
        if (!waiting.accepts(params)) continue;
        this.#waiting.splice(index, 1);
        waiting.done(params);
      }
    });
    this.#connection.listen();
  }

  async initialize(capabilities: object = {}, initializationOptions?: object, rootUri: string | null = null): Promise<InitializeResult> {
    const result: InitializeResult = await this.#connection.sendRequest('initialize', {
      processId: process.pid,
      rootUri,
      capabilities,
      initializationOptions,
    });
    await this.notify('initialized', {});
    return result;
  }

  request<T>(method: string, params: unknown, token?: CancellationToken): Promise<T> {
    return token ? this.#connection.sendRequest(method, params, token) : this.#connection.sendRequest(method, params);
  }

  /** What the server tells about something long, by the token that the client has given it. */
  onProgress(token: string, report: (value: WorkDoneProgressBegin | WorkDoneProgressReport | WorkDoneProgressEnd) => void): void {
    this.#connection.onProgress(WorkDoneProgress.type, token, report);
  }

  /** Resolves with the next that the server tells by a method of its own. */
  told<T>(method: string): Promise<T> {
    return new Promise((resolve) => {
      const listener = this.#connection.onNotification(method, (params: T) => {
        listener.dispose();
        resolve(params);
      });
    });
  }

  /** Resolves when `isEnough` says so of what the server tells by a method. */
  toldUntil<T>(method: string, isEnough: (params: T) => boolean): Promise<void> {
    return new Promise((resolve) => {
      const listener = this.#connection.onNotification(method, (params: T) => {
        if (!isEnough(params)) return;
        listener.dispose();
        resolve();
      });
    });
  }

  /** The findings of a file that were published last; `undefined` when none ever were. */
  published(uri: string): PublishDiagnosticsParams | undefined {
    return this.#published.get(uri)?.at(-1);
  }

  notify(method: string, params: unknown): Promise<void> {
    return this.#connection.sendNotification(method, params);
  }

  /** Opens a text and gives the first findings for it. */
  async open(uri: string, text: string): Promise<PublishDiagnosticsParams> {
    const published = this.next((params) => params.uri === uri);
    await this.notify('textDocument/didOpen', { textDocument: { uri, languageId: 'c', version: 1, text } });
    return published;
  }

  /** The next findings that `accepts` takes. */
  next(accepts: (params: PublishDiagnosticsParams) => boolean): Promise<PublishDiagnosticsParams> {
    return new Promise((done) => this.#waiting.push({ accepts, done }));
  }

  /** Says goodbye as the protocol asks, and gives the exit code of the process. */
  async stop(): Promise<number | null> {
    const exited = new Promise<number | null>((resolve) => this.#process.once('exit', (code) => resolve(code)));
    await this.request('shutdown', undefined);
    await this.notify('exit', undefined);
    const code = await exited;
    this.#connection.dispose();
    return code;
  }
}
