/** The packaged language server as a process, driven as an editor drives it. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CodeAction, CodeLens, CompletionItem, Hover } from 'vscode-languageserver/node';
import { checkWorkspaceCommand, type SimulateResult, simulateCommand, simulateMethod } from '../../server/src/protocol/requests.ts';
import { LanguageClient } from '../support/language-client.ts';

const example = path.join(import.meta.dirname, '../../examples/framebuffer-card.c');
const uri = pathToFileURL(example).href;
const text = readFileSync(example, 'utf8');

/** The position of the first `word` in `source`. */
function at(source: string, word: string) {
  const before = source.slice(0, source.indexOf(word)).split('\n');
  return { line: before.length - 1, character: before.at(-1)?.length ?? 0 };
}

describe('the language server over stdio', () => {
  let client: LanguageClient;
  beforeEach(() => {
    client = new LanguageClient();
  });
  afterEach(async () => {
    expect(await client.stop()).toBe(0);
  });

  it('says what it can do', async () => {
    const { capabilities, serverInfo } = await client.initialize();
    expect(serverInfo?.name).toBe('driver-mmap');
    expect(capabilities).toMatchObject({
      hoverProvider: true,
      codeLensProvider: {},
      codeActionProvider: {},
      textDocumentSync: { change: 2, save: true },
    });
  });

  it('goes on without what its client promises and then refuses', async () => {
    const refresh = { refreshSupport: true };
    const dynamic = { dynamicRegistration: true };
    const promised = {
      configuration: true,
      didChangeConfiguration: dynamic,
      didChangeWatchedFiles: dynamic,
      codeLens: refresh,
      inlayHint: refresh,
    };
    const missing = new Set(['Changed settings', 'Changed files', 'Settings', 'New inlay hints', 'New lenses']);
    const logged = client.toldUntil<{ message: string }>('window/logMessage', ({ message }) => {
      missing.delete(message.split(' were refused')[0] ?? '');
      return missing.size === 0;
    });
    await client.initialize({ workspace: promised });
    expect((await client.open(uri, text)).diagnostics).not.toEqual([]);
    await client.notify('workspace/didChangeConfiguration', { settings: null });
    await logged;
  });

  it('reports findings on open, follows edits, and clears them on close', async () => {
    await client.initialize();
    const first = await client.open(uri, text);
    const mixed = first.diagnostics.find((each) => each.code === 'mixed-pfnmap-insert-page');
    expect(mixed).toMatchObject({ source: 'driver-mmap', severity: 1 });
    expect(mixed?.range.start).toEqual(at(text, 'vm_insert_page(vma, vma->vm_end'));

    const start = at(text, 'vm_insert_page(vma, vma->vm_end');
    const changed = client.next((params) => params.version === 2);
    await client.notify('textDocument/didChange', {
      textDocument: { uri, version: 2 },
      contentChanges: [
        { range: { start, end: { line: start.line, character: start.character + 'vm_insert_page'.length } }, text: 'glint_nothing' },
      ],
    });
    expect((await changed).diagnostics.map((each) => each.code)).not.toContain('mixed-pfnmap-insert-page');

    const cleared = client.next((params) => params.uri === uri && params.diagnostics.length === 0);
    await client.notify('textDocument/didClose', { textDocument: { uri } });
    await cleared;
  });

  it('underlines what is wrong in a scenario and completes its words', async () => {
    await client.initialize();
    const scenario = {
      uri: pathToFileURL(path.join(path.dirname(example), 'new.mmapsim')).href,
      languageId: 'mmapsim',
      version: 1,
      text: 'opne rw\n',
    };
    const published = client.next((params) => params.uri === scenario.uri);
    await client.notify('textDocument/didOpen', { textDocument: scenario });
    expect((await published).diagnostics).toMatchObject([
      {
        range: { start: { line: 0, character: 0 }, end: { line: 0, character: 4 } },
        severity: 1,
        message: expect.stringContaining('Did you mean `open`'),
      },
    ]);
    const items = await client.request<readonly CompletionItem[]>('textDocument/completion', {
      textDocument: { uri: scenario.uri },
      position: { line: 1, character: 0 },
    });
    expect(items.find(({ label }) => label === 'munmap')).toMatchObject({ detail: 'munmap ADDRESS [len N]' });
    await client.open(uri, text);
    expect(await client.request('textDocument/completion', { textDocument: { uri }, position: { line: 0, character: 0 } })).toBeNull();
    const cleared = client.next((params) => params.uri === scenario.uri && params.diagnostics.length === 0);
    await client.notify('textDocument/didClose', { textDocument: { uri: scenario.uri } });
    await cleared;
  });

  it('explains a mapping call on hover, as Markdown or plain text', async () => {
    await client.initialize({ textDocument: { hover: { contentFormat: ['markdown'] } } });
    await client.open(uri, text);
    const hover = await client.request<Hover>('textDocument/hover', { textDocument: { uri }, position: at(text, 'io_remap_pfn_range(') });
    expect(hover.contents).toMatchObject({ kind: 'markdown', value: expect.stringContaining('io_remap_pfn_range') });
    const nothing = await client.request<Hover | null>('textDocument/hover', {
      textDocument: { uri },
      position: at(text, 'An example driver'),
    });
    expect(nothing).toBeNull();
  });

  it('puts a lens above each handler and runs it', async () => {
    await client.initialize();
    await client.open(uri, text);
    const lenses = await client.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
    const lens = lenses.find((each) => each.range.start.line === at(text, 'glint_mmap(struct file').line);
    expect(lens?.command?.title).toMatch(/^▶ Simulate · \d findings?$/);
    const result = await client.request<SimulateResult>(simulateMethod, lens?.command?.arguments?.[0]);
    expect(result.kind).toBe('trace');
  });

  it('tells the story of a simulation to clients without a page for it', async () => {
    const { capabilities } = await client.initialize();
    expect(capabilities.executeCommandProvider).toEqual({ commands: [simulateCommand, checkWorkspaceCommand] });
    await client.open(uri, text);
    const run = (handler: object) => client.request('workspace/executeCommand', { command: simulateCommand, arguments: [handler] });
    expect(await run({ uri, position: at(text, 'int err;') })).toMatch(/^glint_mmap \(file_operations\.mmap\).*Verdict: problem/s);
    expect(await run({ uri, handler: 'none' })).toBe('none is no mapping handler of this file; there are: glint_mmap.\n');
    expect(await run({ handler: 'glint_mmap' })).toBe('`uri`, the C file that is open, is missing.\n');
  });

  it('leaves the commands to a client that has a page', async () => {
    const { capabilities } = await client.initialize({}, { simulationPage: true });
    expect(capabilities.executeCommandProvider).toBeUndefined();
  });

  it('offers the quick fix of a finding', async () => {
    const source = text.replace('return io_remap', 'return io_remap').replace('int err;', 'int err;\n\n\tvma->vm_flags |= VM_DONTEXPAND;');
    await client.initialize({}, { driverMmap: { kernelVersion: '6.12' } });
    const { diagnostics } = await client.open(uri, source);
    const finding = diagnostics.find((each) => each.code === 'vm-flags-direct-write');
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: finding?.range,
      context: { diagnostics: [finding] },
    });
    expect(actions[0]).toMatchObject({ title: 'Use vm_flags_set()', isPreferred: true });
    expect(actions[0]?.edit?.changes?.[uri]).toMatchObject([{ newText: 'vm_flags_set(vma, VM_DONTEXPAND)' }]);
    // Fixes stand first, then the ways to look at it, then those to ignore it.
    expect(actions.at(-1)?.title).toBe('Ignore vm-flags-direct-write in this file');
    const all = await client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: { start: { line: 0, character: 0 }, end: { line: 0, character: 0 } },
      context: { diagnostics: [], only: ['source.fixAll'] },
    });
    expect(all).toMatchObject([{ title: 'Fix all safe problems', kind: 'source.fixAll.driver-mmap' }]);
    expect(all[0]?.edit?.changes?.[uri]).toContainEqual(expect.objectContaining({ newText: 'vm_flags_set(vma, VM_DONTEXPAND)' }));
  });

  it('is quiet when it is switched off, and follows the setting live', async () => {
    await client.initialize({}, { driverMmap: { enable: false } });
    expect((await client.open(uri, text)).diagnostics).toEqual([]);
    const back = client.next((params) => params.diagnostics.length > 0);
    await client.notify('workspace/didChangeConfiguration', { settings: { driverMmap: { enable: true } } });
    await back;
  });

  it.each([
    ['binary rubbish', String.fromCharCode(...Array.from({ length: 4096 }, (_, i) => (i * 7919) % 0xd800))],
    ['an unfinished file', 'static int x_mmap(struct file *f, struct vm_area_struct *vma) { if (('],
    ['200,000 braces', `static int x_mmap(struct file *f, struct vm_area_struct *vma) ${'{'.repeat(200_000)}`],
  ])('lives on after %s', async (_, rubbish) => {
    await client.initialize();
    await client.open('file:///rubbish.c', rubbish);
    const { diagnostics } = await client.open(uri, text);
    expect(diagnostics.length).toBeGreaterThan(0);
  });
});
