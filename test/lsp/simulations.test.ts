/** The custom requests of the packaged language server: what a run, a comparison, an attack and the status answer, and when they cannot. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  type AttackResult,
  attackMethod,
  type FileStatus,
  fileStatusMethod,
  type MatrixResult,
  matrixMethod,
  type SimulateResult,
  simulateMethod,
} from '../../server/src/protocol/requests.ts';
import { LanguageClient } from '../support/language-client.ts';

const folder = path.join(import.meta.dirname, '../../examples');
const driver = path.join(folder, 'ring-buffer.c');
const uri = pathToFileURL(driver).href;
const text = readFileSync(driver, 'utf8');
const closed = { kind: 'failed', message: expect.stringContaining('The file is not open') };

describe('the custom requests', () => {
  let client: LanguageClient;
  beforeAll(async () => {
    client = new LanguageClient();
    await client.initialize({}, { driverMmap: { kernelVersion: '6.12' } });
    await client.open(uri, text);
  });
  afterAll(async () => {
    expect(await client.stop()).toBe(0);
  });

  const run = async (more: object) => {
    const result = await client.request<SimulateResult>(simulateMethod, { uri, ...more });
    return result.kind === 'trace' ? result.trace : undefined;
  };

  it('run the handler at a position on the kernel that is asked for', async () => {
    const lines = text.split('\n');
    const line = lines.findIndex((each) => /_mmap\(struct file/.test(each));
    const name = /(\w+_mmap)\(/.exec(lines[line] ?? '')?.[1];
    expect(await run({ position: { line: line + 2, character: 1 } })).toMatchObject({ kernel: '6.12', handler: { function: name } });
    expect(await run({ handler: name, kernel: '5.4' })).toMatchObject({ kernel: '5.4', handler: { function: name } });
  });

  it('run the scenario that is given, with what it includes from where it stands', async () => {
    const scenarioUri = pathToFileURL(path.join(folder, 'new.mmapsim')).href;
    const ran = await run({ scenario: 'include "ring-buffer.mmapsim"\n', scenarioUri });
    expect(ran?.verdict.failedExpectations).toEqual([]);
    const failed = await run({ scenario: 'open rw\na = mmap len 1p off 0 prot rw shared expect EPERM\n' });
    expect(failed?.verdict.failedExpectations).toHaveLength(1);
  });

  it('compare kernels in the order of the question, and say which is none', async () => {
    const kernels = ['5.4', '6.12'];
    const result = await client.request<MatrixResult>(matrixMethod, { uri, kernels });
    expect(result).toMatchObject({ kind: 'matrix', matrix: { kernels } });
    expect(await client.request<MatrixResult>(matrixMethod, { uri, kernels: ['6.12', 'new'] })).toEqual({
      kind: 'failed',
      message: '`new` is no Linux version. Write versions such as 6.12 or 2.6.15.',
    });
  });

  it('attack a handler within the budget that is given, the same way each time', async () => {
    const ask = () => client.request<AttackResult>(attackMethod, { uri, seed: 1, budget: 2000 });
    const first = await ask();
    expect(first.kind).toBe('report');
    expect(await ask()).toEqual(first);
  });

  it('tell the status of an open file', async () => {
    const status = await client.request<FileStatus>(fileStatusMethod, { uri });
    expect(status).toMatchObject({ kernel: '6.12', kernelFrom: 'the setting driverMmap.kernelVersion' });
    expect(status.handlers.length).toBeGreaterThan(0);
  });

  it.each([
    [simulateMethod, { kernel: 'six' }, '`kernel` takes auto or a Linux version such as 6.12 or 2.6.15, not "six".'],
    [simulateMethod, { kernel: 6.1 }, '`kernel` takes auto or a Linux version such as 6.12 or 2.6.15, not 6.1.'],
    [simulateMethod, { uri: undefined }, '`uri`, the C file that is open, is missing.'],
    [simulateMethod, { uri: 7 }, '`uri` takes a text, not 7.'],
    [
      simulateMethod,
      { position: { line: -1, character: 0 } },
      '`position` takes a place with line and character, not {"line":-1,"character":0}.',
    ],
    [matrixMethod, { kernels: [] }, '`kernels` takes a list of Linux versions such as 6.12 and 2.6.15, not [].'],
    [attackMethod, { budget: 'much' }, '`budget` takes a whole number from 0, not "much".'],
    [attackMethod, { seed: 1.5 }, '`seed` takes a whole number from 0, not 1.5.'],
  ])('%s says what %j should be', async (method, more, message) => {
    expect(await client.request(method, { uri, ...more })).toEqual({ kind: 'failed', message });
  });

  it.each([[[]], [[null]], [['file:///a.c']]])('the command does so too: %j', async (args) => {
    const told = await client.request<string>('workspace/executeCommand', { command: 'driverMmap.simulate', arguments: args });
    expect(told).toMatch(/^(The request has no parameters; it takes at least `uri`|`uri`, the C file that is open, is missing)\.\n$/);
  });

  it('say that a file is not open, and which handlers there are', async () => {
    const other = { uri: pathToFileURL(path.join(folder, 'doorbell-window.c')).href };
    expect(await client.request(simulateMethod, other)).toEqual(closed);
    expect(await client.request(matrixMethod, { ...other, kernels: ['6.12'] })).toEqual(closed);
    expect(await client.request(attackMethod, other)).toEqual(closed);
    expect(await client.request(fileStatusMethod, other)).toBeNull();
    expect(await client.request(simulateMethod, { uri, handler: 'none' })).toMatchObject({
      kind: 'failed',
      message: expect.stringContaining('none is no mapping handler of this file; there are: '),
    });
  });
});
