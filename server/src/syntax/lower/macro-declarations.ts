/** Variables that a macro declares: `LIST_HEAD(pending)` is a `struct list_head pending`. */
import type { Declarator, Expression, Initializer, Span, TypeName } from '../ast.ts';
import { type DeclaringMacro, declaringMacros } from './macro-tables.ts';
import { queueType } from './queue-types.ts';

const unsignedLong: TypeName = { kind: 'named', name: 'unsigned long' };

/** The declarator that the macro call stands for; `undefined` when the macro declares nothing known. */
export function declaredByMacro(macro: string, given: readonly Expression[], span: Span): Declarator | undefined {
  const declaring = declaringMacros.get(macro);
  if (!declaring) return undefined;
  const name = given[declaring.nameAt];
  if (name?.kind !== 'name') return undefined;
  const initializer = macro === 'LIST_HEAD' ? emptyList(name, span) : cleared.has(macro) ? noEntries(span) : undefined;
  return {
    name: name.name,
    nameSpan: name.span,
    type: declaredType(declaring.type, { bits: given[1] }, span),
    ...(initializer ? { initializer } : {}),
    span,
  };
}

/** Macros that leave the rest of what they declare zero. */
const cleared: ReadonlySet<string> = new Set(['DEFINE_DMA_BUF_EXPORT_INFO']);

const noEntries = (span: Span): Initializer => ({ kind: 'list', entries: [], span });

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

/** What is given to a macro beside the name, where the text at hand has it: the bits of a bitmap or a hash table, the elements of a queue. */
export interface Declared {
  readonly bits?: Expression | undefined;
  readonly element?: TypeName;
  readonly length?: Expression | undefined;
}

/** The type a table's entry stands for. */
export function declaredType(type: DeclaringMacro['type'], { bits, element, length }: Declared, span: Span): TypeName {
  if (type === 'queue') return element ? queueType(element, length, span) : { kind: 'tagged', tag: 'struct', name: 'kfifo' };
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
