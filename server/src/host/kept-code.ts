/**
 * Keeps what V8 has compiled of a program from one run to the next: functions that an earlier run needed are read instead of compiled.
 * Knows nothing of what the program does. No cache is ever needed: what cannot be read is compiled, what cannot be written is not kept.
 */
import { createHash } from 'node:crypto';
import { channel } from 'node:diagnostics_channel';
import { closeSync, fstatSync, mkdirSync, openSync, readdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { cachedDataVersionTag, getHeapCodeStatistics } from 'node:v8';
import { Script } from 'node:vm';
import { growAsUsual } from './engine.ts';

/** Told by a program that has done what it mostly does, and has time now. */
export const idle = channel('driver-mmap:idle');

/** Files in the folder at most: some for each version of the program and of Node that is in use. */
const mostFiles = 12;
/** What has been compiled is written when it is this much more than what was read. */
const worthWriting = 1.25;
const digestBytes = 32;

/** A program, ready to be run, whose functions are kept. */
export interface KeptProgram {
  readonly script: Script;
  /** Writes what is compiled by now, when nothing was read or much has come to it. Takes tens of milliseconds then. */
  keep(): void;
}

/**
 * The folder of the user's caches that compiled code is kept in: what `DRIVER_MMAP_CODE_CACHE` says, else that of the system. `undefined`
 * when the variable says `off`.
 */
export function codeFolder(environment: NodeJS.ProcessEnv = process.env): string | undefined {
  const { DRIVER_MMAP_CODE_CACHE: given, XDG_CACHE_HOME: caches, LOCALAPPDATA: local } = environment;
  if (given === 'off') return undefined;
  if (given) return path.resolve(given);
  try {
    return path.join(caches || systemCaches(local), 'driver-mmap', 'code');
  } catch {
    return undefined;
  }
}

function systemCaches(local: string | undefined): string {
  if (process.platform === 'win32' && local) return local;
  return path.join(homedir(), process.platform === 'darwin' ? 'Library/Caches' : '.cache');
}

/**
 * Compiles `source`, with what `folder` keeps of it for this `use`: other uses run other functions. The version of V8, its flags and the
 * processor are part of the name.
 */
export function compileKept(source: string, filename: string, use: string, folder: string | undefined): KeptProgram {
  if (folder === undefined) return { script: new Script(source, { filename }), keep: () => undefined };
  const tag = cachedDataVersionTag();
  const file = path.join(folder, `${use}-${digestOf(source).toString('hex').slice(0, 16)}-${tag.toString(16)}`);
  const cachedData = readKept(file);
  const script = new Script(source, cachedData ? { filename, cachedData } : { filename });
  let read = script.cachedDataRejected === false ? codeSize() : 0;
  const keep = () => {
    const size = codeSize();
    if (size < read * worthWriting) return;
    read = size;
    growAsUsual();
    // V8 refuses what was made with other flags.
    if (cachedDataVersionTag() === tag) writeKept(file, script.createCachedData());
  };
  return { script, keep };
}

/** Bytes of the code that V8 holds, which it goes through to count. */
const codeSize = () => getHeapCodeStatistics().bytecode_and_metadata_size;

const digestOf = (bytes: string | Buffer): Buffer => createHash('sha256').update(bytes).digest();

/** What `writeKept` wrote. V8 runs what it is given: a file that others may write, and one that is not whole, are not taken. */
function readKept(file: string): Buffer | undefined {
  try {
    const handle = openSync(file, 'r');
    try {
      const { uid, mode } = fstatSync(handle);
      if (process.getuid && (uid !== process.getuid() || (mode & 0o022) !== 0)) return undefined;
      const bytes = readFileSync(handle);
      const data = bytes.subarray(digestBytes);
      return digestOf(data).equals(bytes.subarray(0, digestBytes)) ? data : undefined;
    } finally {
      closeSync(handle);
    }
  } catch {
    return undefined;
  }
}

function writeKept(file: string, data: Buffer): void {
  const folder = path.dirname(file);
  const unfinished = `${file}.${process.pid}`;
  try {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(unfinished, Buffer.concat([digestOf(data), data]), { mode: 0o600 });
    renameSync(unfinished, file);
    for (const old of oldest(folder)) rmSync(old, { force: true });
  } catch {
    // A full disk, or a home that cannot be written: the next run compiles again.
  }
}

/** The files beyond `mostFiles`, by when they were written. */
function oldest(folder: string): readonly string[] {
  const files = readdirSync(folder).map((name) => path.join(folder, name));
  const times = new Map(files.map((file) => [file, statSync(file).mtimeMs]));
  return files.sort((left, right) => (times.get(right) ?? 0) - (times.get(left) ?? 0)).slice(mostFiles);
}
