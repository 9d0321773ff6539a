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

it('a driver is checked again when a header that decides its branches is saved', async () => {
  const driver = `#include "config.h"
#ifdef HAVE_FAULT
static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
\treturn remap_pfn_range(vma, vma->vm_start, vma->vm_pgoff, vma->vm_end - vma->vm_start, vma->vm_page_prot);
}
static const struct file_operations fops = { .owner = THIS_MODULE, .mmap = card_mmap };
#endif
`;
  const saved: Record<string, string> = { '/driver/config.h': '' };
  const found = new Map<string, number>();
  const open = new OpenDocuments({
    connection: {
      sendDiagnostics: async ({ uri: of, diagnostics }) => void found.set(of, diagnostics.length),
      console: { log: vi.fn(), error: vi.fn() },
    },
    grammar: await testGrammar(),
    host: { readFile: (file) => saved[file], forget: () => {} },
    settingsOf: async () => defaultSettings,
    toDiagnostic: ({ range, message }) => ({ range, message }),
    onClosed: () => {},
  });
  const header = 'file:///driver/config.h';
  open.changed(TextDocument.create(uri, 'c', 1, driver));
  open.changed(TextDocument.create(header, 'c', 1, ''));
  await vi.waitFor(() => expect([found.get(uri), found.get(header)]).toEqual([0, 0]));
  const text = '#define HAVE_FAULT 1\n';
  open.changed(TextDocument.create(header, 'c', 2, text));
  saved['/driver/config.h'] = text;
  open.saved(header);
  await vi.waitFor(() => expect(found.get(uri)).toBeGreaterThan(0));
});
