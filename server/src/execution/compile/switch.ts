/**
 * `switch`: the value is compared with the cases in their order, and the body entered at the one that matches. Labels right
 * behind each other lead to the same statement: whether the value is one of them is one question.
 */
import type { Span, Statement } from '../../syntax/ast.ts';
import { arithmetic, castInteger, comparison } from '../arithmetic.ts';
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
  const groups = groupsOf(cases, neighbours(statement.body));
  const { span } = statement.value;
  const text = expressionText(statement.value);
  const fallback = cases.find((each) => !each.low)?.target;
  const run = (each: Run): Completion => {
    each.step(span);
    const switched = numberOf(each, value.evaluate(each)) ?? each.unknownNumber(text, int);
    const target = matching(each, castInteger(switched, promote(switched.type)), groups) ?? fallback;
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

/** Labels by the statements that they stand right behind: `case A:` by the `case B:` after it. */
function neighbours(body: Statement): ReadonlyMap<object, object> {
  const found = new Map<object, object>();
  if (body.kind !== 'block') return found;
  for (const [index, each] of body.statements.entries()) {
    const next = body.statements[index + 1];
    if (next && (next.kind === 'case' || next.kind === 'default')) found.set(next, each);
  }
  return found;
}

/** The cases in their order, those that lead to the same statement together. */
function groupsOf(cases: readonly SwitchCase[], before: ReadonlyMap<object, object>): readonly (readonly SwitchCase[])[] {
  const groups: SwitchCase[][] = [];
  for (const each of cases) {
    const last = groups.at(-1);
    if (last && before.get(each.target) === last.at(-1)?.target) last.push(each);
    else groups.push([each]);
  }
  return groups;
}

function matching(run: Run, value: IntegerValue, groups: readonly (readonly SwitchCase[])[]): object | undefined {
  for (const group of groups) {
    const isFallback = group.some(({ low }) => !low);
    const equals = group.flatMap((each) => singleLabel(run, each, value) ?? []);
    const target = group[0]?.target;
    if (!isFallback && isOneOf(run, equals, group[0]?.span ?? run.span)) return target;
    for (const { low, high, span } of group) {
      if (!low || !high) continue;
      const first = label(run, low, value);
      const last = label(run, high, value);
      if (!first || !last) continue;
      run.compared(value, first);
      if (!isFallback && decide(run, comparison('>=', value, first), span) && decide(run, comparison('<=', value, last), span))
        return target;
    }
  }
  return undefined;
}

/** `value == label` of a case that has one label. */
function singleLabel(run: Run, { low, high }: SwitchCase, value: IntegerValue): IntegerValue | undefined {
  const first = low && !high && label(run, low, value);
  if (!first) return undefined;
  run.compared(value, first);
  return comparison('==', value, first);
}

/** Whether one of the comparisons holds. Where none does, each is known to be false. */
function isOneOf(run: Run, equals: readonly IntegerValue[], span: Span): boolean {
  const open = equals.filter(({ term }) => term.kind !== 'constant');
  if (equals.some(({ term }) => term.kind === 'constant' && term.value !== 0n)) return true;
  const any = open.reduce<IntegerValue | undefined>((left, right) => (left ? arithmetic('|', left, right) : right), undefined);
  if (!any) return false;
  if (decide(run, any, span)) return true;
  if (open.length > 1) for (const each of open) run.world.assume?.(run, each, false, span);
  return false;
}

function label(run: Run, code: Code, value: IntegerValue): IntegerValue | undefined {
  const number = numberOf(run, code.evaluate(run));
  return number && castInteger(number, value.type);
}

function left(completion: Completion): Completion {
  return completion === 'break' ? undefined : completion;
}
