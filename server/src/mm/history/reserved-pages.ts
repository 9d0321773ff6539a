/**
 * PG_reserved up to 2.6.14: `put_page` and `__free_pages` leave a reserved page alone, the map count of one stays, and
 * get_user_pages takes no reference on it. So a reserved page is never freed, whoever forgets what.
 */
import type { Mm } from '../mm.ts';
import type { CountDelta, PfnRange } from '../physical/counts.ts';
import type { System } from '../system.ts';
import { reservedDecides } from './eras.ts';

/** The parts of `range` whose counts follow `delta`. */
export function countedRanges(system: System, range: PfnRange, delta: CountDelta): readonly PfnRange[] {
  if (!reservedDecides(system.version) || (delta.refcount > 0 && delta.mapcount === 0)) return [range];
  const counted: { start: number; end: number }[] = [];
  let at = range.start;
  for (const run of system.memory.pages.slice(range.start, range.end)) {
    if (!run.value.reserved) continue;
    if (run.start > at) counted.push({ start: at, end: run.start });
    at = run.end;
  }
  if (at < range.end) counted.push({ start: at, end: range.end });
  return counted;
}

/** Whether get_user_pages gives the page without taking a reference. */
export function isUncountedByGup(mm: Mm, pfn: number): boolean {
  return !isCountedPage(mm.system, pfn);
}

/** Whether a mapping of the page, as a normal page, is in its counts and in the RSS. */
export function isCountedPage(system: System, pfn: number): boolean {
  return !reservedDecides(system.version) || system.memory.page(pfn)?.reserved !== true;
}
