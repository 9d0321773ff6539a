/**
 * The active tokens of a file in flat tables, brackets matched. What the mask looks at; knows no C beyond spelling.
 */

export const TokenKind = { word: 1, number: 2, string: 3, character: 4, punctuation: 5 } as const;

/** A punctuator as a number: its characters, the first in the lowest byte. `code('->')` is what the table holds. */
export function code(punctuator: string): number {
  return punctuator.charCodeAt(0) | ((punctuator.charCodeAt(1) || 0) << 8) | ((punctuator.charCodeAt(2) || 0) << 16);
}

const open: Readonly<Record<number, number>> = { 40: 41, 91: 93, 123: 125 };
const openBrace = 0x7b;
const closeBrace = 0x7d;

export class Tokens {
  count = 0;
  kinds: Uint8Array;
  /** UTF-16 offsets. */
  starts: Int32Array;
  ends: Int32Array;
  /** `code()` of punctuation, 0 for the other kinds. */
  codes: Int32Array;
  /** Index of the bracket that belongs to this one, -1 when there is none or it is no bracket. */
  matches: Int32Array;
  /** Closing brackets without an opener, and openers that a closing brace passed over. */
  strays = 0;
  readonly #source: string;
  readonly #pending: number[] = [];
  /** Index in the pending ones of the first brace, -1 when there is none. */
  #outermost = -1;
  #hasStrayBrace = false;

  constructor(source: string) {
    const capacity = (source.length >> 2) + 64;
    this.#source = source;
    this.kinds = new Uint8Array(capacity);
    this.starts = new Int32Array(capacity);
    this.ends = new Int32Array(capacity);
    this.codes = new Int32Array(capacity);
    this.matches = new Int32Array(capacity);
  }

  add(kind: number, start: number, end: number, punctuation: number): void {
    if (this.count === this.kinds.length) this.#grow();
    const index = this.count++;
    this.kinds[index] = kind;
    this.starts[index] = start;
    this.ends[index] = end;
    this.codes[index] = punctuation;
    this.matches[index] = -1;
    if (kind !== TokenKind.punctuation) return;
    if (open[punctuation] !== undefined) this.#open(index, punctuation);
    else if (punctuation === 0x29 || punctuation === 0x5d || punctuation === closeBrace) this.#close(index, punctuation);
  }

  /**
   * To be called behind the last token. Where braces have no partner, as while somebody types, everything is matched anew by the lines:
   * what begins at file level ends with the next brace at the begin of a line, and one function alone is broken.
   */
  settle(): void {
    if (this.#outermost < 0 && !this.#hasStrayBrace) return;
    const isClosedEarly = this.#hasStrayBrace;
    this.#pending.length = 0;
    this.#outermost = -1;
    this.strays = 0;
    this.matches.fill(-1, 0, this.count);
    let lineStart = 0;
    let lineEnd = this.#source.indexOf('\n');
    for (let index = 0; index < this.count; index++) {
      const punctuation = this.codes[index] ?? 0;
      const start = this.starts[index] ?? 0;
      for (; lineEnd >= 0 && lineEnd < start; lineEnd = this.#source.indexOf('\n', lineStart)) lineStart = lineEnd + 1;
      if (open[punctuation] !== undefined) this.#open(index, punctuation);
      else if (punctuation === 0x29 || punctuation === 0x5d) this.#close(index, punctuation);
      else if (punctuation === closeBrace) {
        if (start === lineStart) this.#dropBehind(this.#outermost);
        else if (isClosedEarly && this.#wouldEndItem(lineStart)) {
          this.strays++;
          continue;
        }
        this.#close(index, punctuation);
      }
    }
  }

  /** Brackets that have no partner. */
  get unmatched(): number {
    return this.strays + this.#pending.length;
  }

  /** The spelling of a token; empty outside the table. */
  text(index: number): string {
    return index >= 0 && index < this.count ? this.#source.slice(this.starts[index], this.ends[index]) : '';
  }

  code(index: number): number {
    return index >= 0 && index < this.count ? (this.codes[index] ?? 0) : 0;
  }

  kind(index: number): number {
    return index >= 0 && index < this.count ? (this.kinds[index] ?? 0) : 0;
  }

  start(index: number): number {
    return this.starts[index] ?? 0;
  }

  end(index: number): number {
    return this.ends[index] ?? 0;
  }

  /** The matching bracket of the bracket at `index`, or -1. */
  match(index: number): number {
    return index >= 0 && index < this.count ? (this.matches[index] ?? -1) : -1;
  }

  isWord(index: number): boolean {
    return this.kind(index) === TokenKind.word;
  }

  #open(index: number, opener: number): void {
    if (opener === openBrace && this.#outermost < 0) this.#outermost = this.#pending.length;
    this.#pending.push(index);
  }

  /** A closing brace closes what is open inside it; another closer only its own opener. */
  #close(index: number, closer: number): void {
    const pending = this.#pending;
    if (closer === closeBrace) {
      if (this.#outermost < 0) {
        this.strays++;
        this.#hasStrayBrace = true;
        return;
      }
      this.#dropBehind(this.#innermostBrace());
    }
    const opener = pending[pending.length - 1];
    if (opener === undefined || open[this.code(opener)] !== closer) {
      this.strays++;
      return;
    }
    pending.pop();
    if (pending.length === this.#outermost) this.#outermost = -1;
    this.matches[opener] = index;
    this.matches[index] = opener;
  }

  /** Gives up what is pending behind the place `at` among the pending ones. */
  #dropBehind(at: number): void {
    if (at < 0) return;
    this.strays += this.#pending.length - at - 1;
    this.#pending.length = at + 1;
  }

  /** Whether a closing brace would close the outermost one, which was opened before `lineStart`; gives up what is pending in between. */
  #wouldEndItem(lineStart: number): boolean {
    if (this.#outermost < 0 || (this.starts[this.#pending[this.#outermost] ?? 0] ?? 0) >= lineStart) return false;
    const innermost = this.#innermostBrace();
    this.#dropBehind(innermost);
    return innermost === this.#outermost;
  }

  /** The place of the last brace among the pending ones, of which one is a brace. */
  #innermostBrace(): number {
    let at = this.#pending.length - 1;
    while (this.code(this.#pending[at] ?? -1) !== openBrace) at--;
    return at;
  }

  #grow(): void {
    const capacity = this.kinds.length * 2;
    const kinds = new Uint8Array(capacity);
    kinds.set(this.kinds);
    this.kinds = kinds;
    const wider = (old: Int32Array): Int32Array => {
      const table = new Int32Array(capacity);
      table.set(old);
      return table;
    };
    this.starts = wider(this.starts);
    this.ends = wider(this.ends);
    this.codes = wider(this.codes);
    this.matches = wider(this.matches);
  }
}
