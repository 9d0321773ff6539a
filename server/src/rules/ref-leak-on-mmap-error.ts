/** `ref-leak-on-mmap-error`: the mmap handler takes a reference, fails, and keeps it. */
import type { EntryAnalysis, Path } from '../analysis/path.ts';
import type { Report, Rule } from './rule.ts';
import { type Count, changesFile, countsOf, isGivenBack, isGranted, isMappingsOwn, isSame } from './support/lifetime/references.ts';
import { reportOn, reportsOfMmap } from './support/reports.ts';
import { mayFail } from './support/results/outcomes.ts';
import { failedMapping } from './support/witness.ts';

export const refLeakOnMmapError: Rule = {
  name: 'ref-leak-on-mmap-error',
  severity: 'error',
  summary: 'The mmap handler takes a reference and does not drop it when it fails.',
  provedBy: ['leak'],
  shownBy: [failedMapping],
  check({ entries }) {
    return reportsOfMmap(entries, (entry, path) => {
      const taken = keptCount(entries, entry, path);
      if (!taken || !mayFail(entry, path)) return undefined;
      const { event } = taken;
      const message = `\`${event.name}()\` takes a reference, and \`${entry.entry.function}()\` can return an error after it without dropping it: .close is not called for a mapping that failed, so the object is never freed. Drop it on that way, or take it last.`;
      return reportOn({ entry, event }, event.nameSpan, message, { related: failureOf(path) });
    });
  },
};

/** The first reference that the path takes and neither drops nor leaves with somebody else. */
function keptCount(entries: readonly EntryAnalysis[], entry: EntryAnalysis, path: Path): Count | undefined {
  const counts = countsOf(path);
  const givesFile = changesFile(path);
  return counts.find((taken) => {
    if (taken.direction !== 'take') return false;
    if ((taken.family === 'file' && givesFile) || isGivenBack(path, taken) || !isMappingsOwn(entries, taken)) return false;
    const same = counts.filter(({ family, object }) => family === taken.family && isSame(object, taken.object));
    const takes = same.filter(({ direction }) => direction === 'take').length;
    return same.length - takes < takes && isGranted(entry, path, taken);
  });
}

/** The condition that led to the failure. */
function failureOf({ conditions, events }: Path): Report['related'] {
  const last = conditions.at(-1);
  const place = last ?? events.at(-1);
  return place ? [{ file: place.file, span: place.span, message: 'The handler fails after this.' }] : [];
}
