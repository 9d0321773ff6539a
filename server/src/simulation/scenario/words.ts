/**
 * The words of one scenario line with their columns, and a reader over them that says what is missing or wrong where. Knows
 * no statement.
 */
import type { Amount, DataField, NumberWidth, Protection, UserAddress } from './model.ts';
import { formatNumber, parseAddress, parseAmount, parseNumber } from './numbers.ts';
import type { Offers } from './offers.ts';
import { didYouMean } from './spelling.ts';

export interface Word {
  /** As written. */
  readonly text: string;
  /** From 0, in UTF-16 units. */
  readonly column: number;
  /** What stands between the quotes, for a quoted word. */
  readonly quoted?: string;
}

/** What a name stands for: in `a = mmap …` a mapping, in `f = open …` a file. */
export type NameKind = 'mapping' | 'file' | 'buffer' | 'pin' | 'process';

/** A name that a line uses and that an earlier line must have made. */
export interface NameUse {
  readonly name: string;
  /** The kinds that fit here. */
  readonly kinds: readonly NameKind[];
  readonly word: Word;
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

const escapes: Readonly<Record<string, string>> = { n: '\n', t: '\t', 0: '\0', '"': '"', '\\': '\\' };

/**
 * Splits a line at blanks and at `=`, `:`, `,`, `{` and `}`; a `#` outside quotes starts a comment. `->` stays inside its word.
 * Throws `LineProblem` for quotes that do not close.
 */
export function wordsOf(line: string): readonly Word[] {
  const words: Word[] = [];
  const token = /\s+|(#.*)|("(?:[^"\\]|\\.)*"?)|[=:,{}]|[^\s=:,{}"#]+/sy;
  for (let match = token.exec(line); match; match = token.exec(line)) {
    const [text, comment, quoted] = match;
    if (comment !== undefined) break;
    if (quoted !== undefined) words.push({ text, column: match.index, quoted: unquoted(text, match.index) });
    else if (text.trim() !== '') words.push({ text, column: match.index });
  }
  return words;
}

function unquoted(text: string, column: number): string {
  if (text.length < 2 || !text.endsWith('"')) throw new LineProblem('The closing `"` is missing.', column, text.length);
  return text.slice(1, -1).replace(/\\(x[0-9a-fA-F]{2}|.)/gs, (all, code: string, at: number) => {
    if (code.length === 3) return String.fromCharCode(Number.parseInt(code.slice(1), 16));
    const character = escapes[code];
    if (character === undefined)
      throw new LineProblem(`\`${all}\` is not known in quotes. Write \\n, \\t, \\0, \\xNN, \\" or \\\\.`, column + 1 + at, all.length);
    return character;
  });
}

/** The text in quotes that `wordsOf` reads back. */
export function quote(text: string): string {
  const inner = text.replace(/["\\\n\t]|[^ -~]/g, (each) => {
    const letter = Object.keys(escapes).find((key) => escapes[key] === each && key !== '0');
    return `\\${letter ?? `x${(each.charCodeAt(0) & 0xff).toString(16).padStart(2, '0')}`}`;
  });
  return `"${inner}"`;
}

/** A reader over the words of a line: takes them one by one and says what is missing where. */
export class Words {
  /** The names that were read so far. */
  readonly uses: NameUse[] = [];
  readonly #words: readonly Word[];
  readonly #end: number;
  /** Options that were read so far. */
  readonly #options = new Set<string>();
  readonly #offers: Offers | undefined;
  #at = 0;

  /** `offers` is told what is looked for behind the last word, for an editor that completes the line. */
  constructor(words: readonly Word[], offers?: Offers) {
    this.#words = words;
    this.#offers = offers;
    const last = words.at(-1);
    this.#end = last ? last.column + last.text.length : 0;
  }

  get next(): Word | undefined {
    return this.#words[this.#at];
  }

  /** Whether the statement has more words before its `expect`. */
  get more(): boolean {
    if (this.next) return this.next.text !== 'expect';
    this.offer(['expect']);
    return this.#offers !== undefined;
  }

  /** These words may stand here, where the line ends. */
  offer(texts: Iterable<string>): void {
    if (!this.next) this.#offers?.words(texts);
  }

  /** Names of these kinds may stand here, where the line ends. */
  offerNames(kinds: readonly NameKind[]): void {
    if (!this.next) this.#offers?.names(kinds);
  }

  /** What only the driver can tell may stand here, where the line ends. */
  offerOfDriver(kind: 'command' | 'assumption'): void {
    if (!this.next) this.#offers?.ofDriver(kind);
  }

  /** Whether a later word is `text`. */
  has(text: string): boolean {
    return this.#words.some((word, index) => index >= this.#at && word.text === text);
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
    this.offer([text]);
    if (this.next?.text !== text) return false;
    this.#at += 1;
    return true;
  }

  expectWord(text: string, what = `\`${text}\``): void {
    this.offer([text]);
    const word = this.take(what);
    if (word.text !== text) throw this.problem(word, `${what} stands here, not \`${word.text}\`.`);
  }

  number(what: string): bigint {
    const word = this.take(what);
    const value = parseNumber(word.text);
    if (value === undefined) {
      throw this.problem(word, `\`${word.text}\` is not a number. ${what} is written like 4096, 0x1000, 4p (pages), 16K, 1M, 2G or 2p+16.`);
    }
    return value;
  }

  /** A count of bytes, not below 0. `most` is what the statement can do. */
  length(what: string, most = 1n << 64n): bigint {
    const word = this.next;
    const value = this.number(what);
    if (word && value < 0n) throw this.problem(word, `${what} is not below 0.`);
    if (word && value > most) throw this.problem(word, `${what} is at most ${formatNumber(most)} here.`);
    return value;
  }

  /** A problem unless the number fits into so many bytes, with a sign or without. */
  checkFits(value: bigint, bytes: bigint, word: Word): void {
    const bits = 8n * bytes;
    if (value >= 1n << bits || value < -(1n << (bits - 1n)))
      throw this.problem(word, `\`${word.text}\` does not fit into ${bytes === 1n ? 'one byte' : `${bytes} bytes`}.`);
  }

  /** A number, an address or a load. */
  amount(what: string): Amount {
    this.offerNames(['mapping', 'buffer']);
    const word = this.take(what);
    const amount = parseAmount(word.text);
    if (amount === undefined) {
      throw this.problem(
        word,
        `\`${word.text}\` is neither a number nor an address. ${what} is written like 0x1000, 4p (pages), a+1p, or u64(a+8) for what memory holds there.`,
      );
    }
    if (typeof amount !== 'bigint') this.useAddress(amount.address, word);
    return amount;
  }

  name(what: string): string {
    const word = this.take(what);
    if (!/^[A-Za-z_]\w*$/.test(word.text))
      throw this.problem(word, `\`${word.text}\` is not a name. ${what} is a word of letters, digits and _.`);
    return word.text;
  }

  /** A name that an earlier line made. */
  known(kinds: readonly NameKind[], what: string): string {
    this.offerNames(kinds);
    const word = this.next;
    const name = this.name(what);
    if (word) this.uses.push({ name, kinds, word });
    return name;
  }

  address(what: string): UserAddress {
    this.offerNames(['mapping', 'buffer']);
    const word = this.take(what);
    const address = parseAddress(word.text);
    if (!address)
      throw this.problem(
        word,
        `\`${word.text}\` is not an address. ${what} is a mapping with an offset (a, a+1p, a.end-1p) or a number (0x7f0000000000).`,
      );
    this.useAddress(address, word);
    return address;
  }

  /** Notes that an address which was read elsewhere uses its mapping. */
  useAddress({ mapping }: UserAddress, word: Word): void {
    if (mapping !== undefined) this.uses.push({ name: mapping, kinds: ['mapping', 'buffer'], word });
  }

  protection(): Protection {
    this.offer(['r', 'rw', 'rwx', 'rx', 'w', 'none']);
    const word = this.take('The protection (r, w, x together, or none)');
    const match = /^(none|(?=[rwx])r?w?x?)$/.exec(word.text);
    if (!match) throw this.problem(word, `\`${word.text}\` is not a protection. Write none, or r, w and x in this order: rw.`);
    const has = (letter: string) => word.text !== 'none' && word.text.includes(letter);
    return { read: has('r'), write: has('w'), execute: has('x') };
  }

  /** One of `choices`. */
  choice<Choice extends string>(choices: readonly Choice[], what: string): Choice {
    this.offer(choices);
    const word = this.take(`${what} (${choices.join(', ')})`);
    const found = choices.find((choice) => choice === word.text);
    if (found === undefined) {
      throw this.problem(
        word,
        `\`${word.text}\` is not known here. ${what} is one of ${choices.join(', ')}.${didYouMean(word.text, choices)}`,
      );
    }
    return found;
  }

  /** One of `choices` that this line has not had before. */
  option<Choice extends string>(choices: readonly Choice[], what: string): Choice {
    const word = this.next;
    if (!word) {
      this.offer(choices.filter((each) => !this.#options.has(each)));
      throw this.missing(`${what} (${choices.join(', ')})`);
    }
    const found = this.choice(choices, what);
    if (this.#options.has(found)) throw this.problem(word, `\`${found}\` stands on this line already.`);
    this.#options.add(found);
    return found;
  }

  /** The words up to the next `expect` that are among `choices`; other words are problems. */
  flags<Choice extends string>(choices: readonly Choice[], what: string): readonly Choice[] {
    const found: Choice[] = [];
    while (this.more) found.push(this.option(choices, what));
    return found;
  }

  /** All words that are left; at least one. `among` is what an editor offers. */
  rest(what: string, among: readonly string[] = []): readonly Word[] {
    this.offer(among);
    const words = [this.take(what)];
    while (this.next) words.push(this.take(what));
    this.offer(among);
    return words;
  }

  /** A text in quotes. */
  quoted(what: string): string {
    const word = this.take(`${what}, in quotes,`);
    if (word.quoted === undefined) throw this.problem(word, `${what} stands in quotes: "${word.text}".`);
    return word.quoted;
  }

  /** A file's name, in quotes or not. */
  path(what: string): string {
    const word = this.take(what);
    return word.quoted ?? word.text;
  }

  /** `"text"`, or fields in braces: `{ u32 640, u64 a, "name", zero 8 }`. */
  data(): readonly DataField[] {
    if (this.next?.quoted !== undefined) return [{ kind: 'text', text: this.quoted('The text') }];
    this.expectWord('{');
    const fields: DataField[] = [];
    while (!this.accept('}')) {
      fields.push(this.#field());
      if (this.next?.text !== '}') this.expectWord(',', '`,` or `}`');
    }
    return fields;
  }

  #field(): DataField {
    if (this.next?.quoted !== undefined) return { kind: 'text', text: this.quoted('The text') };
    const widths: Readonly<Record<string, NumberWidth>> = { u8: 1, u16: 2, u32: 4, u64: 8 };
    const kind = this.choice(['u8', 'u16', 'u32', 'u64', 'zero'], 'The kind of the field');
    if (kind !== 'zero') {
      const word = this.next;
      const bytes = widths[kind] ?? 4;
      const value = this.amount('The value of the field');
      if (word && typeof value === 'bigint') this.checkFits(value, BigInt(bytes), word);
      return { kind: 'number', bytes, value };
    }
    return { kind: 'zero', length: this.length('The number of bytes', largestData) };
  }

  /** Something that should stand somewhere on this line and does not. */
  missing(what: string): LineProblem {
    return new LineProblem(`${what} is missing.`, this.#end, 1);
  }

  problem(word: Word, message: string): LineProblem {
    return new LineProblem(message, word.column, word.text.length);
  }
}

/** Bytes that one statement may hand over: an ioctl argument has at most 14 bits of size, a write may have more. */
const largestData = 65_536n;

/** The text that `Words.data` reads back. */
export function formatData(fields: readonly DataField[], formatAmount: (amount: Amount) => string): string {
  const [only] = fields;
  if (only?.kind === 'text' && fields.length === 1) return quote(only.text);
  const parts = fields.map((field) => {
    if (field.kind === 'text') return quote(field.text);
    return field.kind === 'zero' ? `zero ${field.length}` : `u${field.bytes * 8} ${formatAmount(field.value)}`;
  });
  return parts.length === 0 ? '{ }' : `{ ${parts.join(', ')} }`;
}
