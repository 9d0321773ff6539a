/** Arguments put in for the parameters of a macro, as the preprocessor would, but on the tree. Knows no program. */
import type { Expression, Span } from '../syntax/ast.ts';

/** Parameters with their arguments; `undefined` where one is missing. */
export function bind(parameters: readonly string[], args: readonly Expression[]): ReadonlyMap<string, Expression> | undefined {
  const bindings = new Map<string, Expression>();
  for (const [index, parameter] of parameters.entries()) {
    const argument = args[index];
    if (parameter.endsWith('...')) break;
    if (!argument) return undefined;
    bindings.set(parameter, argument);
  }
  return bindings;
}

/**
 * The tree with names replaced: an expression that is a parameter's name by the argument, and where the text takes a bare
 * word (a field, a declared name, a type) by the argument's name. Trees are plain data: one walk serves all kinds.
 */
export function substitute<Tree extends object>(tree: Tree, bindings: ReadonlyMap<string, Expression>, span: Span): Tree {
  return replaced(tree, bindings, span) as Tree;
}

function replaced(node: unknown, bindings: ReadonlyMap<string, Expression>, span: Span): unknown {
  if (Array.isArray(node)) return node.map((each) => replaced(each, bindings, span));
  if (typeof node !== 'object' || node === null) return node;
  const { kind, name, text } = node as { readonly kind?: unknown; readonly name?: unknown; readonly text?: unknown };
  const pasted = kind === 'unknown' && typeof text === 'string' ? paste(text, bindings) : undefined;
  if (pasted !== undefined) return { kind: 'name', name: pasted, span };
  const bound = typeof name === 'string' ? bindings.get(name) : undefined;
  if (bound && kind === 'name') return bound;
  if (bound?.kind === 'typeArgument' && kind === 'named') return bound.type;
  const copy: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(node)) {
    if (key === 'span' || key === 'nameSpan' || key === 'fieldSpan') copy[key] = span;
    else if ((key === 'field' || key === 'name' || key === 'label') && typeof value === 'string') copy[key] = word(value, bindings);
    else copy[key] = replaced(value, bindings, span);
  }
  return copy;
}

/** The name that `a ## b` gives; `undefined` for any other text, and where an argument is no word. */
function paste(text: string, bindings: ReadonlyMap<string, Expression>): string | undefined {
  if (!text.includes('##')) return undefined;
  const parts = text.split('##').map((part) => part.trim());
  const pasted = parts.map((part) => pastable(bindings.get(part), part)).join('');
  return /^[A-Za-z_]\w*$/.test(pasted) ? pasted : undefined;
}

function pastable(bound: Expression | undefined, part: string): string {
  if (!bound) return part;
  if (bound.kind === 'name') return bound.name;
  return bound.kind === 'number' ? `${bound.value}` : '?';
}

function word(name: string, bindings: ReadonlyMap<string, Expression>): string {
  const bound = bindings.get(name);
  return bound?.kind === 'name' ? bound.name : name;
}
