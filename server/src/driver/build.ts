/** Makes the driver model of one file. Headers are read through the host, and kept for as long as the host lives. */
import type { Grammar } from '../syntax/grammar.ts';
import type { SyntaxFile } from '../syntax/syntax-file.ts';
import { DriverModel } from './driver-model.ts';
import type { Host, Target } from './model.ts';
import { SourceStore, sourceOver } from './source.ts';

/** What the model is built with. */
export interface DriverEngine {
  readonly grammar: Grammar;
  readonly host: Host;
  readonly target: Target;
}

const stores = new WeakMap<Host, SourceStore>();

/**
 * The driver whose file is `file` (absolute, with `/`) and whose text is that of `syntax`. The model reads `syntax` when
 * it is asked, so it is good until that is updated or disposed of.
 */
export function buildDriver({ grammar, host, target }: DriverEngine, file: string, syntax: SyntaxFile): DriverModel {
  let store = stores.get(host);
  if (!store) {
    store = new SourceStore(grammar);
    stores.set(host, store);
  }
  const reads = store;
  return new DriverModel(sourceOver(file, syntax), target, {
    file: (path) => {
      const text = host.readFile(path);
      return text === undefined ? undefined : reads.header(path, text, target);
    },
    snippet: (text) => reads.read('', text, target),
  });
}
