/** From the editor to the protocol: places and documents. Positions count UTF-16 units on both sides. */
import type { Position, Range, TextDocument } from 'vscode';
import type { Range as ProtocolRange, TextDocumentIdentifier, TextDocumentPositionParams } from 'vscode-languageserver-protocol';

/** The editor's own ranges become lists in JSON. */
export function toProtocolRange({ start, end }: Range): ProtocolRange {
  return { start: { line: start.line, character: start.character }, end: { line: end.line, character: end.character } };
}

export function toIdentifier({ uri }: TextDocument): TextDocumentIdentifier {
  return { uri: uri.toString() };
}

export function toPlace(document: TextDocument, { line, character }: Position): TextDocumentPositionParams {
  return { textDocument: toIdentifier(document), position: { line, character } };
}
