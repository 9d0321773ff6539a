/** From a place in the code to more about it, as the packaged language server gives it to clients with commands of their own and to others. */
import { existsSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CodeAction, Hover } from 'vscode-languageserver/node';
import { explainMethod, falseAlarmMethod } from '../../server/src/protocol/requests.ts';
import { LanguageClient } from '../support/language-client.ts';

const uri = 'file:///live/card(1).c';
const text = `static int card_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_flags |= VM_DONTEXPAND;
	return remap_pfn_range(vma, vma->vm_start, 0x1000, PAGE_SIZE, vma->vm_page_prot);
}
static const struct file_operations card_fops = { .mmap = card_mmap };
`;
const capabilities = { textDocument: { hover: { contentFormat: ['markdown'] } } };

describe('explanations', () => {
  let client: LanguageClient;
  beforeEach(() => {
    client = new LanguageClient();
  });
  afterEach(async () => {
    expect(await client.stop()).toBe(0);
  });
  /** The links of the hover over a word, as titles and targets. */
  const linksAt = async (line: number, word: string) => {
    const position = { line, character: text.split('\n')[line]?.indexOf(word) ?? 0 };
    const hover = await client.request<Hover | null>('textDocument/hover', { textDocument: { uri }, position });
    const contents = hover?.contents;
    const value = typeof contents === 'object' && 'value' in contents ? contents.value : '';
    const last = value.split('\n').at(-1) ?? '';
    return [...last.matchAll(/\[([^\]]+)\]\(([^()]+)\)/g)].map(([, title = '', target = '']) => ({ title, target }));
  };
  const argumentOf = (target: string) => JSON.parse(decodeURIComponent(target.slice(target.indexOf('?') + 1)));

  it('are commands for a client that has them', async () => {
    await client.initialize(capabilities, { simulationPage: true, driverMmap: { kernelVersion: '6.12' } });
    const { diagnostics } = await client.open(uri, text);
    expect(diagnostics.map(({ codeDescription }) => codeDescription?.href)).toContain('driver-mmap:/vm-flags-direct-write.md');
    const call = await linksAt(3, 'remap_pfn_range');
    expect(call.map(({ title }) => title)).toEqual(expect.arrayContaining(['Simulate', 'More', 'Kernel documentation']));
    expect(call.find(({ title }) => title === 'More')?.target).toMatch(/^command:driverMmap\.explainName\?/);
    expect(argumentOf(call.find(({ title }) => title === 'More')?.target ?? '')).toEqual([{ name: 'remap_pfn_range', uri }]);
    expect(argumentOf(call[0]?.target ?? '')).toEqual([{ uri, position: { line: 3, character: 8 } }]);
    const flag = await linksAt(2, 'VM_DONTEXPAND');
    expect(flag.map(({ title, target }) => `${title} ${target.split('?')[0]}`)).toContain(
      'vm-flags-direct-write command:driverMmap.explainRule',
    );
    const slot = await linksAt(5, 'mmap = ');
    expect(slot.map(({ title }) => title)).not.toContain('Simulate');
    expect(argumentOf(slot.find(({ title }) => title === 'More')?.target ?? '')).toEqual([{ name: 'file_operations.mmap', uri }]);
  });

  it('are files and pages for others, and none when links are off', async () => {
    await client.initialize(capabilities, { driverMmap: { kernelVersion: '6.12' } });
    const { diagnostics } = await client.open(uri, text);
    const page = diagnostics.find(({ code }) => code === 'vm-flags-direct-write')?.codeDescription?.href ?? '';
    expect(existsSync(fileURLToPath(page))).toBe(true);
    expect(await linksAt(2, 'VM_DONTEXPAND')).toContainEqual({ title: 'vm-flags-direct-write', target: page });
    expect((await linksAt(3, 'remap_pfn_range')).every(({ target }) => !target.startsWith('command:'))).toBe(true);
    await client.notify('workspace/didChangeConfiguration', { settings: { driverMmap: { hover: { links: { enable: false } } } } });
    expect(await linksAt(3, 'remap_pfn_range')).toEqual([]);
  });

  it('are offered at a finding too, after the ways to run it', async () => {
    await client.initialize(capabilities, { simulationPage: true, driverMmap: { kernelVersion: '6.12' } });
    const { diagnostics } = await client.open(uri, text);
    const wrong = diagnostics.find(({ code }) => code === 'vm-flags-direct-write');
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range: wrong?.range,
      context: { diagnostics: [wrong] },
    });
    const explain = actions.find(({ title }) => title.startsWith('Explain'));
    expect(explain).toMatchObject({ title: 'Explain vm-flags-direct-write', kind: 'quickfix', diagnostics: [wrong] });
    expect(explain?.command).toMatchObject({ command: 'driverMmap.explainRule', arguments: ['vm-flags-direct-write'] });
  });

  it('end with a report for us, which tells the finding and its function and no paths', async () => {
    await client.initialize(capabilities, { simulationPage: true, driverMmap: { kernelVersion: '6.12' } });
    const { diagnostics } = await client.open(uri, text);
    const range = diagnostics.find(({ code }) => code === 'vm-flags-direct-write')?.range;
    const actions = await client.request<CodeAction[]>('textDocument/codeAction', {
      textDocument: { uri },
      range,
      context: { diagnostics: [] },
    });
    const offered = actions.at(-1)?.command;
    expect(offered?.command).toBe('driverMmap.copyFalseAlarm');
    const report = await client.request<string | null>(falseAlarmMethod, offered?.arguments?.[0]);
    expect(report).toContain('Linux 6.12');
    expect(report).toContain('in `card_mmap`, file_operations.mmap');
    expect(report).toContain(`\`\`\`c\n${text.slice(0, text.indexOf('\n}') + 2)}\n\`\`\`\n`);
    expect(report).not.toContain('/live/');
    await client.notify('textDocument/didChange', { textDocument: { uri, version: 2 }, contentChanges: [{ text: '' }] });
    expect(await client.request<string | null>(falseAlarmMethod, offered?.arguments?.[0])).toBeNull();
  });

  it('tell all that is known of a name', async () => {
    await client.initialize({}, { driverMmap: { kernelVersion: '5.4' } });
    await client.open(uri, text);
    const page = (name: string) => client.request<string | null>(explainMethod, { name, uri });
    expect(await page('vm_flags_set')).toContain('**In 5.4: not there yet.**');
    expect(await page('remap_pfn_range')).toMatch(/## Rules about it\n\n- `/);
    expect(await page('remap-cow-partial')).toContain('# remap-cow-partial');
    for (const name of ['no_such_call', '../rules/remap-cow-partial']) expect(await page(name)).toBeNull();
  });
});
