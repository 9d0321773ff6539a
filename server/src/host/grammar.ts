/** Reads the two WebAssembly files that the build puts beside the program. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { type Grammar, loadGrammar } from '../syntax/grammar.ts';

let loading: Promise<Grammar> | undefined;

/** The grammar of this process, loaded on the first call. Rejects when the files are not beside the bundle. */
export function loadNodeGrammar(folder = __dirname): Promise<Grammar> {
  loading ??= loadGrammar({
    runtimeWasm: readFileSync(path.join(folder, 'web-tree-sitter.wasm')),
    grammarWasm: readFileSync(path.join(folder, 'tree-sitter-c.wasm')),
  });
  return loading;
}
