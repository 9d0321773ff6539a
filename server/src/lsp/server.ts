/**
 * The language server: one connection, the open documents, the settings. Each request is a few lines: convert in, ask
 * `ide/`, convert out. Whatever fails is logged with its file, answered with nothing, and the server lives on.
 */
import {
  CodeActionKind,
  CodeLensRefreshRequest,
  type Connection,
  createConnection,
  DiagnosticTag,
  DidChangeConfigurationNotification,
  DidChangeWatchedFilesNotification,
  type InitializeParams,
  type InitializeResult,
  ProposedFeatures,
  type SymbolInformation,
  TextDocumentSyncKind,
  TextDocuments,
} from 'vscode-languageserver/node';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { collectGarbage, growNoNewSpace, growSlowly } from '../host/engine.ts';
import { fileHost } from '../host/files.ts';
import { loadNodeGrammar } from '../host/grammar.ts';
import { idle } from '../host/kept-code.ts';
import { productVersion } from '../host/product.ts';
import { hoverAt } from '../ide/hover.ts';
import { inlayHints } from '../ide/inlay-hints.ts';
import { lensesOf } from '../ide/lenses.ts';
import { projectFileName } from '../ide/project.ts';
import { driverFor, driverPath } from '../ide/scenario-driver.ts';
import { scenarioLenses } from '../ide/scenario-lenses.ts';
import { symbolsMatching, symbolsOf } from '../ide/symbols.ts';
import type { Finding } from '../protocol/findings.ts';
import { checkWorkspaceCommand, simulateCommand } from '../protocol/requests.ts';
import { codeActions, fixAllKind } from './code-actions.ts';
import { pathOf, toCodeLens, toDiagnostic, toDocumentSymbol, toHover, toScenarioLens, toSymbolInformation, uriOf } from './convert.ts';
import { hoverLinks, ruleLink, serveExplanations } from './explanations.ts';
import { serveFalseAlarms } from './false-alarms.ts';
import { serveHandlers } from './handler-requests.ts';
import { InactiveRegions } from './inactive-regions.ts';
import { OpenDocuments } from './open-documents.ts';
import { whenQuiet } from './quiet.ts';
import { completionsIn, hoverIn, publishMistakes, scenarioLanguage } from './scenarios.ts';
import { defaultSettings, readSettings, type Settings } from './settings.ts';
import { serveSimulations } from './simulations.ts';
import { continueIdly, warmUp } from './warm-up.ts';
import { WorkspaceCheck } from './workspace-check.ts';
import { checkByCommand, serveWorkspaceCheck } from './workspace-requests.ts';

/** What is read of drivers and scenarios besides the files that the editor has open. */
const watchedFiles = ['**/*.h', '**/*.mmapsim', `**/${projectFileName}`];

/** Milliseconds from the last change of a text until nobody is taken to wait for anything. */
const quiet = 2000;

/** Connects over what the program's arguments say (`--stdio`, `--node-ipc`) and serves until the client goes. */
export async function serve(): Promise<void> {
  const connection = createConnection(ProposedFeatures.all);
  const grammar = await loadNodeGrammar();
  const warmingUp = warmUp(grammar);
  warmingUp.next();
  growNoNewSpace();
  const texts = new TextDocuments(TextDocument);
  const client = {
    configuration: false,
    registration: false,
    watching: false,
    markdown: true,
    simulationPage: false,
    lensRefresh: false,
    hintRefresh: false,
    symbolLevels: false,
    strikesOut: false,
    inactiveRegions: false,
  };
  let general: Settings = defaultSettings;
  /** URIs. */
  let folders: readonly string[] = [];

  /** What a client was asked for and refuses, the server does without. */
  const wish = (what: string, asked: Promise<unknown>) =>
    void asked.catch((error) => connection.console.warn(`${what} were refused: ${describe(error)}`));

  const host = fileHost();
  const shown = (finding: Finding) => toDiagnostic(finding, ruleLink(finding.rule, client.simulationPage), client.strikesOut);
  const settingsOf = (uri: string) => (client.configuration ? askSettings(connection, uri) : Promise.resolve(general));
  const open: OpenDocuments = new OpenDocuments({
    connection,
    grammar,
    host,
    settingsOf,
    toDiagnostic: shown,
    onClosed: (uri, text, findings) => workspace.closed(uri, text, findings),
  });
  const workspace = new WorkspaceCheck({ connection, settingsOf, toDiagnostic: shown, isOpen: (file) => open.isOpen(file) });

  const inactive = new InactiveRegions(connection, open);
  const compiledOtherwise = () => {
    if (client.inactiveRegions) for (const uri of open.uris) inactive.changed(uri);
  };

  const takeSettings = (section: unknown) => {
    const read = readSettings(section);
    for (const problem of read.problems) connection.console.warn(problem);
    general = read.settings;
  };

  connection.onInitialize((params: InitializeParams): InitializeResult => {
    client.configuration = params.capabilities.workspace?.configuration === true;
    client.registration = params.capabilities.workspace?.didChangeConfiguration?.dynamicRegistration === true;
    client.watching = params.capabilities.workspace?.didChangeWatchedFiles?.dynamicRegistration === true;
    client.hintRefresh = params.capabilities.workspace?.inlayHint?.refreshSupport === true;
    client.lensRefresh = params.capabilities.workspace?.codeLens?.refreshSupport === true;
    client.markdown = params.capabilities.textDocument?.hover?.contentFormat?.includes('markdown') ?? false;
    client.symbolLevels = params.capabilities.textDocument?.documentSymbol?.hierarchicalDocumentSymbolSupport === true;
    const tags = params.capabilities.textDocument?.publishDiagnostics?.tagSupport?.valueSet;
    client.strikesOut = tags?.includes(DiagnosticTag.Deprecated) ?? false;
    client.inactiveRegions = drawsInactiveRegions(params.capabilities.textDocument);
    folders = params.workspaceFolders?.map(({ uri }) => uri) ?? (params.rootUri ? [params.rootUri] : []);
    client.simulationPage = hasSimulationPage(params.initializationOptions);
    takeSettings(sectionOf(params.initializationOptions));
    return {
      capabilities: {
        textDocumentSync: { openClose: true, change: TextDocumentSyncKind.Incremental, save: true },
        hoverProvider: true,
        codeLensProvider: { resolveProvider: false },
        inlayHintProvider: true,
        documentSymbolProvider: { label: 'driver-mmap' },
        workspaceSymbolProvider: true,
        completionProvider: {},
        codeActionProvider: { codeActionKinds: [CodeActionKind.QuickFix, fixAllKind] },
        ...(client.simulationPage ? {} : { executeCommandProvider: { commands: [simulateCommand, checkWorkspaceCommand] } }),
      },
      serverInfo: { name: 'driver-mmap', version: productVersion },
    };
  });
  connection.onInitialized(() => {
    if (client.registration)
      wish('Changed settings', connection.client.register(DidChangeConfigurationNotification.type, { section: 'driverMmap' }));
    if (client.watching) {
      const watchers = watchedFiles.map((globPattern) => ({ globPattern }));
      wish('Changed files', connection.client.register(DidChangeWatchedFilesNotification.type, { watchers }));
    }
    continueIdly(warmingUp, () => open.isWaiting, growSlowly);
  });
  connection.onDidChangeConfiguration(({ settings }) => {
    if (!client.configuration) takeSettings(sectionOf(settings));
    // What was found with the settings of before may be wrong now; nothing is checked again unasked.
    workspace.clear();
    if (client.hintRefresh) wish('New inlay hints', connection.languages.inlayHint.refresh());
    if (client.lensRefresh) wish('New lenses', connection.sendRequest(CodeLensRefreshRequest.type));
    open.settingsChanged();
    compiledOtherwise();
  });

  connection.onDidChangeWatchedFiles(({ changes }) => {
    open.filesChanged(changes.map(({ uri }) => uri));
    compiledOtherwise();
  });
  const changed = whenQuiet(() => {
    idle.publish(undefined);
    growSlowly();
    collectGarbage();
  }, quiet);
  texts.onDidChangeContent(({ document }) => {
    changed();
    if (document.languageId === scenarioLanguage) {
      publishMistakes(connection, document, host);
      return;
    }
    open.changed(document);
    if (client.inactiveRegions) inactive.changed(document.uri);
  });
  texts.onDidSave(({ document }) => open.saved(document.uri));
  texts.onDidClose(({ document }) => {
    if (document.languageId === scenarioLanguage) void connection.sendDiagnostics({ uri: document.uri, diagnostics: [] });
    else open.closed(document.uri);
    inactive.closed(document.uri);
  });

  connection.onCompletion(({ textDocument, position }) =>
    guarded(connection, 'completion', textDocument.uri, async () => {
      const text = texts.get(textDocument.uri);
      if (text?.languageId !== scenarioLanguage) return undefined;
      const written = text.getText();
      const file = pathOf(text.uri);
      const document = await open.current(uriOf(driverPath(written, file)));
      const driver = document && driverFor(document, written, file, position.line);
      return [...completionsIn(text, position, { place: { file, readFile: (path) => host.readFile(path) }, driver })];
    }),
  );

  connection.onHover(({ textDocument, position }) =>
    guarded(connection, 'hover', textDocument.uri, async () => {
      const text = texts.get(textDocument.uri);
      if (text?.languageId === scenarioLanguage) return hoverIn(text, position, client.markdown);
      const document = await open.current(textDocument.uri);
      const settings = await open.settings(textDocument.uri);
      const hover = settings.hover && document ? hoverAt(document, document.linesOf(document.file).offsetAt(position)) : undefined;
      if (!document || !hover) return undefined;
      const at = { uri: textDocument.uri, position, findings: open.findings(textDocument.uri), hasCommands: client.simulationPage };
      const here = settings.hoverValues ? hover.here : [];
      const links = settings.hoverLinks ? hoverLinks(hover, document, at) : [];
      return toHover({ ...hover, here, links }, client.markdown);
    }),
  );
  connection.languages.inlayHint.on(({ textDocument, range }) =>
    guarded(connection, 'inlay hints', textDocument.uri, async () => {
      const document = await open.current(textDocument.uri);
      if (!document || !(await open.settings(textDocument.uri)).inlayHints) return [];
      return [...inlayHints(document, range)];
    }),
  );
  connection.onDocumentSymbol(({ textDocument: { uri } }) =>
    guarded(connection, 'outline', uri, async () => {
      const document = (await open.settings(uri)).outline ? await open.current(uri) : undefined;
      const symbols = document ? symbolsOf(document) : [];
      return client.symbolLevels ? symbols.map(toDocumentSymbol) : symbols.flatMap((symbol) => toSymbolInformation(symbol, uri));
    }),
  );
  connection.onWorkspaceSymbol(({ query }) =>
    guarded(connection, 'symbols', query, async () => {
      const found: SymbolInformation[] = [];
      for (const uri of open.uris) {
        const document = (await open.settings(uri)).outline ? await open.current(uri) : undefined;
        const symbols = document ? symbolsMatching(symbolsOf(document), query) : [];
        // What a slot holds is found by its table.
        found.push(...symbols.flatMap((symbol) => toSymbolInformation({ ...symbol, children: [] }, uri, symbol.detail)));
      }
      return found;
    }),
  );
  connection.onCodeLens(({ textDocument }) =>
    guarded(connection, 'lenses', textDocument.uri, async () => {
      if (!(await open.settings(textDocument.uri)).codeLens) return [];
      const text = texts.get(textDocument.uri);
      if (text?.languageId === scenarioLanguage) {
        const lenses = client.simulationPage ? scenarioLenses(text.getText()) : [];
        return lenses.map((lens) => toScenarioLens(lens, text.uri));
      }
      const document = await open.current(textDocument.uri);
      return document ? lensesOf(document, open.findings(textDocument.uri)).map((lens) => toCodeLens(lens, textDocument.uri)) : [];
    }),
  );
  connection.onCodeAction(({ textDocument, range, context }) =>
    guarded(connection, 'code actions', textDocument.uri, async () => {
      const { uri } = textDocument;
      const text = texts.get(uri)?.getText() ?? '';
      return codeActions(await open.findingsNow(uri), { uri, text, range, context, hasCommands: client.simulationPage });
    }),
  );
  const simulations = serveSimulations(connection, open, guarded);
  serveWorkspaceCheck(connection, workspace, () => folders);
  serveExplanations(connection, open);
  serveFalseAlarms(connection, open);
  serveHandlers(connection, open, () => folders);
  connection.onExecuteCommand(async ({ command, arguments: [first] = [] }, token) => {
    if (command === simulateCommand) return simulations.tell(first);
    if (command === checkWorkspaceCommand) return checkByCommand(connection, workspace, folders, token);
    return undefined;
  });

  texts.listen(connection);
  connection.listen();
}

/** clangd's own clients name it in this way too. */
function drawsInactiveRegions(textDocument: object | undefined): boolean {
  const own = textDocument && 'inactiveRegionsCapabilities' in textDocument ? textDocument.inactiveRegionsCapabilities : undefined;
  return typeof own === 'object' && own !== null && 'inactiveRegions' in own && own.inactiveRegions === true;
}

/** A client with a page for simulations answers the commands of lenses and quick fixes itself; for others the server does. */
function hasSimulationPage(options: unknown): boolean {
  return typeof options === 'object' && options !== null && 'simulationPage' in options && options.simulationPage === true;
}

/** Clients send `{ driverMmap: {...} }` or the section itself. */
function sectionOf(settings: unknown): unknown {
  if (typeof settings === 'object' && settings !== null && 'driverMmap' in settings) return settings.driverMmap;
  return settings;
}

async function askSettings(connection: Connection, uri: string): Promise<Settings> {
  const asked: Promise<unknown> = connection.workspace.getConfiguration({ scopeUri: uri, section: 'driverMmap' });
  const section = await asked.catch((error) => connection.console.warn(`Settings were refused: ${describe(error)}`));
  const { settings, problems } = readSettings(section);
  for (const problem of problems) connection.console.warn(problem);
  return settings;
}

const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));

/** An error of ours is logged with what was asked, and answered with nothing. */
async function guarded<T>(connection: Connection, what: string, uri: string, work: () => Promise<T>): Promise<T | undefined> {
  try {
    return await work();
  } catch (error) {
    connection.console.error(`${what} of ${uri} failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`);
    return undefined;
  }
}
