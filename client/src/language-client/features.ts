/**
 * What the editor asks the server for, as a table: under which name the server offers it, and how it is asked. A row counts only when the
 * server offers it; `test/client/language-client/life.test.ts` holds that all that it offers has a row.
 */
import * as vscode from 'vscode';
import type {
  CodeAction,
  CodeActionOptions,
  CodeActionParams,
  CodeLens,
  Command,
  CompletionItem,
  CompletionList,
  CompletionOptions,
  CompletionParams,
  DocumentSymbol,
  DocumentSymbolOptions,
  Hover,
  InlayHint,
  InlayHintParams,
  ServerCapabilities,
  SymbolInformation,
} from 'vscode-languageserver-protocol';
import type { Diagnostics } from './diagnostics.ts';
import { toCodeAction, toCodeLens, toCompletionItem, toDocumentSymbol, toHover, toInlayHint, toSymbolInformation } from './to-editor.ts';
import { toIdentifier, toPlace, toProtocolRange } from './to-protocol.ts';
import type { Wire } from './wire.ts';

/** What the rows share. */
export interface FeatureContext {
  readonly wire: Wire;
  readonly selector: vscode.DocumentSelector;
  readonly diagnostics: Diagnostics;
  /** Commands that a link in a hover may run. */
  readonly trustedCommands: readonly string[];
}

interface Feature {
  readonly offeredAs: keyof ServerCapabilities;
  /** `offer` is what the server says about it: at least that it has it. */
  register(context: FeatureContext, offer: unknown): vscode.Disposable;
}

/** The protocol counts from one. */
const triggerKinds = [1, 2, 3] as const;

/** A row whose offer has more to say. The protocol gives each name its type. */
function feature<Name extends keyof ServerCapabilities>(
  offeredAs: Name,
  register: (context: FeatureContext, offer: NonNullable<ServerCapabilities[Name]>) => vscode.Disposable,
): Feature {
  return { offeredAs, register: (context, offer) => register(context, offer as NonNullable<ServerCapabilities[Name]>) };
}

export const features: readonly Feature[] = [
  feature('hoverProvider', ({ wire, selector, trustedCommands }) =>
    vscode.languages.registerHoverProvider(selector, {
      provideHover: (document, position, token) =>
        wire.ask('textDocument/hover', toPlace(document, position), token, (hover: Hover) => toHover(hover, trustedCommands)),
    }),
  ),
  feature('completionProvider', ({ wire, selector }, { triggerCharacters = [] }: CompletionOptions) => {
    const provider: vscode.CompletionItemProvider = {
      provideCompletionItems: (document, position, token, { triggerKind, triggerCharacter }) => {
        const context: CompletionParams['context'] = { triggerKind: triggerKinds[triggerKind], triggerCharacter };
        const parameters: CompletionParams = { ...toPlace(document, position), context };
        return wire.ask('textDocument/completion', parameters, token, (result: CompletionItem[] | CompletionList) =>
          Array.isArray(result)
            ? result.map(toCompletionItem)
            : new vscode.CompletionList(result.items.map(toCompletionItem), result.isIncomplete),
        );
      },
    };
    return vscode.languages.registerCompletionItemProvider(selector, provider, ...triggerCharacters);
  }),
  feature('codeLensProvider', ({ wire, selector }) => {
    const refresh = new Refresh(wire, 'workspace/codeLens/refresh');
    const provider: vscode.CodeLensProvider = {
      onDidChangeCodeLenses: refresh.event,
      provideCodeLenses: (document, token) =>
        wire.ask('textDocument/codeLens', { textDocument: toIdentifier(document) }, token, (lenses: CodeLens[]) => lenses.map(toCodeLens)),
    };
    return vscode.Disposable.from(refresh, vscode.languages.registerCodeLensProvider(selector, provider));
  }),
  feature('inlayHintProvider', ({ wire, selector }) => {
    const refresh = new Refresh(wire, 'workspace/inlayHint/refresh');
    const provider: vscode.InlayHintsProvider = {
      onDidChangeInlayHints: refresh.event,
      provideInlayHints: (document, range, token) => {
        const parameters: InlayHintParams = { textDocument: toIdentifier(document), range: toProtocolRange(range) };
        return wire.ask('textDocument/inlayHint', parameters, token, (hints: InlayHint[]) => hints.map(toInlayHint));
      },
    };
    return vscode.Disposable.from(refresh, vscode.languages.registerInlayHintsProvider(selector, provider));
  }),
  feature('documentSymbolProvider', ({ wire, selector }, offer: boolean | DocumentSymbolOptions) => {
    const provider: vscode.DocumentSymbolProvider = {
      provideDocumentSymbols: (document, token) =>
        wire.ask('textDocument/documentSymbol', { textDocument: toIdentifier(document) }, token, (symbols: DocumentSymbol[]) =>
          symbols.map(toDocumentSymbol),
        ),
    };
    const label = typeof offer === 'object' ? offer.label : undefined;
    return vscode.languages.registerDocumentSymbolProvider(selector, provider, label === undefined ? undefined : { label });
  }),
  feature('workspaceSymbolProvider', ({ wire }) =>
    vscode.languages.registerWorkspaceSymbolProvider({
      provideWorkspaceSymbols: (query, token) =>
        wire.ask('workspace/symbol', { query }, token, (symbols: SymbolInformation[]) => symbols.map(toSymbolInformation)),
    }),
  ),
  feature('codeActionProvider', ({ wire, selector, diagnostics }, offer: boolean | CodeActionOptions) => {
    const provider: vscode.CodeActionProvider = {
      provideCodeActions: (document, range, { diagnostics: here, only, triggerKind }, token) => {
        const parameters: CodeActionParams = {
          textDocument: toIdentifier(document),
          range: toProtocolRange(range),
          context: { diagnostics: diagnostics.toldAs(here), ...(only && { only: [only.value] }), triggerKind },
        };
        return wire.ask('textDocument/codeAction', parameters, token, (actions: (CodeAction | Command)[]) => actions.map(toCodeAction));
      },
    };
    const kinds = typeof offer === 'object' ? (offer.codeActionKinds ?? []) : [];
    const providedCodeActionKinds = kinds.map((kind) => vscode.CodeActionKind.Empty.append(kind));
    return vscode.languages.registerCodeActionsProvider(selector, provider, { providedCodeActionKinds });
  }),
];

/** The rows that the server offers, at work until they are disposed. */
export function registerFeatures(context: FeatureContext, offers: ServerCapabilities): readonly vscode.Disposable[] {
  return features.flatMap(({ offeredAs, register }) => (offers[offeredAs] ? [register(context, offers[offeredAs])] : []));
}

/** Has the editor ask again when the server says that its answers have changed. */
class Refresh extends vscode.EventEmitter<void> {
  readonly #listener: vscode.Disposable;

  constructor({ connection }: Wire, method: string) {
    super();
    this.#listener = connection.onRequest(method, () => {
      this.fire();
      return null;
    });
  }

  override dispose(): void {
    this.#listener.dispose();
    super.dispose();
  }
}
