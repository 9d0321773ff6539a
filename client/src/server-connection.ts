/**
 * The life of the language server: started, stopped and started again, with one state that everybody else may ask.
 * The only file that knows the language client.
 */
import path from 'node:path';
import * as vscode from 'vscode';
import type { LanguageClient, LanguageClientOptions, ServerOptions, StaticFeature, TransportKind } from 'vscode-languageclient/node';
import { explainNameCommand, explainRuleCommand, simulateCommand } from '../../server/src/protocol/requests.ts';

/** `failed`: it did not start or gave up; the output says why. */
export type ServerState = 'stopped' | 'starting' | 'running' | 'failed';

/** Files that the server is told about. Diff views and other read-only schemes are left out. */
export const documentSelector = ['file', 'untitled', 'vscode-vfs'].flatMap((scheme) =>
  ['c', 'cpp', 'mmapsim'].map((language) => ({ scheme, language })),
);

export class ServerConnection {
  readonly #extensionPath: string;
  readonly #changed = new vscode.EventEmitter<ServerState>();
  #client: LanguageClient | undefined;
  #state: ServerState = 'stopped';
  #tokens = 0;
  readonly #told = new Map<string, (parameters: unknown) => void>();
  readonly output: vscode.LogOutputChannel;
  /** Fires with each new state. */
  readonly onDidChangeState = this.#changed.event;

  constructor(extensionPath: string, output: vscode.LogOutputChannel) {
    this.#extensionPath = extensionPath;
    this.output = output;
  }

  get state(): ServerState {
    return this.#state;
  }

  /** Starts the server; a failure becomes the state `failed` and one message, never an exception. */
  async start(): Promise<void> {
    if (this.#state === 'starting' || this.#state === 'running') return;
    this.#become('starting');
    // Loaded here, not at the top, and after the activation has ended: the library is by far the largest part of the client.
    await new Promise((resolve) => setImmediate(resolve));
    const { LanguageClient, State, TransportKind } = await import('vscode-languageclient/node');
    if (this.state !== 'starting') return;
    const client = new LanguageClient('driverMmap', 'driver-mmap', this.#serverOptions(TransportKind.ipc), this.#clientOptions());
    this.#client = client;
    client.registerFeature(drawsInactiveRegions);
    for (const [method, tell] of this.#told) client.onNotification(method, tell);
    client.onDidChangeState(({ newState }) => {
      if (client !== this.#client) return;
      if (newState === State.Running) this.#become('running');
      else if (newState === State.Stopped && this.#state === 'running') this.#become('stopped');
    });
    try {
      await client.start();
    } catch (error) {
      if (client !== this.#client) return;
      this.output.error(`The language server did not start: ${describe(error)}`);
      this.#become('failed');
      void this.explain('The driver-mmap language server did not start.');
    }
  }

  /** Ends the server and waits for it. */
  async stop(): Promise<void> {
    const client = this.#client;
    this.#client = undefined;
    this.#become('stopped');
    try {
      await client?.dispose();
    } catch (error) {
      this.output.warn(`The language server did not end in order: ${describe(error)}`);
    }
  }

  async restart(): Promise<void> {
    await this.stop();
    await this.start();
  }

  /** Resolves when the server runs or will not: whether it runs. */
  whenSettled(): Promise<boolean> {
    if (this.#state !== 'starting') return Promise.resolve(this.#state === 'running');
    return new Promise((resolve) => {
      const listener = this.onDidChangeState((state) => {
        if (state === 'starting') return;
        listener.dispose();
        resolve(state === 'running');
      });
    });
  }

  /** Asks the server; rejects when it is not running. */
  async request<Result>(method: string, parameters: object): Promise<Result> {
    if (!this.#client || this.#state !== 'running') throw new Error('The language server is not running.');
    return this.#client.sendRequest<Result>(method, parameters);
  }

  /** Asks for something that takes long: `report` is told how far it is, and `cancelled` ends it with what there is. */
  async requestWithProgress<Parameters extends object, Result>(
    method: string,
    parameters: Parameters,
    cancelled: vscode.CancellationToken,
    report: (at: { readonly message?: string; readonly percentage?: number }) => void,
  ): Promise<Result> {
    const client = this.#client;
    if (!client || this.#state !== 'running') throw new Error('The language server is not running.');
    const { WorkDoneProgress } = await import('vscode-languageclient/node');
    const workDoneToken = `driver-mmap-${++this.#tokens}`;
    const listener = client.onProgress(WorkDoneProgress.type, workDoneToken, (value) => {
      if (value.kind === 'report') report(value);
    });
    try {
      return await client.sendRequest<Result>(method, { ...parameters, workDoneToken }, cancelled);
    } finally {
      listener.dispose();
    }
  }

  /** Hands on what the server tells by a method of its own, over all of its lives. One listener for a method. */
  onNotification<Parameters>(method: string, listener: (parameters: Parameters) => void): vscode.Disposable {
    this.#told.set(method, (parameters) => listener(parameters as Parameters));
    return new vscode.Disposable(() => this.#told.delete(method));
  }

  /** Shows a message about the server, with the ways out of it. */
  async explain(message: string): Promise<void> {
    const restart = 'Restart Server';
    const output = 'Show Output';
    const choice = await vscode.window.showErrorMessage(message, restart, output);
    if (choice === restart) await this.restart();
    if (choice === output) this.output.show();
  }

  #become(state: ServerState): void {
    if (this.#state === state) return;
    this.#state = state;
    this.#changed.fire(state);
  }

  #serverOptions(transport: TransportKind): ServerOptions {
    const module = path.join(this.#extensionPath, 'dist', 'server.cjs');
    return {
      run: { module, transport },
      debug: { module, transport, options: { execArgv: ['--nolazy', '--inspect=6009'] } },
    };
  }

  #clientOptions(): LanguageClientOptions {
    return {
      documentSelector,
      outputChannel: this.output,
      // The links of hovers.
      markdown: { isTrusted: { enabledCommands: [simulateCommand, explainNameCommand, explainRuleCommand] } },
      initializationOptions: { simulationPage: true },
      synchronize: { configurationSection: 'driverMmap' },
    };
  }
}

/** A capability that the library does not know: branches that are not compiled are drawn here (`inactive-branches.ts`). */
const drawsInactiveRegions: StaticFeature = {
  fillClientCapabilities: ({ textDocument = {} }) => {
    Object.assign(textDocument, { inactiveRegionsCapabilities: { inactiveRegions: true } });
  },
  initialize: () => undefined,
  getState: () => ({ kind: 'static' }),
  clear: () => undefined,
};

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));
