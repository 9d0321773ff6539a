/** Open scenarios: their mistakes as diagnostics, hover and completion. Scenarios are small, so every change is answered at once. */
import {
  type CompletionItem,
  CompletionItemKind,
  type Connection,
  DiagnosticSeverity,
  type Hover,
  MarkupKind,
  type Position,
} from 'vscode-languageserver/node';
import type { TextDocument } from 'vscode-languageserver-textdocument';
import type { Host } from '../driver/model.ts';
import { scenarioHover, scenarioMistakes } from '../ide/scenario.ts';
import { type CompletionContext, type ScenarioCompletion, scenarioCompletions } from '../ide/scenario-completion.ts';
import { pathOf } from './convert.ts';

/** The language id of `*.mmapsim`. */
export const scenarioLanguage = 'mmapsim';

/** Publishes what is wrong in a scenario. */
export function publishMistakes(connection: Connection, text: TextDocument, host: Host): void {
  const { uri, version } = text;
  const diagnostics = scenarioMistakes(text.getText(), pathOf(uri), host).map(({ range, message }) => ({
    range,
    message,
    severity: DiagnosticSeverity.Error,
    source: 'driver-mmap',
  }));
  void connection.sendDiagnostics({ uri, version, diagnostics });
}

const kinds: Readonly<Record<ScenarioCompletion['kind'], CompletionItemKind>> = {
  word: CompletionItemKind.Keyword,
  name: CompletionItemKind.Variable,
  constant: CompletionItemKind.Constant,
};

/** What may stand at a place. */
export function completionsIn(text: TextDocument, position: Position, context: CompletionContext): readonly CompletionItem[] {
  return scenarioCompletions(text.getText(), position, context).map(({ word, kind, syntax, help, range }, index) => ({
    label: word,
    kind: kinds[kind],
    detail: syntax,
    documentation: help,
    textEdit: { range, newText: word },
    sortText: String(index).padStart(4, '0'),
  }));
}

/** What the word at a place means. */
export function hoverIn(text: TextDocument, position: Position, markdown: boolean): Hover | undefined {
  const hover = scenarioHover(text.getText(), position);
  if (!hover) return undefined;
  const help = `${hover.help.charAt(0).toUpperCase()}${hover.help.slice(1)}${/[.!?]$/.test(hover.help) ? '' : '.'}`;
  const value = markdown ? `\`${hover.syntax}\`\n\n${help}` : `${hover.syntax}\n\n${help}`;
  return { contents: { kind: markdown ? MarkupKind.Markdown : MarkupKind.PlainText, value }, range: hover.range };
}
