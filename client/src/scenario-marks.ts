/** The results of a scenario's last run, behind its lines. They go with the first edit, because they are about the text that ran. */
import * as vscode from 'vscode';
import type { Trace } from '../../server/src/protocol/trace.ts';
import { type LineResult, lineResults } from './scenario-results.ts';

/** Colours of text: those of the icons of tests are too pale to be read. */
const colours: Readonly<Record<LineResult['outcome'], string>> = {
  held: 'charts.green',
  failed: 'errorForeground',
  'not reached': 'descriptionForeground',
};

export class ScenarioMarks implements vscode.Disposable {
  readonly #decoration = vscode.window.createTextEditorDecorationType({ rangeBehavior: vscode.DecorationRangeBehavior.ClosedClosed });
  readonly #results = new Map<string, readonly LineResult[]>();
  readonly #listeners: readonly vscode.Disposable[];

  constructor() {
    this.#listeners = [
      vscode.window.onDidChangeVisibleTextEditors(() => this.#draw()),
      vscode.workspace.onDidChangeTextDocument(({ document, contentChanges }) => {
        if (contentChanges.length > 0 && this.#results.delete(document.uri.toString())) this.#draw();
      }),
    ];
  }

  /** Shows what came of `text`, unless the document has changed since. What fails in a test the editor writes at its line by itself. */
  show(uri: string, text: string, trace: Trace, isTest: boolean): void {
    const document = vscode.workspace.textDocuments.find((each) => each.uri.toString() === uri);
    if (document && document.getText() !== text) return;
    const results = lineResults(text, trace);
    this.#results.set(uri, isTest ? results.filter(({ outcome }) => outcome !== 'failed') : results);
    this.#draw();
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#decoration.dispose();
  }

  #draw(): void {
    for (const editor of vscode.window.visibleTextEditors) {
      if (editor.document.languageId !== 'mmapsim') continue;
      const results = this.#results.get(editor.document.uri.toString()) ?? [];
      editor.setDecorations(
        this.#decoration,
        results.map((result) => optionsOf(editor.document, result)),
      );
    }
  }
}

function optionsOf(document: vscode.TextDocument, { line, outcome, text }: LineResult): vscode.DecorationOptions {
  const { end } = document.lineAt(Math.min(line, document.lineCount - 1)).range;
  const contentText = `   ${text}`;
  return { range: new vscode.Range(end, end), renderOptions: { after: { contentText, color: new vscode.ThemeColor(colours[outcome]) } } };
}
