/** `insert-page-io`: the struct page of a register address, which does not exist, is given to user space. */
import type { Report, Rule } from './rule.ts';
import { termOf } from './support/mapping-calls.ts';
import { oncePerGiven } from './support/memory/given-pages.ts';
import { registersIn } from './support/memory/mmio.ts';
import { reportOn } from './support/reports.ts';

const fromNumber: ReadonlySet<string> = new Set(['pfn_to_page', 'phys_to_page']);

export const insertPageIo: Rule = {
  name: 'insert-page-io',
  severity: 'error',
  summary: 'Registers, which have no struct page, are inserted as if they were memory.',
  provedBy: ['oops', 'foreign-memory'],
  byEntry: true,
  check(context) {
    return oncePerGiven(context, (given): Report | undefined => {
      const origin = given.page?.place.object.origin;
      if (origin?.kind !== 'allocated' || !fromNumber.has(origin.call)) return undefined;
      const number = termOf(origin.arguments[0]);
      const registers = number && registersIn(context.driver, number);
      if (registers === undefined) return undefined;
      const instead = given.event.kind === 'call' ? 'io_remap_pfn_range()' : 'vmf_insert_pfn()';
      const message = `\`${registers}\` is the address of registers, and \`${origin.call}()\` of it points to no struct page: what \`${given.by}\` counts there is other memory. Map the pfn, with ${instead}.`;
      return reportOn(given, given.span, message);
    });
  },
};
