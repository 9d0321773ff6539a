/** One simulation page: answers what the page asks, and remembers what it shows. Draws nothing itself. */
import * as vscode from 'vscode';
import {
  type AttackParams,
  type AttackResult,
  attackMethod,
  type MatrixParams,
  type MatrixResult,
  matrixMethod,
  type SimulateParams,
  type SimulateResult,
  simulateMethod,
} from '../../server/src/protocol/requests.ts';
import type { Trace } from '../../server/src/protocol/trace.ts';
import type { AttackAnswer, FromView, MatrixAnswer, ToView, ViewOrigin } from '../../server/src/protocol/view.ts';
import { readTrace, saveScenario, saveTrace } from './keep-files.ts';
import type { ServerConnection } from './server-connection.ts';
import type { CursorPlace, SourceMarks } from './source-marks.ts';

/** What panels share. */
export interface PanelServices {
  readonly server: ServerConnection;
  readonly marks: SourceMarks;
  /** Called with each finished run. */
  readonly ran: (parameters: SimulateParams, trace: Trace) => void;
}

export class SimulationPanel {
  readonly #services: PanelServices;
  readonly #panel: vscode.WebviewPanel;
  #origin: ViewOrigin;
  #trace: Trace | undefined;
  #isReady = false;
  /** Kernels to compare as soon as the page is there. */
  #wanted: readonly string[] | undefined;

  constructor(services: PanelServices, panel: vscode.WebviewPanel, origin: ViewOrigin) {
    this.#services = services;
    this.#panel = panel;
    this.#origin = origin;
    panel.webview.onDidReceiveMessage((message: FromView) => this.#receive(message));
    panel.onDidDispose(() => services.marks.mark(this, undefined));
  }

  /** Shows another run of the handler, or runs it again. */
  async show(origin: ViewOrigin): Promise<void> {
    this.#origin = origin;
    this.#panel.reveal(undefined, true);
    if (this.#isReady) await this.#load();
  }

  /** Compares kernels; at once, or when the page is there. */
  async compare(kernels: readonly string[]): Promise<void> {
    if (!this.#isReady || !this.#trace) this.#wanted = kernels;
    else await this.#compare(this.#trace.scenario, kernels);
  }

  /** The user looks at a line; pages of other files are not told. */
  cursorMoved(place: CursorPlace): void {
    const isMine = this.#trace?.steps.some(({ location }) => location?.file === place.file);
    if (isMine) void this.#tell({ kind: 'cursor', ...place });
  }

  close(): void {
    this.#panel.dispose();
  }

  #tell(message: ToView): Thenable<boolean> {
    return this.#panel.webview.postMessage(message);
  }

  async #receive(message: FromView): Promise<void> {
    switch (message.kind) {
      case 'ready':
        this.#isReady = true;
        await this.#load();
        return;
      case 'shown':
        if (this.#panel.visible) this.#services.marks.mark(this, message.location);
        return;
      case 'reveal':
        return this.#reveal(message.location);
      case 'run':
        if (this.#origin.kind !== 'handler') return;
        this.#origin = { kind: 'handler', parameters: { ...this.#origin.parameters, scenario: message.scenario } };
        return this.#load();
      case 'matrix':
        return this.#compare(message.scenario, message.kernels);
      case 'attack':
        return this.#attack();
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        vscode.window.setStatusBarMessage('Copied.', 2000);
        return;
      case 'saveScenario':
        return saveScenario(this.#driver, this.#trace?.handler.function ?? 'scenario', message.scenario);
      case 'saveTrace':
        if (this.#trace) await saveTrace(this.#driver, this.#trace);
        return;
    }
  }

  get #driver(): vscode.Uri {
    return vscode.Uri.parse(this.#origin.kind === 'handler' ? this.#origin.parameters.uri : this.#origin.uri);
  }

  async #reveal(location: {
    readonly file: string;
    readonly range: { readonly start: { readonly line: number; readonly character: number } };
  }) {
    // The cursor goes to the place; a selection to its end would scroll the line sideways.
    const { line, character } = location.range.start;
    const selection = new vscode.Range(line, character, line, character);
    const own = this.#driver;
    const uri = own.path === location.file ? own : own.with({ path: vscode.Uri.file(location.file).path });
    await vscode.window.showTextDocument(uri, { selection, viewColumn: vscode.ViewColumn.One, preserveFocus: true });
  }

  /** Loads what the page is about: runs the handler, or reads the file. */
  async #load(): Promise<void> {
    const origin = this.#origin;
    await this.#tell({ kind: 'running' });
    if (origin.kind === 'file') {
      const trace = await readTrace(vscode.Uri.parse(origin.uri));
      if (typeof trace === 'string') await this.#tell({ kind: 'failed', message: trace, origin });
      else await this.#showTrace(trace, origin);
      return;
    }
    const result = await this.#ask<SimulateResult>(simulateMethod, origin.parameters);
    if (origin !== this.#origin) return;
    if (result.kind === 'failed') {
      await this.#tell({ ...result, origin });
      return;
    }
    const { trace } = result;
    await this.#showTrace(trace, origin);
    this.#services.ran(origin.parameters, trace);
    const wanted = this.#wanted;
    this.#wanted = undefined;
    if (wanted) await this.#compare(trace.scenario, wanted);
  }

  async #showTrace(trace: Trace, origin: ViewOrigin): Promise<void> {
    this.#trace = trace;
    this.#panel.title = `Simulate: ${trace.handler.function}`;
    await this.#tell({ kind: 'trace', trace, origin });
  }

  async #compare(scenario: string, kernels: readonly string[]): Promise<void> {
    const tell = (answer: MatrixAnswer) => this.#tell({ kind: 'matrix', answer });
    if (this.#origin.kind !== 'handler') return;
    await tell({ kind: 'running' });
    const parameters: MatrixParams = { ...this.#origin.parameters, ...this.#handler, scenario, kernels };
    await tell(await this.#ask<MatrixResult>(matrixMethod, parameters));
  }

  async #attack(): Promise<void> {
    const tell = (answer: AttackAnswer) => this.#tell({ kind: 'attack', answer });
    if (this.#origin.kind !== 'handler' || !this.#trace) return;
    await tell({ kind: 'running' });
    const { uri } = this.#origin.parameters;
    const parameters: AttackParams = { uri, ...this.#handler, kernel: this.#trace.kernel };
    await tell(await this.#ask<AttackResult>(attackMethod, parameters));
  }

  /** The handler that ran, for requests that come after. */
  get #handler(): { readonly handler?: string } {
    return this.#trace ? { handler: this.#trace.handler.function } : {};
  }

  async #ask<Result extends { readonly kind: string }>(
    method: string,
    parameters: SimulateParams,
  ): Promise<Result | { readonly kind: 'failed'; readonly message: string }> {
    try {
      // After a reload of the window the server may still be starting.
      await this.#services.server.whenSettled();
      // A scenario's driver may not be open in any editor; the server knows open documents only.
      await vscode.workspace.openTextDocument(vscode.Uri.parse(parameters.uri));
      return await this.#services.server.request<Result>(method, parameters);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#services.server.output.error(`${method} failed: ${reason}`);
      return { kind: 'failed', message: `The simulation could not be run: ${reason}` };
    }
  }
}
