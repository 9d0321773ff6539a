/** Between our types and those of the Language Server Protocol; the only place where both are known. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  type CodeAction,
  CodeActionKind,
  type CodeLens,
  type Diagnostic,
  DiagnosticSeverity,
  type DocumentSymbol,
  type Hover,
  MarkupKind,
  type SymbolInformation,
  SymbolKind,
  type TextEdit,
} from 'vscode-languageserver/node';
import type { FixAction, IgnoreAction, ReplayAction } from '../ide/code-actions.ts';
import type { HoverInfo } from '../ide/hover.ts';
import { renderMarkdown, renderText } from '../ide/hover-render.ts';
import type { HandlerLens } from '../ide/lenses.ts';
import type { ScenarioLens } from '../ide/scenario-lenses.ts';
import type { DriverSymbol } from '../ide/symbols.ts';
import type { Finding, Severity, TextChange } from '../protocol/findings.ts';
import { runOnKernelsCommand, runScenarioCommand, type SimulateParams, simulateCommand } from '../protocol/requests.ts';

const severities: Readonly<Record<Severity, DiagnosticSeverity>> = {
  error: DiagnosticSeverity.Error,
  warning: DiagnosticSeverity.Warning,
  info: DiagnosticSeverity.Information,
  hint: DiagnosticSeverity.Hint,
};

/** The path of a `file:` URI; other schemes have no path and are given whole, as a name. */
export function pathOf(uri: string): string {
  return uri.startsWith('file:') ? fileURLToPath(uri) : uri;
}

export function uriOf(file: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(file) ? file : pathToFileURL(file).href;
}

/** `rulePage` gives the address of a rule's page, when there is one. */
export function toDiagnostic(finding: Finding, rulePage: (rule: string) => string | undefined): Diagnostic {
  const href = rulePage(finding.rule);
  return {
    range: finding.range,
    severity: severities[finding.severity],
    source: 'driver-mmap',
    code: finding.rule,
    codeDescription: href === undefined ? undefined : { href },
    message: finding.message,
    relatedInformation: finding.related.map((related) => ({
      location: { uri: uriOf(related.file), range: related.range },
      message: related.message,
    })),
  };
}

export function toCodeAction(action: FixAction, diagnostics: readonly Diagnostic[]): CodeAction {
  const changes: Record<string, TextEdit[]> = {};
  for (const change of action.fix.changes) {
    const uri = uriOf(change.file);
    changes[uri] = [...(changes[uri] ?? []), { range: change.range, newText: change.newText }];
  }
  return {
    title: action.fix.title,
    kind: CodeActionKind.QuickFix,
    isPreferred: action.preferred,
    diagnostics: diagnostics.filter((each) => each.code === action.finding.rule && sameStart(each, action.finding)),
    edit: { changes },
  };
}

/** The command opens the simulation of the finding; the file is the one that was asked about. */
export function toReplayAction({ finding, title, replay }: ReplayAction, uri: string, diagnostics: readonly Diagnostic[]): CodeAction {
  const { file, range } = finding;
  const parameters: SimulateParams = { uri, ...replay, showLine: { file, line: range.start.line } };
  return {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: diagnostics.filter((each) => each.code === finding.rule && sameStart(each, finding)),
    command: { title, command: simulateCommand, arguments: [parameters] },
  };
}

export function toIgnoreAction(
  { finding, title, line, newText }: IgnoreAction,
  uri: string,
  diagnostics: readonly Diagnostic[],
): CodeAction {
  const at = { line, character: 0 };
  return {
    title,
    kind: CodeActionKind.QuickFix,
    diagnostics: diagnostics.filter((each) => each.code === finding.rule && sameStart(each, finding)),
    edit: { changes: { [uri]: [{ range: { start: at, end: at }, newText }] } },
  };
}

/** The kind of the action that mends all that is safe to mend; editors ask for it when a file is saved. */
export const fixAllKind = `${CodeActionKind.SourceFixAll}.driver-mmap`;

export function toFixAll(fixes: readonly (readonly TextChange[])[], uri: string): CodeAction {
  const edits = fixes.flat().map(({ range, newText }) => ({ range, newText }));
  return { title: 'Fix all safe problems', kind: fixAllKind, edit: { changes: { [uri]: edits } } };
}

/** The lenses of a scenario name the scenario alone; the client finds its driver. */
export function toScenarioLens({ range, title, runs }: ScenarioLens, uri: string): CodeLens {
  const command = runs === 'once' ? runScenarioCommand : runOnKernelsCommand;
  return { range, command: { title, command, arguments: [uri] } };
}

function sameStart(diagnostic: Diagnostic, finding: Finding): boolean {
  const a = diagnostic.range.start;
  const b = finding.range.start;
  return a.line === b.line && a.character === b.character;
}

export function toCodeLens(lens: HandlerLens, uri: string): CodeLens {
  return {
    range: lens.range,
    command: { title: lens.title, command: simulateCommand, arguments: [{ uri, handler: lens.handler }] },
  };
}

export function toHover(hover: HoverInfo, markdown: boolean): Hover {
  const value = markdown ? renderMarkdown(hover) : renderText(hover);
  return { contents: { kind: markdown ? MarkupKind.Markdown : MarkupKind.PlainText, value }, range: hover.range };
}

const symbolKinds: Readonly<Record<DriverSymbol['kind'], SymbolKind>> = {
  handler: SymbolKind.Function,
  table: SymbolKind.Struct,
  slot: SymbolKind.Field,
};

export function toDocumentSymbol({ kind, name, detail, range, nameRange, children }: DriverSymbol): DocumentSymbol {
  return { name, detail, kind: symbolKinds[kind], range, selectionRange: nameRange, children: children.map(toDocumentSymbol) };
}

/** For clients without outlines in levels: each symbol with the name of the one around it. */
export function toSymbolInformation(symbol: DriverSymbol, uri: string, containerName?: string): readonly SymbolInformation[] {
  const { kind, name, range, children } = symbol;
  const own = { name, kind: symbolKinds[kind], location: { uri, range }, ...(containerName === undefined ? {} : { containerName }) };
  return [own, ...children.flatMap((child) => toSymbolInformation(child, uri, name))];
}
