/** Operators on values of any kind: integers by C's rules, pointers by theirs, what is not understood stays so. */
import type { Expression } from '../../syntax/ast.ts';
import { movePointer } from '../access.ts';
import { type Arithmetic, type Comparison, comparison, inverse, negated, one, zero } from '../arithmetic.ts';
import { commonType, promote } from '../basic-types.ts';
import type { Code } from '../code.ts';
import { comparePointers, numberOf, pointerDifference, truthOf } from '../conversion.ts';
import { type CType, int, unknownType } from '../ctype.ts';
import type { Run } from '../machine.ts';
import type { Value } from '../value.ts';
import { compileTest } from './condition.ts';
import { compileExpression } from './expression.ts';
import type { Scope } from './scope.ts';

type Binary = Extract<Expression, { kind: 'binary' }>;

export function compileUnary(expression: Extract<Expression, { kind: 'unary' }>, scope: Scope): Code {
  const { operator } = expression;
  const operand = compileExpression(expression.operand, scope);
  if (operator === '!') return { type: int, evaluate: (run) => inverse(truthOf(run, operand.evaluate(run))) };
  const type = operand.type.kind === 'integer' ? promote(operand.type) : operand.type;
  const evaluate = (run: Run): Value => {
    const value = operand.evaluate(run);
    const number = numberOf(run, value);
    return number ? negated(operator, number) : value;
  };
  const { constant } = operand;
  return constant?.kind === 'integer' ? { type, evaluate, constant: negated(operator, constant) } : { type, evaluate };
}

export function compileBinary(expression: Binary, scope: Scope): Code {
  const { operator } = expression;
  if (operator === '&&' || operator === '||') {
    const test = compileTest(expression, scope);
    return { type: int, evaluate: (run) => (test(run) ? one : zero) };
  }
  const left = compileExpression(expression.left, scope);
  const right = compileExpression(expression.right, scope);
  if (isComparison(operator)) {
    return { type: int, evaluate: (run) => compareValues(run, operator, left.evaluate(run), right.evaluate(run)) };
  }
  const { span } = expression;
  const evaluate = (run: Run): Value => {
    const a = left.evaluate(run);
    const b = right.evaluate(run);
    run.span = span;
    return combine(run, operator, a, b);
  };
  return { type: resultType(operator, left.type, right.type, scope), evaluate };
}

function isComparison(operator: Binary['operator']): operator is Comparison {
  return operator === '==' || operator === '!=' || operator === '<' || operator === '<=' || operator === '>' || operator === '>=';
}

/** `left operator right` for an operator that is not a comparison. */
export function combine(run: Run, operator: Arithmetic, left: Value, right: Value): Value {
  if (left.kind === 'integer' && right.kind === 'integer') return run.arithmetic(operator, left, right);
  if (operator === '+' || operator === '-') {
    if ((left.kind === 'pointer' || left.kind === 'address') && right.kind === 'integer') {
      return movePointer(run, left, right, operator === '-');
    }
    if (operator === '+' && left.kind === 'integer' && (right.kind === 'pointer' || right.kind === 'address')) {
      return movePointer(run, right, left, false);
    }
    if (operator === '-' && (left.kind === 'pointer' || left.kind === 'address')) {
      const difference = pointerDifference(run, left, right, run.types.sizeOf(left.pointee) ?? 1);
      if (difference) return difference;
    }
  }
  const a = numberOf(run, left);
  const b = numberOf(run, right);
  return a && b ? run.arithmetic(operator, a, b) : notUnderstood(left, right);
}

function compareValues(run: Run, operator: Comparison, left: Value, right: Value): Value {
  if (left.kind === 'integer' && right.kind === 'integer') {
    run.compared(left, right);
    return comparison(operator, left, right);
  }
  return comparePointers(run, operator, left, right) ?? notUnderstood(left, right);
}

function notUnderstood(left: Value, right: Value): Value {
  if (left.kind === 'opaque') return left;
  return right.kind === 'opaque' ? right : { kind: 'opaque', why: 'an operation on a value that is no number' };
}

function resultType(operator: Arithmetic, left: CType, right: CType, scope: Scope): CType {
  const a = decayed(left);
  const b = decayed(right);
  if (a.kind === 'integer' && b.kind === 'integer') return operator === '<<' || operator === '>>' ? promote(a) : commonType(a, b);
  if (operator === '-' && a.kind === 'pointer' && b.kind === 'pointer') return scope.context.compiled.types.model.long;
  if ((operator === '+' || operator === '-') && a.kind === 'pointer') return a;
  return operator === '+' && b.kind === 'pointer' ? b : unknownType;
}

/** The type of the value of an lvalue of `type`: arrays and functions are pointers then. */
export function decayed(type: CType): CType {
  if (type.kind === 'array') return { kind: 'pointer', to: type.of };
  return type.kind === 'function' ? { kind: 'pointer', to: type } : type;
}
