/** The documents that are open, without a connection: when a check is due, and when it is not any more. */
import { expect, it, vi } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { OpenDocuments } from '../../server/src/lsp/open-documents.ts';
import { defaultSettings, type Settings } from '../../server/src/lsp/settings.ts';
import { testGrammar } from '../support/grammar.ts';

const uri = 'file:///driver/card.c';
const textOf = (version: number) => TextDocument.create(uri, 'c', version, `static int pages = ${version};\n`);

async function opened(settings: Partial<Settings>) {
  const sendDiagnostics = vi.fn(async () => {});
  const open = new OpenDocuments({
    connection: { sendDiagnostics, console: { log: vi.fn(), error: vi.fn() } },
    grammar: await testGrammar(),
    host: { readFile: () => undefined, forget: () => {} },
    settingsOf: async () => ({ ...defaultSettings, ...settings }),
    toDiagnostic: ({ range, message }) => ({ range, message }),
    onClosed: () => {},
  });
  expect(open.isWaiting).toBe(false);
  open.changed(textOf(1));
  expect(open.isWaiting).toBe(true);
  await vi.waitFor(() => expect(sendDiagnostics).toHaveBeenCalledOnce());
  return { open, sendDiagnostics };
}

it('a document waits until it is checked, each time anew', async () => {
  const { open, sendDiagnostics } = await opened({});
  expect(open.isWaiting).toBe(false);
  open.changed(textOf(2));
  expect(open.isWaiting).toBe(true);
  await vi.waitFor(() => expect(sendDiagnostics).toHaveBeenCalledTimes(2));
  expect(open.isWaiting).toBe(false);
});

it('one that is checked when it is saved does not wait while it is typed in', async () => {
  const { open } = await opened({ run: 'onSave' });
  open.changed(textOf(2));
  await vi.waitFor(() => expect(open.isWaiting).toBe(false));
});
