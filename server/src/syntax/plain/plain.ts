/**
 * Reads masked text that is plain C without tree-sitter, in a tenth of its time, to the very nodes that the grammar gives. What is not
 * plain, such as a text that is being typed, it leaves to the grammar, which knows how to go on behind an error.
 */
import type { Concrete } from '../concrete.ts';
import type { Piece } from '../stretches.ts';
import { readFileItem, readFunctionHead, readTypedef } from './declarations.ts';
import { plainTokensOf } from './plain-tokens.ts';
import { filling, PlainReader, Sign } from './reader.ts';
import { readBlock } from './statements.ts';
import { Token } from './words.ts';

/**
 * Takes the items of a file, of which `pieces` stand outside of functions' bodies, one after the other: none of them need be kept. `false`
 * when the file is not plain; what was taken by then is to be forgotten.
 */
export function takePlainItems(pieces: readonly Piece[], take: (item: Concrete) => void): boolean {
  const reader = new PlainReader(plainTokensOf(pieces));
  while (reader.symbol() !== Token.end) {
    if (reader.take(Sign.semicolon)) continue;
    const item = reader.symbol() === Token.typedef ? readTypedef(reader) : readFileItem(reader);
    if (!reader.failed) take(item);
  }
  return !reader.failed;
}

/** The function that the piece is, with its body. `undefined` when it is not plain. */
export function plainFunction(piece: Piece): Concrete | undefined {
  const reader = new PlainReader(plainTokensOf([piece]));
  const { start } = reader;
  const children = readFunctionHead(reader);
  children.push(filling('body', readBlock(reader)));
  return reader.failed || reader.symbol() !== Token.end ? undefined : reader.node('function_definition', start, children);
}
