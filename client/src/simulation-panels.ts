/** The panels with simulations: one for each handler, beside the editor. Asks the server for traces; draws nothing itself. */
import * as vscode from 'vscode';
import { type SimulateParams, type SimulateResult, simulateMethod } from '../../server/src/protocol/requests.ts';
import type { FromView, ToView } from '../../server/src/protocol/view.ts';
import { newNonce, pageHtml } from './page.ts';
import type { ServerConnection } from './server-connection.ts';

/** One open panel and what it shows. */
interface Panel {
  readonly webview: vscode.WebviewPanel;
  parameters: SimulateParams;
}

export class SimulationPanels implements vscode.Disposable {
  readonly #extensionUri: vscode.Uri;
  readonly #server: ServerConnection;
  readonly #panels = new Map<string, Panel>();

  constructor(extensionUri: vscode.Uri, server: ServerConnection) {
    this.#extensionUri = extensionUri;
    this.#server = server;
  }

  /** Opens the panel of a handler, or runs it again in the one that is open. */
  async show(parameters: SimulateParams): Promise<void> {
    const key = `${parameters.uri} ${parameters.handler ?? ''}`;
    const open = this.#panels.get(key);
    if (open) {
      open.parameters = parameters;
      open.webview.reveal(undefined, true);
      await this.#run(open);
      return;
    }
    const dist = vscode.Uri.joinPath(this.#extensionUri, 'dist');
    const title = parameters.handler ?? vscode.Uri.parse(parameters.uri).path.split('/').at(-1) ?? 'handler';
    const webview = vscode.window.createWebviewPanel(
      'driverMmap.simulation',
      `Simulate: ${title}`,
      { viewColumn: vscode.ViewColumn.Beside, preserveFocus: true },
      { enableScripts: true, localResourceRoots: [dist] },
    );
    const panel: Panel = { webview, parameters };
    this.#panels.set(key, panel);
    webview.onDidDispose(() => this.#panels.delete(key));
    webview.webview.onDidReceiveMessage((message: FromView) => this.#receive(panel, message));
    webview.webview.html = pageHtml({
      nonce: newNonce(),
      source: webview.webview.cspSource,
      script: webview.webview.asWebviewUri(vscode.Uri.joinPath(dist, 'view.js')).toString(),
      style: webview.webview.asWebviewUri(vscode.Uri.joinPath(dist, 'view.css')).toString(),
    });
  }

  dispose(): void {
    for (const panel of [...this.#panels.values()]) panel.webview.dispose();
  }

  async #receive(panel: Panel, message: FromView): Promise<void> {
    switch (message.kind) {
      case 'ready':
        await this.#run(panel);
        return;
      case 'run':
        panel.parameters = { ...panel.parameters, scenario: message.scenario };
        await this.#run(panel);
        return;
      case 'reveal': {
        // The cursor goes to the place; a selection to its end would scroll the line sideways.
        const { start } = message.location.range;
        const selection = new vscode.Range(start.line, start.character, start.line, start.character);
        const uri = vscode.Uri.parse(panel.parameters.uri).with({ path: vscode.Uri.file(message.location.file).path });
        await vscode.window.showTextDocument(uri, { selection, viewColumn: vscode.ViewColumn.One, preserveFocus: true });
        return;
      }
      case 'copy':
        await vscode.env.clipboard.writeText(message.text);
        return;
    }
  }

  async #run(panel: Panel): Promise<void> {
    const tell = (message: ToView): Thenable<boolean> => panel.webview.webview.postMessage(message);
    await tell({ kind: 'running' });
    try {
      // A scenario's driver may not be open in any editor; the server knows open documents only.
      await vscode.workspace.openTextDocument(vscode.Uri.parse(panel.parameters.uri));
      const result = await this.#server.request<SimulateResult>(simulateMethod, panel.parameters);
      if (result.kind === 'trace') panel.webview.title = `Simulate: ${result.trace.handler.function}`;
      await tell(result);
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#server.output.error(`The simulation failed: ${reason}`);
      await tell({ kind: 'failed', message: `The simulation failed: ${reason}` });
    }
  }
}
