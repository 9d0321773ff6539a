/** `missing-dontcopy`: fork(2) copies a mapping whose state was made for one process. */
import type { Report, Rule } from './rule.ts';
import { settingFlags } from './support/fixes/fixes.ts';
import { hasNone, ownStates, slotOf } from './support/lifetime/own-state.ts';
import { reportOn } from './support/reports.ts';

export const missingDontcopy: Rule = {
  name: 'missing-dontcopy',
  severity: 'info',
  summary: 'A mapping with a state of its own is copied by fork(2), and both copies share the state.',
  check({ driver, entries }) {
    const { version } = driver.target;
    const reports = new Map<number, Report>();
    for (const state of ownStates(driver, entries)) {
      const { event, table } = state;
      // With a close hook it is a matter of counting, and another rule speaks.
      if (slotOf(table, 'open') !== undefined || slotOf(table, 'close') !== undefined) continue;
      if (reports.has(event.span.start) || !hasNone(state, ['VM_DONTCOPY'], version)) continue;
      const message = `The object is made for this mapping, and fork(2) gives the child a mapping with the same vm_private_data, without a word to the driver. Set VM_DONTCOPY, or count the users in .open and .close.`;
      const fixes = settingFlags(driver, event, 'VM_DONTCOPY', {
        title: 'Set VM_DONTCOPY (check that no child uses the mapping)',
        safe: false,
      });
      reports.set(event.span.start, reportOn(state, event.span, message, { fixes }));
    }
    return [...reports.values()];
  },
};
