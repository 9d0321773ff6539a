/** Between our types and those of the Language Server Protocol; the only place where both are known. */
import { fileURLToPath, pathToFileURL } from 'node:url';
import {
  type CodeLens,
  type Diagnostic,
  DiagnosticSeverity,
  DiagnosticTag,
  type DocumentSymbol,
  type Hover,
  MarkupKind,
  type SymbolInformation,
  SymbolKind,
} from 'vscode-languageserver/node';
import type { HoverInfo } from '../ide/hover.ts';
import { renderMarkdown, renderText } from '../ide/hover-render.ts';
import type { HandlerLens } from '../ide/lenses.ts';
import type { ScenarioLens } from '../ide/scenario-lenses.ts';
import type { DriverSymbol } from '../ide/symbols.ts';
import type { Finding, Severity } from '../protocol/findings.ts';
import { runOnKernelsCommand, runScenarioCommand, simulateCommand } from '../protocol/requests.ts';
import { ruleNamed } from '../rules/registry.ts';

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

/** `link` is the address of the rule's page, when there is one; `strikesOut`: the client draws what is deprecated in its own way. */
export function toDiagnostic(finding: Finding, link: string | undefined, strikesOut: boolean): Diagnostic {
  return {
    range: finding.range,
    severity: severities[finding.severity],
    source: 'driver-mmap',
    code: finding.rule,
    codeDescription: link === undefined ? undefined : { href: link },
    ...(strikesOut && ruleNamed(finding.rule)?.isAboutOldNames && { tags: [DiagnosticTag.Deprecated] }),
    message: finding.message,
    relatedInformation: finding.related.map((related) => ({
      location: { uri: uriOf(related.file), range: related.range },
      message: related.message,
    })),
  };
}

/** The lenses of a scenario name the scenario alone; the client finds its driver. */
export function toScenarioLens({ range, title, runs }: ScenarioLens, uri: string): CodeLens {
  const command = runs === 'once' ? runScenarioCommand : runOnKernelsCommand;
  return { range, command: { title, command, arguments: [uri] } };
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
