/** Which functions of the driver a function calls, itself or through others, by name. */
import type { Driver } from '../../driver/model.ts';
import type { Place } from '../rule.ts';
import { usesOf } from './uses.ts';

/** The first call of one of `names` in `start` or in a function that it calls, directly or not. */
export function reachedCall(driver: Driver, start: string, names: ReadonlySet<string>): (Place & { readonly name: string }) | undefined {
  const seen = new Set([start]);
  const pending = [start];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const uses = usesOf(driver, next);
    for (const expression of uses?.expressions ?? []) {
      if (expression.kind !== 'call' || expression.callee.kind !== 'name') continue;
      const { name } = expression.callee;
      if (uses && names.has(name)) return { name, file: uses.file, span: expression.callee.span };
      if (driver.functions.has(name) && !seen.has(name)) {
        seen.add(name);
        pending.push(name);
      }
    }
  }
  return undefined;
}
