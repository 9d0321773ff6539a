/**
 * Reads types that a table spells in C (`struct file *`, `unsigned long`, `u8[6]`) into `TypeName`s, so that they are
 * resolved like those of the program. Only for spellings of the project's own tables: words, stars and one length.
 */
import type { Expression, TypeName } from '../syntax/ast.ts';

const nowhere = { start: 0, end: 0 };

/** The type that `spelling` names; `function *` is a pointer to a function of unknown parameters. */
export function spelledType(spelling: string): TypeName {
  const match = /^([^*[]*?)\s*(\**)\s*(?:\[(\d*)\])?$/.exec(spelling.replace(/\s*\*\s*/g, '*'));
  if (!match) return { kind: 'unknown', text: spelling };
  const [, words = '', stars = '', length] = match;
  let type = spelledWords(words.trim());
  for (const _star of stars) type = { kind: 'pointer', to: type };
  if (length === undefined) return type;
  return length === '' ? { kind: 'array', of: type } : { kind: 'array', of: type, length: number(length) };
}

function spelledWords(words: string): TypeName {
  const tagged = /^(struct|union|enum) (\w+)$/.exec(words);
  if (tagged) return { kind: 'tagged', tag: tagged[1] as 'struct' | 'union' | 'enum', name: tagged[2] ?? '' };
  if (words === 'function') return { kind: 'function', returns: { kind: 'unknown', text: '' }, parameters: [], variadic: true };
  return words === 'unknown' || words === '' ? { kind: 'unknown', text: '' } : { kind: 'named', name: words };
}

function number(text: string): Expression {
  return { kind: 'number', value: BigInt(text), suffix: '', base: 10, span: nowhere };
}
