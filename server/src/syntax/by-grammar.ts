/**
 * The nodes of a masked text as tree-sitter reads it: for what is not plain C, and for broken text, where the grammar goes on behind an
 * error. Every tree is freed before this returns. Knows nothing of what the nodes are lowered to.
 */
import type { Node, Tree } from 'web-tree-sitter';
import { type Concrete, concreteOf } from './concrete.ts';
import type { Grammar } from './grammar.ts';
import { joined, type Piece } from './stretches.ts';

const itemTypes: ReadonlySet<string> = new Set([
  'function_definition',
  'declaration',
  'type_definition',
  'struct_specifier',
  'union_specifier',
  'enum_specifier',
  'ERROR',
]);

/** The items of a file of which `pieces` stand outside of functions' bodies; these have nothing in them. */
export function grammarItems(grammar: Grammar, pieces: readonly Piece[]): readonly Concrete[] {
  const tree = parse(grammar, joined(pieces));
  const items: Concrete[] = [];
  if (!tree) return items;
  for (const node of topLevelNodes(tree.rootNode)) {
    if (!itemTypes.has(node.type)) continue;
    const leaveOut = node.type === 'function_definition' ? 'compound_statement' : undefined;
    items.push(concreteOf(grammar.language, node, { leaveOut }));
  }
  tree.delete();
  return items;
}

/** The function that the piece is, with its body. */
export function grammarFunction(grammar: Grammar, { start, text }: Piece): Concrete | undefined {
  const tree = parse(grammar, text);
  const node = tree?.rootNode.namedDescendantForIndex(0, text.length);
  const concrete = node?.type === 'function_definition' ? concreteOf(grammar.language, node, { shift: start }) : undefined;
  tree?.delete();
  return concrete;
}

/** The one item of a text, with its body, when the grammar understands all of it. */
export function soundItem(grammar: Grammar, text: string): Concrete | undefined {
  const tree = parse(grammar, text);
  const [only, ...others] = tree?.rootNode.children ?? [];
  const item = only && others.length === 0 && !tree?.rootNode.hasError ? concreteOf(grammar.language, only) : undefined;
  tree?.delete();
  return item;
}

/** Signs that the parser takes at a time. */
const longestRead = 4096;

function parse(grammar: Grammar, text: string): Tree | undefined {
  return grammar.parser.parse((index) => text.slice(index, index + longestRead)) ?? undefined;
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
