/** `access-missing`: a debugger cannot read a mapping of pfns, because the table has no access hook. */
import { slotFact } from '../kernel/lookup.ts';
import { atLeast } from '../kernel/version.ts';
import type { Report, Rule } from './rule.ts';
import { mappingCall } from './support/mapping-calls.ts';
import { isInstall } from './support/mapping-of-table.ts';
import { maySucceed } from './support/outcomes.ts';
import { reportOn } from './support/reports.ts';

export const accessMissing: Rule = {
  name: 'access-missing',
  severity: 'info',
  summary: 'A vma of pfns has a table without an access hook, so that debuggers cannot read it.',
  check({ driver, entries }) {
    if (!slotFact('vm_operations_struct', 'access') || !atLeast(driver.target.version, 2, 6, 27)) return [];
    const reports = new Map<string, Report>();
    for (const entry of entries) {
      if (entry.entry.handler?.kind !== 'mmap') continue;
      for (const path of entry.paths) {
        const event = path.events.findLast(isInstall);
        const name = event?.value.kind === 'pointer' ? event.value.place.object.name : undefined;
        const table = driver.tables.find((each) => each.name === name && each.container === 'vm_operations_struct');
        if (!event || !table || reports.has(table.name) || !maySucceed(entry, path)) continue;
        const maps = path.events.some((each) => each.kind === 'call' && remapping.has(each.name) && mappingCall(each.name));
        if (!maps || table.entries.some(({ slot }) => slot === 'access')) continue;
        const message = `There is no struct page behind this vma, so ptrace(2) and /proc/PID/mem read it through .access alone, and \`${table.name}\` has none: a debugger gets an error. Set .access = generic_access_phys.`;
        reports.set(table.name, reportOn({ entry, event }, event.span, message, { confidence: 'possible' }));
      }
    }
    return [...reports.values()];
  },
};

/** What makes a vma of pfns that generic_access_phys() can read. */
const remapping: ReadonlySet<string> = new Set(['remap_pfn_range', 'io_remap_pfn_range', 'vm_iomap_memory']);
