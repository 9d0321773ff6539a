/** Makes the driver model of one file. Headers are read through the host, and kept for as long as the host lives. */
import type { Grammar } from '../syntax/grammar.ts';
import type { SyntaxFile } from '../syntax/syntax-file.ts';
import { DriverModel } from './driver-model.ts';
import type { Host, Target } from './model.ts';
import { folderOf, joinPath } from './paths.ts';
import { type Source, SourceStore, sourceOver } from './source.ts';

/** What the model is built with. */
export interface DriverEngine {
  readonly grammar: Grammar;
  readonly host: Host;
  readonly target: Target;
}

const stores = new WeakMap<Host, SourceStore>();

/**
 * The driver whose file is `file` (absolute, with `/`) and whose text is that of `syntax`. The model reads `syntax` when
 * it is asked, so it is good until that is updated.
 */
export function buildDriver({ grammar, host, target }: DriverEngine, file: string, syntax: SyntaxFile): DriverModel {
  let store = stores.get(host);
  if (!store) {
    store = new SourceStore(grammar, host);
    stores.set(host, store);
  }
  const reads = store;
  const read = (path: string): Source | undefined => {
    const text = host.readFile(path);
    return text === undefined ? undefined : reads.header(path, text, target);
  };
  return new DriverModel(sourceOver(file, syntax), target, {
    file: read,
    snippet: (text, file) => reads.read(text, target, file),
    folder: {
      get files() {
        return siblingsOf(file, host);
      },
      text: (path) => host.readFile(path),
      source: read,
    },
  });
}

/** The other C files beside `file`. */
function siblingsOf(file: string, host: Host): readonly string[] {
  const folder = folderOf(file);
  const names = host.listFolder?.(folder) ?? [];
  return names
    .filter((name) => name.endsWith('.c'))
    .flatMap((name) => {
      const path = joinPath(folder, name);
      return path === file ? [] : [path];
    });
}
