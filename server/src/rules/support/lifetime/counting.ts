/** Functions of a driver that take or drop a reference, as their text says: calls by name, and counters that go up or down. */
import type { Driver } from '../../../driver/model.ts';
import type { Expression } from '../../../syntax/ast.ts';
import { walkBlock } from '../../../syntax/walk.ts';
import type { Place } from '../../rule.ts';
import { type FunctionUses, usesOf } from '../text/uses.ts';

const up =
  /^(?:atomic(?:64|_long)?_(?:inc|add)\w*|refcount_(?:inc|add)\w*|kref_get\w*|kobject_get|get_device|\w+_get|get_\w+|\w+_get_\w+|\w+_ref|\w*reference\w*|\w+_inc)$/;
const down =
  /^(?:atomic(?:64|_long)?_(?:dec|sub)\w*|refcount_(?:dec|sub)\w*|kref_put\w*|kobject_put|put_device|\w+_put|put_\w+|\w+_put_\w+|\w+_unref|\w+_unreference|\w+_dec|k?v?free|\w+_free|\w+_release|free_\w+|release_\w+)$/;
/** Dropping to 0 does something. */
const last = /^(?:atomic(?:64|_long)?_(?:dec|sub)_and_test|refcount_(?:dec|sub)_and_\w+|kref_put\w*)$/;

/** What a function, or one that it calls, does first in this direction. */
export function firstCount(
  driver: Driver,
  start: string,
  direction: 'up' | 'down' | 'last',
): (Place & { readonly what: string }) | undefined {
  const seen = new Set([start]);
  const pending = [start];
  for (let next = pending.shift(); next !== undefined; next = pending.shift()) {
    const uses = usesOf(driver, next);
    const borrowed = direction === 'up' || !uses ? none : borrowedBy(uses);
    for (const expression of uses?.expressions ?? []) {
      if (isGivenOne(expression, borrowed)) continue;
      const what = uses && counted(expression, direction);
      if (what !== undefined) return { file: uses?.file ?? driver.file, span: expression.span, what };
      const callee = expression.kind === 'call' && expression.callee.kind === 'name' ? expression.callee.name : undefined;
      if (callee === undefined || !driver.functions.has(callee) || seen.has(callee)) continue;
      seen.add(callee);
      pending.push(callee);
    }
  }
  return undefined;
}

const none: ReadonlySet<string> = new Set();

/** Local variables that hold what a call of the function itself took a reference to, by whatever key it found the object. */
function borrowedBy({ expressions, function: { parameters, body } }: FunctionUses): ReadonlySet<string> {
  const given = new Set(parameters.map(({ name }) => name));
  const borrowed = new Set<string>();
  const note = (name: string, value: Expression | undefined): void => {
    // A getter of what hangs at its argument takes nothing: `to_card(vma)`, `card_get(vma->vm_private_data)`.
    if (value?.kind !== 'call' || counted(value, 'up') === undefined) return;
    if (value.arguments.every((each) => !isReached(each, given))) borrowed.add(name);
  };
  for (const each of expressions) if (each.kind === 'assignment' && each.target.kind === 'name') note(each.target.name, each.value);
  walkBlock(body, {
    statement: (statement) => {
      if (statement.kind !== 'declaration') return;
      for (const { name, initializer } of statement.declarators) if (initializer?.kind === 'expression') note(name, initializer.expression);
    },
  });
  return borrowed;
}

/** Whether the expression is one of the names, or what hangs at one; the numbers of a vma are keys like others. */
function isReached(expression: Expression, names: ReadonlySet<string | undefined>): boolean {
  if (expression.kind === 'name') return names.has(expression.name);
  if (expression.kind === 'member')
    return (
      expression.field === 'vm_private_data' || (!/^vm_(?:pgoff|start|end)$/.test(expression.field) && isReached(expression.object, names))
    );
  return (expression.kind === 'cast' || expression.kind === 'addressOf') && isReached(expression.operand, names);
}

/** A call that is given one of the variables back. */
function isGivenOne(expression: Expression, names: ReadonlySet<string>): boolean {
  return names.size > 0 && expression.kind === 'call' && expression.arguments.some((each) => each.kind === 'name' && names.has(each.name));
}

function counted(expression: Expression, direction: 'up' | 'down' | 'last'): string | undefined {
  if (expression.kind === 'call' && expression.callee.kind === 'name') {
    const { name } = expression.callee;
    const pattern = direction === 'up' ? up : direction === 'down' ? down : last;
    // A private pointer is no reference.
    return pattern.test(name) &&
      !/^get_(?:user|cpu|order|unmapped_area|pid|random\w*)$|^put_(?:user|cpu|unaligned\w*)$|_get_drvdata$|^smp_/.test(name)
      ? `${name}()`
      : undefined;
  }
  const isCounter = (target: Expression): boolean => target.kind === 'member';
  if (expression.kind === 'update' && isCounter(expression.operand)) {
    const isUp = expression.operator === '++';
    return isUp === (direction === 'up') && direction !== 'last' ? `${expression.operator} of a counter` : undefined;
  }
  if (direction === 'last' && expression.kind === 'unary' && expression.operator === '!')
    return expression.operand.kind === 'update' && expression.operand.operator === '--' ? '-- of a counter' : undefined;
  return undefined;
}
