/** The type and the first state of a queue that `DECLARE_KFIFO(name, type, size)` and its relatives declare. Knows no executor. */
import type { Expression, Field, Initializer, Span, TypeName } from '../ast.ts';

/** How many elements a queue has whose memory is allocated later. */
const none = (span: Span): Expression => ({ kind: 'number', value: 0n, suffix: '', base: 10, span });

/**
 * An anonymous struct with the members that the kernel's macros look at: `kfifo`, `type` and `rectype` in a union, and the elements.
 * Without a length their memory is allocated later.
 */
export function queueType(element: TypeName, length: Expression | undefined, span: Span): TypeName {
  const field = (name: string, type: TypeName): Field => ({ name, type, span });
  const head: TypeName = { kind: 'tagged', tag: 'struct', name: '__kfifo' };
  const noRecord: TypeName = { kind: 'array', of: { kind: 'named', name: 'char' }, length: none(span) };
  const ways: readonly Field[] = [
    field('kfifo', head),
    field('type', { kind: 'pointer', to: element }),
    field('rectype', { kind: 'pointer', to: noRecord }),
  ];
  const fields: readonly Field[] = [
    field('', { kind: 'tagged', tag: 'union', name: '', body: { kind: 'fields', fields: ways } }),
    field('buf', { kind: 'array', of: element, length: length ?? none(span) }),
  ];
  return { kind: 'tagged', tag: 'struct', name: '', body: { kind: 'fields', fields } };
}

/** `DEFINE_KFIFO(name, type, length)`: empty, with its own memory. */
export function emptyQueue(name: string, element: TypeName, length: Expression, span: Span): Initializer {
  const operand: Expression = { kind: 'name', name, span };
  const one: Expression = { kind: 'number', value: 1n, suffix: '', base: 10, span };
  const parts: readonly (readonly [string, Expression])[] = [
    ['mask', { kind: 'binary', operator: '-', left: length, right: one, span }],
    ['esize', { kind: 'sizeofType', type: element, span }],
    ['data', { kind: 'member', object: operand, field: 'buf', arrow: false, fieldSpan: span, span }],
  ];
  const entries = parts.map(([part, expression]) => ({
    designators: [
      { kind: 'field' as const, name: 'kfifo', span },
      { kind: 'field' as const, name: part, span },
    ],
    value: { kind: 'expression' as const, expression, span },
    span,
  }));
  return { kind: 'list', entries, span };
}
