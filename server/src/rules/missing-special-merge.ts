/** `missing-special-merge`: each mapping has a state of its own, and the kernel may make one vma of two mappings. */
import { atLeast } from '../kernel/version.ts';
import type { Report, Rule } from './rule.ts';
import { settingFlags } from './support/fixes/fixes.ts';
import { hasNone, ownStates, slotOf } from './support/lifetime/own-state.ts';
import { reportOn } from './support/reports.ts';

/** Any flag that the driver adds keeps a new request, which has none yet, from being joined to the vma. */
const keepingApart = ['VM_IO', 'VM_PFNMAP', 'VM_MIXEDMAP', 'VM_DONTEXPAND', 'VM_DONTCOPY', 'VM_DONTDUMP'];

export const missingSpecialMerge: Rule = {
  name: 'missing-special-merge',
  severity: 'warning',
  summary: 'A mapping with a state of its own may grow by the next one beside it, without a call of the handler.',
  check({ driver, entries }) {
    const { version } = driver.target;
    const reports = new Map<number, Report>();
    for (const state of ownStates(driver, entries)) {
      const { event, table } = state;
      if (reports.has(event.span.start) || !hasNone(state, keepingApart, version)) continue;
      // Before 6.4 a close hook keeps vmas apart.
      if (!atLeast(version, 6, 4) && slotOf(table, 'close') !== undefined) continue;
      const message = `Each mapping gets an object of its own here, and nothing keeps the vma apart: an mmap(2) of the same file right behind it, at the offset that follows, makes this vma longer, and \`${state.entry.entry.function}()\` is not called for it. Set VM_DONTEXPAND, which stops that and mremap(2) as well.`;
      const fixes = settingFlags(driver, event, 'VM_DONTEXPAND', { title: 'Set VM_DONTEXPAND' });
      reports.set(event.span.start, reportOn(state, event.span, message, { fixes }));
    }
    return [...reports.values()];
  },
};
