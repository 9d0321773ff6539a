/**
 * tree-sitter's nodes as plain data: lowering reads these and never touches a live tree. Walks without recursion and
 * stops at a depth, so that no nesting in the text can exhaust the stack.
 */
import type { Language, Node } from 'web-tree-sitter';

export interface Concrete {
  readonly type: string;
  /** The name of the parent's field that this node fills. */
  readonly field: string | undefined;
  readonly named: boolean;
  readonly missing: boolean;
  /** Offsets into the masked text. */
  readonly start: number;
  readonly end: number;
  readonly children: readonly Concrete[];
}

/** The type of a node that is deeper than `maxConcreteDepth`; it has no children. */
export const tooDeep = 'too_deep';

/** Levels of the tree that are kept. Deeper text lowers to `unknown`. */
export const maxConcreteDepth = 400;

interface Growing extends Concrete {
  readonly children: Growing[];
}

const errorType = 0xffff;

/**
 * Copies the tree under `node`. Children of the type `leaveOut` are copied without what is inside them. `shift` is the offset in the file
 * at which the text begins that was parsed.
 */
export function concreteOf(
  language: Language,
  node: Node,
  { leaveOut, shift = 0 }: { readonly leaveOut?: string | undefined; readonly shift?: number } = {},
): Concrete {
  const cursor = node.walk();
  const types = language.types;
  const fields = language.fields;
  const named = namedTypes(language);
  const parents: Growing[] = [];
  let root: Growing | undefined;
  for (;;) {
    const id = cursor.nodeTypeId;
    const start = cursor.startIndex + shift;
    const end = cursor.endIndex + shift;
    const field = fields[cursor.currentFieldId] ?? undefined;
    const deep = parents.length >= maxConcreteDepth;
    const type = id === errorType ? 'ERROR' : (types[id] ?? 'ERROR');
    const missing = start === end && cursor.nodeIsMissing;
    const current: Growing = { type: deep ? tooDeep : type, field, named: named[id] ?? true, missing, start, end, children: [] };
    parents[parents.length - 1]?.children.push(current);
    root ??= current;
    if (!deep && type !== leaveOut && cursor.gotoFirstChild()) {
      parents.push(current);
      continue;
    }
    while (!cursor.gotoNextSibling()) {
      parents.pop();
      if (parents.length === 0 || !cursor.gotoParent()) {
        cursor.delete();
        return root;
      }
    }
    if (parents.length === 0) break;
  }
  cursor.delete();
  return root;
}

let namedTable: { readonly language: Language; readonly named: readonly boolean[] } | undefined;

function namedTypes(language: Language): readonly boolean[] {
  if (namedTable?.language !== language) namedTable = { language, named: language.types.map((_, id) => language.nodeTypeIsNamed(id)) };
  return namedTable.named;
}

export function childOf(node: Concrete, field: string): Concrete | undefined {
  return node.children.find((child) => child.field === field && child.named) ?? node.children.find((child) => child.field === field);
}

export function childrenOf(node: Concrete, field: string): readonly Concrete[] {
  return node.children.filter((child) => child.field === field);
}

export function namedChildren(node: Concrete): readonly Concrete[] {
  return node.children.filter((child) => child.named && child.type !== 'comment');
}
