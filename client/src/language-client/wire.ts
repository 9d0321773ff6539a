/**
 * The way to the server as the parts of the client use it: they tell and ask, and a failure is logged here instead of shown to a user who
 * asked for nothing. Knows no method of the protocol.
 */
import type { CancellationToken, LogOutputChannel } from 'vscode';
import { type MessageConnection, ResponseError } from 'vscode-jsonrpc/node';

export interface Wire {
  readonly connection: MessageConnection;
  readonly output: LogOutputChannel;
  /** Sends a notification at once, so that what is told and asked keeps its order. */
  tell(method: string, parameters: object): void;
  /** Asks for what is shown to the user; `undefined` when the server has nothing, was cancelled, or failed. */
  ask<Result, Shown>(
    method: string,
    parameters: object,
    token: CancellationToken,
    show: (result: Result) => Shown,
  ): Promise<Shown | undefined>;
}

/** Codes of the protocol for answers that nobody waits for any more. */
const outdated: readonly number[] = [
  -32800, // The request was cancelled by the client,
  -32802, // or by the server.
  -32801, // The text is another one by now.
  -32097, // The connection ended before the answer,
  -32096, // or before the question.
];

/** Whether a request failed because its answer came too late to matter. */
function isOutdated(error: unknown): boolean {
  return error instanceof ResponseError && outdated.includes(error.code);
}

export function wireOf(connection: MessageConnection, output: LogOutputChannel): Wire {
  return {
    connection,
    output,
    tell: (method, parameters) => {
      // A connection that has ended throws at once.
      const sent = async (): Promise<void> => connection.sendNotification(method, parameters);
      sent().catch((error) => output.error(`${method} was not sent: ${describe(error)}`));
    },
    ask: async <Result, Shown>(method: string, parameters: object, token: CancellationToken, show: (result: Result) => Shown) => {
      try {
        const result = await connection.sendRequest<Result | null>(method, parameters, token);
        return result === null || token.isCancellationRequested ? undefined : show(result);
      } catch (error) {
        if (!isOutdated(error)) output.error(`${method} failed: ${describe(error)}`);
        return undefined;
      }
    },
  };
}

/** An error in words. */
export const describe = (error: unknown): string => (error instanceof Error ? error.message : String(error));
