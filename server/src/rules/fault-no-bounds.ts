/** `fault-no-bounds`: a fault handler takes what it maps from beyond its buffer, because nobody compares the offset. */
import type { Report, Rule } from './rule.ts';
import { isFault, unboundedIndex } from './support/bounds/fault-index.ts';
import { comparingIndex } from './support/fixes/element-checks.ts';
import { mmapOf, unboundedBy } from './support/mapping-of-table.ts';
import { dependsOnOffset } from './support/questions.ts';
import { reportOn } from './support/reports.ts';

export const faultNoBounds: Rule = {
  name: 'fault-no-bounds',
  severity: 'error',
  summary: 'A fault handler looks a page up by the offset of the fault, and nothing bounds the offset.',
  check(context) {
    const { driver, entries } = context;
    const { version } = driver.target;
    return entries.flatMap((entry): Report[] => {
      const { handler } = entry.entry;
      if (!handler?.defined || !isFault(handler)) return [];
      const mapping = mmapOf(driver, entries, handler.registeredAt?.table);
      const found = mapping && unboundedIndex(entry, version);
      const by = found && unboundedBy(driver, mapping);
      if (!mapping || !found || !by) return [];
      // What counts from the start of the vma is where the offset left it: the length bounds it.
      if (by === 'offset' && !dependsOnOffset(entry, found.index)) return [];
      const message = `The offset of the fault chooses what \`${handler.function}()\` maps, and neither it nor \`${mapping.entry.entry.function}()\` compares the offset with the buffer: ${far[by]} reads what lies behind it. Answer offsets beyond the buffer with VM_FAULT_SIGBUS.`;
      const fixes = comparingIndex(driver, handler.function, /^\w+->pgoff$/, 'VM_FAULT_SIGBUS');
      return [reportOn({ entry, event: found.event }, found.span, message, { fixes })];
    });
  },
};

/** How a program comes to such an offset. */
const far = {
  length: 'a long mapping',
  growth: 'a mapping that mremap(2) has made longer than the caller of the two has checked',
  offset: 'a mapping at a large offset',
} as const;
