/**
 * Macros of the program: their meaning with the arguments put in, as the preprocessor would, but on the tree. What
 * comes from the macro's body takes the span of its use, so that everything that runs lies in the function's own text.
 */
import type { Block, Expression, MacroMeaning, Span } from '../../syntax/ast.ts';
import type { Scope } from './scope.ts';

type Understood = Exclude<MacroMeaning, { kind: 'opaque' }>;

/** The expression that an object-like macro of this name stands for here. */
export function expandObjectMacro(name: { readonly name: string; readonly span: Span }, scope: Scope): Expression | undefined {
  const meaning = objectMacro(name.name, scope);
  return meaning?.kind === 'expression' ? substitute(meaning.expression, new Map(), name.span) : undefined;
}

/** The statements that an object-like macro of this name stands for here. */
export function expandObjectStatements(name: { readonly name: string; readonly span: Span }, scope: Scope): Block | undefined {
  const meaning = objectMacro(name.name, scope);
  return meaning?.kind === 'statements' ? substitute(meaning.body, new Map(), name.span) : undefined;
}

function objectMacro(name: string, scope: Scope): MacroMeaning | undefined {
  const { compiled, expanding } = scope.context;
  if (expanding.has(name)) return undefined;
  const macro = compiled.program.macro(name);
  return macro && !macro.parameters && isUnderstood(macro.meaning) ? macro.meaning : undefined;
}

function isUnderstood(meaning: MacroMeaning): meaning is Understood {
  return meaning.kind !== 'opaque' && !(meaning.kind === 'expression' && meaning.expression.kind === 'unknown');
}

/** A call of a function-like macro, with its arguments put in; `undefined` when the program has no such macro. */
export function expandCall(name: string, args: readonly Expression[], span: Span, scope: Scope): Understood | undefined {
  const { compiled, expanding } = scope.context;
  if (expanding.has(name)) return undefined;
  const macro = compiled.program.macro(name);
  if (!macro?.parameters || !isUnderstood(macro.meaning)) return undefined;
  const bindings = new Map<string, Expression>();
  for (const [index, parameter] of macro.parameters.entries()) {
    const argument = args[index];
    if (parameter.endsWith('...')) break;
    if (!argument) return undefined;
    bindings.set(parameter, argument);
  }
  const { meaning } = macro;
  return meaning.kind === 'expression'
    ? { kind: 'expression', expression: substitute(meaning.expression, bindings, span) }
    : { kind: 'statements', body: substitute(meaning.body, bindings, span) };
}

/**
 * The tree with names replaced: an expression that is a parameter's name by the argument, and where the text takes a bare
 * word (a field, a declared name, a type) by the argument's name. Trees are plain data: one walk serves all kinds.
 */
function substitute<Tree extends object>(tree: Tree, bindings: ReadonlyMap<string, Expression>, span: Span): Tree {
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
