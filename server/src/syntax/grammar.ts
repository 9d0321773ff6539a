/**
 * Loads tree-sitter and its C grammar from bytes that the caller read. Knows no file system; besides it
 * only `by-grammar.ts` and `concrete.ts` touch tree-sitter.
 */
import { Language, Parser } from 'web-tree-sitter';

/** The parser for C, ready for use. One per process is enough: parsing is synchronous. */
export interface Grammar {
  readonly language: Language;
  readonly parser: Parser;
}

export interface GrammarBytes {
  /** `web-tree-sitter.wasm` of the package `web-tree-sitter`. */
  readonly runtimeWasm: Uint8Array;
  /** `tree-sitter-c.wasm` of the package `tree-sitter-c`. */
  readonly grammarWasm: Uint8Array;
}

/** Starts tree-sitter and loads the C grammar. Rejects when the bytes are not the expected WebAssembly modules. */
export async function loadGrammar(bytes: GrammarBytes): Promise<Grammar> {
  await Parser.init({ wasmBinary: bytes.runtimeWasm });
  const language = await Language.load(bytes.grammarWasm);
  const parser = new Parser();
  parser.setLanguage(language);
  return { language, parser };
}
