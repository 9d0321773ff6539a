/**
 * A small editor without a window, in the place of the module `vscode`: the values that the client makes, the documents that it follows, the
 * providers that it registers. Does what VS Code does where the client relies on it, and nothing else; the end-to-end tests use the real one.
 */

type Listener<T> = (event: T) => void;

export class EventEmitter<T> {
  readonly #listeners = new Set<Listener<T>>();
  readonly event = (listener: Listener<T>): Disposable => {
    this.#listeners.add(listener);
    return new Disposable(() => this.#listeners.delete(listener));
  };
  fire(event: T): void {
    for (const listener of [...this.#listeners]) listener(event);
  }
  dispose(): void {
    this.#listeners.clear();
  }
}

export class Disposable {
  readonly #end: () => unknown;
  constructor(end: () => unknown) {
    this.#end = end;
  }
  static from(...all: readonly { dispose(): unknown }[]): Disposable {
    return new Disposable(() => all.forEach((each) => void each.dispose()));
  }
  dispose(): void {
    this.#end();
  }
}

export class Position {
  readonly line: number;
  readonly character: number;
  constructor(line: number, character: number) {
    this.line = line;
    this.character = character;
  }
}

export class Range {
  readonly start: Position;
  readonly end: Position;
  constructor(line: number, character: number, endLine: number, endCharacter: number) {
    this.start = new Position(line, character);
    this.end = new Position(endLine, endCharacter);
  }
  /** As the editor's own ranges are written, which the protocol does not read. */
  toJSON(): readonly Position[] {
    return [this.start, this.end];
  }
}

export class Uri {
  readonly #text: string;
  private constructor(text: string) {
    this.#text = text;
  }
  static parse(text: string): Uri {
    return new Uri(text);
  }
  get scheme(): string {
    return this.#text.split(':')[0] ?? '';
  }
  toString(): string {
    return this.#text;
  }
}

/** A class whose objects hold what they are made with, by these names. */
function record(...names: readonly string[]) {
  return class {
    [name: string]: unknown;
    constructor(...values: readonly unknown[]) {
      names.forEach((name, index) => {
        this[name] = values[index];
      });
    }
  };
}

export const Location = record('uri', 'range');
export const Hover = record('contents', 'range');
export const CompletionItem = record('label', 'kind');
export const CompletionList = record('items', 'isIncomplete');
export const CodeLens = record('range', 'command');
export const InlayHint = record('position', 'label', 'kind');
export const DocumentSymbol = record('name', 'detail', 'kind', 'range', 'selectionRange');
export const SymbolInformation = record('name', 'kind', 'containerName', 'location');
export const Diagnostic = record('range', 'message', 'severity');
export const DiagnosticRelatedInformation = record('location', 'message');
export const CodeAction = record('title', 'kind');

export class MarkdownString {
  value: string;
  isTrusted: unknown;
  constructor(value = '') {
    this.value = value;
  }
  appendText(text: string): this {
    this.value += text.replace(/[\\`*_{}[\]()#+\-.!<>]/g, '\\$&');
    return this;
  }
  appendCodeblock(code: string, language = ''): this {
    this.value += `\`\`\`${language}\n${code}\n\`\`\`\n`;
    return this;
  }
}

export class CodeActionKind {
  static readonly Empty = new CodeActionKind('');
  readonly value: string;
  constructor(value: string) {
    this.value = value;
  }
  append(part: string): CodeActionKind {
    return new CodeActionKind(this.value ? `${this.value}.${part}` : part);
  }
}

export class WorkspaceEdit {
  readonly replaced: { readonly uri: string; readonly range: Range; readonly text: string }[] = [];
  replace(uri: Uri, range: Range, text: string): void {
    this.replaced.push({ uri: uri.toString(), range, text });
  }
}

export const LogLevel = { Off: 0, Trace: 1, Debug: 2, Info: 3, Warning: 4, Error: 5 };
export const version = '1.91.0';
export const env = { appName: 'Test', language: 'en' };

export interface FakeDocument {
  readonly uri: Uri;
  readonly languageId: string;
  version: number;
  getText(): string;
}

interface Change {
  readonly document: FakeDocument;
  readonly contentChanges: readonly { readonly range: Range; readonly text: string }[];
}

/** What a test looks at and moves. */
export const editor = {
  /** Providers by the kind that they were registered for; those that are disposed are gone. */
  providers: new Map<string, unknown[]>(),
  /** By URI. */
  diagnostics: new Map<string, readonly unknown[]>(),
  settings: {} as Record<string, unknown>,
  /** Messages shown to the user. */
  shown: [] as string[],
  /** Lines of the output. */
  log: [] as string[],
  watched: [] as { readonly pattern: string; readonly changed: EventEmitter<Uri> }[],
  edits: [] as WorkspaceEdit[],
  opened: new EventEmitter<FakeDocument>(),
  changed: new EventEmitter<Change>(),
  saved: new EventEmitter<FakeDocument>(),
  closed: new EventEmitter<FakeDocument>(),
  configured: new EventEmitter<{ affectsConfiguration(section: string): boolean }>(),
  published: new EventEmitter<string>(),

  open(uri: string, text: string, languageId = 'c'): FakeDocument {
    const document = { uri: Uri.parse(uri), languageId, version: 1, getText: () => text };
    workspace.textDocuments.push(document);
    editor.opened.fire(document);
    return document;
  },
  insert(document: FakeDocument, line: number, text: string): void {
    document.version++;
    editor.changed.fire({ document, contentChanges: [{ range: new Range(line, 0, line, 0), text }] });
  },
  close(document: FakeDocument): void {
    workspace.textDocuments.splice(workspace.textDocuments.indexOf(document), 1);
    editor.closed.fire(document);
  },
  set(settings: Record<string, unknown>): void {
    editor.settings = settings;
    editor.configured.fire({ affectsConfiguration: (section) => section.split('.')[0] === 'driverMmap' });
  },
};

function registered(kind: string) {
  return (...given: readonly unknown[]): Disposable => {
    // A provider for the workspace comes alone, one for documents after their selector.
    const provider = given.length === 1 ? given[0] : given[1];
    editor.providers.set(kind, [...(editor.providers.get(kind) ?? []), provider]);
    return new Disposable(() => {
      const left = (editor.providers.get(kind) ?? []).filter((each) => each !== provider);
      editor.providers.set(kind, left);
    });
  };
}

const republished = new EventEmitter<{ readonly uris: readonly Uri[] }>();

export const languages = {
  onDidChangeDiagnostics: republished.event,
  match: (selector: readonly { readonly scheme: string; readonly language: string }[], { uri, languageId }: FakeDocument): number =>
    selector.some(({ scheme, language }) => scheme === uri.scheme && language === languageId) ? 10 : 0,
  createDiagnosticCollection: () => ({
    set: (uri: Uri, diagnostics: readonly unknown[]) => {
      editor.diagnostics.set(uri.toString(), diagnostics);
      editor.published.fire(uri.toString());
    },
    dispose: () => editor.diagnostics.clear(),
  }),
  registerHoverProvider: registered('hover'),
  registerCompletionItemProvider: registered('completion'),
  registerCodeLensProvider: registered('code lens'),
  registerInlayHintsProvider: registered('inlay hint'),
  registerDocumentSymbolProvider: registered('document symbol'),
  registerWorkspaceSymbolProvider: registered('workspace symbol'),
  registerCodeActionsProvider: registered('code action'),
};

export const workspace = {
  textDocuments: [] as FakeDocument[],
  workspaceFolders: undefined,
  onDidOpenTextDocument: editor.opened.event,
  onDidChangeTextDocument: editor.changed.event,
  onDidSaveTextDocument: editor.saved.event,
  onDidCloseTextDocument: editor.closed.event,
  onDidChangeConfiguration: editor.configured.event,
  getConfiguration: (section?: string) => ({
    get: (key: string): unknown => {
      const whole: unknown = { driverMmap: editor.settings };
      const path = (section ? `${section}.${key}` : key).split('.');
      return path.reduce<unknown>((at, part) => (at as Record<string, unknown> | undefined)?.[part], whole);
    },
  }),
  createFileSystemWatcher: (pattern: string) => {
    const changed = new EventEmitter<Uri>();
    const never = () => new Disposable(() => undefined);
    editor.watched.push({ pattern, changed });
    return { onDidCreate: never, onDidChange: changed.event, onDidDelete: never, dispose: () => changed.dispose() };
  },
  applyEdit: async (edit: WorkspaceEdit) => {
    editor.edits.push(edit);
    return true;
  },
};

export const ProgressLocation = { Notification: 15 };

export const window = {
  withProgress: <Result>(_: unknown, run: (progress: { report(): void }, token: object) => Promise<Result>): Promise<Result> =>
    run({ report: () => undefined }, {}),
  showErrorMessage: async (message: string) => {
    editor.shown.push(message);
  },
};

const written = (level: string) => (message: string) => void editor.log.push(`${level} ${message}`);

/** An output channel whose lines a test reads. */
export const output = {
  error: written('error'),
  warn: written('warn'),
  info: written('info'),
  debug: written('debug'),
  show: () => undefined,
};
