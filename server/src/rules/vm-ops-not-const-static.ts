/** `vm-ops-not-const-static`: the table of operations lives shorter than the vma. */
import type { Report, Rule } from './rule.ts';
import { reportOn } from './support/reports.ts';

export const vmOpsNotConstStatic: Rule = {
  name: 'vm-ops-not-const-static',
  severity: 'warning',
  summary: 'The operations of a vma lie in memory that goes away before the vma does.',
  byEntry: true,
  check(context) {
    const reports = new Map<number, Report>();
    for (const entry of context.entries) {
      for (const event of entry.paths.flatMap((path) => path.events)) {
        if (event.kind !== 'write' || !/(?:->|\.)vm_ops$/.test(event.name) || reports.has(event.span.start)) continue;
        const { value } = event;
        if (value.kind !== 'pointer' || value.place.object.origin.kind !== 'local') continue;
        const message = `\`${value.place.object.name}\` is a variable of \`${value.place.object.origin.function}()\` and gone when it returns; the kernel reads the table as long as the mapping lives. Make it static const.`;
        reports.set(event.span.start, reportOn({ entry, event }, event.span, message, { severity: 'error' }));
      }
    }
    return [...reports.values()];
  },
};
