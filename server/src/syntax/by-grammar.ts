/**
 * The nodes of a masked text as tree-sitter reads it: for what is not plain C, and for broken text, where the grammar goes on behind an
 * error. Every tree is freed before this returns. Knows nothing of what the nodes are lowered to.
 */
import type { Node, Tree } from 'web-tree-sitter';
import type { Span } from './ast.ts';
import { type Concrete, concreteOf } from './concrete.ts';
import type { Grammar } from './grammar.ts';
import { rangesOf, readerOf } from './stretches.ts';

const itemTypes: ReadonlySet<string> = new Set([
  'function_definition',
  'declaration',
  'type_definition',
  'struct_specifier',
  'union_specifier',
  'enum_specifier',
  'ERROR',
]);

/** The items of a file of which `stretches` are read; bodies of functions have nothing in them. */
export function grammarItems(grammar: Grammar, text: string, stretches: readonly Span[]): readonly Concrete[] {
  const tree = parse(grammar, text, stretches);
  const items: Concrete[] = [];
  if (!tree) return items;
  for (const node of topLevelNodes(tree.rootNode)) {
    if (!itemTypes.has(node.type)) continue;
    items.push(concreteOf(grammar.language, node, node.type === 'function_definition' ? 'compound_statement' : undefined));
  }
  tree.delete();
  return items;
}

/** The function that fills `span`, with its body. */
export function grammarFunction(grammar: Grammar, text: string, span: Span): Concrete | undefined {
  const tree = parse(grammar, text, [span]);
  const node = tree?.rootNode.namedDescendantForIndex(span.start, span.end);
  const concrete = node?.type === 'function_definition' ? concreteOf(grammar.language, node) : undefined;
  tree?.delete();
  return concrete;
}

function parse(grammar: Grammar, text: string, stretches: readonly Span[]): Tree | undefined {
  return grammar.parser.parse(readerOf(text, stretches), null, { includedRanges: rangesOf(text, stretches) }) ?? undefined;
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
