/** Expressions and initialisers. What is not understood becomes `unknown` and is reported; nothing is guessed. */
import type { AssignmentOperator, BinaryOperator, Designator, Expression, Initializer, InitializerEntry, UnaryOperator } from '../ast.ts';
import { type Concrete, childOf, childrenOf, namedChildren } from '../concrete.ts';
import { isTypeWord } from '../type-words.ts';
import { type Lowering, report, spanOf, textOf } from './context.ts';
import { readCharacter, readNumber, readString } from './literals.ts';
import { typeArgumentPlaces } from './macro-tables.ts';
import { lowerBlock } from './statements.ts';
import { lowerTypeDescriptor, lowerTypeWord, readTypeText } from './types.ts';

export function lowerExpression(lowering: Lowering, node: Concrete | undefined): Expression {
  if (!node) return { kind: 'unknown', text: '', span: { start: lowering.shift, end: lowering.shift } };
  if (node.missing || node.children.some((child) => child.type === 'ERROR')) return unknown(lowering, node);
  const span = spanOf(lowering, node);
  const lower = (field: string): Expression => lowerExpression(lowering, childOf(node, field));
  const operator = (): string => textOf(lowering, childOf(node, 'operator') ?? { start: 0, end: 0 });
  switch (node.type) {
    case 'identifier':
    case 'field_identifier':
    case 'type_identifier':
      return lowerName(lowering, node);
    case 'true':
    case 'false':
    case 'null':
      return { kind: 'name', name: textOf(lowering, node), span };
    case 'number_literal':
      return lowerNumber(lowering, node);
    case 'char_literal':
      return { kind: 'character', value: readCharacter(textOf(lowering, node)), span };
    case 'string_literal':
      return lowerStrings(lowering, { ...node, children: [node] });
    case 'concatenated_string':
      return lowerStrings(lowering, node);
    case 'parenthesized_expression':
      return lowerParenthesized(lowering, node);
    case 'unary_expression':
      return { kind: 'unary', operator: operator() as UnaryOperator, operand: lower('argument'), span };
    case 'pointer_expression':
      return { kind: operator() === '*' ? 'dereference' : 'addressOf', operand: lower('argument'), span };
    case 'update_expression': {
      const prefix = node.children[0]?.field === 'operator';
      return { kind: 'update', operator: operator() as '++' | '--', prefix, operand: lower('argument'), span };
    }
    case 'binary_expression':
      return (
        lowerShortCast(lowering, node) ?? {
          kind: 'binary',
          operator: operator() as BinaryOperator,
          left: lower('left'),
          right: lower('right'),
          span,
        }
      );
    case 'assignment_expression':
      return { kind: 'assignment', operator: operator() as AssignmentOperator, target: lower('left'), value: lower('right'), span };
    case 'conditional_expression': {
      const base = { kind: 'conditional', test: lower('condition'), otherwise: lower('alternative'), span } as const;
      return childOf(node, 'consequence') ? { ...base, then: lower('consequence') } : base;
    }
    case 'comma_expression':
      return { kind: 'comma', left: lower('left'), right: lower('right'), span };
    case 'call_expression':
      return lowerCall(lowering, node);
    case 'field_expression': {
      const field = childOf(node, 'field');
      if (!field || field.missing) return unknown(lowering, node);
      const arrow = operator() === '->';
      const name = { field: textOf(lowering, field), arrow, fieldSpan: spanOf(lowering, field), span };
      return belowCast(lowering, node, lower('argument'), (object) => ({ kind: 'member', object, ...name }));
    }
    case 'subscript_expression':
      return belowCast(lowering, node, lower('argument'), (object) => ({ kind: 'index', object, index: lower('index'), span }));
    case 'cast_expression': {
      const type = childOf(node, 'type');
      return type ? { kind: 'cast', type: lowerTypeDescriptor(lowering, type), operand: lower('value'), span } : unknown(lowering, node);
    }
    case 'sizeof_expression':
      return lowerSizeof(lowering, node);
    case 'compound_literal_expression': {
      const type = childOf(node, 'type');
      const value = childOf(node, 'value');
      if (!type || !value) return unknown(lowering, node);
      return { kind: 'compoundLiteral', type: lowerTypeDescriptor(lowering, type), initializer: lowerInitializer(lowering, value), span };
    }
    case 'compound_statement':
      return { kind: 'statementExpression', body: lowerBlock(lowering, node), span };
    case 'extension_expression':
      return lowerExpression(lowering, namedChildren(node)[0]);
    case 'gnu_asm_expression':
      return { kind: 'unknown', text: textOf(lowering, node), span };
    default:
      return unknown(lowering, node);
  }
}

function unknown(lowering: Lowering, node: Concrete): Expression {
  report(lowering, node, 'This expression is not understood.');
  return { kind: 'unknown', text: textOf(lowering, node), span: spanOf(lowering, node) };
}

/** A name, or what the mask hid behind one. */
function lowerName(lowering: Lowering, node: Concrete): Expression {
  const { marks } = lowering;
  const span = spanOf(lowering, node);
  const type = marks.typeArguments.get(node.start);
  if (type) return { kind: 'typeArgument', type: readTypeText(lowering, type), span };
  if (marks.typeofs.has(node.start)) return { kind: 'typeArgument', type: lowerTypeWord(lowering, node), span };
  if (marks.opaque.has(node.start)) return { kind: 'unknown', text: textOf(lowering, node), span };
  return { kind: 'name', name: textOf(lowering, node), span };
}

function lowerNumber(lowering: Lowering, node: Concrete): Expression {
  const text = textOf(lowering, node);
  const literal = readNumber(text);
  if (!literal) return { kind: 'unknown', text, span: spanOf(lowering, node) };
  const signed = /^[-+]/.test(text);
  const span = spanOf(lowering, signed ? { start: node.start + 1, end: node.end } : node);
  const number: Expression = { kind: 'number', value: literal.value, suffix: literal.suffix, base: literal.base, span };
  return signed ? { kind: 'unary', operator: literal.negative ? '-' : '+', operand: number, span: spanOf(lowering, node) } : number;
}

function lowerStrings(lowering: Lowering, node: Concrete): Expression {
  const parts = namedChildren(node);
  // `#name` in a macro stands as a string whose text only an expansion could tell.
  const literals = parts.filter((part) => part.type === 'string_literal' && textOf(lowering, part).includes('"'));
  const value = literals.map((part) => readString(textOf(lowering, part))).join('');
  return { kind: 'string', value, partial: literals.length < parts.length, span: spanOf(lowering, node) };
}

function lowerParenthesized(lowering: Lowering, node: Concrete): Expression {
  const inner = namedChildren(node)[0];
  if (inner?.type !== 'compound_statement') return inner ? lowerExpression(lowering, inner) : unknown(lowering, node);
  return { kind: 'statementExpression', body: lowerBlock(lowering, inner), span: spanOf(lowering, node) };
}

function lowerCall(lowering: Lowering, node: Concrete): Expression {
  const span = spanOf(lowering, node);
  const callee = childOf(node, 'function');
  const list = childOf(node, 'arguments');
  if (!callee || !list) return unknown(lowering, node);
  const given = lowerArguments(lowering, list);
  const castTo = typeInParentheses(lowering, callee);
  const [operand] = given;
  if (castTo && operand && given.length === 1) return { kind: 'cast', type: castTo, operand, span };
  const target = lowerExpression(lowering, callee);
  const place = target.kind === 'name' ? typeArgumentPlaces.get(target.name) : undefined;
  const taken = given.map((argument, index): Expression => {
    if (index !== place || argument.kind !== 'name') return argument;
    return { kind: 'typeArgument', type: { kind: 'named', name: argument.name }, span: argument.span };
  });
  return { kind: 'call', callee: target, arguments: taken, span };
}

/** What follows `(u32 *)(x)` belongs to `(x)`: a cast that looks like a call to the grammar goes around it. */
function belowCast(lowering: Lowering, node: Concrete, object: Expression, around: (object: Expression) => Expression): Expression {
  let inner = childOf(node, 'argument');
  while (inner?.type === 'field_expression' || inner?.type === 'subscript_expression') inner = childOf(inner, 'argument');
  const callee = inner?.type === 'call_expression' ? childOf(inner, 'function') : undefined;
  if (object.kind !== 'cast' || !callee || !typeInParentheses(lowering, callee)) return around(object);
  return { ...object, operand: around(object.operand), span: spanOf(lowering, node) };
}

/** `(u8)-1` is a subtraction to the grammar; longer types were settled by the mask. */
function lowerShortCast(lowering: Lowering, node: Concrete): Expression | undefined {
  const left = childOf(node, 'left');
  const right = childOf(node, 'right');
  const type = left && typeInParentheses(lowering, left);
  const sign = textOf(lowering, childOf(node, 'operator') ?? { start: 0, end: 0 });
  if (!type || !right) return undefined;
  const value = lowerExpression(lowering, right);
  const span = spanOf(lowering, node);
  if (sign === '-' || sign === '+')
    return { kind: 'cast', type, operand: { kind: 'unary', operator: sign, operand: value, span: value.span }, span };
  if (sign === '*') return { kind: 'cast', type, operand: { kind: 'dereference', operand: value, span: value.span }, span };
  return sign === '&' ? { kind: 'cast', type, operand: { kind: 'addressOf', operand: value, span: value.span }, span } : undefined;
}

/** `(u32)(x)` looks like a call to the grammar. */
function typeInParentheses(lowering: Lowering, callee: Concrete): ReturnType<typeof lowerTypeWord> | undefined {
  const inner = callee.type === 'parenthesized_expression' ? namedChildren(callee)[0] : callee;
  if (inner?.type !== 'identifier') return undefined;
  const hidden = lowering.marks.typeofs.has(inner.start);
  const isType = hidden || (inner !== callee && isTypeWord(textOf(lowering, inner), lowering.typeNames));
  return isType ? lowerTypeWord(lowering, inner) : undefined;
}

/** The arguments between parentheses; an argument list without nodes is empty. */
export function lowerArguments(lowering: Lowering, list: Concrete): readonly Expression[] {
  return namedChildren(list).map((child) => lowerExpression(lowering, child));
}

function lowerSizeof(lowering: Lowering, node: Concrete): Expression {
  const span = spanOf(lowering, node);
  const type = childOf(node, 'type');
  if (type) {
    const word = childOf(type, 'type');
    const bare = word?.type === 'type_identifier' && !childOf(type, 'declarator') && !lowering.marks.typeofs.has(word.start);
    if (bare && !isTypeWord(textOf(lowering, word), lowering.typeNames)) {
      return { kind: 'sizeofExpression', operand: { kind: 'name', name: textOf(lowering, word), span: spanOf(lowering, word) }, span };
    }
    return { kind: 'sizeofType', type: lowerTypeDescriptor(lowering, type), span };
  }
  const value = childOf(node, 'value');
  const inner = value?.type === 'parenthesized_expression' ? namedChildren(value)[0] : undefined;
  if (
    inner?.type === 'identifier' &&
    (lowering.marks.typeofs.has(inner.start) || isTypeWord(textOf(lowering, inner), lowering.typeNames))
  ) {
    return { kind: 'sizeofType', type: lowerTypeWord(lowering, inner), span };
  }
  return { kind: 'sizeofExpression', operand: lowerExpression(lowering, value), span };
}

/** The value behind `=`: an expression or a list in braces. */
export function lowerInitializer(lowering: Lowering, node: Concrete): Initializer {
  const span = spanOf(lowering, node);
  if (node.type !== 'initializer_list') return { kind: 'expression', expression: lowerExpression(lowering, node), span };
  const entries: InitializerEntry[] = [];
  for (const child of namedChildren(node)) {
    if (child.type === 'ERROR') {
      report(lowering, child, 'This part of the initialiser is not understood.');
      continue;
    }
    entries.push(child.type === 'initializer_pair' ? lowerPair(lowering, child) : lowerPlain(lowering, child));
  }
  return { kind: 'list', entries, span };
}

function lowerPlain(lowering: Lowering, node: Concrete): InitializerEntry {
  return { designators: [], value: lowerInitializer(lowering, node), span: spanOf(lowering, node) };
}

function lowerPair(lowering: Lowering, node: Concrete): InitializerEntry {
  const value = childOf(node, 'value');
  const span = spanOf(lowering, node);
  return {
    designators: childrenOf(node, 'designator').map((designator) => lowerDesignator(lowering, designator)),
    value: value ? lowerInitializer(lowering, value) : { kind: 'expression', expression: unknown(lowering, node), span },
    span,
  };
}

function lowerDesignator(lowering: Lowering, node: Concrete): Designator {
  const span = spanOf(lowering, node);
  const [first, second] = namedChildren(node);
  switch (node.type) {
    case 'subscript_designator':
      return { kind: 'element', index: lowerExpression(lowering, first), span };
    case 'subscript_range_designator':
      return { kind: 'element', index: lowerExpression(lowering, first), last: lowerExpression(lowering, second), span };
    default:
      return { kind: 'field', name: textOf(lowering, first ?? node), span };
  }
}
