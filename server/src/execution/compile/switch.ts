/** `switch`: the value is compared with the cases in their order, and the body entered at the one that matches. */
import type { Statement } from '../../syntax/ast.ts';
import { castInteger, comparison } from '../arithmetic.ts';
import { promote } from '../basic-types.ts';
import type { Code, Completion, StatementCode } from '../code.ts';
import { numberOf } from '../conversion.ts';
import { int } from '../ctype.ts';
import { expressionText } from '../expression-text.ts';
import type { Run } from '../machine.ts';
import type { IntegerValue } from '../value.ts';
import { decide } from './condition.ts';
import { compileExpression } from './expression.ts';
import type { Scope, SwitchCase } from './scope.ts';
import { compileStatement } from './statement.ts';

export function compileSwitch(statement: Extract<Statement, { kind: 'switch' }>, scope: Scope): StatementCode {
  const { context } = scope;
  const value = compileExpression(statement.value, scope);
  const outer = context.cases;
  const cases: SwitchCase[] = [];
  context.cases = cases;
  const body = compileStatement(statement.body, scope);
  context.cases = outer;
  const { span } = statement.value;
  const text = expressionText(statement.value);
  const fallback = cases.find((each) => !each.low)?.target;
  const run = (each: Run): Completion => {
    each.step(span);
    const switched = numberOf(each, value.evaluate(each)) ?? each.unknownNumber(text, int);
    const target = matching(each, castInteger(switched, promote(switched.type)), cases) ?? fallback;
    return target === undefined ? undefined : left(body.enter?.(each, target));
  };
  const labels = [...(body.targets ?? [])].filter((target) => !cases.some((each) => each.target === target));
  if (labels.length === 0) return { run };
  return { run, enter: (each, target) => left(body.enter?.(each, target)), targets: new Set(labels) };
}

/** `case` and `default` do nothing by themselves; the switch around them learns of them. */
export function compileCase(statement: Extract<Statement, { kind: 'case' | 'default' }>, scope: Scope): StatementCode {
  const { cases } = scope.context;
  const { span } = statement;
  if (statement.kind === 'default') cases?.push({ target: statement, span });
  else {
    const low = compileExpression(statement.value, scope);
    cases?.push(
      statement.last ? { target: statement, span, low, high: compileExpression(statement.last, scope) } : { target: statement, span, low },
    );
  }
  return { run: () => undefined };
}

function matching(run: Run, value: IntegerValue, cases: readonly SwitchCase[]): object | undefined {
  for (const { low, high, target, span } of cases) {
    if (!low) continue;
    const first = label(run, low, value);
    if (!first) continue;
    run.compared(value, first);
    if (!high) {
      if (decide(run, comparison('==', value, first), span)) return target;
      continue;
    }
    const last = label(run, high, value);
    if (last && decide(run, comparison('>=', value, first), span) && decide(run, comparison('<=', value, last), span)) return target;
  }
  return undefined;
}

function label(run: Run, code: Code, value: IntegerValue): IntegerValue | undefined {
  const number = numberOf(run, code.evaluate(run));
  return number && castInteger(number, value.type);
}

function left(completion: Completion): Completion {
  return completion === 'break' ? undefined : completion;
}
