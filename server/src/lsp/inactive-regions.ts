/**
 * Tells a client that draws them which branches its files do not compile. Waits until the typing pauses, because nobody waits for it, and
 * says nothing twice. Knows no text; the open documents do.
 */
import type { Connection } from 'vscode-languageserver/node';
import { inactiveBranches } from '../ide/inactive-branches.ts';
import { type InactiveRegionsParams, inactiveRegionsMethod } from '../protocol/requests.ts';
import type { OpenDocuments } from './open-documents.ts';

/** Milliseconds without a change. */
const pause = 150;

export class InactiveRegions {
  readonly #connection: Connection;
  readonly #open: OpenDocuments;
  readonly #timers = new Map<string, NodeJS.Timeout>();
  /** What was told last, as text. */
  readonly #told = new Map<string, string>();

  constructor(connection: Connection, open: OpenDocuments) {
    this.#connection = connection;
    this.#open = open;
  }

  /** The text of a file has changed, or what it is compiled for. */
  changed(uri: string): void {
    clearTimeout(this.#timers.get(uri));
    this.#timers.set(
      uri,
      setTimeout(() => void this.#tell(uri), pause),
    );
  }

  closed(uri: string): void {
    clearTimeout(this.#timers.get(uri));
    this.#timers.delete(uri);
    this.#told.delete(uri);
  }

  async #tell(uri: string): Promise<void> {
    this.#timers.delete(uri);
    try {
      const isOn = (await this.#open.settings(uri)).inactiveBranches;
      const document = isOn ? await this.#open.current(uri) : undefined;
      if (!this.#open.has(uri)) return;
      const params: InactiveRegionsParams = { textDocument: { uri }, regions: document ? inactiveBranches(document) : [] };
      const text = JSON.stringify(params.regions);
      if (text === (this.#told.get(uri) ?? '[]')) return;
      this.#told.set(uri, text);
      await this.#connection.sendNotification(inactiveRegionsMethod, params);
    } catch (error) {
      this.#connection.console.error(`inactive branches of ${uri} failed: ${error instanceof Error ? error.message : String(error)}`);
    }
  }
}
