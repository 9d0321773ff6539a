/** The panels with simulations: one for each handler or recorded trace, beside the editor, brought back after a reload of the window. */
import * as vscode from 'vscode';
import type { SimulateParams } from '../../server/src/protocol/requests.ts';
import type { Trace } from '../../server/src/protocol/trace.ts';
import type { ViewOrigin, ViewState } from '../../server/src/protocol/view.ts';
import { newNonce, pageHtml } from './page.ts';
import type { ServerConnection } from './server-connection.ts';
import { SimulationPanel } from './simulation-panel.ts';
import { SourceMarks } from './source-marks.ts';

const viewType = 'driverMmap.simulation';

/** A run that a panel has finished. */
export interface FinishedRun {
  readonly parameters: SimulateParams;
  readonly trace: Trace;
}

export class SimulationPanels implements vscode.Disposable {
  readonly #dist: vscode.Uri;
  readonly #server: ServerConnection;
  readonly #marks = new SourceMarks();
  readonly #panels = new Map<string, SimulationPanel>();
  readonly #ran = new vscode.EventEmitter<FinishedRun>();
  readonly #serializer: vscode.Disposable;
  readonly onDidRun = this.#ran.event;

  constructor(extensionUri: vscode.Uri, server: ServerConnection) {
    this.#dist = vscode.Uri.joinPath(extensionUri, 'dist');
    this.#server = server;
    this.#marks.onDidMoveCursor((place) => {
      for (const panel of this.#panels.values()) panel.cursorMoved(place);
    });
    this.#serializer = vscode.window.registerWebviewPanelSerializer(viewType, {
      deserializeWebviewPanel: async (panel, state: ViewState | undefined) => {
        // A page that never got a trace has nothing to bring back.
        if (!state?.origin) {
          panel.dispose();
          return;
        }
        panel.webview.options = { enableScripts: true, localResourceRoots: [this.#dist] };
        this.#adopt(panel, state.origin);
      },
    });
  }

  /** Opens the panel of what is wanted, or shows it in the one that is open. */
  async show(origin: ViewOrigin): Promise<SimulationPanel> {
    const open = this.#panels.get(keyOf(origin));
    if (open) {
      await open.show(origin);
      return open;
    }
    const column = { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true };
    const options = { enableScripts: true, localResourceRoots: [this.#dist] };
    return this.#adopt(vscode.window.createWebviewPanel(viewType, `Simulate: ${nameOf(origin)}`, column, options), origin);
  }

  dispose(): void {
    for (const panel of [...this.#panels.values()]) panel.close();
    this.#serializer.dispose();
    this.#marks.dispose();
    this.#ran.dispose();
  }

  #adopt(webview: vscode.WebviewPanel, origin: ViewOrigin): SimulationPanel {
    const ran = (parameters: SimulateParams, trace: Trace) => this.#ran.fire({ parameters, trace });
    const panel = new SimulationPanel({ server: this.#server, marks: this.#marks, ran }, webview, origin);
    const key = keyOf(origin);
    this.#panels.set(key, panel);
    webview.onDidDispose(() => {
      if (this.#panels.get(key) === panel) this.#panels.delete(key);
    });
    webview.webview.html = pageHtml({
      nonce: newNonce(),
      source: webview.webview.cspSource,
      script: webview.webview.asWebviewUri(vscode.Uri.joinPath(this.#dist, 'view.js')).toString(),
      style: webview.webview.asWebviewUri(vscode.Uri.joinPath(this.#dist, 'view.css')).toString(),
    });
    return panel;
  }
}

/** One panel for each handler, scenario file or trace file. */
function keyOf(origin: ViewOrigin): string {
  if (origin.kind === 'file') return origin.uri;
  const { uri, handler, scenarioUri } = origin.parameters;
  return `${uri} ${handler ?? ''} ${scenarioUri ?? ''}`;
}

function nameOf(origin: ViewOrigin): string {
  const { uri, handler } = origin.kind === 'file' ? { uri: origin.uri, handler: undefined } : origin.parameters;
  return handler ?? vscode.Uri.parse(uri).path.split('/').at(-1) ?? 'handler';
}
