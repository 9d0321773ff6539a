/** `prepare-needs-vma`: mmap_prepare calls what needs a vma, and there is none yet. */
import type { Report, Rule } from './rule.ts';
import { mappingCall } from './support/mapping-calls.ts';
import { callsOnPaths, oncePerPlace } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';

export const prepareNeedsVma: Rule = {
  name: 'prepare-needs-vma',
  severity: 'error',
  summary: '`mmap_prepare` calls what needs a vma, before there is one.',
  versions: { since: { major: 6, minor: 16, patch: 0 } },
  byEntry: true,
  check(context) {
    return oncePerPlace(
      callsOnPaths(context, (name) => mappingCall(name) !== undefined),
      (call): Report | undefined => {
        if (call.entry.entry.handler?.kind !== 'mmap_prepare') return undefined;
        return reportOn(
          call,
          call.event.nameSpan,
          `\`${call.event.name}()\` makes entries in a vma, and when mmap_prepare runs there is none: the mapping may still be refused or merged. Describe it with mmap_action_remap() or map it in the fault handler.`,
        );
      },
    );
  },
};
