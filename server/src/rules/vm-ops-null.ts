/** `vm-ops-null`: the vma is turned into anonymous memory by taking its operations away. */

import { constantOf } from '../execution/term.ts';
import type { Report, Rule } from './rule.ts';
import { removing } from './support/fixes/fixes.ts';
import { reportOn } from './support/reports.ts';
import { isHandedOnAfter, maySucceed } from './support/results/outcomes.ts';

export const vmOpsNull: Rule = {
  name: 'vm-ops-null',
  severity: 'warning',
  summary: '`vma->vm_ops` is set to NULL, which makes the mapping anonymous memory.',
  byEntry: true,
  check(context) {
    const reports = new Map<number, Report>();
    for (const entry of context.entries) {
      if (entry.entry.handler?.kind !== 'mmap') continue;
      for (const path of entry.paths) {
        const event = path.events.findLast((each) => each.kind === 'write' && /(?:->|\.)vm_ops$/.test(each.name));
        if (event?.kind !== 'write' || event.value.kind !== 'address' || constantOf(event.value.term) !== 0n) continue;
        // An undone handler, or a vma that the owner of another buffer sets up anew.
        if (reports.has(event.span.start) || isHandedOnAfter(path, event) || !maySucceed(entry, path)) continue;
        reports.set(
          event.span.start,
          reportOn(
            { entry, event },
            event.span,
            'A vma without operations is anonymous memory to the kernel: holes of the mapping read as zero pages instead of SIGBUS. Leave vm_ops as it is, or set a table of your own.',
            { fixes: removing(context.driver, event, /^[\w>.-]+->vm_ops\s*=\s*NULL\s*;$/, { title: 'Leave vm_ops as it is' }) },
          ),
        );
      }
    }
    return [...reports.values()];
  },
};
