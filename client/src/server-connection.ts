/**
 * The life of the language server: started, stopped and started again, with one state that everybody else may ask. A server that ends by
 * itself is started again, unless it keeps doing so. The only file that knows the language client.
 */
import path from 'node:path';
import * as vscode from 'vscode';
import { explainNameCommand, explainRuleCommand, simulateCommand } from '../../server/src/protocol/requests.ts';
import { mayStartAgain } from './language-client/crashes.ts';
import type { LanguageSession, SessionOptions } from './language-client/session.ts';

/** `failed`: it did not start or gave up; the output says why. */
export type ServerState = 'stopped' | 'starting' | 'running' | 'failed';

/** Files that the server is told about. Diff views and other read-only schemes are left out. */
export const documentSelector = ['file', 'untitled', 'vscode-vfs'].flatMap((scheme) =>
  ['c', 'cpp', 'mmapsim'].map((language) => ({ scheme, language })),
);

export class ServerConnection {
  readonly #extensionPath: string;
  readonly #changed = new vscode.EventEmitter<ServerState>();
  /** The last one; an older one may still be ending. */
  #session: LanguageSession | undefined;
  #state: ServerState = 'stopped';
  /** Changes with each start and stop, so that whoever has waited knows whether it is still wanted. */
  #wish = 0;
  /** When the server ended by itself since the user last started it; milliseconds. */
  #crashes: readonly number[] = [];
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
    this.#crashes = [];
    await this.#launch();
  }

  /** Ends the server and waits for it. */
  async stop(): Promise<void> {
    this.#wish++;
    const session = this.#session;
    this.#session = undefined;
    this.#become('stopped');
    await session?.stop();
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
    return this.#running().request<Result>(method, parameters);
  }

  /** Asks for something that takes long: `report` is told how far it is, and `cancelled` ends it with what there is. */
  async requestWithProgress<Parameters extends object, Result>(
    method: string,
    parameters: Parameters,
    cancelled: vscode.CancellationToken,
    report: (at: { readonly message?: string; readonly percentage?: number }) => void,
  ): Promise<Result> {
    return this.#running().requestWithProgress<Result>(method, parameters, cancelled, report);
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

  #running(): LanguageSession {
    if (!this.#session || this.#state !== 'running') throw new Error('The language server is not running.');
    return this.#session;
  }

  async #launch(): Promise<void> {
    const wish = ++this.#wish;
    this.#become('starting');
    // Read here, not at the top, and after the activation has ended: the client of the protocol is the larger part of the extension.
    await new Promise((resolve) => setImmediate(resolve));
    const { LanguageSession } = await import('./language-client/session.ts');
    if (wish !== this.#wish) return;
    const session = new LanguageSession(this.#options());
    this.#session = session;
    try {
      await session.start();
    } catch (error) {
      if (session !== this.#session) return;
      this.output.error(`The language server did not start: ${error instanceof Error ? error.message : String(error)}`);
      this.#giveUp('The driver-mmap language server did not start.');
      await session.stop();
      return;
    }
    if (session !== this.#session) return;
    this.#become('running');
    void session.ended.then((how) => {
      if (session === this.#session) return this.#restartAfter(how);
    });
  }

  /** The server has ended, and nobody has asked it to. */
  async #restartAfter(how: string): Promise<void> {
    this.#crashes = [...this.#crashes, Date.now()];
    this.output.error(`The language server ended ${how}.`);
    if (mayStartAgain(this.#crashes)) await this.#launch();
    else this.#giveUp('The driver-mmap language server ended several times in a short while, and is not started again.');
  }

  #giveUp(message: string): void {
    this.#session = undefined;
    this.#become('failed');
    void this.explain(message);
  }

  #options(): SessionOptions {
    return {
      module: path.join(this.#extensionPath, 'dist', 'server.cjs'),
      output: this.output,
      selector: documentSelector,
      section: 'driverMmap',
      trustedCommands: [simulateCommand, explainNameCommand, explainRuleCommand],
      initializationOptions: { simulationPage: true },
      notifications: this.#told,
    };
  }
}
