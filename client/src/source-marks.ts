/**
 * The line of the shown step, marked in every editor that shows the file; and the other way: where the user puts the cursor. Takes no
 * focus and opens nothing.
 */
import * as vscode from 'vscode';
import type { Location } from '../../server/src/protocol/position.ts';

/** A place that the user chose in an editor: an absolute path and a line from 0. */
export interface CursorPlace {
  readonly file: string;
  readonly line: number;
}

const isIn = (document: vscode.TextDocument, file: string): boolean => document.uri.path === vscode.Uri.file(file).path;

export class SourceMarks implements vscode.Disposable {
  readonly #decoration = vscode.window.createTextEditorDecorationType({
    isWholeLine: true,
    backgroundColor: new vscode.ThemeColor('editor.stackFrameHighlightBackground'),
    borderWidth: '1px 0',
    borderStyle: 'solid',
    borderColor: new vscode.ThemeColor('contrastBorder'),
    overviewRulerColor: new vscode.ThemeColor('editorOverviewRuler.infoForeground'),
    overviewRulerLane: vscode.OverviewRulerLane.Full,
    after: { contentText: '  ◀ this step', color: new vscode.ThemeColor('editorCodeLens.foreground') },
  });
  readonly #moved = new vscode.EventEmitter<CursorPlace>();
  readonly #listeners: readonly vscode.Disposable[];
  #shown: { readonly owner: object; readonly location: Location } | undefined;
  /** Fires when the user, not the program, puts the cursor on a line. */
  readonly onDidMoveCursor = this.#moved.event;

  constructor() {
    this.#listeners = [
      vscode.window.onDidChangeVisibleTextEditors(() => this.#draw(false)),
      vscode.window.onDidChangeTextEditorSelection(({ textEditor, selections, kind }) => {
        const isUser = kind === vscode.TextEditorSelectionChangeKind.Mouse || kind === vscode.TextEditorSelectionChangeKind.Keyboard;
        const [selection] = selections;
        if (isUser && selection) this.#moved.fire({ file: textEditor.document.uri.fsPath, line: selection.active.line });
      }),
    ];
  }

  /** Marks the place for `owner`, in place of what was marked before; without a place nothing of `owner` stays marked. */
  mark(owner: object, location: Location | undefined): void {
    if (location) this.#shown = { owner, location };
    else if (this.#shown?.owner === owner) this.#shown = undefined;
    this.#draw(true);
  }

  dispose(): void {
    for (const listener of this.#listeners) listener.dispose();
    this.#decoration.dispose();
    this.#moved.dispose();
  }

  #draw(isNew: boolean): void {
    const location = this.#shown?.location;
    for (const editor of vscode.window.visibleTextEditors) {
      const isShown = location !== undefined && isIn(editor.document, location.file);
      if (!isShown) {
        editor.setDecorations(this.#decoration, []);
        continue;
      }
      const { line } = location.range.start;
      const range = new vscode.Range(line, 0, line, 0);
      editor.setDecorations(this.#decoration, [range]);
      if (isNew) editor.revealRange(range, vscode.TextEditorRevealType.InCenterIfOutsideViewport);
    }
  }
}
