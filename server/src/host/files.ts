/**
 * Files of this machine, for the programs (`lsp/`, `cli/`): the `Host` that the core reads other files through, and the
 * walk over folders. The core never imports this.
 */
import { closeSync, type Dirent, openSync, readdirSync, readFileSync, readSync, statSync } from 'node:fs';
import path from 'node:path';
import ignore, { type Ignore } from 'ignore';
import type { Host } from '../driver/model.ts';

/** Reads UTF-8 text as an editor would show it: a byte order mark is no part of the text. Throws for what is no text. */
export function readText(file: string): string {
  return textOf(readBytes(file));
}

/** The text that bytes of UTF-8 are, as `readText`. */
export function textOf(bytes: Buffer): string {
  if (bytes.includes(0)) throw new Error('it holds NUL bytes, so it is no text in UTF-8');
  const text = bytes.toString('utf8');
  return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
}

/** Bytes. Grows with the largest file. */
let shared = Buffer.allocUnsafe(1024 * 1024);

/** What is in a file, until the next call: all files are read into the same memory, which is several times faster than new memory for each. */
export function readBytes(file: string): Buffer {
  const handle = openSync(file, 'r');
  try {
    let length = 0;
    for (;;) {
      if (length === shared.length) shared = Buffer.concat([shared], 2 * shared.length);
      const read = readSync(handle, shared, length, shared.length - length, null);
      if (read === 0) return shared.subarray(0, length);
      length += read;
    }
  } finally {
    closeSync(handle);
  }
}

/** A host over the file system that remembers what it read; `forget` drops a file that has changed. */
export function fileHost(): Host & { forget(file: string): void } {
  const read = new Map<string, string | undefined>();
  const listed = new Map<string, readonly string[] | undefined>();
  let characters = 0;
  return {
    readFile(file) {
      if (read.has(file)) return read.get(file);
      let text: string | undefined;
      try {
        if (statSync(file).size <= largestHeader) text = readText(file);
      } catch {
        text = undefined;
      }
      characters += text?.length ?? 0;
      if (read.size >= mostRemembered || characters > mostCharacters) {
        read.clear();
        characters = text?.length ?? 0;
      }
      read.set(file, text);
      return text;
    },
    listFolder(folder) {
      if (!listed.has(folder)) {
        if (listed.size >= mostListed) listed.clear();
        listed.set(folder, namesIn(folder));
      }
      return listed.get(folder);
    },
    forget: (file) => {
      read.delete(file);
      listed.delete(path.posix.dirname(file));
    },
  };
}

/** The files of a folder and the links in it by name; `undefined` where it cannot be read. */
function namesIn(folder: string): readonly string[] | undefined {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile() || entry.isSymbolicLink())
      .map(({ name }) => name)
      .sort();
  } catch {
    return undefined;
  }
}

/** Bytes. Headers beyond this are tables of registers that a program wrote: they are not worth their time. */
const largestHeader = 1024 * 1024;
/** Files, and the characters of all of them. */
const mostRemembered = 2000;
/** Folders. */
const mostListed = 200;
const mostCharacters = 16_000_000;

/** Names of C files, and of scenarios. */
export const sourceName = /\.[ch]$/;
export const scenarioName = /\.mmapsim$/;

/** A path that cannot be read, said in one line. */
export interface WalkProblem {
  readonly file: string;
  readonly message: string;
}

/** The C files at `start`, as `filesBelow` finds them. */
export function sourcesBelow(start: string): ReturnType<typeof filesBelow> {
  return filesBelow(start, sourceName);
}

/** What one folder, or one named file, adds to a walk. */
export interface Walked {
  readonly files: readonly string[];
  readonly problems: readonly WalkProblem[];
}

/** All files at `start`, as `foldersBelow` finds them. */
export function filesBelow(start: string, wanted: RegExp): Walked {
  const files: string[] = [];
  const problems: WalkProblem[] = [];
  for (const walked of foldersBelow(start, wanted)) {
    files.push(...walked.files);
    problems.push(...walked.problems);
  }
  return { files, problems };
}

/**
 * The files at `start`, a folder at a time: itself when it is a file, else all below it whose names are like `wanted`, in the order of
 * their names. `.gitignore` files from the top of the repository down are respected, outside a repository those from `start` down;
 * `excluded` are more patterns of that kind, from `start`. Links to folders are not followed, and headers that are tables are left out.
 */
export function* foldersBelow(start: string, wanted: RegExp, excluded: readonly string[] = []): Generator<Walked, void> {
  const top = path.resolve(start);
  let isFolder: boolean;
  try {
    isFolder = statSync(top).isDirectory();
  } catch (error) {
    yield { files: [], problems: [{ file: start, message: reason(error) }] };
    return;
  }
  if (!isFolder) {
    yield { files: [top], problems: [] };
    return;
  }
  const own: readonly IgnoreFile[] = excluded.length > 0 ? [{ folder: top, rules: ignore().add([...excluded]) }] : [];
  const pending: { folder: string; rules: readonly IgnoreFile[] }[] = [{ folder: top, rules: [...ignoreFilesAbove(top), ...own] }];
  const inRepository = isInRepository(top);
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { folder } = next;
    const rules = withIgnoreFile(next.rules, folder, inRepository);
    let entries: Dirent[];
    try {
      entries = readdirSync(folder, { withFileTypes: true });
    } catch (error) {
      yield { files: [], problems: [{ file: folder, message: reason(error) }] };
      continue;
    }
    entries.sort((a, b) => (a.name < b.name ? -1 : 1));
    const files: string[] = [];
    const folders: string[] = [];
    for (const entry of entries) {
      const full = path.join(folder, entry.name);
      if (entry.isDirectory()) {
        if (entry.name !== '.git' && entry.name !== 'node_modules' && !isIgnored(rules, full, true)) folders.push(full);
      } else if (wanted.test(entry.name) && (entry.isFile() || isFileLink(entry, full)) && !isIgnored(rules, full, false)) {
        if (!isTable(full)) files.push(full);
      }
    }
    for (const inner of folders.reverse()) pending.push({ folder: inner, rules });
    yield { files, problems: [] };
  }
}

interface IgnoreFile {
  readonly folder: string;
  readonly rules: Ignore;
}

/**
 * `rules` and those of the folder's own `.gitignore`. Outside a repository a pattern for everything (`/*`) is left out: packaged
 * kernel sources have it, because their packagers keep them in no repository.
 */
function withIgnoreFile(rules: readonly IgnoreFile[], folder: string, inRepository: boolean): readonly IgnoreFile[] {
  try {
    const text = readFileSync(path.join(folder, '.gitignore'), 'utf8');
    return [...rules, { folder, rules: ignore().add(inRepository ? text : text.replace(/^\/?\*[ \t\r]*$/gm, '')) }];
  } catch {
    return rules;
  }
}

/** The `.gitignore` files between the root of the repository that holds `folder` and `folder` itself (exclusive). */
function ignoreFilesAbove(folder: string): readonly IgnoreFile[] {
  const chain: string[] = [];
  for (let at = path.dirname(folder); ; at = path.dirname(at)) {
    chain.unshift(at);
    if (exists(path.join(at, '.git'))) break;
    if (path.dirname(at) === at) return [];
  }
  return exists(path.join(folder, '.git'))
    ? []
    : chain.reduce((rules, each) => withIgnoreFile(rules, each, true), [] as readonly IgnoreFile[]);
}

function isInRepository(folder: string): boolean {
  for (let at = folder; ; at = path.dirname(at)) {
    if (exists(path.join(at, '.git'))) return true;
    if (path.dirname(at) === at) return false;
  }
}

function isIgnored(rules: readonly IgnoreFile[], file: string, isFolder: boolean): boolean {
  let ignored = false;
  for (const each of rules) {
    const relative = path.relative(each.folder, file).split(path.sep).join('/') + (isFolder ? '/' : '');
    const result = each.rules.test(relative);
    if (result.ignored) ignored = true;
    else if (result.unignored) ignored = false;
  }
  return ignored;
}

/** Whether it is a header so large that only a program can have written it. */
function isTable(file: string): boolean {
  return file.endsWith('.h') && (statSync(file, { throwIfNoEntry: false })?.size ?? 0) > largestHeader;
}

function exists(file: string): boolean {
  return statSync(file, { throwIfNoEntry: false }) !== undefined;
}

function isFileLink(entry: Dirent, file: string): boolean {
  if (!entry.isSymbolicLink()) return false;
  try {
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/** What the system said, without its call names and paths. */
export function reason(error: unknown): string {
  const code = error instanceof Error && 'code' in error ? String(error.code) : '';
  switch (code) {
    case 'ENOENT':
      return 'no such file or folder';
    case 'EACCES':
    case 'EPERM':
      return 'permission denied';
    case 'EISDIR':
      return 'is a folder, where a file is needed';
    default:
      return error instanceof Error ? error.message : String(error);
  }
}
