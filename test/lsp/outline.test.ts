/** What the packaged language server tells of a file as a whole: its outline, and the branches that are not compiled. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { DocumentSymbol, SymbolInformation } from 'vscode-languageserver/node';
import { type InactiveRegionsParams, inactiveRegionsMethod } from '../../server/src/protocol/requests.ts';
import { LanguageClient } from '../support/language-client.ts';

const uri = 'file:///live/card.c';
const text = `static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 3, 0)
	vma->vm_flags |= VM_DONTEXPAND;
#else
	vm_flags_set(vma, VM_DONTEXPAND);
#endif
	return remap_pfn_range(vma, vma->vm_start, 0x1000, PAGE_SIZE, vma->vm_page_prot);
}
static const struct file_operations card_fops = { .mmap = card_mmap };
`;

describe('a file as a whole', () => {
  let client: LanguageClient;
  const start = (textDocument: object) => client.initialize({ textDocument }, { driverMmap: { kernelVersion: '6.12' } });
  const set = (settings: object) =>
    client.notify('workspace/didChangeConfiguration', { settings: { driverMmap: { kernelVersion: '6.12', ...settings } } });
  const outline = <T>() => client.request<readonly T[]>('textDocument/documentSymbol', { textDocument: { uri } });
  beforeEach(() => {
    client = new LanguageClient();
  });
  afterEach(async () => {
    expect(await client.stop()).toBe(0);
  });

  it('has an outline in levels, until it is switched off', async () => {
    const { capabilities } = await start({ documentSymbol: { hierarchicalDocumentSymbolSupport: true } });
    expect(capabilities.documentSymbolProvider).toEqual({ label: 'driver-mmap' });
    await client.open(uri, text);
    const symbols = await outline<DocumentSymbol>();
    expect(symbols).toMatchObject([
      { name: 'card_mmap', detail: 'file_operations.mmap', kind: 12, selectionRange: { start: { line: 0, character: 11 } } },
      { name: 'card_fops', detail: 'file_operations', kind: 23, children: [{ name: 'mmap', detail: 'card_mmap', kind: 8 }] },
    ]);
    expect(symbols[0]?.range.end.line).toBe(8);
    await set({ outline: { enable: false } });
    expect(await outline()).toEqual([]);
  });

  it('has a flat outline for clients that know no levels', async () => {
    await start({});
    await client.open(uri, text);
    expect(await outline<SymbolInformation>()).toMatchObject([
      { name: 'card_mmap', location: { uri, range: { start: { line: 0 }, end: { line: 8 } } } },
      { name: 'card_fops' },
      { name: 'mmap', containerName: 'card_fops' },
    ]);
  });

  it('is searched with all open files', async () => {
    await start({});
    await client.open(uri, text);
    const found = await client.request<readonly SymbolInformation[]>('workspace/symbol', { query: 'mmap handler' });
    expect(found).toMatchObject([{ name: 'card_mmap', containerName: 'file_operations.mmap', location: { uri } }]);
    expect(await client.request('workspace/symbol', { query: 'nothing' })).toEqual([]);
  });

  it('tells which branches are not compiled, after an edit, for another kernel, and when that is switched off', async () => {
    await start({ inactiveRegionsCapabilities: { inactiveRegions: true } });
    const next = async () => {
      const { textDocument, regions } = await client.told<InactiveRegionsParams>(inactiveRegionsMethod);
      expect(textDocument.uri).toBe(uri);
      return regions.map((range) => [range.start.line, range.end.line]);
    };
    const opened = next();
    await client.open(uri, text);
    expect(await opened).toEqual([[3, 3]]);
    const edited = next();
    const top = { line: 0, character: 0 };
    await client.notify('textDocument/didChange', {
      textDocument: { uri, version: 2 },
      contentChanges: [{ range: { start: top, end: top }, text: '\n' }],
    });
    expect(await edited).toEqual([[4, 4]]);
    const older = next();
    await set({ kernelVersion: '6.1' });
    expect(await older).toEqual([[6, 6]]);
    const off = next();
    await set({ kernelVersion: '6.1', inactiveBranches: { enable: false } });
    expect(await off).toEqual([]);
  });

  it.each([
    [[2], [2]],
    [[1], undefined],
  ])('has its old names struck out where the client knows tags %j', async (valueSet, tags) => {
    await start({ publishDiagnostics: { tagSupport: { valueSet } } });
    const { diagnostics } = await client.open(uri, text.replace('return remap_pfn_range(', 'return vm_insert_pfn('));
    expect(diagnostics.find(({ code }) => code === 'obsolete-api')?.tags).toEqual(tags);
  });
});
