/** Assignments, simple and compound, `++` and `--`. */
import type { Expression } from '../../syntax/ast.ts';
import { load, store } from '../access.ts';
import type { Arithmetic } from '../arithmetic.ts';
import { one } from '../arithmetic.ts';
import type { Code } from '../code.ts';
import type { CType } from '../ctype.ts';
import type { Run } from '../machine.ts';
import type { Value } from '../value.ts';
import { compileExpression, opaque } from './expression.ts';
import { combine } from './operators.ts';
import type { Scope } from './scope.ts';

const arithmeticOf = {
  '+=': '+',
  '-=': '-',
  '*=': '*',
  '/=': '/',
  '%=': '%',
  '<<=': '<<',
  '>>=': '>>',
  '&=': '&',
  '|=': '|',
  '^=': '^',
} as const satisfies Record<string, Arithmetic>;

export function compileAssignment(expression: Extract<Expression, { kind: 'assignment' }>, scope: Scope): Code {
  const { operator, span } = expression;
  const target = compileExpression(expression.target, scope);
  const value = compileExpression(expression.value, scope, hintOf(target.type));
  const { locate, type } = target;
  if (!locate) return notAssignable(value);
  if (operator === '=') {
    const evaluate = (run: Run): Value => {
      const assigned = value.evaluate(run);
      const location = locate(run);
      run.span = span;
      return store(run, location, assigned, span);
    };
    return { type, evaluate };
  }
  const arithmetic = arithmeticOf[operator];
  const evaluate = (run: Run): Value => {
    const right = value.evaluate(run);
    const location = locate(run);
    const left = load(run, location, undefined);
    run.span = span;
    return store(run, location, combine(run, arithmetic, left, right), span);
  };
  return { type, evaluate };
}

/** `macro(x) = y` where the macro is not understood: the value is computed, and where it goes is not known. */
function notAssignable(value: Code): Code {
  const nowhere = opaque('an assignment to what is no lvalue');
  const evaluate = (run: Run): Value => {
    value.evaluate(run);
    return nowhere.evaluate(run);
  };
  return { type: value.type, evaluate };
}

export function compileUpdate(expression: Extract<Expression, { kind: 'update' }>, scope: Scope): Code {
  const { operator, prefix, span } = expression;
  const { locate, type } = compileExpression(expression.operand, scope);
  if (!locate) return opaque('an update of what is no lvalue');
  const arithmetic = operator === '++' ? '+' : '-';
  const evaluate = (run: Run): Value => {
    const location = locate(run);
    const before = load(run, location, undefined);
    run.span = span;
    const after = store(run, location, combine(run, arithmetic, before, one), span);
    return prefix ? after : before;
  };
  return { type, evaluate };
}

function hintOf(type: CType): CType | undefined {
  return type.kind === 'unknown' ? undefined : type;
}
