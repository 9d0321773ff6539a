/** The parts of the client on their own: documents in step, findings of older texts, edits for other versions, ends of the server. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { mayStartAgain } from '../../../client/src/language-client/crashes.ts';
import { Diagnostics } from '../../../client/src/language-client/diagnostics.ts';
import { keepDocumentsInStep } from '../../../client/src/language-client/documents.ts';
import { applyEdits } from '../../../client/src/language-client/edits.ts';
import { answerSettings, tellChangedSettings } from '../../../client/src/language-client/settings.ts';
import { WatchedFiles } from '../../../client/src/language-client/watched-files.ts';
import type { Wire } from '../../../client/src/language-client/wire.ts';
import { editor, Uri, workspace } from '../../support/vscode.ts';

const uri = 'file:///a/card.c';
const selector = [{ scheme: 'file', language: 'c' }];
const range = { start: { line: 0, character: 0 }, end: { line: 0, character: 1 } };

/** A wire with nobody at its end: what is told is kept, and the test says what the server would. */
function looseWire() {
  const told: { readonly method: string; readonly parameters: object }[] = [];
  const handlers = new Map<string, (parameters: unknown) => unknown>();
  const on = (method: string, handler: (parameters: unknown) => unknown) => {
    handlers.set(method, handler);
    return { dispose: () => handlers.delete(method) };
  };
  const wire = {
    connection: { onNotification: on, onRequest: on },
    tell: (method: string, parameters: object) => told.push({ method, parameters: JSON.parse(JSON.stringify(parameters)) }),
  } as unknown as Wire;
  return { wire, told, says: (method: string, parameters: unknown): unknown => handlers.get(method)?.(parameters) };
}

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  for (const document of [...workspace.textDocuments]) editor.close(document);
});

describe('documents', () => {
  it('are opened once, followed by their versions, and closed', () => {
    const { wire, told } = looseWire();
    const document = editor.open(uri, 'int a;\n');
    const listening = keepDocumentsInStep(wire, selector);
    editor.opened.fire(document);
    editor.insert(document, 1, 'int b;\n');
    editor.changed.fire({ document, contentChanges: [] });
    editor.saved.fire(document);
    editor.close(document);
    expect(told).toEqual([
      { method: 'textDocument/didOpen', parameters: { textDocument: { uri, languageId: 'c', version: 1, text: 'int a;\n' } } },
      {
        method: 'textDocument/didChange',
        parameters: {
          textDocument: { uri, version: 2 },
          contentChanges: [{ range: { start: { line: 1, character: 0 }, end: { line: 1, character: 0 } }, text: 'int b;\n' }],
        },
      },
      { method: 'textDocument/didSave', parameters: { textDocument: { uri } } },
      { method: 'textDocument/didClose', parameters: { textDocument: { uri } } },
    ]);
    listening.dispose();
    editor.open(uri, '');
    expect(told).toHaveLength(4);
  });

  it('of another kind or place stay unknown until they become ours', () => {
    const { wire, told } = looseWire();
    const listening = keepDocumentsInStep(wire, selector);
    const text = editor.open('git:/a/card.c', '');
    const plain = editor.open(uri, '', 'plaintext');
    for (const each of [text, plain]) editor.insert(each, 0, ' ');
    for (const each of [text, plain]) editor.saved.fire(each);
    for (const each of [text, plain]) editor.close(each);
    expect(told).toEqual([]);
    // The editor closes a document whose language is changed, and opens it anew.
    editor.open(uri, '', 'c');
    expect(told.map(({ method }) => method)).toEqual(['textDocument/didOpen']);
    listening.dispose();
  });
});

describe('findings', () => {
  const publish = (message: string, version?: number) => ({
    uri,
    version,
    diagnostics: [{ range, message, code: 'a', data: { kept: 1 } }],
  });
  const shown = () => (editor.diagnostics.get(uri) ?? []).map((each) => (each as { message: string }).message);

  it('go back to the server as they came, and those of others do not', () => {
    const { wire, says } = looseWire();
    const diagnostics = new Diagnostics(wire);
    const sent = publish('first');
    says('textDocument/publishDiagnostics', sent);
    const [own] = editor.diagnostics.get(uri) ?? [];
    const other = { message: 'of a compiler' };
    expect(diagnostics.toldAs([own, other] as never)).toEqual(sent.diagnostics);
    diagnostics.dispose();
    expect(shown()).toEqual([]);
  });

  it('of an older text give way to those of the text as it is, and are shown when nothing else comes', () => {
    const { wire, says } = looseWire();
    const diagnostics = new Diagnostics(wire);
    const document = editor.open(uri, 'int a;\n');
    says('textDocument/publishDiagnostics', publish('first', 1));
    editor.insert(document, 0, ' ');
    says('textDocument/publishDiagnostics', publish('late', 1));
    expect(shown()).toEqual(['first']);
    says('textDocument/publishDiagnostics', publish('second', 2));
    vi.runAllTimers();
    expect(shown()).toEqual(['second']);
    editor.insert(document, 0, ' ');
    says('textDocument/publishDiagnostics', publish('third', 2));
    vi.runAllTimers();
    expect(shown()).toEqual(['third']);
    diagnostics.dispose();
  });
});

describe('edits of the server', () => {
  const edit = (version: number | null) => ({
    edit: { documentChanges: [{ textDocument: { uri, version }, edits: [{ range, newText: 'x' }] }] },
  });

  it('are refused when the text has another version', async () => {
    const { wire, says } = looseWire();
    const listening = applyEdits(wire);
    editor.edits.length = 0;
    const document = editor.open(uri, 'int a;\n');
    editor.insert(document, 0, ' ');
    expect(await says('workspace/applyEdit', edit(1))).toMatchObject({ applied: false });
    expect(editor.edits).toEqual([]);
    expect(await says('workspace/applyEdit', edit(2))).toEqual({ applied: true });
    expect(await says('workspace/applyEdit', edit(null))).toEqual({ applied: true });
    expect(editor.edits).toHaveLength(2);
    listening.dispose();
  });
});

describe('settings', () => {
  it('are answered for what is asked, and told when they change', () => {
    const { wire, told, says } = looseWire();
    editor.set({ run: 'onSave' });
    const listening = [answerSettings(wire), tellChangedSettings(wire, 'driverMmap')];
    const items = [{ scopeUri: uri, section: 'driverMmap' }, { section: 'driverMmap.run' }, { section: 'other' }];
    expect(says('workspace/configuration', { items })).toEqual([{ run: 'onSave' }, 'onSave', null]);
    editor.configured.fire({ affectsConfiguration: () => false });
    expect(told).toEqual([]);
    editor.set({ run: 'onType' });
    expect(told).toEqual([{ method: 'workspace/didChangeConfiguration', parameters: { settings: { driverMmap: { run: 'onType' } } } }]);
    for (const each of listening) each.dispose();
  });
});

describe('watched files', () => {
  const register = (id: string, method = 'workspace/didChangeWatchedFiles') => ({
    registrations: [{ id, method, registerOptions: { watchers: [{ globPattern: '**/*.h' }] } }],
  });

  it('are told of in groups, each once, until the server has enough', () => {
    const { wire, told, says } = looseWire();
    const files = new WatchedFiles(wire);
    editor.watched.length = 0;
    expect(says('client/registerCapability', register('1'))).toBeNull();
    const [watch] = editor.watched;
    expect(watch?.pattern).toBe('**/*.h');
    for (const name of ['a.h', 'b.h', 'a.h']) watch?.changed.fire(Uri.parse(`file:///${name}`));
    expect(told).toEqual([]);
    vi.runAllTimers();
    const changes = ['a.h', 'b.h'].map((name) => ({ uri: `file:///${name}`, type: 2 }));
    watch?.changed.fire(Uri.parse('file:///b.h'));
    vi.runAllTimers();
    expect(told).toEqual([
      { method: 'workspace/didChangeWatchedFiles', parameters: { changes } },
      { method: 'workspace/didChangeWatchedFiles', parameters: { changes: changes.slice(1) } },
    ]);
    says('client/unregisterCapability', { unregisterations: [{ id: '1', method: 'workspace/didChangeWatchedFiles' }] });
    watch?.changed.fire(Uri.parse('file:///a.h'));
    vi.runAllTimers();
    expect(told).toHaveLength(2);
    files.dispose();
  });

  it('are all that can be registered', () => {
    const { wire, says } = looseWire();
    const files = new WatchedFiles(wire);
    expect(says('client/registerCapability', register('1', 'textDocument/rename'))).toBeInstanceOf(Error);
    files.dispose();
  });
});

describe('a server that ends by itself', () => {
  it('is started again, unless it ends five times within three minutes', () => {
    const minute = 60_000;
    expect(mayStartAgain([0])).toBe(true);
    expect(mayStartAgain([0, 1, 2, 3])).toBe(true);
    expect(mayStartAgain([0, 1, 2, 3, 4])).toBe(false);
    expect(mayStartAgain([0, 1, 2, 3, 3 * minute + 4])).toBe(true);
    expect(mayStartAgain([0, minute, 2 * minute, 3 * minute, 4 * minute, 5 * minute])).toBe(true);
  });
});
