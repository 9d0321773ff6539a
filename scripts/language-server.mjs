/** A small client of a language server over stdio, for measuring and for tests: opens and edits documents and awaits their diagnostics. */
import { spawn } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';

export class LanguageServer {
  #process;
  #folder;
  #buffer = Buffer.alloc(0);
  #nextId = 1;
  #answers = new Map();
  #diagnostics = new Map();

  /** Starts `program` with `args`; `folder` is the workspace. */
  constructor(program, args, folder) {
    this.#folder = pathToFileURL(folder).href;
    this.#process = spawn(program, args, { stdio: ['pipe', 'pipe', 'inherit'] });
    this.#process.stdout.on('data', (chunk) => this.#read(chunk));
    this.#process.on('exit', (code) => {
      for (const { reject } of [...this.#answers.values(), ...this.#diagnostics.values()])
        reject(new Error(`The server ended with code ${code}.`));
    });
  }

  get pid() {
    return this.#process.pid;
  }

  async initialize() {
    const capabilities = { textDocument: { publishDiagnostics: { versionSupport: true } } };
    const result = await this.request('initialize', { processId: process.pid, rootUri: this.#folder, capabilities });
    this.notify('initialized', {});
    return result;
  }

  request(method, params) {
    const id = this.#nextId++;
    this.#send({ id, method, params });
    return new Promise((resolve, reject) => this.#answers.set(id, { resolve, reject }));
  }

  notify(method, params) {
    this.#send({ method, params });
  }

  /** A document that is edited in its first function body, at the first use of `vma`. */
  document(file) {
    const uri = pathToFileURL(file).href;
    const text = readFileSync(file, 'utf8');
    const lines = text.split('\n');
    const line = Math.max(
      lines.findIndex((each) => /^\s.*\bvma->/.test(each)),
      0,
    );
    const character = Math.max(lines[line].indexOf('vma'), 0);
    const at = (offset) => ({ line, character: character + offset });
    const start = { line, character: 0 };
    let cursor = start;
    let version = 1;
    const change = (range, newText) => {
      version++;
      const done = this.#diagnosticsOf(uri, version);
      this.notify('textDocument/didChange', { textDocument: { uri, version }, contentChanges: [{ range, text: newText }] });
      return done;
    };
    return {
      uri,
      open: () => {
        const done = this.#diagnosticsOf(uri, version);
        const languageId = path.extname(file) === '.mmapsim' ? 'mmapsim' : 'c';
        this.notify('textDocument/didOpen', { textDocument: { uri, languageId, version, text } });
        return done;
      },
      insert: (newText) => change({ start: at(0), end: at(0) }, newText),
      /** Writes in front of the line, where the last text written there ends. */
      type: (newText) => {
        const typed = change({ start: cursor, end: cursor }, newText);
        const [first, ...others] = newText.split('\n');
        const last = others.at(-1);
        cursor =
          last === undefined
            ? { line: cursor.line, character: cursor.character + first.length }
            : { line: cursor.line + others.length, character: last.length };
        return typed;
      },
      /** Asks about the word of the first edit, wherever it is by now. */
      hover: () =>
        this.request('textDocument/hover', { textDocument: { uri }, position: { line: line + cursor.line - start.line, character } }),
    };
  }

  /** Asks the server to end, and waits until it has. */
  async end() {
    const ended = new Promise((resolve) => this.#process.once('exit', resolve));
    await this.request('shutdown', undefined);
    this.notify('exit', undefined);
    return ended;
  }

  #diagnosticsOf(uri, version) {
    return new Promise((resolve, reject) => this.#diagnostics.set(`${uri} ${version}`, { resolve, reject }));
  }

  #send(message) {
    const body = Buffer.from(JSON.stringify({ jsonrpc: '2.0', ...message }));
    this.#process.stdin.write(`Content-Length: ${body.length}\r\n\r\n`);
    this.#process.stdin.write(body);
  }

  #read(chunk) {
    this.#buffer = Buffer.concat([this.#buffer, chunk]);
    for (;;) {
      const split = this.#buffer.indexOf('\r\n\r\n');
      if (split < 0) return;
      const length = Number(/Content-Length: (\d+)/i.exec(this.#buffer.toString('latin1', 0, split))?.[1]);
      const start = split + 4;
      if (this.#buffer.length < start + length) return;
      const message = JSON.parse(this.#buffer.toString('utf8', start, start + length));
      this.#buffer = this.#buffer.subarray(start + length);
      this.#receive(message);
    }
  }

  #receive(message) {
    if (message.method === undefined) {
      const waiting = this.#answers.get(message.id);
      this.#answers.delete(message.id);
      if (message.error) waiting?.reject(new Error(message.error.message));
      else waiting?.resolve(message.result);
    } else if (message.id !== undefined) {
      const result = message.method === 'workspace/configuration' ? message.params.items.map(() => null) : null;
      this.#send({ id: message.id, result });
    } else if (message.method === 'textDocument/publishDiagnostics') {
      const key = `${message.params.uri} ${message.params.version}`;
      this.#diagnostics.get(key)?.resolve(message.params);
      this.#diagnostics.delete(key);
    }
  }
}
