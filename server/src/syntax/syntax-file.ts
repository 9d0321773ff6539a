/**
 * One file of C: its text and what it holds, over its life. Functions are parsed and lowered on demand and kept by their text. Plain C is
 * read without the grammar (`plain/`), everything else by it.
 */
import type { FileItems, FunctionDefinition, FunctionHeader, MacroDefinition, MacroMeaning, Span } from './ast.ts';
import { grammarFunction, grammarItems } from './by-grammar.ts';
import { childOf } from './concrete.ts';
import { type FragmentContext, lowerMacroBody, newLowering } from './fragment.ts';
import type { Grammar } from './grammar.ts';
import type { IncludeReader } from './included-text.ts';
import type { Lowering } from './lower/context.ts';
import { lowerHeader, lowerItem, newItems, type TreeItems, variableOfCall } from './lower/items.ts';
import { lowerBlock } from './lower/statements.ts';
import { plainFunction, takePlainItems } from './plain/plain.ts';
import { type Reading, readText } from './reading.ts';
import { SliceCache } from './slice-cache.ts';
import type { Piece } from './stretches.ts';
import type { SyntaxTarget } from './target.ts';

export class SyntaxFile {
  readonly #grammar: Grammar;
  readonly #target: SyntaxTarget;
  readonly #reader: IncludeReader | undefined;
  readonly #functionCache = new SliceCache<FunctionDefinition | undefined>();
  #reading: Reading;
  #items: FileItems | undefined;
  /** Where the definitions of the items end, by where they begin. */
  #ends: ReadonlyMap<number, number> | undefined;
  #typeNames: ReadonlySet<string> = new Set();

  /** `reader` finds the headers that the text includes; without it they define nothing. */
  constructor(grammar: Grammar, text: string, target: SyntaxTarget, reader?: IncludeReader) {
    this.#grammar = grammar;
    this.#target = target;
    this.#reader = reader;
    this.#reading = readText(text, target, reader);
  }

  get text(): string {
    return this.#reading.source;
  }

  /** The text as the grammar sees it: of the same length, the kernel dialect spelled as plain C. Empty when it is not parsed. */
  get maskedText(): string {
    return this.#reading.masked.text;
  }

  /** Branches of `#if` that the target does not compile. */
  get inactive(): readonly Span[] {
    return this.#reading.inactive;
  }

  /** Branches that are compiled because of a name that no text at hand defines. */
  get undecided(): readonly Span[] {
    return this.#reading.undecided;
  }

  /** Takes a new version of the text; functions whose text stays are not lowered again. */
  update(text: string): void {
    if (text !== this.text) this.#read(text);
  }

  /** Headers have changed: which branches are compiled may be another matter now. */
  headersChanged(): void {
    if (this.#reader && this.#reading.includes.some(({ local }) => local)) this.#read(this.text);
  }

  #read(text: string): void {
    this.#reading = readText(text, this.#target, this.#reader);
    this.#items = undefined;
    this.#ends = undefined;
    this.#functionCache.turn();
  }

  /** Everything at file level. Bodies of functions are not looked into. */
  get items(): FileItems {
    this.#items ??= this.#listItems();
    return this.#items;
  }

  /**
   * The function that `header` of `items` describes, with its body. `undefined` when the header belongs to another
   * version of the text. The same object comes back as long as neither the function nor its place changes.
   */
  lowerFunction(header: FunctionHeader): FunctionDefinition | undefined {
    const { start, end } = header.span;
    // The headers know the typedefs of the file, which lowering needs.
    this.#ends ??= new Map(this.items.functions.map(({ span }) => [span.start, span.end]));
    if (this.#ends.get(start) !== end) return undefined;
    const piece = this.#reading.masked.piece({ start, end });
    return this.#functionCache.get(this.text.slice(start, end), piece.text, start, () => this.#lowerPiece(piece));
  }

  /** What the body of a macro of this file is. */
  lowerMacro(definition: MacroDefinition): MacroMeaning {
    return lowerMacroBody(this.#context(), definition);
  }

  #context(): FragmentContext {
    return { grammar: this.#grammar, target: this.#target, macros: this.#reading.macros, typeNames: this.#typeNames, depth: 0 };
  }

  #lowerPiece(piece: Piece): FunctionDefinition | undefined {
    const concrete = plainFunction(piece) ?? grammarFunction(this.#grammar, piece);
    if (!concrete) return undefined;
    const lowering = this.#newLowering();
    const header = lowerHeader(lowering, concrete);
    const body = childOf(concrete, 'body');
    if (!header || !body) return undefined;
    return { ...header, body: lowerBlock(lowering, body), problems: lowering.problems };
  }

  #listItems(): FileItems {
    const { source, masked, macros, includes, problems, refused } = this.#reading;
    const collected = this.#plainItems() ?? this.#grammarItems();
    if (refused !== undefined) collected.problems.push({ message: refused, span: { start: 0, end: 0 } });
    for (const call of masked.marks.fileMacroCalls) {
      const variable = variableOfCall(source, call);
      if (variable) collected.variables.push(variable);
    }
    this.#noteTypeNames(collected);
    return { ...collected, macros, includes, macroCalls: masked.marks.fileMacroCalls, problems: [...problems, ...collected.problems] };
  }

  #plainItems(): TreeItems | undefined {
    const lowering = this.#newLowering();
    const items = newItems(lowering);
    return takePlainItems(this.#reading.masked.outside, (node) => lowerItem(lowering, node, items)) ? items : undefined;
  }

  #grammarItems(): TreeItems {
    const lowering = this.#newLowering();
    const items = newItems(lowering);
    for (const node of grammarItems(this.#grammar, this.#reading.masked.outside)) lowerItem(lowering, node, items);
    return items;
  }

  #newLowering(): Lowering {
    return newLowering(this.#context(), this.text, this.#reading.masked.marks, 0);
  }

  /** Lowered functions depend on which words are types: when those change, nothing kept is used again. */
  #noteTypeNames(items: TreeItems): void {
    const names = new Set(items.types.filter((type) => type.kind === 'typedef').map((type) => type.name));
    const same = names.size === this.#typeNames.size && [...names].every((name) => this.#typeNames.has(name));
    if (same) return;
    this.#typeNames = names;
    this.#functionCache.clear();
  }
}
