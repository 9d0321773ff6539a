/** `pgprot-after-map`: the protection of the vma changes after entries were made with the old one. */

import type { CallEvent, Path, PathEvent } from '../analysis/path.ts';
import { symbolsOf } from '../execution/term-evaluate.ts';
import type { Report, Rule } from './rule.ts';
import { movingBefore } from './support/fixes/moving.ts';
import { mappingCall } from './support/mapping-calls.ts';
import { reportOn } from './support/reports.ts';

const early = { title: 'Set vm_page_prot before the mapping is made' };

export const pgprotAfterMap: Rule = {
  name: 'pgprot-after-map',
  severity: 'error',
  summary: '`vm_page_prot` is changed after the mapping was made with the old protection.',
  check({ driver, entries }) {
    const reports = new Map<number, Report>();
    for (const entry of entries) {
      if (entry.entry.handler?.kind !== 'mmap') continue;
      for (const path of entry.paths) {
        let mapped: CallEvent | undefined;
        for (const event of path.events) {
          if (event.kind === 'call' && mappingCall(event.name)) mapped = event;
          if (event.kind !== 'write' || !mapped || !/(?:->|\.)vm_page_prot(?:\.\w+)?$/.test(event.name) || reports.has(event.span.start))
            continue;
          if (!mayHaveMapped(path, mapped) || isForMore(path, event)) continue;
          const message = `The entries that \`${mapped.name}()\` made keep the protection that the vma had then: this comes too late, and what is mapped stays cached as before. Set vm_page_prot first.`;
          const related = [{ file: mapped.file, span: mapped.nameSpan, message: 'The mapping is made here.' }];
          reports.set(
            event.span.start,
            reportOn({ entry, event }, event.span, message, {
              related,
              fixes: movingBefore(driver, event, { file: mapped.file, span: mapped.nameSpan }, early),
            }),
          );
        }
      }
    }
    return [...reports.values()];
  },
};

/** What is or may be mapped behind the change is what it is for: the next piece, or another kind of memory in the same vma. */
function isForMore(path: Path, event: PathEvent): boolean {
  if (path.outcome.kind !== 'returned') return true;
  return path.events.slice(path.events.indexOf(event) + 1).some((each) => each.kind === 'call' && mappingCall(each.name) !== undefined);
}

/** A path on which the call has failed maps another way. */
function mayHaveMapped(path: Path, { result }: CallEvent): boolean {
  if (result.kind !== 'integer' || result.term.kind !== 'symbol') return true;
  const { id } = result.term.symbol;
  return !path.conditions.some(({ term }) => {
    const [first, second] = term.kind === 'operation' ? term.operands : [];
    const isNonZero =
      term.kind === 'symbol' ? term.symbol.id === id : term.kind === 'operation' && (term.operator === 'ne' || term.operator === 'lt');
    return isNonZero && [term, first, second].some((each) => each && symbolsOf(each).has(id));
  });
}
