/** Expressions as a C author would write them, for the names of unknown things. Long ones are cut. */
import type { Expression } from '../syntax/ast.ts';

const longest = 120;

/** The expression in C, on one line. */
export function expressionText(expression: Expression): string {
  const text = write(expression, 0);
  return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}

function write(expression: Expression, depth: number): string {
  if (depth > 20) return '…';
  const inner = (each: Expression) => write(each, depth + 1);
  switch (expression.kind) {
    case 'number':
      return expression.base === 16 ? `0x${expression.value.toString(16)}` : expression.value.toString();
    case 'character':
      return expression.value.toString();
    case 'string':
      return JSON.stringify(expression.value);
    case 'name':
      return expression.name;
    case 'unary':
      return expression.operator + atom(expression.operand, inner);
    case 'dereference':
      return `*${atom(expression.operand, inner)}`;
    case 'addressOf':
      return `&${atom(expression.operand, inner)}`;
    case 'update':
      return expression.prefix ? expression.operator + inner(expression.operand) : inner(expression.operand) + expression.operator;
    case 'binary':
      return `${atom(expression.left, inner)} ${expression.operator} ${atom(expression.right, inner)}`;
    case 'conditional':
      return `${inner(expression.test)} ? ${expression.then ? inner(expression.then) : ''} : ${inner(expression.otherwise)}`;
    case 'assignment':
      return `${inner(expression.target)} ${expression.operator} ${inner(expression.value)}`;
    case 'call':
      return `${inner(expression.callee)}(${expression.arguments.map(inner).join(', ')})`;
    case 'member':
      return `${atom(expression.object, inner)}${expression.arrow ? '->' : '.'}${expression.field}`;
    case 'index':
      return `${atom(expression.object, inner)}[${inner(expression.index)}]`;
    case 'cast':
      return atom(expression.operand, inner);
    case 'sizeofExpression':
      return `sizeof(${inner(expression.operand)})`;
    case 'comma':
      return `${inner(expression.left)}, ${inner(expression.right)}`;
    case 'unknown':
      return expression.text;
    case 'sizeofType':
    case 'compoundLiteral':
    case 'statementExpression':
    case 'typeArgument':
      return '…';
  }
}

function atom(expression: Expression, inner: (each: Expression) => string): string {
  const { kind } = expression;
  const loose = kind === 'binary' || kind === 'conditional' || kind === 'assignment' || kind === 'comma';
  return loose ? `(${inner(expression)})` : inner(expression);
}
