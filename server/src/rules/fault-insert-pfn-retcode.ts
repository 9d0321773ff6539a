/** `fault-insert-pfn-retcode`: the 0 or errno of a call becomes the result of a fault handler. */

import type { CallEvent, EntryAnalysis, Path } from '../analysis/path.ts';
import * as query from '../analysis/query.ts';
import type { Driver } from '../driver/model.ts';
import { constant } from '../execution/term.ts';
import { compare } from '../execution/term-build.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import { callFact, isAvailable } from '../kernel/lookup.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { callingInstead, noFix, statementAround } from './support/fixes/fixes.ts';
import { reportOn } from './support/reports.ts';
import { returnedTerm } from './support/results/outcomes.ts';

/** Calls that make an entry and return 0 or a negative error. */
const inserting: ReadonlySet<string> = new Set([
  'vm_insert_pfn', 'vm_insert_pfn_prot', 'vm_insert_mixed', 'vm_insert_mixed_mkwrite', 'vm_insert_page', 'vm_insert_pages',
  'remap_pfn_range', 'io_remap_pfn_range', 'vm_iomap_memory', 'remap_vmalloc_range',
]); // biome-ignore format: a table

export const faultInsertPfnRetcode: Rule = {
  name: 'fault-insert-pfn-retcode',
  severity: 'error',
  summary: 'A fault handler returns the 0 or error number of a call that inserts.',
  provedBy: ['oops'],
  versions: { since: { major: 2, minor: 6, patch: 23 } },
  byEntry: true,
  check({ driver, entries }) {
    const reports = new Map<number, Report>();
    for (const entry of entries) {
      const kind = entry.entry.handler?.kind;
      if (kind !== 'fault' && kind !== 'huge_fault' && kind !== 'pfn_mkwrite') continue;
      for (const path of entry.paths) {
        const event = returnedCall(entry, path);
        if (!event || reports.has(event.nameSpan.start)) continue;
        const message = `\`${event.name}()\` returns 0 or an error number. As the result of a fault, 0 means that vmf->page holds a page, and the kernel follows NULL. Return VM_FAULT_NOPAGE for 0 and -EBUSY, and what vmf_error() makes of the rest.`;
        reports.set(event.nameSpan.start, reportOn({ entry, event }, event.nameSpan, message, { fixes: turningResult(driver, event) }));
      }
    }
    return [...reports.values()];
  },
};

/** The call whose own result the path returns: 0 or an error number, where the driver does not branch off for both. */
function returnedCall(entry: EntryAnalysis, path: Path): CallEvent | undefined {
  const term = returnedTerm(path);
  const returned = term ? symbolsOf(term) : new Map<string, unknown>();
  return path.events.find(
    (event): event is CallEvent =>
      event.kind === 'call' &&
      inserting.has(event.name) &&
      event.result.kind === 'integer' &&
      event.result.term.kind === 'symbol' &&
      returned.has(event.result.term.symbol.id) &&
      query.findModel(entry, path, path.conditions.length, [
        query.computed(compare('le', event.result.type, event.result.term, constant(0))),
      ]) !== 'none',
  );
}

/** The calls that take the same arguments and return what a fault does. */
const forFaults: Readonly<Record<string, string>> = {
  vm_insert_pfn: 'vmf_insert_pfn',
  vm_insert_pfn_prot: 'vmf_insert_pfn_prot',
  vm_insert_mixed: 'vmf_insert_mixed',
  vm_insert_mixed_mkwrite: 'vmf_insert_mixed_mkwrite',
  vm_insert_page: 'vmf_insert_page',
};

/** Where the target has such a call, and the result is returned as it is. */
function turningResult(driver: Driver, event: CallEvent): readonly ReportFix[] {
  const name = forFaults[event.name];
  const fact = name === undefined ? undefined : callFact(name);
  if (name === undefined || !fact || isAvailable(fact, driver.target.version) !== 'yes') return noFix;
  const at = statementAround(driver, { file: event.file, span: event.nameSpan })?.statement;
  return at?.kind === 'return' ? callingInstead(driver, event, name, { title: `Use ${name}()` }) : noFix;
}
