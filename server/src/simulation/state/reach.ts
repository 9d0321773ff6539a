/** Whether a function of the driver leads to a name, by what the texts of the functions on the way mention. Runs nothing. */
import type { Driver } from '../../driver/model.ts';
import { textOf } from './uses.ts';

/** How far calls are followed. */
const maximumDepth = 4;

/** Whether the function, or one that it calls, mentions one of the names. */
export function reaches(driver: Driver, name: string, sought: readonly string[]): boolean {
  const seen = new Set<string>();
  let level = [name];
  for (let depth = 0; depth <= maximumDepth && level.length > 0; depth++) {
    const next: string[] = [];
    for (const each of level) {
      const header = driver.functions.get(each);
      if (!header || seen.has(each)) continue;
      seen.add(each);
      const words = new Set(textOf(driver, header).match(/[A-Za-z_]\w*/g));
      if (sought.some((word) => word !== each && words.has(word))) return true;
      for (const word of words) if (driver.functions.has(word)) next.push(word);
    }
    level = next;
  }
  return false;
}
