/** `double-put-on-error`: a failing mmap handler drops a reference that it did not take, and whose owner drops it too. */
import type { EntryAnalysis, Path } from '../analysis/path.ts';
import type { Value } from '../execution/value.ts';
import type { Rule } from './rule.ts';
import { type Count, changesFile, countsOf, isGranted, isSame } from './support/lifetime/references.ts';
import { reportOn, reportsOfMmap } from './support/reports.ts';
import { mayFail } from './support/results/outcomes.ts';
import { failedMapping } from './support/witness.ts';

export const doublePutOnError: Rule = {
  name: 'double-put-on-error',
  severity: 'error',
  summary: 'A failing mmap handler drops a reference that its caller, or the owner of the object, drops again.',
  provedBy: ['refcount-underflow', 'use-after-free'],
  shownBy: [failedMapping],
  byEntry: true,
  check({ entries }) {
    return reportsOfMmap(entries, (entry, path) => {
      const dropped = path.doubts.length === 0 ? strangeDrop(entry, path) : undefined;
      if (!dropped || !mayFail(entry, path)) return undefined;
      const { event } = dropped;
      const who =
        entry.entry.slot === 'drm_gem_object_funcs.mmap' && dropped.family === 'gem'
          ? 'drm_gem_mmap_obj() drops the reference when the handler fails'
          : 'the mapping has taken none that it could give back: whoever owns it drops it again';
      const message = `\`${event.name}()\` drops a reference on a way that can still fail, and ${who}. The object is freed while it is in use. Drop it only after nothing can fail.`;
      return reportOn({ entry, event }, event.nameSpan, message);
    });
  },
};

/** A drop for which the path has no take, of something that was there before. */
function strangeDrop(entry: EntryAnalysis, path: Path): Count | undefined {
  const all = countsOf(path);
  if (!all.some(({ frees }) => frees)) return undefined;
  const counts = all.filter((count) => count.direction === 'take' || isGranted(entry, path, count));
  const givesFile = changesFile(path);
  return counts.find((dropped) => {
    if (!dropped.frees || !wasThereBefore(dropped.object) || (dropped.family === 'file' && givesFile)) return false;
    const same = counts.filter(({ family, object }) => family === dropped.family && isSame(object, dropped.object));
    return same.filter(({ direction }) => direction === 'drop').length > same.filter(({ direction }) => direction === 'take').length;
  });
}

/** Reached from what the handler was called with; not found, with a reference, by a call that nobody knows. */
function wasThereBefore(value: Value): boolean {
  let at = value.kind === 'pointer' ? value.place.object : undefined;
  for (let depth = 0; at && depth < 8; depth++) {
    if (at.origin.kind === 'kernel') return true;
    at = at.origin.kind === 'assumed' ? at.origin.from?.object : undefined;
  }
  return false;
}
