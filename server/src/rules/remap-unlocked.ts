/** `remap-unlocked`: a mapping call on a path that does not hold the mmap lock which it needs. */
import type { CallEvent, EntryAnalysis } from '../analysis/path.ts';
import { callFact } from '../kernel/lookup.ts';
import type { Report, Rule } from './rule.ts';
import { isTooWeak, lockCall, unlockBefore } from './support/locks/locks.ts';
import { mappingCall } from './support/mapping-calls.ts';
import { callsOnPaths, functionOf, oncePerPlace } from './support/path-calls.ts';

export const remapUnlocked: Rule = {
  name: 'remap-unlocked',
  severity: 'error',
  summary: 'A mapping call runs without the mmap lock that it needs.',
  byEntry: true,
  check(context) {
    const { version } = context.driver.target;
    const calls = callsOnPaths(context, (name) => mappingCall(name) !== undefined);
    return oncePerPlace(calls, ({ entry, path, event }): Report | undefined => {
      const needed = neededLock(event.name, entry.entry.handler !== undefined);
      if (!needed || !isTooWeak(event.mmapLock, needed)) return undefined;
      const released = unlockBefore(path, event);
      // Of an entry with too many paths, the one with the lock may be among those that nobody looked at.
      const isPartly = !entry.complete && context.driver.text.mentions(/\bmmap_(?:sem|(?:read|write)_lock\w*)\b/);
      if (!released && (isPartly || isLockedElsewhere(entry, event, needed))) return undefined;
      const held = event.mmapLock === 'read' ? 'only the read side of the mmap lock' : 'no mmap lock';
      return {
        file: event.file,
        span: event.nameSpan,
        function: functionOf(event),
        handler: entry.entry.handler,
        message: `\`${event.name}()\` runs with ${held}${whence(entry.entry.slot)}: another thread may change the vma meanwhile. Take ${lockCall(version, needed)} and look the vma up under it.`,
        related: released ? [released] : [],
        fixes: [],
      };
    });
  },
};

/**
 * Whether another path of the entry comes to the same call with the lock. On one that never took it, the driver has
 * decided that there is nothing to lock, by what two fields say together: a mapping whose program is gone.
 */
function isLockedElsewhere({ paths }: EntryAnalysis, { file, nameSpan }: CallEvent, needed: 'read' | 'write'): boolean {
  return paths.some(({ events }) =>
    events.some(
      (each) =>
        each.kind === 'call' &&
        each.file === file &&
        each.nameSpan.start === nameSpan.start &&
        each.mmapLock !== 'unknown' &&
        !isTooWeak(each.mmapLock, needed),
    ),
  );
}

/** What a call needs outside of fault handlers; there the core's own lock is what there is, and other rules judge it. */
function neededLock(name: string, inHandler: boolean): 'read' | 'write' | undefined {
  const needed = callFact(name)?.lock;
  if (needed !== 'read' && needed !== 'write') return undefined;
  return inHandler ? 'read' : needed;
}

function whence(slot: string): string {
  return slot === '' ? '' : ` (entered from ${slot})`;
}
