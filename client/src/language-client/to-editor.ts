/** From the protocol to the editor: all that the server answers with. Where both count the same things, they count from other numbers. */
import * as vscode from 'vscode';
import type * as protocol from 'vscode-languageserver-protocol';

function toRange({ start, end }: protocol.Range): vscode.Range {
  return new vscode.Range(start.line, start.character, end.line, end.character);
}

function toLocation({ uri, range }: protocol.Location): vscode.Location {
  return new vscode.Location(vscode.Uri.parse(uri), toRange(range));
}

function toMarkdown(part: protocol.MarkupContent | protocol.MarkedString): vscode.MarkdownString {
  if (typeof part === 'string') return new vscode.MarkdownString(part);
  if ('language' in part) return new vscode.MarkdownString().appendCodeblock(part.value, part.language);
  return part.kind === 'plaintext' ? new vscode.MarkdownString().appendText(part.value) : new vscode.MarkdownString(part.value);
}

/** Text stays text; an absent one absent. */
function toText(content: string | protocol.MarkupContent | undefined): string | vscode.MarkdownString | undefined {
  return content === undefined || typeof content === 'string' ? content : toMarkdown(content);
}

/** The links of a hover may run the commands of `trusted` and no others. */
export function toHover({ contents, range }: protocol.Hover, trusted: readonly string[]): vscode.Hover {
  const parts = (Array.isArray(contents) ? contents : [contents]).map(toMarkdown);
  for (const part of parts) part.isTrusted = { enabledCommands: trusted };
  return new vscode.Hover(parts, range && toRange(range));
}

export function toCompletionItem(given: protocol.CompletionItem): vscode.CompletionItem {
  const { label, kind, detail, documentation, sortText, filterText, insertText, textEdit, preselect } = given;
  const item = new vscode.CompletionItem(label, kind && kind - 1);
  item.documentation = toText(documentation);
  item.insertText = textEdit?.newText ?? insertText;
  // The other form of an edit is not among the capabilities of the client.
  item.range = textEdit && 'range' in textEdit ? toRange(textEdit.range) : undefined;
  return Object.assign(item, { detail, sortText, filterText, preselect });
}

export function toCodeLens({ range, command }: protocol.CodeLens): vscode.CodeLens {
  return new vscode.CodeLens(toRange(range), command);
}

export function toInlayHint({ position, label, kind, tooltip, paddingLeft, paddingRight }: protocol.InlayHint): vscode.InlayHint {
  const text = typeof label === 'string' ? label : label.map(({ value }) => value).join('');
  const hint = new vscode.InlayHint(new vscode.Position(position.line, position.character), text, kind);
  return Object.assign(hint, { tooltip: toText(tooltip), paddingLeft, paddingRight });
}

export function toDocumentSymbol(symbol: protocol.DocumentSymbol): vscode.DocumentSymbol {
  const { name, detail = '', kind, range, selectionRange, children = [], tags } = symbol;
  const shown = new vscode.DocumentSymbol(name, detail, kind - 1, toRange(range), toRange(selectionRange));
  shown.children = children.map(toDocumentSymbol);
  shown.tags = tags;
  return shown;
}

export function toSymbolInformation({ name, kind, containerName = '', location, tags }: protocol.SymbolInformation) {
  return Object.assign(new vscode.SymbolInformation(name, kind - 1, containerName, toLocation(location)), { tags });
}

/** Without a severity it is an error. */
export function toDiagnostic(diagnostic: protocol.Diagnostic): vscode.Diagnostic {
  const { range, message, severity = 1, source, code, codeDescription, relatedInformation = [], tags } = diagnostic;
  const shown = new vscode.Diagnostic(toRange(range), typeof message === 'string' ? message : message.value, severity - 1);
  shown.source = source;
  shown.code = code !== undefined && codeDescription ? { value: code, target: vscode.Uri.parse(codeDescription.href) } : code;
  shown.tags = tags;
  shown.relatedInformation = relatedInformation.map(
    (related) => new vscode.DiagnosticRelatedInformation(toLocation(related.location), related.message),
  );
  return shown;
}

export function toCodeAction(action: protocol.CodeAction | protocol.Command): vscode.CodeAction | vscode.Command {
  if (isCommand(action)) return action;
  const { title, kind, diagnostics, edit, command, isPreferred, disabled } = action;
  const shown = new vscode.CodeAction(title, kind === undefined ? undefined : vscode.CodeActionKind.Empty.append(kind));
  shown.diagnostics = diagnostics?.map(toDiagnostic);
  shown.edit = edit && toWorkspaceEdit(edit);
  shown.command = command;
  shown.isPreferred = isPreferred;
  shown.disabled = disabled;
  return shown;
}

function isCommand(action: protocol.CodeAction | protocol.Command): action is protocol.Command {
  return typeof action.command === 'string';
}

/** Changes of texts; files are neither created nor removed, because the client does not offer to. */
export function toWorkspaceEdit({ changes = {}, documentChanges }: protocol.WorkspaceEdit): vscode.WorkspaceEdit {
  const edit = new vscode.WorkspaceEdit();
  // Of two forms the one with versions counts.
  const texts = documentChanges
    ? textChanges(documentChanges).map(({ textDocument, edits }) => ({ uri: textDocument.uri, edits }))
    : Object.entries(changes).map(([uri, edits]) => ({ uri, edits }));
  for (const { uri, edits } of texts)
    for (const each of edits) if ('newText' in each) edit.replace(vscode.Uri.parse(uri), toRange(each.range), each.newText);
  return edit;
}

/** What an edit changes in the texts of files. */
export function textChanges(changes: NonNullable<protocol.WorkspaceEdit['documentChanges']>): readonly protocol.TextDocumentEdit[] {
  return changes.filter((change): change is protocol.TextDocumentEdit => 'edits' in change);
}
