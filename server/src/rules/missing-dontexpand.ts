/** `missing-dontexpand`: the length is checked when the mapping is made, and mremap(2) makes it longer. */

import type { Report, Rule } from './rule.ts';
import { isFault, unboundedIndex } from './support/bounds/fault-index.ts';
import { settingFlags } from './support/fixes/fixes.ts';
import { canGrow, isInstall, mmapOf, unboundedBy } from './support/mapping-of-table.ts';
import { reportOn } from './support/reports.ts';

export const missingDontexpand: Rule = {
  name: 'missing-dontexpand',
  severity: 'error',
  summary: 'A fault handler trusts the check of the mmap handler, and the mapping can grow afterwards.',
  check({ driver, entries }) {
    const { version } = driver.target;
    return entries.flatMap((entry): Report[] => {
      const { handler } = entry.entry;
      if (!handler?.defined || !isFault(handler)) return [];
      const mapping = mmapOf(driver, entries, handler.registeredAt?.table);
      const install = mapping?.paths.flatMap(({ events }) => events).find(isInstall);
      const found = mapping && install && canGrow(mapping, version) ? unboundedIndex(entry, version) : undefined;
      // Where the handler checks nothing of its own, the fault handler is the place.
      if (!mapping || !install || !found || unboundedBy(driver, mapping) === 'growth') return [];
      const message = `The vma may grow: without VM_DONTEXPAND, mremap(2) makes it longer than \`${mapping.entry.entry.function}()\` has checked, and \`${handler.function}()\` maps what lies behind the buffer. Set VM_DONTEXPAND, and compare the offset in the fault handler.`;
      const related = [
        { file: found.event.file, span: found.span, message: 'The fault handler chooses by the offset here, without a check.' },
      ];
      const fixes = settingFlags(driver, install, 'VM_DONTEXPAND', { title: 'Set VM_DONTEXPAND' });
      return [reportOn({ entry: mapping.entry, event: install }, install.span, message, { related, fixes })];
    });
  },
};
