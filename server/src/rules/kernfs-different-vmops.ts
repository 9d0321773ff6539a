/** `kernfs-different-vmops`: the mmap handler of a sysfs file uses more than one table of operations. */
import type { WriteEvent } from '../analysis/path.ts';
import type { Report, Rule } from './rule.ts';
import { reportOn } from './support/reports.ts';
import { maySucceed } from './support/results/outcomes.ts';

export const kernfsDifferentVmops: Rule = {
  name: 'kernfs-different-vmops',
  severity: 'warning',
  summary: 'The mmap handler of a sysfs file gives its mappings different tables of vma operations.',
  versions: { since: { major: 2, minor: 6, patch: 28 } },
  check({ entries }) {
    return entries.flatMap((entry): Report[] => {
      if (entry.entry.handler?.kind !== 'mmap' || entry.entry.slot !== 'bin_attribute.mmap') return [];
      const byTable = new Map<string, WriteEvent>();
      for (const path of entry.paths) {
        const write = path.events.findLast((event): event is WriteEvent => event.kind === 'write' && /(?:->|\.)vm_ops$/.test(event.name));
        if (write?.value.kind === 'pointer' && maySucceed(entry, path) && !byTable.has(write.value.place.object.name))
          byTable.set(write.value.place.object.name, write);
      }
      const [first, second] = [...byTable];
      if (!first || !second) return [];
      const [name, event] = second;
      const message = `One open file of sysfs keeps the table of its first mapping, \`${first[0]}\` say; a mapping with \`${name}\` then fails with -EINVAL. Use one table, and choose inside its functions.`;
      const related = [{ file: first[1].file, span: first[1].span, message: 'The other table is installed here.' }];
      return [reportOn({ entry, event }, event.span, message, { related })];
    });
  },
};
