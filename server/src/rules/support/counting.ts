/** Functions of a driver that take or drop a reference, as their text says: calls by name, and counters that go up or down. */
import type { Driver } from '../../driver/model.ts';
import type { Expression } from '../../syntax/ast.ts';
import type { Place } from '../rule.ts';
import { usesOf } from './uses.ts';

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
    for (const expression of uses?.expressions ?? []) {
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
