/** `vm-flags-in-fault`: a handler that runs under the read side of the mmap lock changes the flags of the vma. */
import type { PathEvent } from '../analysis/path.ts';
import { atLeast, type KernelVersion } from '../kernel/version.ts';
import type { Span } from '../syntax/ast.ts';
import type { Report, Rule } from './rule.ts';
import { faultKinds, flagHelpers } from './support/kinds.ts';
import { reportOn } from './support/reports.ts';

export const vmFlagsInFault: Rule = {
  name: 'vm-flags-in-fault',
  severity: 'error',
  summary: 'A fault handler changes the flags of the vma, which only the holder of the write lock may do.',
  provedBy: ['warning'],
  byEntry: true,
  check(context) {
    const { version } = context.driver.target;
    const reports = new Map<number, Report>();
    for (const entry of context.entries) {
      const { handler } = entry.entry;
      if (!handler || !(faultKinds.has(handler.kind) || handler.kind === 'access')) continue;
      for (const event of entry.paths.flatMap((path) => path.events)) {
        const span = changeOf(event, version);
        if (!span || reports.has(span.start) || event.mmapLock === 'write') continue;
        const message = `\`${handler.function}()\` runs with the mmap lock held for read, and the flags of a vma change under the write lock alone: other threads read them meanwhile. Set them in the mmap handler.`;
        reports.set(span.start, reportOn({ entry, event }, span, message));
      }
    }
    return [...reports.values()];
  },
};

/** The place of a change of the flags. That an assignment does not compile from 6.3 on is another rule's. */
function changeOf(event: PathEvent, version: KernelVersion): Span | undefined {
  if (event.kind === 'call') return flagHelpers.has(event.name) ? event.nameSpan : undefined;
  if (event.kind !== 'write' || !/(?:->|\.)vm_flags$/.test(event.name) || atLeast(version, 6, 3)) return undefined;
  const { type } = event.place.object;
  return type.kind === 'struct' && type.name === 'vm_area_struct' ? event.span : undefined;
}
