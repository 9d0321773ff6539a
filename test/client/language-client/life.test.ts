/** The client with the packaged server, and with servers that behave badly: started, used, killed, stopped. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { CancellationToken, LogOutputChannel } from 'vscode';
import { clientCapabilities } from '../../../client/src/language-client/capabilities.ts';
import { features } from '../../../client/src/language-client/features.ts';
import { ServerConnection, type ServerState } from '../../../client/src/server-connection.ts';
import { LanguageClient } from '../../support/language-client.ts';
import { editor, output, Range, workspace } from '../../support/vscode.ts';

const root = path.join(import.meta.dirname, '../../..');
const uri = 'file:///nowhere/card.c';
const token = { isCancellationRequested: false, onCancellationRequested: () => ({ dispose: () => undefined }) };
const driver = readFileSync(path.join(root, 'examples/framebuffer-card.c'), 'utf8');

/** A server that answers the first question, and then does `rest`. */
const simpleServer = (rest: string) => `
process.on('message', ({ id, method }) => {
  if (method === 'initialize') process.send({ jsonrpc: '2.0', id, result: { capabilities: {} } });
  ${rest}
});`;

let folder = '';
let server: ServerConnection;

/** Puts a server where the client looks for it; each start of it leaves the number of its process. */
function place(program: string): void {
  mkdirSync(path.join(folder, 'dist'));
  const note = `require('node:fs').appendFileSync(${JSON.stringify(path.join(folder, 'starts'))}, process.pid + '\\n');\n`;
  writeFileSync(path.join(folder, 'dist/server.cjs'), note + program);
}
const ourServer = `require(${JSON.stringify(path.join(root, 'dist/server.cjs'))});`;

/** The numbers of the processes that were started, in their order. */
function starts(): readonly number[] {
  const file = path.join(folder, 'starts');
  return existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').map(Number) : [];
}

function isAlive(pid: number | undefined): boolean {
  try {
    return pid !== undefined && process.kill(pid, 0);
  } catch {
    return false;
  }
}

const becomes = (wanted: ServerState) =>
  new Promise<void>((resolve) => {
    const listener = server.onDidChangeState((state) => {
      if (state !== wanted) return;
      listener.dispose();
      resolve();
    });
  });

/** Resolves when the findings of the file are shown again. */
const findings = () =>
  new Promise<readonly unknown[]>((resolve) => {
    const listener = editor.published.event((each) => {
      if (each !== uri) return;
      listener.dispose();
      resolve(editor.diagnostics.get(uri) ?? []);
    });
  });

/** What the one provider of a kind answers. */
async function ask(kind: string, method: string, ...given: readonly unknown[]): Promise<unknown> {
  const [provider, ...more] = editor.providers.get(kind) ?? [];
  expect(more, kind).toEqual([]);
  return (provider as Record<string, (...all: readonly unknown[]) => Promise<unknown>>)[method]?.(...given);
}

beforeEach(() => {
  folder = mkdtempSync(path.join(os.tmpdir(), 'driver-mmap-client-'));
  editor.shown.length = 0;
  editor.log.length = 0;
  editor.settings = {};
  server = new ServerConnection(folder, output as unknown as LogOutputChannel);
});
afterEach(async () => {
  await server.stop();
  for (const document of [...workspace.textDocuments]) editor.close(document);
  rmSync(folder, { recursive: true, force: true });
});

describe('the client', () => {
  it('has a row for all that the server offers to it, and none besides', async () => {
    const own = new LanguageClient();
    const { capabilities } = await own.initialize(clientCapabilities, { simulationPage: true });
    await own.stop();
    const offered = Object.keys(capabilities).filter((name) => name !== 'textDocumentSync');
    expect(features.map(({ offeredAs }) => offeredAs).sort()).toEqual(offered.sort());
  });

  it('asks the server for each thing that the editor shows', async () => {
    place(ourServer);
    const shown = findings();
    const document = editor.open(uri, driver);
    await server.start();
    expect(server.state).toBe('running');
    const diagnostics = await shown;
    expect(diagnostics.length).toBeGreaterThan(0);

    const lines = driver.split('\n');
    const line = lines.findIndex((each) => each.includes('vm_insert_page('));
    const position = { line, character: (lines[line] ?? '').indexOf('vm_insert_page') + 2 };
    expect(await ask('hover', 'provideHover', document, position, token)).toMatchObject({
      contents: [{ isTrusted: { enabledCommands: expect.arrayContaining(['driverMmap.simulate']) } }],
    });
    const lenses = await ask('code lens', 'provideCodeLenses', document, token);
    expect(lenses).toContainEqual(expect.objectContaining({ command: expect.objectContaining({ command: 'driverMmap.simulate' }) }));
    const whole = new Range(0, 0, lines.length, 0);
    expect(await ask('inlay hint', 'provideInlayHints', document, whole, token)).not.toEqual([]);
    expect(await ask('document symbol', 'provideDocumentSymbols', document, token)).not.toEqual([]);
    expect(await ask('workspace symbol', 'provideWorkspaceSymbols', 'mmap', token)).not.toEqual([]);
    const context = { diagnostics, only: undefined, triggerKind: 1 };
    const actions = await ask('code action', 'provideCodeActions', document, whole, context, token);
    expect(actions).toContainEqual(expect.objectContaining({ kind: { value: 'quickfix' } }));

    const scenario = editor.open('file:///nowhere/card.mmapsim', 'open rw\n', 'mmapsim');
    const at = { line: 1, character: 0 };
    expect(await ask('completion', 'provideCompletionItems', scenario, at, token, { triggerKind: 0 })).toContainEqual(
      expect.objectContaining({ label: 'expect', kind: 13 }),
    );
    expect(editor.log.filter((each) => each.startsWith('error'))).toEqual([]);
  });

  it('follows the settings, and asks again for what they change', async () => {
    place(ourServer);
    const document = editor.open(uri, driver);
    const first = findings();
    await server.start();
    await first;
    const [provider] = editor.providers.get('code lens') as { onDidChangeCodeLenses(listener: () => void): unknown }[];
    const again = new Promise<void>((resolve) => provider?.onDidChangeCodeLenses(resolve));
    const next = findings();
    editor.set({ rulePreset: 'none', codeLens: { enable: false } });
    await again;
    expect(await next).toEqual([]);
    expect(await ask('code lens', 'provideCodeLenses', document, token)).toEqual([]);
  });

  it('writes what is said between both when the setting asks for it, and no longer than that', async () => {
    place(ourServer);
    await server.start();
    const sent = () => editor.log.filter((each) => /Sending notification 'textDocument\/didOpen'/.test(each)).length;
    editor.open(uri, driver);
    expect(sent()).toBe(0);
    editor.set({ trace: { server: 'messages' } });
    editor.open('file:///nowhere/other.c', driver);
    expect(sent()).toBe(1);
    editor.set({ trace: { server: 'off' } });
    editor.open('file:///nowhere/third.c', driver);
    expect(sent()).toBe(1);
  });
});

describe('the server', () => {
  it('that is killed comes back with its findings, and nothing is there twice', async () => {
    place(ourServer);
    editor.open(uri, driver);
    const first = findings();
    await server.start();
    const before = (await first).length;
    const again = becomes('running');
    process.kill(starts()[0] ?? 0, 'SIGKILL');
    await becomes('starting');
    expect(editor.diagnostics.size).toBe(0);
    const back = findings();
    await again;
    expect((await back).length).toBe(before);
    expect(starts()).toHaveLength(2);
    for (const [kind, providers] of editor.providers) expect(providers, kind).toHaveLength(1);
    expect(editor.shown).toEqual([]);
  });

  it('that is killed before it answers is told of in a sentence', async () => {
    place(simpleServer(''));
    await server.start();
    const cancelled = { ...token } as unknown as CancellationToken;
    const waiting = [server.request('driverMmap/explain', {}), server.requestWithProgress('driverMmap/handlers', {}, cancelled, () => {})];
    process.kill(starts()[0] ?? 0, 'SIGKILL');
    for (const each of await Promise.allSettled(waiting))
      expect(each).toMatchObject({ status: 'rejected', reason: { message: 'The language server ended before it answered.' } });
  });

  it('that keeps ending is left alone, with one message', async () => {
    place(simpleServer(`if (method === 'initialized') process.exit(3);`));
    const failed = becomes('failed');
    await server.start();
    await failed;
    expect(starts()).toHaveLength(5);
    expect(editor.shown).toHaveLength(1);
    await expect(server.request('driverMmap/handlers', {})).rejects.toThrow('not running');
  });

  it('that does not start is told of once', async () => {
    await server.start();
    expect(server.state).toBe('failed');
    expect(editor.shown).toHaveLength(1);
    expect(editor.log.some((each) => each.includes('did not start'))).toBe(true);
  });

  it('ends when it is asked to, and takes everything along', async () => {
    place(ourServer);
    editor.open(uri, driver);
    const first = findings();
    await server.start();
    await first;
    const stopping = server.stop();
    expect(editor.diagnostics.size).toBe(0);
    expect([...editor.providers.values()].flat()).toEqual([]);
    await stopping;
    expect(isAlive(starts()[0])).toBe(false);
    expect(editor.log.some((each) => each.includes('killed'))).toBe(false);
    await server.restart();
    expect(server.state).toBe('running');
    expect(starts()).toHaveLength(2);
  });

  it('that does not end when it is asked to is killed', async () => {
    place(simpleServer(''));
    await server.start();
    await server.stop();
    expect(isAlive(starts()[0])).toBe(false);
    expect(editor.log.some((each) => each.includes('killed'))).toBe(true);
  });

  it('may be stopped while it starts', async () => {
    place(`setInterval(() => {}, 1000);`);
    const starting = server.start();
    await new Promise((resolve) => {
      const timer = setInterval(() => {
        if (starts().length === 0) return;
        clearInterval(timer);
        resolve(undefined);
      }, 10);
    });
    await server.stop();
    await starting;
    expect(server.state).toBe('stopped');
    expect(isAlive(starts()[0])).toBe(false);
    expect(editor.shown).toEqual([]);
  });

  it('runs once, however fast it is started, stopped and started again', async () => {
    place(ourServer);
    const starting = [server.start(), server.stop(), server.start(), server.start()];
    await Promise.all(starting);
    expect(await server.whenSettled()).toBe(true);
    expect(starts()).toHaveLength(1);
  });
});
