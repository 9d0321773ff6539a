/**
 * Macros of the program: their meaning with the arguments put in, as the preprocessor would, but on the tree. What
 * comes from the macro's body takes the span of its use, so that everything that runs lies in the function's own text.
 */
import type { Block, Expression, InitializerEntry, MacroMeaning, Span } from '../../syntax/ast.ts';
import { bind, substitute } from '../substitution.ts';
import type { Scope } from './scope.ts';

type Understood = Exclude<MacroMeaning, { kind: 'opaque' | 'entries' }>;

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
  return (
    meaning.kind !== 'opaque' && meaning.kind !== 'entries' && !(meaning.kind === 'expression' && meaning.expression.kind === 'unknown')
  );
}

/** A call of a function-like macro, with its arguments put in; `undefined` when the program has no such macro. */
export function expandCall(name: string, args: readonly Expression[], span: Span, scope: Scope): Understood | undefined {
  const { compiled, expanding } = scope.context;
  if (expanding.has(name)) return undefined;
  const macro = compiled.program.macro(name);
  if (!macro?.parameters || !isUnderstood(macro.meaning)) return undefined;
  const bindings = bind(macro.parameters, args);
  if (!bindings) return undefined;
  const { meaning } = macro;
  return meaning.kind === 'expression'
    ? { kind: 'expression', expression: substitute(meaning.expression, bindings, span) }
    : { kind: 'statements', body: substitute(meaning.body, bindings, span) };
}

/** The entries of a braced list, with those that its macros stand for in their places. */
export function expandEntries(entries: readonly InitializerEntry[], scope: Scope): readonly InitializerEntry[] {
  const { program } = scope.context.compiled;
  return entries.flatMap((entry) => {
    if (entry.designators.length > 0 || entry.value.kind !== 'expression') return [entry];
    const { expression, span } = entry.value;
    const name = expression.kind === 'call' && expression.callee.kind === 'name' ? expression.callee.name : undefined;
    const macro = program.macro(name ?? (expression.kind === 'name' ? expression.name : ''));
    if (macro?.meaning.kind !== 'entries') return [entry];
    const bindings = bind(macro.parameters ?? [], expression.kind === 'call' ? expression.arguments : []);
    return bindings ? substitute(macro.meaning, bindings, span).entries : [entry];
  });
}
