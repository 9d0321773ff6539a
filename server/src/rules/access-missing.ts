/** `access-missing`: a debugger cannot read a mapping of pfns, because the table has no access hook. */
import type { Driver, OpsTable } from '../driver/model.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { fixOf, noFix } from './support/fixes/fixes.ts';
import { mappingCall } from './support/mapping-calls.ts';
import { isInstall } from './support/mapping-of-table.ts';
import { reportOn } from './support/reports.ts';
import { maySucceed } from './support/results/outcomes.ts';

export const accessMissing: Rule = {
  name: 'access-missing',
  severity: 'info',
  summary: 'A vma of pfns has a table without an access hook, so that debuggers cannot read it.',
  versions: { since: { major: 2, minor: 6, patch: 27 } },
  check({ driver, entries }) {
    const reports = new Map<string, Report>();
    for (const entry of entries) {
      if (entry.entry.handler?.kind !== 'mmap') continue;
      for (const path of entry.paths) {
        const event = path.events.findLast(isInstall);
        const name = event?.value.kind === 'pointer' ? event.value.place.object.name : undefined;
        const table = driver.tables.find((each) => each.name === name && each.container === 'vm_operations_struct');
        if (!event || !table || reports.has(table.name)) continue;
        const maps = path.events.some((each) => each.kind === 'call' && remapping.has(each.name) && mappingCall(each.name));
        if (!maps || table.entries.some(({ slot }) => slot === 'access') || !maySucceed(entry, path)) continue;
        const message = `There is no struct page behind this vma, so ptrace(2) and /proc/PID/mem read it through .access alone, and \`${table.name}\` has none: a debugger gets an error. Set .access = generic_access_phys.`;
        reports.set(
          table.name,
          reportOn({ entry, event }, event.span, message, { confidence: 'possible', fixes: withAccess(driver, table) }),
        );
      }
    }
    return [...reports.values()];
  },
};

/** What makes a vma of pfns that generic_access_phys() can read. */
const remapping: ReadonlySet<string> = new Set(['remap_pfn_range', 'io_remap_pfn_range', 'vm_iomap_memory']);

/** A last entry, written as the one before it. */
function withAccess(driver: Driver, { file, entries }: OpsTable): readonly ReportFix[] {
  const last = entries.at(-1);
  if (!last || !driver.text.slice({ file, span: last.span }).startsWith('.')) return noFix;
  const { start, text } = driver.text.lines({ file, span: last.span });
  const before = text.slice(0, last.span.start - start);
  const newText = `,${before.trim() === '' ? `\n${before}` : ' '}.access = generic_access_phys`;
  return fixOf({ title: 'Add .access = generic_access_phys' }, [{ file, span: { start: last.span.end, end: last.span.end }, newText }]);
}
