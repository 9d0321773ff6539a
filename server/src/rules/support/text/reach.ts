/** Which functions of the driver a function calls, itself or through others, by name. */
import type { Driver } from '../../../driver/model.ts';
import type { Place } from '../../rule.ts';
import { usesOf } from './uses.ts';

export type ReachedCall = Place & { readonly name: string };

/** The first call of one of `names` in `start` or in a function that it calls, directly or not. */
export function reachedCall(driver: Driver, start: string, names: ReadonlySet<string>): ReachedCall | undefined {
  const [first] = callsReached(driver, start, names);
  return first;
}

/** All such calls. */
export function* callsReached(driver: Driver, start: string, names: ReadonlySet<string>): Iterable<ReachedCall> {
  const seen = new Set([start]);
  const pending = [start];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    const uses = usesOf(driver, next);
    for (const expression of uses?.expressions ?? []) {
      if (expression.kind !== 'call' || expression.callee.kind !== 'name') continue;
      const { name } = expression.callee;
      if (uses && names.has(name)) yield { name, file: uses.file, span: expression.callee.span };
      if (driver.functions.has(name) && !seen.has(name)) {
        seen.add(name);
        pending.push(name);
      }
    }
  }
}
