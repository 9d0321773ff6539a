/**
 * Loops. The world is asked before each round: it lets the loop run, leaves it, or has it widened: what the loop writes
 * becomes unknown, one round stands for all that are left, and what was written becomes unknown again.
 */
import type { Expression, Span, Statement } from '../../syntax/ast.ts';
import type { Completion, StatementCode, Target, Test } from '../code.ts';
import { constantExpression } from '../constant-expression.ts';
import type { Run } from '../machine.ts';
import { compileAssumeFalse, compileTest } from './condition.ts';
import { compileCounted } from './counted.ts';
import { compileExpression } from './expression.ts';
import type { Scope } from './scope.ts';
import { compileStatement } from './statement.ts';
import { staying } from './staying.ts';
import { compileHavoc } from './writes.ts';

interface Loop {
  readonly span: Span;
  /** Absent for a loop that only a jump leaves. */
  readonly test: Test | undefined;
  readonly testsFirst: boolean;
  readonly body: StatementCode;
  readonly step: ((run: Run) => void) | undefined;
  readonly havoc: (run: Run) => void;
  readonly assumeLeft: (run: Run) => void;
  /** After at least one round, when the condition is false: a loop that counts up by one to a number has reached it. */
  readonly assumeCounted: (run: Run) => void;
}

export function compileWhile(statement: Extract<Statement, { kind: 'while' }>, scope: Scope): StatementCode {
  return loopCode(newLoop(statement.span, statement.test, undefined, statement.body, scope, true));
}

export function compileDoWhile(statement: Extract<Statement, { kind: 'doWhile' }>, scope: Scope): StatementCode {
  // `do { ... } while (0)` is a block that `break` and `continue` leave.
  const never = constantExpression(statement.test, scope.context.compiled.program, scope.context.compiled.types) === 0n;
  return never
    ? onceCode(compileStatement(statement.body, scope))
    : loopCode(newLoop(statement.span, statement.test, undefined, statement.body, scope, false));
}

export function compileFor(statement: Extract<Statement, { kind: 'for' }>, outer: Scope): StatementCode {
  const scope = outer.inner();
  const init = statement.init && compileStatement(statement.init, scope);
  const code = loopCode(newLoop(statement.span, statement.test, statement.step, statement.body, scope, true));
  if (!init) return code;
  return {
    ...code,
    run: (run) => init.run(run) ?? code.run(run),
  };
}

function newLoop(
  span: Span,
  test: Expression | undefined,
  step: Expression | undefined,
  body: Statement,
  scope: Scope,
  testsFirst: boolean,
): Loop {
  const { program, types } = scope.context.compiled;
  const always = test === undefined || (constantExpression(test, program, types) ?? 0n) !== 0n;
  const evaluateStep = step && compileExpression(step, scope).evaluate;
  return {
    span,
    testsFirst,
    test: always ? undefined : compileTest(test, scope),
    body: compileStatement(body, scope),
    step: evaluateStep && ((run) => void evaluateStep(run)),
    havoc: compileHavoc([staying(body), ...(step ? [step] : []), ...(test ? [test] : [])], scope),
    assumeLeft: always ? () => {} : compileAssumeFalse(test, scope),
    assumeCounted: compileCounted(test, step, body, scope),
  };
}

function loopCode(loop: Loop): StatementCode {
  const { body } = loop;
  const run = (each: Run): Completion => runLoop(each, loop, undefined);
  if (!body.targets) return { run };
  return { run, enter: (each, target) => runLoop(each, loop, target), targets: body.targets };
}

/** From the start, or from `target` inside the body as if the round had begun there. */
function runLoop(run: Run, loop: Loop, target: Target | undefined): Completion {
  const { span, test, testsFirst, body, step } = loop;
  let entered = target;
  for (let count = 1; ; count++) {
    if (entered === undefined) {
      const answer = run.world.loop(run, span, count);
      if (answer === 'leave') return undefined;
      if (answer === 'widen') return widened(run, loop);
      run.step(span);
      if (test && testsFirst && !test(run)) return undefined;
    }
    const completion = entered === undefined ? body.run(run) : body.enter?.(run, entered);
    entered = undefined;
    if (completion !== undefined && completion !== 'continue') return completion === 'break' ? undefined : completion;
    step?.(run);
    if (test && !testsFirst && !test(run)) return undefined;
  }
}

function widened(run: Run, loop: Loop): Completion {
  const { test, testsFirst, body, step, havoc } = loop;
  havoc(run);
  run.step(loop.span);
  if (test && testsFirst && !test(run)) {
    loop.assumeCounted(run);
    return undefined;
  }
  const completion = body.run(run);
  if (completion !== undefined && completion !== 'continue') return completion === 'break' ? undefined : completion;
  // Without a condition only a jump leaves the loop, and this round took none.
  if (!test) return run.stop({ kind: 'budget', what: 'loop' });
  step?.(run);
  havoc(run);
  loop.assumeLeft(run);
  loop.assumeCounted(run);
  return undefined;
}

/** The statement as the body of a loop that runs once. */
export function onceCode(body: StatementCode): StatementCode {
  const left = (completion: Completion) => (completion === 'break' || completion === 'continue' ? undefined : completion);
  const { enter } = body;
  return {
    ...body,
    run: (run) => left(body.run(run)),
    ...(enter ? { enter: (run: Run, target: Target) => left(enter(run, target)) } : {}),
  };
}
