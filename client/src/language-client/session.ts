/**
 * One life of the language server, from its start to its end: the process, the connection to it, and all parts of the client that work
 * while it lives. A server that is started again is another session, so that nothing of the one before is left.
 */
import * as vscode from 'vscode';
import { createMessageConnection, IPCMessageReader, IPCMessageWriter, type MessageConnection, ProgressType } from 'vscode-jsonrpc/node';
import type { InitializeParams, InitializeResult, WorkDoneProgressReport } from 'vscode-languageserver-protocol';
import { clientCapabilities } from './capabilities.ts';
import { Diagnostics } from './diagnostics.ts';
import { keepDocumentsInStep } from './documents.ts';
import { applyEdits } from './edits.ts';
import { registerFeatures } from './features.ts';
import { logMessages, traceMessages } from './log.ts';
import { type ServerProcess, startServer } from './server-process.ts';
import { answerSettings, tellChangedSettings } from './settings.ts';
import { WatchedFiles } from './watched-files.ts';
import { describe, type Wire, wireOf } from './wire.ts';

export interface SessionOptions {
  /** The path of the server's bundle. */
  readonly module: string;
  readonly output: vscode.LogOutputChannel;
  readonly selector: vscode.DocumentSelector;
  /** The section of the settings that are the server's. */
  readonly section: string;
  /** Commands that a link in a hover may run. */
  readonly trustedCommands: readonly string[];
  readonly initializationOptions: object;
  /** What the server tells by methods of its own. */
  readonly notifications: ReadonlyMap<string, (parameters: unknown) => void>;
}

/** Milliseconds that a server gets to end by itself. */
const patience = 2000;

const progress = new ProgressType<{ readonly kind: string } & Omit<WorkDoneProgressReport, 'kind'>>();
let progressTokens = 0;

export class LanguageSession {
  readonly #options: SessionOptions;
  readonly #process: ServerProcess;
  readonly #connection: MessageConnection;
  readonly #wire: Wire;
  readonly #diagnostics: Diagnostics;
  readonly #parts: vscode.Disposable[];
  #isOver = false;
  /** Resolves when the server is gone, in whatever way: how, as a clause. */
  readonly ended: Promise<string>;

  /** Starts the process and listens to it. */
  constructor(options: SessionOptions) {
    const { module, output, section, notifications } = options;
    this.#options = options;
    this.#process = startServer(module, output);
    const { child, ended } = this.#process;
    this.#connection = createMessageConnection(new IPCMessageReader(child), new IPCMessageWriter(child), {
      error: (message) => output.error(message),
      warn: (message) => output.warn(message),
      info: (message) => output.info(message),
      log: (message) => output.debug(message),
    });
    this.#wire = wireOf(this.#connection, output);
    this.#diagnostics = new Diagnostics(this.#wire);
    this.#parts = [
      this.#diagnostics,
      logMessages(this.#wire),
      traceMessages(this.#wire, section),
      answerSettings(this.#wire),
      new WatchedFiles(this.#wire),
      applyEdits(this.#wire),
      ...[...notifications].map(([method, listener]) => this.#connection.onNotification(method, listener)),
    ];
    this.ended = ended.then((how) => {
      this.#disposeParts();
      this.#connection.dispose();
      return how;
    });
    this.#connection.listen();
  }

  /** Resolves when the server is ready; rejects when it ends before or does not understand. */
  async start(): Promise<void> {
    const { selector, section, trustedCommands } = this.#options;
    const ready = this.#connection.sendRequest<InitializeResult>('initialize', this.#parameters());
    const early = this.ended.then((how) => Promise.reject(new Error(`It ended ${how}.`)));
    const { capabilities } = await Promise.race([ready, early]);
    if (this.#isOver) throw new Error('It ended at once.');
    this.#wire.tell('initialized', {});
    this.#parts.push(
      keepDocumentsInStep(this.#wire, selector),
      tellChangedSettings(this.#wire, section),
      ...registerFeatures({ wire: this.#wire, selector, diagnostics: this.#diagnostics, trustedCommands }, capabilities),
    );
  }

  /** Asks by a method of the server's own; rejects with a sentence for the user when the server ends before it answers. */
  async request<Result>(method: string, parameters: object, ...cancelled: [] | [vscode.CancellationToken]): Promise<Result> {
    try {
      return await this.#connection.sendRequest<Result>(method, parameters, ...cancelled);
    } catch (error) {
      throw this.#isOver ? new Error('The language server ended before it answered.') : error;
    }
  }

  /** Asks for something that takes long: `report` is told how far it is. */
  async requestWithProgress<Result>(
    method: string,
    parameters: object,
    cancelled: vscode.CancellationToken,
    report: (at: { readonly message?: string; readonly percentage?: number }) => void,
  ): Promise<Result> {
    const workDoneToken = `driver-mmap-${++progressTokens}`;
    const listener = this.#connection.onProgress(progress, workDoneToken, (value) => {
      if (value.kind === 'report') report(value);
    });
    try {
      return await this.request<Result>(method, { ...parameters, workDoneToken }, cancelled);
    } finally {
      listener.dispose();
    }
  }

  /** Ends the server in order, or by force when that takes too long. Resolves when it is gone. */
  async stop(): Promise<void> {
    if (this.#isOver) {
      await this.ended;
      return;
    }
    this.#disposeParts();
    const inOrder = async (): Promise<void> => {
      await this.#connection.sendRequest('shutdown');
      await this.#connection.sendNotification('exit');
      await this.ended;
    };
    let timer: NodeJS.Timeout | undefined;
    const tooLong = new Promise<never>((_, reject) => {
      timer = setTimeout(() => reject(new Error(`it took more than ${patience} ms`)), patience);
    });
    try {
      await Promise.race([inOrder(), tooLong]);
    } catch (error) {
      this.#options.output.warn(`The language server is killed: ${describe(error)}.`);
      this.#process.child.kill('SIGKILL');
      await this.ended;
    } finally {
      clearTimeout(timer);
    }
  }

  #disposeParts(): void {
    this.#isOver = true;
    for (const part of this.#parts.splice(0)) part.dispose();
  }

  #parameters(): InitializeParams {
    const folders = vscode.workspace.workspaceFolders ?? [];
    return {
      // A server whose editor is gone ends by itself.
      processId: process.pid,
      clientInfo: { name: vscode.env.appName, version: vscode.version },
      locale: vscode.env.language,
      rootUri: folders[0]?.uri.toString() ?? null,
      workspaceFolders: folders.map(({ uri, name }) => ({ uri: uri.toString(), name })),
      initializationOptions: this.#options.initializationOptions,
      capabilities: clientCapabilities,
    };
  }
}
