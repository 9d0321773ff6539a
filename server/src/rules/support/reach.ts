/** Which functions of the driver a function calls, itself or through others, by name. */
import type { Driver } from '../../driver/model.ts';
import { usesIn } from './uses.ts';

/** The first of `names` that `start` or a function that it calls, directly or not, calls. */
export function reachedCall(driver: Driver, start: string, names: ReadonlySet<string>): string | undefined {
  const callees = new Map(usesIn(driver).map((uses) => [uses.function.name, uses]));
  const seen = new Set([start]);
  const pending = [start];
  for (let next = pending.pop(); next !== undefined; next = pending.pop()) {
    for (const expression of callees.get(next)?.expressions ?? []) {
      if (expression.kind !== 'call' || expression.callee.kind !== 'name') continue;
      const { name } = expression.callee;
      if (names.has(name)) return name;
      if (callees.has(name) && !seen.has(name)) {
        seen.add(name);
        pending.push(name);
      }
    }
  }
  return undefined;
}
