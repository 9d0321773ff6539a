/** Conditions: short circuits, and the question to the world where the value is not a constant. */
import type { Expression, Span } from '../../syntax/ast.ts';
import type { Code, Test } from '../code.ts';
import { truthOf } from '../conversion.ts';
import type { Run } from '../machine.ts';
import type { IntegerValue, Value } from '../value.ts';
import { compileExpression } from './expression.ts';
import type { Scope } from './scope.ts';

/** Which way the run goes on the value: what is not constant is the world's to decide. */
export function decide(run: Run, value: Value, span: Span): boolean {
  const truth = value.kind === 'integer' ? value : truthOf(run, value);
  return truth.term.kind === 'constant' ? truth.term.value !== 0n : run.world.branch(run, truth, span);
}

/** The expression as a condition. */
export function compileTest(expression: Expression, scope: Scope): Test {
  if (expression.kind === 'unary' && expression.operator === '!') {
    const operand = compileTest(expression.operand, scope);
    return (run) => !operand(run);
  }
  if (expression.kind === 'binary' && (expression.operator === '&&' || expression.operator === '||')) {
    const left = compileTest(expression.left, scope);
    const right = compileTest(expression.right, scope);
    return expression.operator === '&&' ? (run) => left(run) && right(run) : (run) => left(run) || right(run);
  }
  return testOf(compileExpression(expression, scope), expression.span);
}

function testOf(code: Code, span: Span): Test {
  const { evaluate } = code;
  return (run) => decide(run, evaluate(run), span);
}

/**
 * Tells the world that the condition is false from here on, without a choice; says nothing where the condition is made
 * of several that need not all be false.
 */
export function compileAssumeFalse(expression: Expression, scope: Scope): (run: Run) => void {
  if (expression.kind === 'binary' && expression.operator === '||') {
    const left = compileAssumeFalse(expression.left, scope);
    const right = compileAssumeFalse(expression.right, scope);
    return (run) => {
      left(run);
      right(run);
    };
  }
  return isPlain(expression) ? compileAssume(expression, scope, false) : () => {};
}

/** Tells the world what a condition without calls and assignments is from here on, without a choice. */
export function compileAssume(condition: Expression, scope: Scope, truth: boolean): (run: Run) => void {
  const { evaluate } = compileExpression(condition, scope);
  return (run) => {
    const value: IntegerValue = truthOf(run, evaluate(run));
    if (value.term.kind !== 'constant') run.world.assume?.(run, value, truth, condition.span);
  };
}

/** Without calls, assignments and short circuits: evaluating it once more changes nothing. */
export function isPlain(expression: Expression): boolean {
  switch (expression.kind) {
    case 'number':
    case 'character':
    case 'name':
    case 'sizeofType':
    case 'sizeofExpression':
      return true;
    case 'unary':
    case 'dereference':
    case 'addressOf':
    case 'cast':
      return isPlain(expression.operand);
    case 'binary':
      return expression.operator !== '&&' && expression.operator !== '||' && isPlain(expression.left) && isPlain(expression.right);
    case 'member':
      return isPlain(expression.object);
    case 'index':
      return isPlain(expression.object) && isPlain(expression.index);
    default:
      return false;
  }
}
