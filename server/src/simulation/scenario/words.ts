/**
 * The words of one scenario line with their columns, and the values that words stand for: numbers with units,
 * addresses, protections. Knows no statement.
 */
import type { Protection, UserAddress } from './model.ts';

export interface Word {
  readonly text: string;
  /** From 0, in UTF-16 units. */
  readonly column: number;
}

/** Thrown while one line is parsed and caught by `parse.ts`; never leaves this folder. */
export class LineProblem extends Error {
  readonly column: number;
  readonly length: number;

  constructor(message: string, column: number, length: number) {
    super(message);
    this.column = column;
    this.length = length;
  }
}

/** Splits a line at blanks, `=` and `:`; a `#` starts a comment. `->` stays inside its word. */
export function wordsOf(line: string): readonly Word[] {
  const comment = line.indexOf('#');
  const text = comment < 0 ? line : line.slice(0, comment);
  return [...text.matchAll(/[=:]|[^\s=:]+/g)].map((match) => ({ text: match[0], column: match.index }));
}

/** A reader over the words of a line: takes them one by one and says what is missing where. */
export class Words {
  readonly #words: readonly Word[];
  readonly #end: number;
  #at = 0;

  constructor(words: readonly Word[]) {
    this.#words = words;
    const last = words.at(-1);
    this.#end = last ? last.column + last.text.length : 0;
  }

  get next(): Word | undefined {
    return this.#words[this.#at];
  }

  peek(distance: number): Word | undefined {
    return this.#words[this.#at + distance];
  }

  /** The next word, or a problem that says what should stand there. */
  take(what: string): Word {
    const word = this.#words[this.#at];
    if (!word) throw new LineProblem(`${what} is missing here.`, this.#end, 1);
    this.#at += 1;
    return word;
  }

  /** Takes the next word when it is `text`. */
  accept(text: string): boolean {
    if (this.next?.text !== text) return false;
    this.#at += 1;
    return true;
  }

  expectWord(text: string, what: string): void {
    const word = this.take(what);
    if (word.text !== text) throw this.problem(word, `${what} stands here, not \`${word.text}\`.`);
  }

  number(what: string): bigint {
    const word = this.take(what);
    const value = parseNumber(word.text);
    if (value === undefined) {
      throw this.problem(word, `\`${word.text}\` is not a number. ${what} is written like 4096, 0x1000, 4p (pages), 16K, 1M or 2G.`);
    }
    return value;
  }

  name(what: string): string {
    const word = this.take(what);
    if (!/^[A-Za-z_]\w*$/.test(word.text))
      throw this.problem(word, `\`${word.text}\` is not a name. ${what} is a word of letters, digits and _.`);
    return word.text;
  }

  address(what: string): UserAddress {
    const word = this.take(what);
    const address = parseAddress(word.text);
    if (!address)
      throw this.problem(
        word,
        `\`${word.text}\` is not an address. ${what} is a mapping with an offset (a, a+1p) or a number (0x7f0000000000).`,
      );
    return address;
  }

  protection(): Protection {
    const word = this.take('The protection (r, w, x together, or none)');
    const match = /^(none|(?=[rwx])r?w?x?)$/.exec(word.text);
    if (!match) throw this.problem(word, `\`${word.text}\` is not a protection. Write none, or r, w and x in this order: rw.`);
    const has = (letter: string) => word.text !== 'none' && word.text.includes(letter);
    return { read: has('r'), write: has('w'), execute: has('x') };
  }

  /** One of `choices`. */
  choice<Choice extends string>(choices: readonly Choice[], what: string): Choice {
    const word = this.take(`${what} (${choices.join(', ')})`);
    const found = choices.find((choice) => choice === word.text);
    if (!found) throw this.problem(word, `\`${word.text}\` is not known here. ${what} is one of ${choices.join(', ')}.`);
    return found;
  }

  /** Something that should stand somewhere on this line and does not. */
  missing(what: string): LineProblem {
    return new LineProblem(`${what} is missing.`, this.#end, 1);
  }

  problem(word: Word, message: string): LineProblem {
    return new LineProblem(message, word.column, word.text.length);
  }
}

const units: Readonly<Record<string, bigint>> = { '': 1n, p: 4096n, K: 1n << 10n, M: 1n << 20n, G: 1n << 30n };

/** `4p`, `16K`, `0x1000`, `-1`: in bytes, pages being 4 KiB; `undefined` when the text is no number. */
export function parseNumber(text: string): bigint | undefined {
  const match = /^(-?)(0x[0-9a-fA-F]+|\d+)([pKMG]?)$/.exec(text);
  if (!match?.[2]) return undefined;
  const value = BigInt(match[2]) * (units[match[3] ?? ''] ?? 1n);
  return match[1] === '-' ? -value : value;
}

/** `a`, `a+1p`, `0x7f0000000000`. */
export function parseAddress(text: string): UserAddress | undefined {
  const absolute = parseNumber(text);
  if (absolute !== undefined) return absolute < 0n ? undefined : { offset: absolute };
  const match = /^([A-Za-z_]\w*)(?:([+-])(.+))?$/.exec(text);
  if (!match?.[1]) return undefined;
  const offset = match[3] === undefined ? 0n : parseNumber(match[3]);
  if (offset === undefined) return undefined;
  return { mapping: match[1], offset: match[2] === '-' ? -offset : offset };
}

/** The shortest text that `parseNumber` reads back: whole pages with `p`, else plain. */
export function formatNumber(value: bigint): string {
  if (value > 0n && value % 4096n === 0n) return value / 4096n < 1n << 20n ? `${value / 4096n}p` : `0x${value.toString(16)}`;
  return value >= 0x10000n ? `0x${value.toString(16)}` : value.toString();
}
