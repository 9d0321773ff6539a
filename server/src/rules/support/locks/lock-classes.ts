/** The locks that functions of the driver name, of whatever kind, as lockdep would tell them apart: by the field of a struct, or a variable. */
import { lockNamed } from '../../../analysis/known-calls.ts';
import type { Driver } from '../../../driver/model.ts';
import type { Expression } from '../../../syntax/ast.ts';
import { walkBlock } from '../../../syntax/walk.ts';
import { calleesOf } from '../text/call-chains.ts';
import { type FunctionUses, structOf, usesOf } from '../text/uses.ts';

/** A lock that nobody can tell: a call that locks by its name, or a lock of a struct that is not in sight. */
export const someLock = '?';

/** Calls that exclude others by their names, whoever defines them. */
const locking = /(?:^|_)(?:lock|trylock|acquire|down|begin|enter|excl)(?:_|$)|_lock$|^srcu_/;

/** Counts that refuse the other side while they are above or below 0: a lock in all but name. */
const gate = /^atomic(?:64|_long)?_(?:inc_unless_negative|dec_unless_positive)$/;

/** The locks that the functions take somewhere, themselves. */
export function locksIn(driver: Driver, functions: Iterable<string>): ReadonlySet<string> {
  const found = new Set<string>();
  for (const name of functions) {
    const uses = usesOf(driver, name);
    if (!uses) continue;
    for (const each of uses.expressions) {
      const call = each.kind === 'call' && each.callee.kind === 'name' ? each : undefined;
      if (call?.callee.kind !== 'name' || driver.functions.has(call.callee.name)) continue;
      const lock = lockNamed(call.callee.name);
      const target = call.arguments[lock?.argument ?? 0];
      if (lock?.action === 'take' || gate.test(call.callee.name)) found.add((target && classOf(driver, uses, target)) ?? someLock);
      else if (!lock && locking.test(call.callee.name)) found.add(someLock);
    }
    walkBlock(uses.function.body, {
      statement: (each) => {
        const [target] = each.kind === 'guard' ? each.arguments : [];
        if (each.kind === 'guard') found.add((target && classOf(driver, uses, target)) ?? someLock);
      },
    });
  }
  return found;
}

/** A function and all functions of the driver that it calls. */
export function withCallees(driver: Driver, start: string): ReadonlySet<string> {
  const names = new Set([start]);
  for (const name of names) for (const callee of calleesOf(driver, name)) names.add(callee);
  return names;
}

function classOf(driver: Driver, uses: FunctionUses, target: Expression): string | undefined {
  const lock = target.kind === 'addressOf' ? target.operand : target;
  if (lock.kind === 'index') return classOf(driver, uses, lock.object);
  if (lock.kind === 'name') return driver.variables.has(lock.name) ? lock.name : undefined;
  if (lock.kind !== 'member') return undefined;
  const owner = structOf(uses, driver, lock.object);
  return owner === undefined ? undefined : `${owner}.${lock.field}`;
}
