/**
 * Keeps the server's copies of open documents in step with the editor's: opened once, each change as it is made, saved, closed. A document
 * that becomes another language's, is renamed or gets its first name is closed by the editor and opened anew.
 */
import * as vscode from 'vscode';
import type {
  DidChangeTextDocumentParams,
  DidCloseTextDocumentParams,
  DidOpenTextDocumentParams,
  DidSaveTextDocumentParams,
} from 'vscode-languageserver-protocol';
import { toIdentifier, toProtocolRange } from './to-protocol.ts';
import type { Wire } from './wire.ts';

/** Tells of the documents that `selector` chooses, those that are open first. */
export function keepDocumentsInStep({ tell }: Wire, selector: vscode.DocumentSelector): vscode.Disposable {
  /** URIs. */
  const known = new Set<string>();
  const isKnown = ({ uri }: vscode.TextDocument): boolean => known.has(uri.toString());

  const opened = (document: vscode.TextDocument): void => {
    if (isKnown(document) || vscode.languages.match(selector, document) === 0) return;
    const { languageId, version } = document;
    const parameters: DidOpenTextDocumentParams = {
      textDocument: { ...toIdentifier(document), languageId, version, text: document.getText() },
    };
    known.add(document.uri.toString());
    tell('textDocument/didOpen', parameters);
  };
  const changed = ({ document, contentChanges }: vscode.TextDocumentChangeEvent): void => {
    // The editor also tells when a document has become dirty.
    if (!isKnown(document) || contentChanges.length === 0) return;
    const parameters: DidChangeTextDocumentParams = {
      textDocument: { ...toIdentifier(document), version: document.version },
      contentChanges: contentChanges.map(({ range, text }) => ({ range: toProtocolRange(range), text })),
    };
    tell('textDocument/didChange', parameters);
  };
  const saved = (document: vscode.TextDocument): void => {
    const parameters: DidSaveTextDocumentParams = { textDocument: toIdentifier(document) };
    if (isKnown(document)) tell('textDocument/didSave', parameters);
  };
  const closed = (document: vscode.TextDocument): void => {
    const parameters: DidCloseTextDocumentParams = { textDocument: toIdentifier(document) };
    if (known.delete(document.uri.toString())) tell('textDocument/didClose', parameters);
  };

  for (const document of vscode.workspace.textDocuments) opened(document);
  return vscode.Disposable.from(
    vscode.workspace.onDidOpenTextDocument(opened),
    vscode.workspace.onDidChangeTextDocument(changed),
    vscode.workspace.onDidSaveTextDocument(saved),
    vscode.workspace.onDidCloseTextDocument(closed),
  );
}
