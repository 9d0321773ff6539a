/** `user-access-in-mmap`: a handler that holds the mmap lock for write does what needs it for read. */
import type { CallEvent, Path } from '../analysis/path.ts';
import type { Report, Rule } from './rule.ts';
import { lockingUserMemory, touchingUserMemory } from './support/locks/user-memory.ts';
import { callsOnPaths, oncePerPlace } from './support/path-calls.ts';
import { reportOn } from './support/reports.ts';

export const userAccessInMmap: Rule = {
  name: 'user-access-in-mmap',
  severity: 'error',
  summary: 'A handler that runs under the mmap lock touches user memory or takes the lock again.',
  provedBy: ['deadlock'],
  byEntry: true,
  check(context) {
    return oncePerPlace(
      callsOnPaths(context, (name) => touchingUserMemory.has(name) || lockingUserMemory.has(name)),
      (call): Report | undefined => {
        const { handler, mmapLock } = call.entry.entry;
        const { event, path } = call;
        if (!handler || mmapLock !== 'write' || event.mmapLock !== 'write' || mayNotFault(path, event)) return undefined;
        const why = touchingUserMemory.has(event.name)
          ? 'touches user memory, and a page fault there waits for the mmap lock'
          : 'takes the mmap lock';
        return reportOn(
          call,
          event.nameSpan,
          `\`${event.name}()\` ${why}, which is held for write while \`${handler.function}()\` runs: the process waits for itself and cannot be killed. Do it in ioctl or write, before the mapping is made.`,
        );
      },
    );
  },
};

function mayNotFault(path: Path, event: CallEvent): boolean {
  let depth = 0;
  for (const each of path.events) {
    if (each === event) break;
    if (each.kind !== 'call') continue;
    if (each.name === 'pagefault_disable') depth++;
    if (each.name === 'pagefault_enable') depth--;
  }
  return depth > 0;
}
