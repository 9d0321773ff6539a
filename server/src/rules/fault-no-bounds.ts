/** `fault-no-bounds`: a fault handler takes what it maps from beyond its buffer, because nobody compares the offset. */
import type { Report, Rule } from './rule.ts';
import { unboundedIndex } from './support/fault-index.ts';
import { isUnboundedMapping, mmapOf } from './support/mapping-of-table.ts';
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
      if (handler?.kind !== 'fault' || !handler.defined) return [];
      const found = unboundedIndex(entry, version);
      if (!found) return [];
      const mapping = mmapOf(driver, entries, handler.registeredAt?.table);
      if (!mapping || !isUnboundedMapping(mapping)) return [];
      const message = `The offset of the fault chooses what \`${handler.function}()\` maps, and neither it nor \`${mapping.entry.entry.function}()\` compares the offset with the buffer: a long mapping reads what lies behind it. Answer offsets beyond the buffer with VM_FAULT_SIGBUS.`;
      return [reportOn({ entry, event: found.event }, found.span, message)];
    });
  },
};
