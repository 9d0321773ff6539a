/** Compiles statements; loops, `switch`, iterators and guards have files of their own. */
import type { Expression, Statement } from '../../syntax/ast.ts';
import type { Completion, Goto, StatementCode, Target } from '../code.ts';
import type { Run } from '../machine.ts';
import { compileBlock } from './block.ts';
import { compileTest } from './condition.ts';
import { compileDeclaration } from './declaration.ts';
import { compileExpression } from './expression.ts';
import { compileGuard } from './guard.ts';
import { compileIterator } from './iterator.ts';
import { compileDoWhile, compileFor, compileWhile } from './loop.ts';
import { expandCall, expandObjectStatements } from './macro.ts';
import type { Scope } from './scope.ts';
import { Escape } from './statement-expression.ts';
import { compileCase, compileSwitch } from './switch.ts';

const deepest = 300;
const nothing: StatementCode = { run: () => undefined };

export function compileStatement(statement: Statement, scope: Scope): StatementCode {
  const { context } = scope;
  if (context.depth > deepest) return notUnderstood(statement, 'a statement that is nested too deeply');
  context.depth++;
  const escapes = context.escapes;
  const code = compile(statement, scope);
  context.depth--;
  if (context.escapes === escapes) return code;
  context.escapes = escapes;
  return catching(code);
}

function compile(statement: Statement, scope: Scope): StatementCode {
  switch (statement.kind) {
    case 'block':
      return compileBlock(statement, scope, scope.inner());
    case 'expression':
      return compileExpressionStatement(statement.expression, scope);
    case 'declaration':
      return compileDeclaration(statement, scope);
    case 'if':
      return compileIf(statement, scope);
    case 'while':
      return compileWhile(statement, scope);
    case 'doWhile':
      return compileDoWhile(statement, scope);
    case 'for':
      return compileFor(statement, scope);
    case 'iterator':
      return compileIterator(statement, scope);
    case 'guard':
      return compileGuard(statement, scope);
    case 'switch':
      return compileSwitch(statement, scope);
    case 'case':
    case 'default':
      return compileCase(statement, scope);
    case 'goto':
      return compileGoto(statement);
    case 'break':
      return { run: (run) => jump(run, statement, 'break') };
    case 'continue':
      return { run: (run) => jump(run, statement, 'continue') };
    case 'return':
      return compileReturn(statement, scope);
    case 'label':
    case 'empty':
      return nothing;
    case 'unknown':
      return notUnderstood(statement, statement.text);
  }
}

function jump(run: Run, statement: Statement, completion: 'break' | 'continue'): Completion {
  run.step(statement.span);
  return completion;
}

function notUnderstood(statement: Statement, what: string): StatementCode {
  return {
    run: (run) => {
      run.step(statement.span);
      return run.stop({ kind: 'notUnderstood', what });
    },
  };
}

/** A macro that stands for statements runs as them, so that its jumps are those of the function. */
function compileExpressionStatement(expression: Expression, scope: Scope): StatementCode {
  const expanded = expandStatements(expression, scope);
  if (expanded) {
    const { name, body } = expanded;
    scope.context.expanding.add(name);
    const code = compileBlock(body, scope, scope.inner());
    scope.context.expanding.delete(name);
    return code;
  }
  const { evaluate } = compileExpression(expression, scope);
  const { span } = expression;
  return {
    run: (run) => {
      run.step(span);
      evaluate(run);
      return undefined;
    },
  };
}

function expandStatements(expression: Expression, scope: Scope) {
  if (expression.kind === 'name' && !scope.lookUp(expression.name)) {
    const body = expandObjectStatements(expression, scope);
    return body && { name: expression.name, body };
  }
  if (expression.kind !== 'call' || expression.callee.kind !== 'name' || scope.lookUp(expression.callee.name)) return undefined;
  const { name } = expression.callee;
  const expanded = expandCall(name, expression.arguments, expression.span, scope);
  return expanded?.kind === 'statements' ? { name, body: expanded.body } : undefined;
}

function compileIf(statement: Extract<Statement, { kind: 'if' }>, scope: Scope): StatementCode {
  const test = compileTest(statement.test, scope);
  const then = compileStatement(statement.then, scope);
  const otherwise = statement.otherwise ? compileStatement(statement.otherwise, scope) : nothing;
  const { span } = statement.test;
  const run = (each: Run): Completion => {
    each.step(span);
    return test(each) ? then.run(each) : otherwise.run(each);
  };
  if (!then.targets && !otherwise.targets) return { run };
  const enter = (each: Run, target: Target): Completion =>
    then.targets?.has(target) ? then.enter?.(each, target) : otherwise.enter?.(each, target);
  return { run, enter, targets: new Set([...(then.targets ?? []), ...(otherwise.targets ?? [])]) };
}

function compileGoto(statement: Extract<Statement, { kind: 'goto' }>): StatementCode {
  const completion: Goto = { label: statement.label, span: statement.span };
  return {
    run: (run) => {
      run.step(statement.span);
      return completion;
    },
  };
}

function compileReturn(statement: Extract<Statement, { kind: 'return' }>, scope: Scope): StatementCode {
  const { span, value } = statement;
  const code = value && compileExpression(value, scope, scope.context.returns);
  return {
    run: (run) => {
      run.step(span);
      run.returned = code ? code.evaluate(run) : { kind: 'void' };
      return 'return';
    },
  };
}

/** Makes a jump out of a statement expression the completion of the statement that it stands in. */
function catching(code: StatementCode): StatementCode {
  const caught = (body: () => Completion): Completion => {
    try {
      return body();
    } catch (thrown) {
      if (thrown instanceof Escape) return thrown.jump;
      throw thrown;
    }
  };
  const { enter } = code;
  return {
    ...code,
    run: (run) => caught(() => code.run(run)),
    ...(enter ? { enter: (run: Run, target: Target) => caught(() => enter(run, target)) } : {}),
  };
}
