/** What is asked over the wire and fails: silent when nobody waits for it any more, else logged, and never an exception. */
import { beforeEach, describe, expect, it } from 'vitest';
import type { CancellationToken, LogOutputChannel } from 'vscode';
import { type MessageConnection, ResponseError } from 'vscode-jsonrpc/node';
import { wireOf } from '../../../client/src/language-client/wire.ts';
import { editor, output } from '../../support/vscode.ts';

const token = { isCancellationRequested: false } as CancellationToken;
const given: unknown[] = [];

/** A wire whose server answers in one way. */
function wireTo(answer: () => unknown) {
  const connection = {
    sendRequest: async (...all: unknown[]) => {
      given.push(...all);
      return answer();
    },
    sendNotification: answer,
  };
  return wireOf(connection as unknown as MessageConnection, output as unknown as LogOutputChannel);
}

const failing = (error: Error) => () => {
  throw error;
};
const ask = (answer: () => unknown, by = token) => wireTo(answer).ask('textDocument/hover', {}, by, (result: string) => result.length);

beforeEach(() => {
  given.length = 0;
  editor.log.length = 0;
});

describe('what is asked', () => {
  it('is shown when the server has something, and may be cancelled', async () => {
    expect(await ask(() => 'four')).toBe(4);
    expect(given).toEqual(['textDocument/hover', {}, token]);
    expect(await ask(() => null)).toBeUndefined();
    expect(await ask(() => 'four', { ...token, isCancellationRequested: true })).toBeUndefined();
  });

  it('fails in silence when its answer came too late', async () => {
    for (const code of [-32800, -32801, -32802, -32096, -32097])
      expect(await ask(failing(new ResponseError(code, 'late')))).toBeUndefined();
    expect(editor.log).toEqual([]);
  });

  it('is logged when the server failed', async () => {
    expect(await ask(failing(new ResponseError(-32603, 'broken')))).toBeUndefined();
    expect(await ask(failing(new Error('gone')))).toBeUndefined();
    expect(editor.log).toEqual(['error textDocument/hover failed: broken', 'error textDocument/hover failed: gone']);
  });
});

describe('what is told', () => {
  it('is logged when it cannot be sent', async () => {
    wireTo(failing(new Error('Connection is disposed.'))).tell('textDocument/didOpen', {});
    await Promise.resolve();
    expect(editor.log).toEqual(['error textDocument/didOpen was not sent: Connection is disposed.']);
  });
});
