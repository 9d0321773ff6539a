/** Declarations in a block or at file level: each declarator with its type, initialiser and cleanup. */
import type { Declarator, TypeName } from '../ast.ts';
import { type Concrete, childOf, childrenOf } from '../concrete.ts';
import { type Lowering, spanOf } from './context.ts';
import { lowerInitializer } from './expressions.ts';
import { lowerDeclarator, lowerSpecifiers } from './types.ts';

/** The declarators of a `declaration` node, in order. One without a name is left out. */
export function lowerDeclarators(lowering: Lowering, node: Concrete): readonly Declarator[] {
  const { type } = lowerSpecifiers(lowering, node);
  const nodes = childrenOf(node, 'declarator');
  return nodes.flatMap((declarator, index) => {
    const limit = nodes[index + 1]?.start ?? node.end;
    return lowerInitialised(lowering, declarator, type, limit);
  });
}

/** `limit` is where the next declarator begins: `__free(…)` before it belongs to this one. */
function lowerInitialised(lowering: Lowering, node: Concrete, base: TypeName, limit: number): readonly Declarator[] {
  const initialised = node.type === 'init_declarator';
  const value = initialised ? childOf(node, 'value') : undefined;
  const { name, nameSpan, type } = lowerDeclarator(lowering, initialised ? childOf(node, 'declarator') : node, base);
  if (name === undefined || nameSpan === undefined) return [];
  const cleanup = cleanupBetween(lowering, node.start, limit);
  return [
    {
      name,
      nameSpan,
      type,
      ...(value && { initializer: lowerInitializer(lowering, value) }),
      ...(cleanup !== undefined && { cleanup }),
      span: spanOf(lowering, node),
    },
  ];
}

function cleanupBetween(lowering: Lowering, start: number, end: number): string | undefined {
  if (lowering.marks.cleanups.size === 0) return undefined;
  for (const [offset, name] of lowering.marks.cleanups) if (offset >= start && offset < end) return name;
  return undefined;
}
