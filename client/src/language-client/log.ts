/** What the server logs goes to the output by its level; so does, when the user wants it, all that editor and server say to each other. */
import * as vscode from 'vscode';
import { Trace } from 'vscode-jsonrpc/node';
import type { LogMessageParams } from 'vscode-languageserver-protocol';
import { describe, type Wire } from './wire.ts';

/** By the numbers of the protocol, from 1: error, warning, info, log, debug. */
const levels = ['info', 'error', 'warn', 'info', 'info', 'debug'] as const;

export function logMessages({ connection, output }: Wire): vscode.Disposable {
  return connection.onNotification('window/logMessage', ({ type, message }: LogMessageParams) => output[levels[type] ?? 'info'](message));
}

/** Follows the setting `SECTION.trace.server` while the connection lives. */
export function traceMessages({ connection, output }: Wire, section: string): vscode.Disposable {
  const follow = (): void => {
    const wanted = vscode.workspace.getConfiguration(section).get('trace.server');
    const trace = wanted === 'messages' ? Trace.Messages : wanted === 'verbose' ? Trace.Verbose : Trace.Off;
    const log = (message: unknown, data?: string): void => output.info(data ? `${message}\n${data}` : String(message));
    connection.trace(trace, { log }, { sendNotification: false }).catch((error) => output.error(describe(error)));
  };
  follow();
  return vscode.workspace.onDidChangeConfiguration((event) => {
    if (event.affectsConfiguration(`${section}.trace.server`)) follow();
  });
}
