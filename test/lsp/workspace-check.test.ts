/** The check of a whole folder by the packaged language server: what it finds and where, how it tells of itself, and how it ends. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { CancellationTokenSource } from 'vscode-languageserver/node';
import { type CheckWorkspaceResult, checkWorkspaceCommand, checkWorkspaceMethod } from '../../server/src/protocol/requests.ts';
import { LanguageClient } from '../support/language-client.ts';

const header = `static inline int map_card(struct vm_area_struct *vma, unsigned long pfn)
{
	return remap_pfn_range(vma, vma->vm_start, pfn, vma->vm_end - vma->vm_start, vma->vm_page_prot);
}
`;
const driver = (name: string) => `#include "card.h"
static int ${name}_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_flags |= VM_DONTEXPAND;
	return map_card(vma, 0x1000);
}
static const struct file_operations ${name}_fops = { .mmap = ${name}_mmap };
`;
const drivers = 3;
const others = 60;

describe('the check of a workspace', () => {
  let client: LanguageClient;
  let folder: string;
  const uriOf = (file: string) => pathToFileURL(path.join(folder, file)).href;

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'driver-mmap-workspace-'));
    mkdirSync(path.join(folder, 'build'));
    writeFileSync(path.join(folder, '.gitignore'), 'build/\n');
    writeFileSync(path.join(folder, 'card.h'), header);
    writeFileSync(path.join(folder, 'build/made.c'), driver('made'));
    for (let i = 0; i < drivers; i++) writeFileSync(path.join(folder, `card${i}.c`), driver(`card${i}`));
    for (let i = 0; i < others; i++) writeFileSync(path.join(folder, `other${i}.c`), `int other${i}(void)\n{\n\treturn ${i};\n}\n`);
    client = new LanguageClient();
    await client.initialize({}, { driverMmap: { kernelVersion: '6.12' } }, pathToFileURL(folder).href);
  });
  afterEach(async () => {
    expect(await client.stop()).toBe(0);
    rmSync(folder, { recursive: true });
  });

  const check = () => client.request<CheckWorkspaceResult>(checkWorkspaceMethod, {});
  const rulesIn = (file: string) => client.published(uriOf(file))?.diagnostics.map(({ code }) => code);

  it('publishes what it finds in files that nobody has opened, a header once, and leaves out what git ignores', async () => {
    expect(await check()).toEqual({
      files: drivers + others + 1,
      checked: drivers + others + 1,
      findings: drivers + 1,
      filesWithFindings: drivers + 1,
      cancelled: false,
    });
    for (let i = 0; i < drivers; i++) expect(rulesIn(`card${i}.c`)).toEqual(['vm-flags-direct-write']);
    expect(rulesIn('card.h')).toEqual(['mmap-no-size-check']);
    expect(rulesIn('build/made.c')).toBeUndefined();
    expect(rulesIn('other0.c')).toBeUndefined();
  });

  it('tells how far it is by the token of the client', async () => {
    const told: { readonly kind: string; readonly percentage?: number }[] = [];
    client.onProgress('mine', (value) => told.push(value));
    await client.request<CheckWorkspaceResult>(checkWorkspaceMethod, { folders: [pathToFileURL(folder).href], workDoneToken: 'mine' });
    expect(told[0]).toMatchObject({ kind: 'begin', title: 'Checking mapping handlers', cancellable: true });
    expect(told.at(-1)).toEqual({ kind: 'end' });
    const percents = told.flatMap(({ percentage }) => percentage ?? []);
    expect(percents.at(-1)).toBe(100);
    expect(percents).toEqual([...new Set(percents)].sort((a, b) => a - b));
  });

  it('ends when it is cancelled, and can be asked again', async () => {
    const source = new CancellationTokenSource();
    client.onProgress('mine', ({ kind }) => kind === 'begin' && source.cancel());
    const result = await client.request<CheckWorkspaceResult>(checkWorkspaceMethod, { workDoneToken: 'mine' }, source.token);
    expect(result.cancelled).toBe(true);
    expect(result.checked).toBeLessThan(drivers + others + 1);
    expect((await check()).cancelled).toBe(false);
  });

  it('gives way to what an open document says, and comes back when it is closed', async () => {
    await check();
    const uri = uriOf('card0.c');
    const mended = driver('card0').replace('vma->vm_flags |= VM_DONTEXPAND', 'vm_flags_set(vma, VM_DONTEXPAND)');
    expect((await client.open(uri, mended)).diagnostics).toEqual([]);
    // The file itself still has the mistake.
    const back = client.next((params) => params.uri === uri && params.diagnostics.length > 0);
    await client.notify('textDocument/didClose', { textDocument: { uri } });
    await back;
    // Saved, it has none.
    writeFileSync(path.join(folder, 'card0.c'), mended);
    await client.open(uri, mended);
    await client.notify('textDocument/didClose', { textDocument: { uri } });
    await client.request('textDocument/hover', { textDocument: { uri }, position: { line: 0, character: 0 } });
    expect(rulesIn('card0.c')).toEqual([]);
  });

  it('takes its findings back when the settings change, and after another check tells those of now', async () => {
    await check();
    const cleared = client.next((params) => params.uri === uriOf('card.h') && params.diagnostics.length === 0);
    await client.notify('workspace/didChangeConfiguration', { settings: { driverMmap: { kernelVersion: '6.1' } } });
    await cleared;
    await check();
    expect(rulesIn('card0.c')).toEqual([]);
    expect(rulesIn('card.h')).toEqual(['mmap-no-size-check']);
  });

  it('answers a client without a command of its own with a sentence', async () => {
    expect(await client.request('workspace/executeCommand', { command: checkWorkspaceCommand })).toBe(
      '4 findings in 4 files; 64 files checked.',
    );
  });
});
