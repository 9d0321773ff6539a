/**
 * One file of C: its text, the tree of what stands outside of functions, and what it holds, over its life. Edits are parsed
 * incrementally; functions are parsed and lowered on demand and kept by their text. Owns a tree of tree-sitter, so it has to be
 * disposed.
 */
import { Edit, type Node, type Point, type Tree } from 'web-tree-sitter';
import type { FileItems, FunctionDefinition, FunctionHeader, MacroDefinition, MacroMeaning, Span } from './ast.ts';
import { type Concrete, childOf, concreteOf } from './concrete.ts';
import { type FragmentContext, lowerMacroBody, newLowering } from './fragment.ts';
import type { Grammar } from './grammar.ts';
import { emptyItems, lowerHeader, lowerItem, type TreeItems, variableOfCall } from './lower/items.ts';
import { lowerBlock } from './lower/statements.ts';
import { type Reading, readText } from './reading.ts';
import { SliceCache } from './slice-cache.ts';
import { rangesOf, readerOf, stretchesOutside } from './stretches.ts';
import type { SyntaxTarget } from './target.ts';

const itemTypes: ReadonlySet<string> = new Set([
  'function_definition',
  'declaration',
  'type_definition',
  'struct_specifier',
  'union_specifier',
  'enum_specifier',
  'ERROR',
]);

export class SyntaxFile {
  readonly #grammar: Grammar;
  readonly #target: SyntaxTarget;
  readonly #itemCache = new SliceCache<TreeItems>();
  readonly #functionCache = new SliceCache<FunctionDefinition | undefined>();
  #reading: Reading;
  #tree: Tree | undefined;
  #items: FileItems | undefined;
  #typeNames: ReadonlySet<string> = new Set();

  constructor(grammar: Grammar, text: string, target: SyntaxTarget) {
    this.#grammar = grammar;
    this.#target = target;
    this.#reading = readText(text, target);
    this.#tree = this.#parse(undefined);
  }

  get text(): string {
    return this.#reading.scan.source;
  }

  /** The text as the grammar sees it: of the same length, the kernel dialect spelled as plain C. Empty when it is not parsed. */
  get maskedText(): string {
    return this.#reading.masked.text;
  }

  /** Branches of `#if` that the target does not compile. */
  get inactive(): readonly Span[] {
    return this.#reading.scan.inactive;
  }

  /** Takes a new version of the text; only what changed is parsed again. */
  update(text: string): void {
    if (text === this.text) return;
    const before = this.#reading.masked.text;
    this.#reading = readText(text, this.#target);
    const old = this.#tree;
    const edit = editBetween(before, this.#reading.masked.text);
    if (old && edit) old.edit(edit);
    if (!old || edit) this.#tree = this.#parse(old);
    if (old !== this.#tree) old?.delete();
    if (this.#tree?.rootNode.hasError) this.#parseAnew();
    this.#items = undefined;
    this.#itemCache.turn();
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
    if (!this.items.functions.some((known) => known.span.start === start && known.span.end === end)) return undefined;
    return this.#functionCache.get(this.text.slice(start, end), this.#reading.masked.text.slice(start, end), start, () =>
      this.#lowerFunctionAt(start, end),
    );
  }

  /** What the body of a macro of this file is. */
  lowerMacro(definition: MacroDefinition): MacroMeaning {
    return lowerMacroBody(this.#context(), definition);
  }

  /** Frees the tree. The file must not be used afterwards. */
  dispose(): void {
    this.#tree?.delete();
    this.#tree = undefined;
    this.#itemCache.clear();
    this.#functionCache.clear();
  }

  /** How the parser recovers from an error depends on what it knew before; what a file declares must not. */
  #parseAnew(): void {
    this.#tree?.delete();
    this.#tree = this.#parse(undefined);
  }

  /** The tree of everything outside of the bodies of functions. */
  #parse(old: Tree | undefined): Tree | undefined {
    if (this.#reading.refused !== undefined) return undefined;
    const { text, bodies } = this.#reading.masked;
    return this.#parseStretches(stretchesOutside(bodies, text.length), old);
  }

  #parseStretches(stretches: readonly Span[], old?: Tree): Tree | undefined {
    const { text } = this.#reading.masked;
    const includedRanges = rangesOf(text, stretches);
    return this.#grammar.parser.parse(readerOf(text, stretches), old ?? null, { includedRanges }) ?? undefined;
  }

  #context(): FragmentContext {
    return { grammar: this.#grammar, target: this.#target, macros: this.#reading.scan.macros, typeNames: this.#typeNames, depth: 0 };
  }

  #lowerFunctionAt(start: number, end: number): FunctionDefinition | undefined {
    const concrete = this.#functionAt(start, end);
    if (!concrete) return undefined;
    const lowering = newLowering(this.#context(), this.text, this.#reading.masked.marks, 0);
    const header = lowerHeader(lowering, concrete);
    const body = childOf(concrete, 'body');
    if (!header || !body) return undefined;
    return { ...header, body: lowerBlock(lowering, body), problems: lowering.problems };
  }

  /** The function that fills this stretch of the text. */
  #functionAt(start: number, end: number): Concrete | undefined {
    const tree = this.#parseStretches([{ start, end }]);
    const node = tree?.rootNode.namedDescendantForIndex(start, end);
    const concrete = node?.type === 'function_definition' ? concreteOf(this.#grammar.language, node) : undefined;
    tree?.delete();
    return concrete;
  }

  #listItems(): FileItems {
    const collected = emptyItems();
    if (this.#tree) for (const node of topLevelNodes(this.#tree.rootNode)) this.#collect(node, collected);
    else collected.problems.push({ message: this.#reading.refused ?? 'This file could not be parsed.', span: { start: 0, end: 0 } });
    const { macros, includes, problems } = this.#reading.scan;
    const macroCalls = this.#reading.masked.marks.fileMacroCalls;
    for (const call of macroCalls) {
      const variable = variableOfCall(this.text, call);
      if (variable) collected.variables.push(variable);
    }
    this.#noteTypeNames(collected);
    return { ...collected, macros, includes, macroCalls, problems: [...problems, ...collected.problems] };
  }

  #collect(node: Node, collected: TreeItems): void {
    if (!itemTypes.has(node.type)) return;
    const start = node.startIndex;
    const isFunction = node.type === 'function_definition';
    const end = isFunction ? (node.childForFieldName('body')?.startIndex ?? node.endIndex) : node.endIndex;
    const fileEnd = node.endIndex;
    const make = (): TreeItems =>
      lowerItem(
        newLowering(this.#context(), this.text, this.#reading.masked.marks, 0),
        concreteOf(this.#grammar.language, node, isFunction ? 'compound_statement' : undefined),
      );
    const items = this.#itemCache.get(
      this.text.slice(start, end),
      `${isFunction ? fileEnd - start : ''} ${this.#reading.masked.text.slice(start, end)}`,
      start,
      make,
    );
    for (const key of ['functions', 'prototypes', 'variables', 'types', 'problems'] as const)
      (collected[key] as unknown[]).push(...items[key]);
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

/** The nodes at file level; those of a linkage block and of a stretch with errors are taken out of it. */
function* topLevelNodes(root: Node): Generator<Node> {
  const pending: Node[] = [...root.namedChildren].reverse();
  for (let node = pending.pop(); node; node = pending.pop()) {
    if (node.type === 'linkage_specification' || node.type === 'declaration_list') pending.push(...[...node.namedChildren].reverse());
    else if (node.type === 'ERROR') {
      yield node;
      pending.push(...node.namedChildren.filter((child) => child.type === 'function_definition' || child.type === 'declaration').reverse());
    } else yield node;
  }
}

/** The one edit that makes `after` of `before`: what lies between their common begin and their common end. */
function editBetween(before: string, after: string): Edit | undefined {
  const limit = Math.min(before.length, after.length);
  let start = 0;
  while (start < limit && before.charCodeAt(start) === after.charCodeAt(start)) start++;
  if (start === before.length && start === after.length) return undefined;
  let tail = 0;
  while (tail < limit - start && before.charCodeAt(before.length - 1 - tail) === after.charCodeAt(after.length - 1 - tail)) tail++;
  return new Edit({
    startIndex: start,
    oldEndIndex: before.length - tail,
    newEndIndex: after.length - tail,
    startPosition: pointAt(after, start),
    oldEndPosition: pointAt(before, before.length - tail),
    newEndPosition: pointAt(after, after.length - tail),
  });
}

function pointAt(text: string, offset: number): Point {
  let row = 0;
  let lineStart = 0;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) {
    row++;
    lineStart = at + 1;
  }
  return { row, column: offset - lineStart };
}
