/** `insert-page-io`: the struct page of a register address, which does not exist, is given to user space. */
import type { PathEvent } from '../analysis/path.ts';
import type { Driver } from '../driver/model.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { noFix, replacing, textAt } from './support/fixes/fixes.ts';
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
      return reportOn(given, given.span, message, { fixes: mappingNumber(context.driver, given.event) });
    });
  },
};

/** Maps the number itself, where an mmap handler spells the translation in the call that inserts a page. */
function mappingNumber(driver: Driver, event: PathEvent): readonly ReportFix[] {
  if (event.kind !== 'call' || event.name !== 'vm_insert_page' || event.iteration !== undefined) return noFix;
  const { file, span } = event;
  const [vma, address, page] = event.argumentSpans.map((each) => textAt(driver, { file, span: each }));
  const [, translation, number] = /^(pfn_to_page|phys_to_page)\s*\(([\s\S]*)\)$/.exec(page ?? '') ?? [];
  if (number === undefined || !textAt(driver, { file, span }).startsWith(event.name)) return noFix;
  const pfn = translation === 'pfn_to_page' ? number : `(${number}) >> PAGE_SHIFT`;
  const newText = `io_remap_pfn_range(${vma}, ${address}, ${pfn}, PAGE_SIZE, ${vma}->vm_page_prot)`;
  return replacing({ file, span }, newText, { title: 'Use io_remap_pfn_range() (check that vm_page_prot suits registers)', safe: false });
}
