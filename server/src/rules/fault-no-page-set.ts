/** `fault-no-page-set`: a fault handler reports success and has set no page. */
import type { Path } from '../analysis/path.ts';
import type { Driver } from '../driver/model.ts';
import { constantOf } from '../execution/term.ts';
import type { Value } from '../execution/value.ts';
import { atLeast } from '../kernel/version.ts';
import type { Expression } from '../syntax/ast.ts';
import { walkBlock } from '../syntax/walk.ts';
import type { Report, ReportFix, Rule } from './rule.ts';
import { noFix, replacing, textAt } from './support/fixes/fixes.ts';
import { reportIn } from './support/reports.ts';
import { returnedTerm } from './support/results/outcomes.ts';
import { returnedBy } from './support/results/returned-by-if.ts';
import { returnedValues } from './support/results/returns.ts';
import { reachedCall } from './support/text/reach.ts';
import { type FunctionUses, usesOf } from './support/text/uses.ts';

export const faultNoPageSet: Rule = {
  name: 'fault-no-page-set',
  severity: 'error',
  summary: 'A fault handler returns 0, which promises a page in vmf->page, and has put none there.',
  versions: { since: { major: 2, minor: 6, patch: 23 } },
  byEntry: true,
  check({ driver, entries }) {
    return entries.flatMap((entry): Report[] => {
      const { handler } = entry.entry;
      const uses = handler?.kind === 'fault' && handler.defined ? usesOf(driver, handler.function) : undefined;
      if (!handler || !uses || !promisesPage(driver, handler.function, entry.paths)) return [];
      const zero = returnedValues(driver, handler.function).find((value) => value.kind === 'number' && value.value === 0n);
      const instead = atLeast(driver.target.version, 4, 20)
        ? 'return what vmf_insert_pfn() returned, or VM_FAULT_NOPAGE'
        : 'return VM_FAULT_NOPAGE';
      const message = `With 0 the kernel takes the page from vmf->page, and a path through \`${handler.function}()\` leaves it NULL: the kernel follows the pointer and stops with an oops. Set vmf->page; where the page table entry is made already, ${instead}.`;
      return [reportIn(uses, zero?.span ?? handler.nameSpan, message, { handler, fixes: zero ? failing(driver, uses, zero) : noFix })];
    });
  },
};

/** The calls that make the entry themselves. */
const inserting: ReadonlySet<string> = new Set([
  'vm_insert_page', 'vm_insert_pfn', 'vm_insert_mixed', 'vmf_insert_pfn', 'vmf_insert_pfn_prot', 'vmf_insert_mixed', 'vmf_insert_page',
  'vmf_insert_page_mkwrite', 'remap_pfn_range', 'io_remap_pfn_range',
]); // biome-ignore format: a table

/**
 * Whether some path returns 0, has written no page, and has let nobody else write one. Where a handler inserts on other paths, a
 * path without is most often one that cannot be: a loop over pages that runs no round.
 */
function promisesPage(driver: Driver, handler: string, paths: readonly Path[]): boolean {
  const empty = paths.filter((path) => {
    const term = returnedTerm(path);
    if (!term || constantOf(term) !== 0n || path.doubts.length > 0) return false;
    return !path.events.some((event) =>
      event.kind === 'write' ? /(?:->|\.)page$/.test(event.name) : event.kind === 'call' && event.arguments.some(isFault),
    );
  });
  const inserts = (path: Path): boolean => path.events.some((event) => event.kind === 'call' && inserting.has(event.name));
  return empty.some(inserts) || (empty.length > 0 && !reachedCall(driver, handler, inserting));
}

function isFault(value: Value): boolean {
  const type = value.kind === 'pointer' ? value.place.object.type : undefined;
  return type?.kind === 'struct' && type.name === 'vm_fault';
}

/** Where a branch does nothing but return the 0: fails the access. */
function failing(driver: Driver, { file, function: { body } }: FunctionUses, { span }: Expression): readonly ReportFix[] {
  let isBranch = false;
  walkBlock(body, {
    statement: (each) => {
      if (each.kind === 'if' && returnedBy(each.then)?.span.start === span.start) isBranch = true;
    },
  });
  const title = 'Answer with VM_FAULT_SIGBUS (check that there is no page for the address)';
  return isBranch && textAt(driver, { file, span }) === '0' ? replacing({ file, span }, 'VM_FAULT_SIGBUS', { title, safe: false }) : noFix;
}
