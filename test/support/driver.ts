/** Driver models for tests: C texts by path, through the real syntax, with a host over these texts alone. */
import { buildDriver } from '../../server/src/driver/build.ts';
import { includesOf } from '../../server/src/driver/inclusions.ts';
import type { Driver, Handler, Host, Target } from '../../server/src/driver/model.ts';
import { parseVersion } from '../../server/src/kernel/version.ts';
import { syntaxFile, testGrammar } from './grammar.ts';

export interface DriverOptions {
  /** Other files of the driver by absolute path. */
  readonly files?: Readonly<Record<string, string>>;
  /** `6.12` when absent. */
  readonly kernel?: string;
  readonly config?: Readonly<Record<string, string>>;
  readonly path?: string;
}

/** A host over texts in memory. */
export function hostOf(files: Readonly<Record<string, string>>): Host {
  return {
    readFile: (path) => files[path],
    listFolder: (folder) =>
      Object.keys(files).flatMap((file) => (file.slice(0, file.lastIndexOf('/')) === folder ? [file.slice(folder.length + 1)] : [])),
  };
}

/** The driver whose own file has this text; it is `/driver/own.c` unless told otherwise. */
export async function driverOf(text: string, options: DriverOptions = {}): Promise<Driver> {
  const version = parseVersion(options.kernel ?? '6.12');
  if (!version) throw new Error(`${options.kernel} is no version`);
  const target: Target = { version, config: new Map(Object.entries(options.config ?? {})), longBits: 64 };
  const host = hostOf(options.files ?? {});
  const file = options.path ?? '/driver/own.c';
  const syntax = await syntaxFile(text, target, includesOf(file, host).reader);
  return buildDriver({ grammar: await testGrammar(), host, target }, file, syntax);
}

/** `function slot @line` of a handler: the line of its registration from 1, or `-`. */
export function rowOf(text: string, handler: Handler): string {
  const start = handler.registeredAt?.span.start;
  const line = start === undefined ? '-' : text.slice(0, start).split('\n').length;
  return `${handler.function} ${handler.slot} @${line}`;
}

/** The rows of all handlers of a text. */
export async function handlerRows(text: string, options: DriverOptions = {}): Promise<readonly string[]> {
  const driver = await driverOf(text, options);
  return driver.handlers.map((handler) => rowOf(text, handler));
}
