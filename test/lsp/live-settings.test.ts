/** Settings take effect at once: each is changed while a driver is open in the packaged language server. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CodeLens, Hover, InlayHint } from 'vscode-languageserver/node';
import { type FileStatus, fileStatusMethod } from '../../server/src/protocol/requests.ts';
import { LanguageClient } from '../support/language-client.ts';

const uri = 'file:///live/card.c';
const text = `static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_flags |= VM_DONTEXPAND;
	return remap_pfn_range(vma, vma->vm_start, 0x1000, PAGE_SIZE, vma->vm_page_prot);
}
static const struct file_operations card_fops = { .mmap = card_mmap };
MODULE_LICENSE("GPL");
`;
const own = ['missing-owner', 'vm-flags-direct-write'];

describe('settings', () => {
  let client: LanguageClient;
  beforeEach(async () => {
    client = new LanguageClient();
    await client.initialize({ textDocument: { hover: { contentFormat: ['markdown'] } } }, { driverMmap: { kernelVersion: '6.12' } });
    const { diagnostics } = await client.open(uri, text);
    expect(diagnostics.map(({ code }) => code)).toEqual(expect.arrayContaining(own));
  });
  afterEach(async () => {
    expect(await client.stop()).toBe(0);
  });

  /** Changes the settings and gives the rules of the findings that follow. */
  const rulesAfter = async (settings: object) => {
    const published = client.next((params) => params.uri === uri);
    await client.notify('workspace/didChangeConfiguration', { settings: { driverMmap: { kernelVersion: '6.12', ...settings } } });
    return (await published).diagnostics.map(({ code, severity }) => `${code} ${severity}`);
  };
  const change = async (version: number, from: string, to: string) => {
    const line = text.split('\n').findIndex((each) => each.includes(from));
    const character = text.split('\n')[line]?.indexOf(from) ?? 0;
    const range = { start: { line, character }, end: { line, character: character + from.length } };
    await client.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ range, text: to }] });
  };
  const status = () => client.request<FileStatus>(fileStatusMethod, { uri });

  it('follow the severity of rules, and the kernel', async () => {
    const changed = await rulesAfter({ rules: { 'missing-owner': 'hint', 'vm-flags-direct-write': 'off' } });
    expect(changed).toContain('missing-owner 4');
    expect(changed.join()).not.toContain('vm-flags-direct-write');
    expect((await rulesAfter({ kernelVersion: '6.1' })).join()).not.toContain('vm-flags-direct-write');
  });

  it('run the rules of the preset', async () => {
    expect(await rulesAfter({ rulePreset: 'none' })).toEqual([]);
    expect(await rulesAfter({ rulePreset: 'none', rules: { 'missing-owner': 'error' } })).toEqual(['missing-owner 1']);
    expect((await rulesAfter({ rulePreset: 'all' })).length).toBeGreaterThanOrEqual(own.length);
  });

  it('check on saving alone', async () => {
    await rulesAfter({ run: 'onSave' });
    const before = client.published(uri);
    await change(2, 'vma->vm_flags |= VM_DONTEXPAND', 'vm_flags_set(vma, VM_DONTEXPAND)');
    // The answer comes after everything that was asked before.
    await client.request('textDocument/hover', { textDocument: { uri }, position: { line: 0, character: 0 } });
    expect(client.published(uri)).toBe(before);
    const saved = client.next((params) => params.uri === uri);
    await client.notify('textDocument/didSave', { textDocument: { uri } });
    expect((await saved).diagnostics.map(({ code }) => code)).not.toContain('vm-flags-direct-write');
  });

  it('switch lenses, inlay hints, hovers and their parts off', async () => {
    const lenses = () => client.request<CodeLens[]>('textDocument/codeLens', { textDocument: { uri } });
    const position = { line: 3, character: 10 };
    const hover = async () => {
      const given = await client.request<Hover | null>('textDocument/hover', { textDocument: { uri }, position });
      return given && JSON.stringify(given.contents);
    };
    expect(await lenses()).toHaveLength(1);
    expect(await hover()).toContain('the mmap lock is held for write');
    await rulesAfter({ codeLens: { enable: false }, hover: { values: { enable: false } } });
    expect(await lenses()).toEqual([]);
    expect(await hover()).toContain('remap_pfn_range');
    expect(await hover()).not.toContain('the mmap lock is held for write');
    const range = { start: { line: 0, character: 0 }, end: { line: 7, character: 0 } };
    const hints = () => client.request<InlayHint[]>('textDocument/inlayHint', { textDocument: { uri }, range });
    expect((await hints()).map(({ label }) => label)).toContain(' + VM_IO | VM_PFNMAP | VM_DONTEXPAND | VM_DONTDUMP');
    await rulesAfter({ hover: { enable: false }, inlayHints: { enable: false } });
    expect(await hover()).toBeNull();
    expect(await hints()).toEqual([]);
  });

  it('leave a file out that is too long, and say so', async () => {
    // The findings of the edit are awaited, so that they are not taken for those of the setting.
    const edited = client.next(({ version }) => version === 2);
    await change(2, 'MODULE_LICENSE', `/* ${'long '.repeat(400)}*/ MODULE_LICENSE`);
    await edited;
    expect(await rulesAfter({ analysis: { maxFileSize: 1024 } })).toEqual([]);
    expect((await status()).problems.join()).toContain('more than driverMmap.analysis.maxFileSize');
  });

  it('are told with the status of the file', async () => {
    await rulesAfter({ run: 'onSave', rules: { 'missing-owner': 'hint' } });
    const told = new Map((await status()).settings.map(({ name, value }) => [name, value]));
    expect(told.get('driverMmap.run')).toBe('onSave');
    expect(told.get('driverMmap.rules')).toBe('missing-owner: hint');
    expect(told.get('driverMmap.codeLens.enable')).toBe('true');
  });
});
