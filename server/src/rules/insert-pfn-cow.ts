/** `insert-pfn-cow`: VM_PFNMAP is set by hand, private mappings are let through, and faults insert raw pfns. */
import type { EntryAnalysis, Path, PathEvent } from '../analysis/path.ts';
import type { Driver, Handler } from '../driver/model.ts';
import type { Place, Report, Rule } from './rule.ts';
import { refusingCow } from './support/fixes/head-fixes.ts';
import { cowModel, endOf, flagAt, type Moment } from './support/questions.ts';
import { maySucceed } from './support/results/outcomes.ts';
import { callsReached } from './support/text/reach.ts';
import { witnessOf } from './support/witness.ts';

/** Calls that assert that a VM_PFNMAP vma is not copy-on-write (mm/memory.c, mm/huge_memory.c). */
const inserting: ReadonlySet<string> = new Set([
  'vmf_insert_pfn', 'vmf_insert_pfn_prot', 'vm_insert_pfn', 'vm_insert_pfn_prot', 'vmf_insert_pfn_pmd', 'vmf_insert_pfn_pud',
]); // biome-ignore format: a table

export const insertPfnCow: Rule = {
  name: 'insert-pfn-cow',
  severity: 'error',
  summary: 'Raw page frames are inserted on a fault, and private mappings are let through.',
  provedBy: ['kernel-bug'],
  check(context) {
    const reports = new Map<string, Report>();
    for (const entry of context.entries) {
      if (!setsUpMappings(entry)) continue;
      for (const path of entry.paths) {
        const report = judge(context.driver, entry, path);
        const key = report && `${report.file}:${report.span.start}`;
        if (report && key !== undefined && !reports.has(key)) reports.set(key, report);
      }
    }
    return [...reports.values()];
  },
};

/** An mmap handler, or a function that other files call to give a vma its table: its own file cannot count on their checks. */
function setsUpMappings({ entry, complete }: EntryAnalysis): boolean {
  return entry.handler ? entry.handler.kind === 'mmap' : entry.slot === 'extern' && complete;
}

function judge(driver: Driver, entry: EntryAnalysis, path: Path): Report | undefined {
  const { version } = driver.target;
  const end = endOf(entry, path);
  const fault = faultHandler(driver, path);
  const calls = fault ? [...callsReached(driver, fault.function, inserting)] : [];
  const [call] = calls;
  if (!end || !fault || call === undefined || !maySucceed(entry, path)) return undefined;
  const set = setByHand(end, path, driver);
  if (!set) return undefined;
  const model = flagAt(end, 'VM_PFNMAP', version) === 'set' ? cowModel(end) : undefined;
  if (!model) return undefined;
  return {
    file: set.file,
    span: set.span,
    function: end.event.frames[0]?.function ?? entry.entry.function,
    handler: entry.entry.handler,
    message: `A private mapping gets VM_PFNMAP here, and \`${fault.function}()\` inserts raw pfns with \`${call.name}()\`: its first access stops the kernel with a BUG. Refuse copy-on-write mappings first (is_cow_mapping(vma->vm_flags)).`,
    related: calls.map(({ file, span }) => ({
      file,
      span,
      message: `A fault inserts the pfn here, on behalf of \`${fault.function}()\`.`,
    })),
    fixes: refusingCow(driver, entry.entry.function),
    ...(entry.entry.handler && { witness: witnessOf(end, model, { access: 'read' }) }),
  };
}

/** The fault handler of the table that the path leaves in `vma->vm_ops`, when it stands in this file. */
function faultHandler(driver: Driver, path: Path): Handler | undefined {
  let table: string | undefined;
  for (const event of path.events) {
    if (event.kind !== 'write' || !/(->|\.)vm_ops$/.test(event.name)) continue;
    table = event.value.kind === 'pointer' ? event.value.place.object.name : undefined;
  }
  if (table === undefined) return undefined;
  const entries = driver.tables.find((each) => each.name === table)?.entries ?? [];
  const names = entries.filter((each) => ['fault', 'huge_fault', 'pfn_mkwrite'].includes(each.slot)).map((each) => each.function);
  return driver.handlers.find((handler) => names.includes(handler.function) && handler.defined);
}

/** The place that sets VM_PFNMAP by hand: the flags given to `vm_flags_set()`, or the assignment. */
function setByHand(moment: Moment, path: Path, driver: Driver): Place | undefined {
  const { version } = driver.target;
  const before = (index: number): PathEvent | undefined => path.events[index];
  for (const [index, event] of path.events.entries()) {
    const next = before(index + 1) ?? moment.event;
    const isSet = flagAt({ ...moment, event: next }, 'VM_PFNMAP', version) === 'set';
    const wasSet = flagAt({ ...moment, event }, 'VM_PFNMAP', version) === 'set';
    if (event.kind === 'write' && /vm_flags$/.test(event.name) && isSet && !wasSet) return { file: event.file, span: event.span };
    if (event.kind === 'call' && /^vm_flags_(set|mod|init|reset)$/.test(event.name) && isSet && !wasSet) {
      return { file: event.file, span: event.argumentSpans[1] ?? event.nameSpan };
    }
  }
  return undefined;
}
