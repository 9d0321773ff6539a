/** `ref-leak-on-mmap-error`: the mmap handler takes a reference, fails, and keeps it. */
import type { EntryAnalysis, Path } from '../analysis/path.ts';
import type { Report, Rule } from './rule.ts';
import { mayFail } from './support/outcomes.ts';
import { type Count, changesFile, countsOf, isGivenBack, isGranted, isMappingsOwn, isSame } from './support/references.ts';
import { reportOn } from './support/reports.ts';
import { failedMapping } from './support/witness.ts';

export const refLeakOnMmapError: Rule = {
  name: 'ref-leak-on-mmap-error',
  severity: 'error',
  summary: 'The mmap handler takes a reference and does not drop it when it fails.',
  provedBy: ['leak'],
  shownBy: [failedMapping],
  check({ entries }) {
    const reports = new Map<string, Report>();
    for (const entry of entries) {
      const { handler } = entry.entry;
      if (handler?.kind !== 'mmap' && handler?.kind !== 'mmap_prepare') continue;
      for (const path of entry.paths) {
        const taken = keptCount(entries, entry, path);
        const key = taken && `${taken.event.file}:${taken.event.nameSpan.start}`;
        if (!taken || key === undefined || reports.has(key) || !mayFail(entry, path)) continue;
        const { event } = taken;
        const message = `\`${event.name}()\` takes a reference, and \`${handler.function}()\` can return an error after it without dropping it: .close is not called for a mapping that failed, so the object is never freed. Drop it on that way, or take it last.`;
        reports.set(key, reportOn({ entry, event }, event.nameSpan, message, { related: failureOf(path) }));
      }
    }
    return [...reports.values()];
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
