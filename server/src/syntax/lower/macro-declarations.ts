/** Variables that a macro declares: `LIST_HEAD(pending)` is a `struct list_head pending`. */
import type { Declarator, Expression, Initializer, Span, TypeName } from '../ast.ts';
import { type DeclaringMacro, declaringMacros } from './macro-tables.ts';

const unsignedLong: TypeName = { kind: 'named', name: 'unsigned long' };

/** The declarator that the macro call stands for; `undefined` when the macro declares nothing known. */
export function declaredByMacro(macro: string, given: readonly Expression[], span: Span): Declarator | undefined {
  const declaring = declaringMacros.get(macro);
  if (!declaring) return undefined;
  const name = given[declaring.nameAt];
  if (name?.kind !== 'name') return undefined;
  const initializer = macro === 'LIST_HEAD' ? emptyList(name, span) : undefined;
  return {
    name: name.name,
    nameSpan: name.span,
    type: declaredType(declaring.type, given[1]),
    ...(initializer ? { initializer } : {}),
    span,
  };
}

/** `{ .next = &list, .prev = &list }`. */
function emptyList(operand: Expression, span: Span): Initializer {
  const expression: Expression = { kind: 'addressOf', operand, span };
  const entries = ['next', 'prev'].map((name) => ({
    designators: [{ kind: 'field' as const, name, span }],
    value: { kind: 'expression' as const, expression, span },
    span,
  }));
  return { kind: 'list', entries, span };
}

/** The type a table's entry stands for; `bits` is the length of a bitmap, where the text at hand has it. */
export function declaredType(type: DeclaringMacro['type'], bits: Expression | undefined): TypeName {
  if (type === 'hashtable') return hashTable(bits);
  if (type !== 'bitmap') return 'tag' in type ? { kind: 'tagged', tag: 'struct', name: type.tag } : { kind: 'named', name: type.typedef };
  if (!bits) return { kind: 'array', of: unsignedLong };
  const callee: Expression = { kind: 'name', name: 'BITS_TO_LONGS', span: bits.span };
  return { kind: 'array', of: unsignedLong, length: { kind: 'call', callee, arguments: [bits], span: bits.span } };
}

/** `struct hlist_head name[1 << bits]`. */
function hashTable(bits: Expression | undefined): TypeName {
  const of: TypeName = { kind: 'tagged', tag: 'struct', name: 'hlist_head' };
  if (!bits) return { kind: 'array', of };
  const { span } = bits;
  const one: Expression = { kind: 'number', value: 1n, suffix: '', base: 10, span };
  return { kind: 'array', of, length: { kind: 'binary', operator: '<<', left: one, right: bits, span } };
}
