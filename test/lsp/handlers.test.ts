/** The mapping handlers that the packaged language server knows: of an open file, of one that is not, and of a whole folder. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { FileHandlers } from '../../server/src/protocol/handlers.ts';
import { handlersMethod, type WorkspaceHandlersResult, workspaceHandlersMethod } from '../../server/src/protocol/requests.ts';
import { LanguageClient } from '../support/language-client.ts';

const driver = (name: string) => `static int ${name}_mmap(struct file *file, struct vm_area_struct *vma)
{
	vma->vm_flags |= VM_DONTEXPAND;
	return 0;
}
static const struct file_operations ${name}_fops = { .mmap = ${name}_mmap };
`;

describe('the handlers', () => {
  let client: LanguageClient;
  let folder: string;
  const uriOf = (file: string) => pathToFileURL(path.join(folder, file)).href;
  const handlersOf = (file: string) => client.request<FileHandlers>(handlersMethod, { uri: uriOf(file) });

  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'driver-mmap-handlers-'));
    writeFileSync(path.join(folder, '.gitignore'), 'left-out.c\n');
    for (const name of ['one', 'two', 'left-out']) writeFileSync(path.join(folder, `${name}.c`), driver(name.replace('-', '_')));
    writeFileSync(path.join(folder, 'none.c'), 'int nothing;\n');
    client = new LanguageClient();
    await client.initialize({}, { driverMmap: { kernelVersion: '6.12' } }, pathToFileURL(folder).href);
  });
  afterEach(async () => {
    expect(await client.stop()).toBe(0);
    rmSync(folder, { recursive: true });
  });

  it('of an open file are those of its text, with findings', async () => {
    await client.open(uriOf('one.c'), driver('typed'));
    const { uri, handlers } = await handlersOf('one.c');
    expect(uri).toBe(uriOf('one.c'));
    expect(handlers).toMatchObject([{ function: 'typed_mmap', slots: ['file_operations.mmap'], compiled: true }]);
    expect(handlers[0]?.findings).toMatchObject([{ rule: 'vm-flags-direct-write', uri, way: ['typed_mmap'] }]);
  });

  it('of another file are those that are written', async () => {
    const { handlers } = await handlersOf('two.c');
    expect(handlers).toMatchObject([{ function: 'two_mmap', range: { start: { line: 0, character: 11 } } }]);
    expect(handlers[0]).not.toHaveProperty('findings');
    expect(await handlersOf('none.c')).toEqual({ uri: uriOf('none.c'), handlers: [] });
    expect(await handlersOf('absent.c')).toEqual({ uri: uriOf('absent.c'), handlers: [] });
  });

  it('of the folder come with progress, without what git ignores', async () => {
    const told: string[] = [];
    client.onProgress('mine', ({ kind }) => told.push(kind));
    const result = await client.request<WorkspaceHandlersResult>(workspaceHandlersMethod, { workDoneToken: 'mine' });
    expect(result.cancelled).toBe(false);
    expect(result.files.map(({ uri, handlers }) => [uri, ...handlers.map((each) => each.function)])).toEqual([
      [uriOf('one.c'), 'one_mmap'],
      [uriOf('two.c'), 'two_mmap'],
    ]);
    expect(told[0]).toBe('begin');
    expect(told.at(-1)).toBe('end');
  });
});
