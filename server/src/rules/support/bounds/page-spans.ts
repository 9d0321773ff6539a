/** Whether the driver's mappings can be split at all. */
import type { EntryAnalysis } from '../../../analysis/path.ts';
import * as query from '../../../analysis/query.ts';
import { constant } from '../../../execution/term.ts';
import { compare } from '../../../execution/term-build.ts';
import { maySucceed } from '../results/outcomes.ts';

/** Whether a mapping may have two pages: one alone is never split. */
export function maySpanPages(entries: readonly EntryAnalysis[]): boolean {
  return entries.some((entry) => {
    const { pages } = entry.symbols;
    if (entry.entry.handler?.kind !== 'mmap' || !pages) return false;
    const isLong = query.computed(compare('lt', pages.type, constant(1), pages.term));
    return entry.paths.some(
      (path) => maySucceed(entry, path) && typeof query.findModel(entry, path, path.conditions.length, [isLong]) !== 'string',
    );
  });
}
