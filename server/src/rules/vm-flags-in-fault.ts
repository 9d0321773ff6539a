/** `vm-flags-in-fault`: a handler that runs under the read side of the mmap lock changes the flags or the protection of the vma. */
import type { PathEvent } from '../analysis/path.ts';
import { atLeast, type KernelVersion } from '../kernel/version.ts';
import type { Span } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { faultKinds, flagHelpers } from './support/kinds.ts';
import { reportOn } from './support/reports.ts';

export const vmFlagsInFault: Rule = {
  name: 'vm-flags-in-fault',
  severity: 'error',
  summary: 'A fault handler changes the flags or the protection of the vma, which only the holder of the write lock may do.',
  provedBy: ['warning'],
  byEntry: true,
  check(context) {
    const { version } = context.driver.target;
    const reports = new Map<number, Report>();
    for (const entry of context.entries) {
      const { handler } = entry.entry;
      if (!handler || !(faultKinds.has(handler.kind) || handler.kind === 'access')) continue;
      for (const event of entry.paths.flatMap((path) => path.events)) {
        const change = changeOf(event, version);
        if (!change || reports.has(change.span.start) || event.mmapLock === 'write') continue;
        const message = `\`${handler.function}()\` runs with the mmap lock held for read, and the ${change.what} of a vma changes under the write lock alone: other threads read it meanwhile. Set it in the mmap handler.`;
        reports.set(change.span.start, reportOn({ entry, event }, change.span, message));
      }
    }
    return [...reports.values()];
  },
};

interface Change {
  readonly span: Span;
  readonly what: 'set of flags' | 'page protection';
}

/** What the event changes, and where. That an assignment of flags does not compile from 6.3 on is another rule's. */
function changeOf(event: PathEvent, version: KernelVersion): Change | undefined {
  if (event.kind === 'call') return flagHelpers.has(event.name) ? { span: event.nameSpan, what: 'set of flags' } : undefined;
  const field = event.kind === 'write' ? /(?:->|\.)(vm_flags|vm_page_prot)$/.exec(event.name)?.[1] : undefined;
  if (event.kind !== 'write' || !field || (field === 'vm_flags' && atLeast(version, 6, 3))) return undefined;
  const { type } = event.place.object;
  if (type.kind !== 'struct' || type.name !== 'vm_area_struct') return undefined;
  return { span: event.span, what: field === 'vm_flags' ? 'set of flags' : 'page protection' };
}
