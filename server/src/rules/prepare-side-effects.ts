/** `prepare-side-effects`: mmap_prepare takes references or writes to the device, before it is certain that a mapping comes. */
import type { Report, Rule } from './rule.ts';
import { countsOf, isGivenBack, isGranted, isMappingsOwn, isSame } from './support/lifetime/references.ts';
import { callsOnPaths, oncePerPlace } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';

/** Writes to registers. */
const writing =
  /^(?:writ(?:e|es)[bwlq](?:_relaxed)?|iowrite(?:8|16|32|64)(?:be|_rep)?|out[bwl]|memcpy_toio|memset_io|regmap_(?:write|update_bits))$/;

export const prepareSideEffects: Rule = {
  name: 'prepare-side-effects',
  severity: 'error',
  summary: '`mmap_prepare` takes a reference or writes to the device, though the mapping may still fail or merge.',
  versions: { since: { major: 6, minor: 16, patch: 0 } },
  check(context) {
    const entries = context.entries.filter(({ entry }) => entry.handler?.kind === 'mmap_prepare');
    return oncePerPlace(
      callsOnPaths({ ...context, entries }, () => true),
      (call): Report | undefined => {
        const { entry, path, event } = call;
        const counts = countsOf(path);
        const taken = counts.find((count) => count.event === event && count.direction === 'take');
        const where = 'Do it in vm_ops->mapped (7.1), in open and in the fault handler, or when the file is opened.';
        if (taken) {
          const same = counts.filter(({ family, object }) => family === taken.family && isSame(object, taken.object));
          const isKept = same.filter(({ direction }) => direction === 'take').length * 2 > same.length;
          if (!isKept || !isGranted(entry, path, taken) || isGivenBack(path, taken) || !isMappingsOwn(context.entries, taken))
            return undefined;
          const message = `\`${event.name}()\` takes a reference for a mapping that may still fail, or be merged with the one before it; nothing is called back then, and the reference stays. ${where}`;
          return reportOn(call, event.nameSpan, message);
        }
        if (!writing.test(event.name)) return undefined;
        const message = `\`${event.name}()\` changes the device for a mapping that may still fail, or be merged with the one before it; nothing is called back then. ${where}`;
        return reportOn(call, event.nameSpan, message);
      },
    );
  },
};
