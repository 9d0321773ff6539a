/**
 * The place of a reader of plain C in its tokens. What is not plain sets `failed` and jumps to the end, so that every loop stops there;
 * whoever began the reading then leaves the text to the grammar.
 */
import { type Concrete, maxConcreteDepth } from '../concrete.ts';
import { code } from '../tokens.ts';
import type { PlainTokens } from './plain-tokens.ts';
import { Token } from './words.ts';

/** A node under construction: its parent says which field it fills. */
export interface Growing extends Concrete {
  field: string | undefined;
  readonly children: readonly Growing[];
  /** Levels of nodes from here down. */
  readonly height: number;
}

const none: readonly Growing[] = [];

export class PlainReader {
  readonly #tokens: PlainTokens;
  #at = 0;
  #depth = 0;
  failed = false;

  constructor(tokens: PlainTokens) {
    this.#tokens = tokens;
  }

  /** The symbol `ahead` tokens from here. */
  symbol(ahead = 0): number {
    return this.#at + ahead < this.#tokens.count ? (this.#tokens.symbols[this.#at + ahead] ?? Token.end) : Token.end;
  }

  get start(): number {
    return this.#tokens.starts[this.#at] ?? 0;
  }

  /** Where the token before this one ends. */
  get lastEnd(): number {
    return this.#tokens.ends[this.#at - 1] ?? 0;
  }

  /** Whether the next token stands right behind this one. */
  get touchesNext(): boolean {
    return this.#tokens.ends[this.#at] === this.#tokens.starts[this.#at + 1];
  }

  skip(): void {
    if (this.#at < this.#tokens.count) this.#at++;
  }

  /** Passes over the token when it is this one. */
  take(symbol: number): boolean {
    if (this.symbol() !== symbol) return false;
    this.skip();
    return true;
  }

  expect(symbol: number): void {
    if (!this.take(symbol)) this.fail();
  }

  /** The token as a node. */
  leaf(type: string, field?: string): Growing {
    const start = this.start;
    this.skip();
    return { type, field, named: true, missing: false, start, end: this.lastEnd, children: none, height: 1 };
  }

  /** A name, and nothing else. */
  name(type = 'identifier', field?: string): Growing {
    return this.symbol() === Token.name ? this.leaf(type, field) : this.fail();
  }

  /** A node that ends with the token before this one. */
  node(type: string, start: number, children: readonly Growing[]): Growing {
    let height = 0;
    for (const child of children) if (child.height > height) height = child.height;
    if (height >= maxConcreteDepth) return this.fail();
    return { type, field: undefined, named: true, missing: false, start, end: this.lastEnd, children, height: height + 1 };
  }

  /** What is here is not plain. */
  fail(): Growing {
    this.failed = true;
    this.#at = this.#tokens.count;
    return { type: 'ERROR', field: undefined, named: true, missing: false, start: 0, end: 0, children: none, height: 1 };
  }

  /** Reads one level deeper. */
  deeper(read: (reader: PlainReader) => Growing): Growing {
    if (this.#depth >= maxConcreteDepth) return this.fail();
    this.#depth++;
    const node = read(this);
    this.#depth--;
    return node;
  }
}

/** Says which field of its parent a node fills. */
export function filling(field: string, node: Growing): Growing {
  node.field = field;
  return node;
}

export const Sign = {
  openParenthesis: code('('),
  closeParenthesis: code(')'),
  openBracket: code('['),
  closeBracket: code(']'),
  openBrace: code('{'),
  closeBrace: code('}'),
  comma: code(','),
  semicolon: code(';'),
  colon: code(':'),
  question: code('?'),
  assign: code('='),
  star: code('*'),
  ampersand: code('&'),
  dot: code('.'),
  arrow: code('->'),
  minus: code('-'),
  plus: code('+'),
  not: code('!'),
  complement: code('~'),
  increment: code('++'),
  decrement: code('--'),
  ellipsis: code('...'),
} as const;
