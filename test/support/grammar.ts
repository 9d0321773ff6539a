/** The C grammar for tests, read from the installed packages; loaded once per process. */
import { readFileSync } from 'node:fs';
import { type Grammar, loadGrammar } from '../../server/src/syntax/grammar.ts';
import type { IncludeReader } from '../../server/src/syntax/included-text.ts';
import { SyntaxFile } from '../../server/src/syntax/syntax-file.ts';
import type { SyntaxTarget } from '../../server/src/syntax/target.ts';

const packages = new URL('../../node_modules/', import.meta.url);

let loading: Promise<Grammar> | undefined;

export function testGrammar(): Promise<Grammar> {
  loading ??= loadGrammar({
    runtimeWasm: readFileSync(new URL('web-tree-sitter/web-tree-sitter.wasm', packages)),
    grammarWasm: readFileSync(new URL('tree-sitter-c/tree-sitter-c.wasm', packages)),
  });
  return loading;
}

/** Linux 6.12 with every option on. */
export const testTarget: SyntaxTarget = { version: { major: 6, minor: 12, patch: 0 }, config: new Map() };

/** A file of C as the language server holds it. */
export async function syntaxFile(text: string, target: SyntaxTarget = testTarget, reader?: IncludeReader): Promise<SyntaxFile> {
  return new SyntaxFile(await testGrammar(), text, target, reader);
}
