/** `find-vma-unlocked`: a vma is looked up on a path that holds neither side of the mmap lock. */
import type { Report, Rule } from './rule.ts';
import { lockCall, unlockBefore } from './support/locks.ts';
import { callsOnPaths, functionOf, oncePerPlace } from './support/path-calls.ts';

/** Look-ups whose result lives only as long as the lock (mm/mmap.c, include/linux/mm.h). */
const lookUps: ReadonlySet<string> = new Set([
  'find_vma',
  'find_vma_prev',
  'find_vma_intersection',
  'find_exact_vma',
  'vma_lookup',
  'find_extend_vma',
]);

export const findVmaUnlocked: Rule = {
  name: 'find-vma-unlocked',
  severity: 'error',
  summary: 'A vma is looked up without the mmap lock.',
  byEntry: true,
  check(context) {
    const { version } = context.driver.target;
    const calls = callsOnPaths(context, (name) => lookUps.has(name));
    return oncePerPlace(calls, ({ entry, path, event }): Report | undefined => {
      if (event.mmapLock !== 'none') return undefined;
      const released = unlockBefore(path, event);
      return {
        file: event.file,
        span: event.nameSpan,
        function: functionOf(event),
        handler: entry.entry.handler,
        message: `\`${event.name}()\` runs without the mmap lock, so the vma can be freed before it is used. Take ${lockCall(version, 'read')} first, and keep it until the last use.`,
        related: released ? [released] : [],
        fixes: [],
      };
    });
  },
};
