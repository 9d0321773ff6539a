/** `sysfs-close`: the mmap handler of a sysfs or kernfs file installs operations with close. */
import type { Report, Rule } from './rule.ts';
import { reportOn } from './support/reports.ts';

export const sysfsClose: Rule = {
  name: 'sysfs-close',
  severity: 'error',
  summary: 'The vma of a sysfs file is given operations with `.close`, which the kernel refuses.',
  versions: { since: { major: 2, minor: 6, patch: 33 } },
  check({ driver, entries }) {
    const reports = new Map<number, Report>();
    for (const entry of entries) {
      const slot = entry.entry.handler?.slot;
      if (slot !== 'bin_attribute.mmap' && slot !== 'kernfs_ops.mmap') continue;
      for (const event of entry.paths.flatMap((path) => path.events)) {
        if (event.kind !== 'write' || !/(?:->|\.)vm_ops$/.test(event.name) || event.value.kind !== 'pointer') continue;
        const { name } = event.value.place.object;
        const close = driver.tables.find((table) => table.name === name)?.entries.find((each) => each.slot === 'close');
        if (!close || reports.has(event.span.start)) continue;
        const message = `kernfs has to take the operations of the vma over and cannot pass close on, so each mmap(2) fails with EINVAL. Do without \`${close.function}\`: the open file holds what the mapping needs.`;
        reports.set(
          event.span.start,
          reportOn({ entry, event }, event.span, message, {
            related: [{ file: driver.file, span: close.span, message: 'close is set here.' }],
          }),
        );
      }
    }
    return [...reports.values()];
  },
};
