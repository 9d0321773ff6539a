/** What the packaged server answers is taken over whole: no field that it sends is left unread by the client. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { PublishDiagnosticsParams } from 'vscode-languageserver-protocol';
import { clientCapabilities } from '../../../client/src/language-client/capabilities.ts';
import * as editor from '../../../client/src/language-client/to-editor.ts';
import { LanguageClient } from '../../support/language-client.ts';

const example = path.join(import.meta.dirname, '../../../examples/framebuffer-card.c');
const uri = pathToFileURL(example).href;
const text = readFileSync(example, 'utf8');
const lines = text.split('\n');
const textDocument = { uri };
const scenario = { uri: 'file:///nowhere/card.mmapsim' };
const line = lines.findIndex((each) => each.includes('return vm_insert_page('));
const position = { line, character: (lines[line] ?? '').indexOf('vm_insert_page') + 2 };
const range = { start: { line: 0, character: 0 }, end: { line: lines.length, character: 0 } };

/** The fields of an answer that its conversion does not look at. */
function unread<T extends object>(answer: T, convert: (answer: T) => unknown): readonly string[] {
  const read = new Set<string | symbol>();
  const watched = new Proxy(answer, {
    get: (target, name) => {
      read.add(name);
      return Reflect.get(target, name);
    },
  });
  convert(watched);
  return Object.keys(answer).filter((name) => !read.has(name));
}

describe('the client takes over', () => {
  const client = new LanguageClient();
  let published: PublishDiagnosticsParams;
  beforeAll(async () => {
    await client.initialize(clientCapabilities, { simulationPage: true });
    published = await client.open(uri, text);
    const item = { ...scenario, languageId: 'mmapsim', version: 1, text: 'open rw\n' };
    await client.notify('textDocument/didOpen', { textDocument: item });
  });
  afterAll(() => client.stop());

  /** All answers to a question, and that there are some. */
  async function all<T extends object>(method: string, parameters: object): Promise<readonly T[]> {
    const answer = await client.request<T | T[]>(method, parameters);
    const answers = Array.isArray(answer) ? answer : [answer];
    expect(answers.length, method).toBeGreaterThan(0);
    return answers;
  }
  const lost = async <T extends object>(method: string, parameters: object, convert: (answer: T) => unknown) =>
    (await all<T>(method, parameters)).flatMap((answer) => unread(answer, convert));

  it('diagnostics', () => {
    expect(published.diagnostics.length).toBeGreaterThan(0);
    expect(published.diagnostics.flatMap((each) => unread(each, editor.toDiagnostic))).toEqual([]);
  });

  it('hovers', async () => {
    const convert = (hover: Parameters<typeof editor.toHover>[0]) => editor.toHover(hover, []);
    expect(await lost('textDocument/hover', { textDocument, position }, convert)).toEqual([]);
  });

  it.each([
    ['completions', 'textDocument/completion', { textDocument: scenario, position: { line: 1, character: 0 } }, editor.toCompletionItem],
    ['lenses', 'textDocument/codeLens', { textDocument }, editor.toCodeLens],
    ['inlay hints', 'textDocument/inlayHint', { textDocument, range }, editor.toInlayHint],
    ['symbols', 'textDocument/documentSymbol', { textDocument }, editor.toDocumentSymbol],
    ['symbols of the workspace', 'workspace/symbol', { query: 'mmap' }, editor.toSymbolInformation],
  ])('%s', async (_, method, parameters, convert) => {
    expect(await lost(method, parameters, convert as (answer: object) => unknown)).toEqual([]);
  });

  it('code actions', async () => {
    const context = { diagnostics: published.diagnostics };
    const parameters = { textDocument, range, context };
    expect(await lost('textDocument/codeAction', parameters, editor.toCodeAction)).toEqual([]);
  });
});
